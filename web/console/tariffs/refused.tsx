import { Notice } from '../../design/notice.tsx';
import type { TariffRefusedFragment } from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { refusalText } from '../frame/problem.tsx';
import { tell } from './texts.ts';

export type TariffRefused = TariffRefusedFragment;

/** All mistakes of a document at once, each with the field that it is in. */
export function Mistakes({ refused }: { refused: TariffRefused | undefined }) {
  const { say } = useConsole();
  if (refused === undefined) return null;
  const problems = 'problems' in refused ? refused.problems : [];
  if (problems.length === 0) return <Notice tone="bad">{refusalText(say, refused)}</Notice>;
  return (
    <Notice tone="bad">
      {tell('problems', { count: problems.length })}
      <ul>
        {problems.map(({ path, message }) => (
          <li key={path + message}>
            {path !== '' && <code>{path}</code>} {message}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
