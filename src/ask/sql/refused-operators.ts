/** Operators that DuckDB has and gauze refuses, with what to write instead. */
import type { Cursor } from './cursor.ts';
import { unsupported } from './refuse.ts';

const STARTS_WITH = 'Write LIKE with % and _, or starts_with(x, …), contains(x, …).';
const BITS = 'Write arithmetic with +, -, * and //, or AND and OR between conditions.';

const REFUSED: ReadonlyMap<string, readonly [what: string, next: string]> = new Map([
  ['->', ['Lambdas and JSON arrows are not supported.', 'List the columns you mean; nested values can’t be read.']],
  ['->>', ['JSON arrows are not supported.', 'List the columns you mean; nested values can’t be read.']],
  ['=>', ['Arguments with names are not supported.', 'Write the arguments in order.']],
  [':=', ['Arguments with names are not supported.', 'Write the arguments in order.']],
  [':', ['A colon has no meaning here.', 'Write an alias as expression AS name, and a parameter as $name.']],
  ['[', ['Lists and subscripts are not supported.', 'Write IN (…) for a list of values.']],
  ['{', ['Structs are not supported.', 'Name each column on its own.']],
  ['.', ['Fields of values are not supported.', 'Name a column as column, table.column or dataset.table.column.']],
  ['~', ['Regular expressions are not supported.', STARTS_WITH]],
  ['!~', ['Regular expressions are not supported.', STARTS_WITH]],
  ['~~', ['The sign ~~ is not supported.', 'Write LIKE.']],
  ['!~~', ['The sign !~~ is not supported.', 'Write NOT LIKE.']],
  ['glob', ['GLOB is not supported.', STARTS_WITH]],
  ['similar', ['SIMILAR TO is not supported.', STARTS_WITH]],
  ['overlaps', ['OVERLAPS is not supported.', 'Write start1 <= end2 AND start2 <= end1.']],
  ['collate', ['COLLATE is not supported.', 'Compare lower(x) where case should not count.']],
  ['at', ['AT TIME ZONE is not supported.', 'Declare the zone of the column in the policy; times here have no zone.']],
  ['&', ['Operators on bits are not supported.', BITS]],
  ['|', ['Operators on bits are not supported.', BITS]],
  ['<<', ['Operators on bits are not supported.', BITS]],
  ['>>', ['Operators on bits are not supported.', BITS]],
  ['&&', ['The sign && is not supported.', 'Write AND.']],
  ['@>', ['Operators on lists are not supported.', 'Write IN (…).']],
  ['<@', ['Operators on lists are not supported.', 'Write IN (…).']],
  ['<=>', ['The sign <=> is not supported.', 'Write IS NOT DISTINCT FROM.']],
  ['!', ['The sign ! is not supported.', 'Write NOT.']],
  ['@', ['The sign @ is not supported.', 'Write abs(x), or a parameter as $name.']],
  ['#', ['References by position are not supported.', 'Name the column, or write GROUP BY 1.']],
  ['...', ['The sign ... is not supported.', 'Remove it.']],
]);

/** The error for a refused operator at the current token, or null. */
export function refusedOperator(cursor: Cursor): Error | null {
  const token = cursor.peek();
  const refused = token.symbol === '' ? undefined : REFUSED.get(token.symbol);
  if (refused === undefined) return null;
  // Words of this table are operators only where an operand follows: `FROM visit AT …` is a clause of its own.
  if (token.kind === 'word' && cursor.peek(1).kind === 'end') return null;
  return unsupported(token, refused[0], refused[1]);
}
