/** Policy text (YAML 1.2, and so JSON) to a tree of nodes with their places. */
import { type Document, isMap, isScalar, isSeq, type Node, parseDocument, Scalar } from 'yaml';
import type { Span } from '../errors.ts';
import type { PolicyNode, ScalarNode } from './node.ts';
import type { Problems } from './problems.ts';

const DEPTH_MAX = 16;
/** UTF-16 code units; a list of fifty thousand codes fits. */
const LENGTH_MAX = 2 ** 21;
const STRING_TAG = 'tag:yaml.org,2002:str';

/**
 * Tree of a policy text, or null when it is no YAML. The failsafe schema leaves every scalar as written: numbers are
 * read later, exactly, by the type they are declared to have.
 */
export function readYaml(text: string, problems: Problems): PolicyNode | null {
  if (isTooLong(text, problems)) return null;
  let document: Document.Parsed;
  try {
    document = parseDocument(text, { schema: 'failsafe', prettyErrors: false, merge: false });
  } catch {
    // The parser recurses with the text's depth and can run out of stack.
    problems.add(null, '', 'The text cannot be read as YAML.', 'Write it with fewer nested brackets.');
    return null;
  }
  // Later errors mostly follow from the first.
  const error = document.errors[0];
  if (error !== undefined) {
    const [what, next] = EXPLAINED[error.code] ?? [
      `This is no YAML: ${error.message}.`,
      'Mend the YAML at this place.',
    ];
    problems.add({ start: error.pos[0], end: error.pos[1] }, '', what, next);
    return null;
  }
  const node = convert(document.contents, null, 0, problems);
  return problems.count > 0 ? null : node;
}

/** Whether a policy's text is longer than any is read; that is a problem. */
export function isTooLong(text: string, problems: Problems): boolean {
  if (text.length <= LENGTH_MAX) return false;
  problems.add(null, '', 'The policy is longer than two million characters.', 'Put long lists into a public table.');
  return true;
}

const EXPLAINED: Partial<Record<string, readonly [string, string]>> = {
  DUPLICATE_KEY: ['This key stands here for the second time.', 'Keep one of the two.'],
  TAB_AS_INDENT: ['The line is indented with a tab.', 'Indent with spaces.'],
  MULTIPLE_DOCS: ['A second document begins here.', 'Keep one policy in a file: remove the --- line.'],
  BAD_INDENT: ['The indentation or a closing bracket is wrong here.', 'Align this line with its neighbours.'],
  BLOCK_AS_IMPLICIT_KEY: [
    'A key stands where a value was begun.',
    'Put it on a line of its own, aligned with its neighbours.',
  ],
  MISSING_CHAR: ['A character is missing here, such as a comma, a closing bracket or a quote.', 'Add it.'],
};

function convert(node: Node | null, key: Span | null, depth: number, problems: Problems): PolicyNode | null {
  const span = spanOf(node);
  if (node === null) return { kind: 'scalar', text: '', quoted: false, span, key };
  if (depth > DEPTH_MAX) {
    problems.add(span, '', 'The policy is nested too deeply here.', 'Compare with the form that gauze init writes.');
    return null;
  }
  if (isScalar(node)) return scalar(node, span, key, problems);
  if (isSeq(node)) {
    const items = node.items.map((item) => convert(item as Node | null, null, depth + 1, problems));
    return { kind: 'list', items: items.filter((item) => item !== null), span, key };
  }
  if (isMap(node)) {
    const entries: { key: ScalarNode; value: PolicyNode }[] = [];
    for (const pair of node.items) {
      const name = convert(pair.key as Node | null, null, depth + 1, problems);
      if (name?.kind !== 'scalar') {
        problems.add(spanOf(pair.key as Node | null) ?? span, '', 'A key must be a name.', 'Write a plain name here.');
        continue;
      }
      const value = convert((pair.value ?? null) as Node | null, name.span, depth + 1, problems);
      if (value !== null)
        entries.push({ key: name, value: value.span === null ? { ...value, span: name.span } : value });
    }
    return { kind: 'map', entries, span, key };
  }
  problems.add(span, '', 'Aliases (*name) are not used in policies.', 'Write out here what the anchor stands for.');
  return null;
}

function scalar(node: Scalar, span: Span | null, key: Span | null, problems: Problems): ScalarNode | null {
  const tagged = node.tag !== undefined && node.tag !== '!';
  if (tagged && node.tag !== STRING_TAG) {
    problems.add(span, '', 'Tags (!name) are not used in policies.', 'Remove the tag.');
    return null;
  }
  return { kind: 'scalar', text: String(node.value), quoted: tagged || node.type !== Scalar.PLAIN, span, key };
}

function spanOf(node: Node | null): Span | null {
  return node?.range ? { start: node.range[0], end: node.range[1] } : null;
}
