import {
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { CodedError } from '../schema/coded-errors.ts';
import { DOCUMENT_LIMITS } from './limits.ts';

/** What a selection amounts to with its fragments spread out. */
interface Extent {
  readonly depth: number;
  /** Fields of its own level. */
  readonly topFields: number;
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
}

const NOTHING: Extent = { depth: 0, topFields: 0, fields: 0, aliases: 0, directives: 0 };

/**
 * Measures a parsed document before it is validated, because validation itself takes quadratic time on hostile ones. Each
 * fragment is measured once, so this is linear. Introspection has a limited shape of its own and may go deeper.
 */
export function checkDocumentLimits(document: DocumentNode): CodedError | undefined {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const measure = createMeasure(fragments);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const problem = exceeded(measure(definition.selectionSet), definition);
    if (problem !== undefined) return new CodedError('OPERATION_TOO_COMPLEX', problem);
  }
  return undefined;
}

function exceeded(extent: Extent, definition: OperationDefinitionNode | FragmentDefinitionNode): string | undefined {
  const { depth, fields, aliases, directives, rootFields } = DOCUMENT_LIMITS;
  // A fragment's depth and its own fields count where it is spread: those of introspection are deep, under a field that is not measured.
  if (definition.kind === Kind.OPERATION_DEFINITION && extent.depth > depth)
    return `The document is nested deeper than ${depth} levels.`;
  if (extent.aliases > aliases) return `The document has more than ${aliases} aliases.`;
  if (extent.fields > fields) return `The document selects more than ${fields} fields.`;
  if (extent.directives > directives) return `The document has more than ${directives} directives.`;
  if (definition.kind === Kind.OPERATION_DEFINITION && extent.topFields > rootFields)
    return `The document has more than ${rootFields} fields at its root.`;
  return undefined;
}

function createMeasure(
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): (selection: SelectionSetNode) => Extent {
  const known = new Map<string, Extent>();
  const ofFragment = (name: string): Extent => {
    const measured = known.get(name);
    if (measured) return measured;
    // Stands while the fragment is being measured: a cycle counts once here and is refused by validation.
    known.set(name, NOTHING);
    const fragment = fragments.get(name);
    const extent = fragment ? measure(fragment.selectionSet) : NOTHING;
    known.set(name, extent);
    return extent;
  };
  const measure = (selection: SelectionSetNode): Extent => {
    let { depth, topFields, fields, aliases, directives } = NOTHING;
    for (const node of selection.selections) {
      const isField = node.kind === Kind.FIELD;
      const inner =
        node.kind === Kind.FRAGMENT_SPREAD
          ? ofFragment(node.name.value)
          : node.selectionSet
            ? measure(node.selectionSet)
            : NOTHING;
      const introspects = isField && node.name.value.startsWith('__');
      depth = Math.max(depth, introspects ? 1 : inner.depth + (isField ? 1 : 0));
      topFields += isField ? 1 : inner.topFields;
      fields += inner.fields + (isField ? 1 : 0);
      aliases += inner.aliases + (isField && node.alias ? 1 : 0);
      directives += inner.directives + (node.directives?.length ?? 0);
    }
    return { depth, topFields, fields, aliases, directives };
  };
  return measure;
}
