/** Questions gone wrong: words of a valid one exchanged for others that a grammar would let stand there, or not. */
import type { Draw } from './random.ts';

const COLUMNS =
  'person_id sex birth_year city visit_id start_date ward cost code value name secret n "cost" a0 k0'.split(' ');
const TABLES =
  'person visit lab code_name network.person network.visit code_name nothing information_schema.tables'.split(' ');
const FUNCTIONS = (
  'abs floor ceil round sqrt sign lower upper length trim left right substring replace concat coalesce nullif least greatest contains starts_with ' +
  'count sum avg min max bool_or bool_and arg_max arg_min stddev median count_if any_value list exp ln date_trunc date_diff date_sub extract year month ' +
  'quarter dayofweek isodow week last_day make_date age_in_years strftime row_number lag lead first_value rank ntile random now if ifnull hash md5'
).split(' ');
const CONSTANTS = [
  '0', '1', '-1', '7.31', '9223372036854775807', '-9223372036854775808', '9223372036854775808', '1e308', '1e-320', '1e400', '0.1', '20', '1000000',
  'NULL', 'TRUE', 'FALSE', "''", "'%'", "'icu'", "'NaN'", "'-'", "'é😀'", "DATE '0001-01-01'", "DATE '9999-12-31'", "DATE '2020-02-29'",
  "TIMESTAMP '2020-01-01 00:00:00'", "INTERVAL 1 DAY", "INTERVAL 9999 YEAR", "CAST('NaN' AS DOUBLE)", "CAST('-Infinity' AS DOUBLE)", '(SELECT 1)', '1/0', '$1', '?',
]; // biome-ignore format: a list of words
const OPERATORS = '+ - * / // % || = <> < > <= >= AND OR LIKE ILIKE IS IN BETWEEN ::'.split(' ');
const TYPES = 'INTEGER BIGINT TINYINT DOUBLE VARCHAR DATE TIMESTAMP BOOLEAN DECIMAL(9,2) HUGEINT INTERVAL BLOB'.split(
  ' ',
);
const CLAUSES = [
  'WHERE cost > 5', 'WHERE NULL', 'GROUP BY 1', 'GROUP BY ALL', 'GROUP BY ROLLUP (1)', 'HAVING COUNT(*) > 3', 'HAVING sex', 'ORDER BY 1 DESC', 'ORDER BY cost', 'LIMIT 0',
  'LIMIT 5 OFFSET 9999999999', 'LIMIT -1', 'UNION ALL SELECT 1', 'UNION SELECT COUNT(*) FROM person', 'EXCEPT SELECT NULL', 'CROSS JOIN code_name', 'JOIN lab USING (visit_id)',
  'LEFT JOIN person q USING (person_id)', 'NATURAL JOIN visit', 'QUALIFY row_number() OVER () = 1', 'FILTER (WHERE ward = 1)', 'OVER (PARTITION BY person_id)', 'AS x', 'DISTINCT', 'NULLS FIRST',
]; // biome-ignore format: a list of words

const WORD = /"[^"]*"|'(?:[^']|'')*'|[A-Za-z_][\w.]*|\d+(?:\.\d+)?|<>|<=|>=|\/\/|\|\||::|\S/g;
const COMMENT = /--[^\n]*\n|\/\* from .*here \*\//g;
const KEYWORDS = [
  'AND',
  'OR',
  'NOT',
  'IS',
  'AS',
  'FROM',
  'WHERE',
  'BY',
  'ON',
  'DISTINCT',
  'NULL',
  'LEFT',
  'FULL',
  'ALL',
  '',
];

/** The question with one to `most` words exchanged, left out, repeated or put in. */
export function mutate(draw: Draw, question: string, most: number): string {
  const words = question.replace(COMMENT, ' ').match(WORD) ?? [];
  for (let times = draw.int(1, most); times > 0; times--) {
    const at = place(draw, words);
    const word = words[at] ?? '';
    draw.weighted<unknown>([
      [20, () => words.splice(at, 1, alternative(draw, word, words[at + 1] ?? ''))],
      [10, () => wrap(draw, words, at)],
      [3, () => words.splice(draw.chance(0.7) ? words.length : at, 0, draw.pick(CLAUSES))],
      [1, () => words.splice(at, 1)],
      [1, () => words.splice(at, 0, draw.chance(0.5) ? word : draw.pick(CONSTANTS))],
      [1, () => words.splice(at, 0, ...words.slice(draw.int(0, at), at + 1))],
    ]);
  }
  return words.join(' ');
}

/** A place where a name or a constant stands, mostly. */
function place(draw: Draw, words: readonly string[]): number {
  for (let tries = 0; tries < 8; tries++) {
    const at = draw.int(0, Math.max(0, words.length - 1));
    if (/^(?:[a-z_][\w.]*|'.*'|[\d.]+|[<>=+*/-]+)$/.test(words[at] ?? '')) return at;
  }
  return draw.int(0, Math.max(0, words.length - 1));
}

/** Another word of the same sort, sometimes of another. */
function alternative(draw: Draw, word: string, next: string): string {
  if (draw.chance(0.1)) return draw.pick(draw.pick([COLUMNS, FUNCTIONS, CONSTANTS, OPERATORS, TYPES, TABLES]));
  if (next === '(' && /^\w+$/.test(word)) return draw.pick(FUNCTIONS);
  if (/^(?:person|visit|lab|code_name|network\.\w+)$/.test(word)) return draw.pick(TABLES);
  if (/^(?:INTEGER|BIGINT|DOUBLE)$/.test(word)) return draw.pick(TYPES);
  if (/^['\d]/.test(word)) return draw.pick(CONSTANTS);
  if (/^[A-Z]+$/.test(word)) return draw.pick(KEYWORDS);
  if (/^[a-z]\.\w+$/.test(word)) return word.slice(0, 2) + draw.pick(COLUMNS);
  if (/^[\w".]+$/.test(word)) return draw.pick(COLUMNS);
  return draw.pick(OPERATORS);
}

function wrap(draw: Draw, words: string[], at: number): void {
  const word = words[at] ?? '';
  if (!/^[\w'".]+$/.test(word) || words[at + 1] === '(') return;
  const around = draw.weighted<string>([
    [4, () => `${draw.pick(FUNCTIONS)}(${word})`],
    [2, () => `${draw.pick(FUNCTIONS)}(${word}, ${draw.pick(CONSTANTS)})`],
    [1, () => `${draw.pick(FUNCTIONS)}(${draw.pick(CONSTANTS)}, ${word}, ${draw.pick(COLUMNS)})`],
    [3, () => `CAST(${word} AS ${draw.pick(TYPES)})`],
    [3, () => `(${word} ${draw.pick(OPERATORS)} ${draw.pick(draw.pick([COLUMNS, CONSTANTS]))})`],
    [2, () => `CASE WHEN ${word} IS NULL THEN ${draw.pick(CONSTANTS)} ELSE ${word} END`],
    [1, () => `LEAST(GREATEST(${word}, ${draw.pick(CONSTANTS)}), ${draw.pick(CONSTANTS)})`],
    [1, () => `(SELECT ${word} FROM ${draw.pick(TABLES)})`],
  ]);
  words.splice(at, 1, around);
}
