import { Notice } from '../../design/notice.tsx';
import type { TariffRefusedFragment } from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { refusalText } from '../frame/problem.tsx';
import { tell } from './texts.ts';

export type TariffRefused = TariffRefusedFragment;

/** The mistakes of a refusal that belong to a field each, and a refusal with the others; none of those: undefined. */
export function mistakesOf<Field extends string>(
  refused: TariffRefused | undefined,
  fieldOf: (path: string) => Field | undefined,
): { readonly atFields: ReadonlyMap<Field, string>; readonly elsewhere: TariffRefused | undefined } {
  const problems = refused !== undefined && 'problems' in refused ? refused.problems : [];
  const atFields = new Map<Field, string>();
  for (const { path, message } of problems) {
    const field = fieldOf(path);
    const sentence = `${message.slice(0, 1).toUpperCase()}${message.slice(1)}.`;
    if (field !== undefined) atFields.set(field, [atFields.get(field) ?? [], sentence].flat().join(' '));
  }
  const others = problems.filter(({ path }) => fieldOf(path) === undefined);
  if (refused === undefined || (problems.length > 0 && others.length === 0)) return { atFields, elsewhere: undefined };
  return { atFields, elsewhere: problems.length === 0 ? refused : { ...refused, problems: others } };
}

/** All mistakes of a document at once, each with the field that it is in. */
export function Mistakes({ refused }: { refused: TariffRefused | undefined }) {
  const { say } = useConsole();
  if (refused === undefined) return null;
  const problems = 'problems' in refused ? refused.problems : [];
  if (problems.length === 0) return <Notice tone="bad">{refusalText(say, refused)}</Notice>;
  return (
    <Notice tone="bad">
      {tell('problems', { count: problems.length })}
      <ul class="changes">
        {problems.map(({ path, message }) => (
          <li key={path + message}>
            {path !== '' && <code>{path}</code>} {message}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
