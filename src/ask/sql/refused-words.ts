/** Words inside a query that DuckDB gives a meaning and gauze refuses. */
import type { Cursor } from './cursor.ts';
import { unsupported } from './refuse.ts';

type Refusal = readonly [what: string, next: string];

const NO_NESTED = 'Name each column on its own.';
const COHORT = 'Write WHERE EXISTS (SELECT …), IN (SELECT person_id …), or their NOT forms.';

/** Words that begin a value, refused where an opening sign follows. */
const VALUES: ReadonlyMap<string, Refusal> = new Map<string, Refusal>([
  ['array', ['Lists are not supported.', 'Write IN (…) for a list of values.']],
  ['row', ['Rows of several values are not supported.', 'Compare each value on its own: a = 1 AND b = 2.']],
  ['struct', ['Structs are not supported.', NO_NESTED]],
  ['map', ['Maps are not supported.', NO_NESTED]],
  ['columns', ['COLUMNS (…) is not supported.', NO_NESTED]],
  ['unpack', ['UNPACK is not supported.', NO_NESTED]],
  ['overlay', ['OVERLAY is not supported.', 'Write left(x, …) || … || substring(x, …).']],
  ['any', ['ANY (…) is not supported.', 'Write x IN (SELECT …).']],
  ['some', ['SOME (…) is not supported.', 'Write x IN (SELECT …).']],
]);

/** Words of FROM. */
const FROM_WORDS: ReadonlyMap<string, Refusal> = new Map<string, Refusal>([
  ['asof', ['ASOF joins are not supported.', 'Join on the unit, and pick the latest row with row_number() per unit.']],
  ['positional', ['POSITIONAL joins are not supported.', 'Join on the unit.']],
  ['semi', ['SEMI joins are not supported.', COHORT]],
  ['anti', ['ANTI joins are not supported.', COHORT]],
  ['lateral', ['LATERAL is not supported.', 'Join on the unit, or write a window function partitioned by the unit.']],
  ['tablesample', ['Samples are not supported.', 'Leave TABLESAMPLE out; gauze reads all rows.']],
  [
    'pivot',
    ['PIVOT is not supported.', "Write one aggregate per column: COUNT(*) FILTER (WHERE ward = 'icu') AS icu."],
  ],
  ['pivot_wider', ['PIVOT is not supported.', 'Write one aggregate per column with FILTER.']],
  ['unpivot', ['UNPIVOT is not supported.', 'Write one SELECT per column and join them with UNION ALL.']],
  ['pivot_longer', ['UNPIVOT is not supported.', 'Write one SELECT per column and join them with UNION ALL.']],
  ['at', ['AT (…) is not supported.', 'Leave it out; a question reads the registered version of the data.']],
  ['only', ['ONLY is not supported.', 'Name the table alone.']],
  ['table', ['TABLE is not supported here.', 'Name the table alone.']],
  ['for', ['FOR is not supported.', 'Leave it out; a question only reads.']],
  ['with', ['WITH ORDINALITY is not supported.', 'Number rows with row_number() per unit.']],
  ['values', ['VALUES stands in parentheses here.', "Write FROM (VALUES ('a', 1), ('b', 2)) AS t(x, y)."]],
]);

/** The error for a refused value that begins at the current token, or null. */
export function refusedValue(cursor: Cursor): Error | null {
  const token = cursor.peek();
  if (token.symbol === 'lambda') {
    return unsupported(token, 'Lambdas are not supported.', 'Write the expression out.');
  }
  if (token.symbol === 'select' || token.symbol === 'with') {
    return unsupported(token, 'A query used as a value is not supported.', COHORT);
  }
  const refused = token.symbol === '' ? undefined : VALUES.get(token.symbol);
  const opens = cursor.at('(', 1) || cursor.at('[', 1) || cursor.at('{', 1);
  return refused === undefined || !opens ? null : unsupported(token, refused[0], refused[1]);
}

/** The error for a refused word of FROM at the current token, or null. */
export function refusedFromWord(cursor: Cursor): Error | null {
  const token = cursor.peek();
  if (token.symbol === 'using' && cursor.at('sample', 1)) {
    return unsupported(token, 'Samples are not supported.', 'Leave USING SAMPLE out; gauze reads all rows.');
  }
  const refused = token.kind === 'word' ? FROM_WORDS.get(token.symbol) : undefined;
  return refused === undefined ? null : unsupported(token, refused[0], refused[1]);
}
