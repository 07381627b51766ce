/** Public relations that a question lists itself, and the conditions on which rows are joined to them. */
import type { Draw } from '../attack/random.ts';

/** `(VALUES …) AS k(key, low, high, weight)` and a condition that ties it to a column. */
export interface ListedRows {
  readonly from: string;
  readonly on: string;
}

const TEXTS = ["'icu'", "'surgery'", "'F'", "'M'", "'a1c'", "'sbp'", "'Lagos'", "''", 'NULL'];

/** A few rows, with or without equal keys, whose ranges may meet or not. */
export function listRows(draw: Draw, x: string, type: 'text' | 'number', alias: string): ListedRows {
  const count = draw.int(1, 4);
  // Numbers of stays are small, years of birth are not.
  const [first, width] = x.endsWith('birth_year') ? [1900, 60] : [draw.int(-3, 3), 6];
  let edge = first;
  const rows = Array.from({ length: count }, (_, index) => {
    const low = draw.chance(0.1) ? 'NULL' : String(edge);
    const high = edge + draw.int(0, width);
    edge = draw.chance(0.6) ? high + 1 : high - draw.int(0, width);
    const key = draw.chance(0.3) ? TEXTS[index] : draw.pick(TEXTS);
    return [key, low, draw.chance(0.1) ? '9000.5' : String(high), draw.pick(['0.5', '2', '-0.0', '0', 'NULL'])];
  });
  const spelled = draw.chance(0.3)
    ? `SELECT ${rows.map((row) => row.join(', ')).join(' UNION ALL SELECT ')}`
    : `VALUES ${rows.map((row) => `(${row.join(', ')})`).join(', ')}`;
  const k = (name: string): string => `${alias}.${name}`;
  const on =
    type === 'text'
      ? `${x} = CAST(${k('key')} AS VARCHAR)`
      : draw.pick([
          `${x} BETWEEN ${k('low')} AND ${k('high')}`,
          `${x} >= ${k('low')} AND ${x} < ${k('high')}`,
          `${x} > ${k('low')} AND ${k('high')} >= ${x}`,
          `${x} = ${k('low')}`,
        ]);
  return { from: `(${spelled}) AS ${alias}(key, low, high, weight)`, on };
}

/** A column and what it holds. */
type Joined = readonly [name: string, type: 'text' | 'number'];

/** Persons, or each one's stays added up, joined to listed rows: how many rows one person has is for the plan to see. */
export function listedQuestion(draw: Draw): string {
  const [rows, first, second] = draw.pick<readonly [string, Joined, Joined]>([
    ['person AS t', ['sex', 'text'], ['birth_year', 'number']],
    [
      '(SELECT person_id, least(COUNT(*), 9) AS n, MIN(ward) AS ward FROM visit GROUP BY person_id) AS t',
      ['n', 'number'],
      ['ward', 'text'],
    ],
  ]);
  const [[name, type], other] = draw.chance(0.5) ? [first, second] : [second, first];
  const listed = listRows(draw, `t.${name}`, type, 'k');
  const and = draw.chance(0.2) ? ` AND ${listRows(draw, `t.${other[0]}`, other[1], 'k').on}` : '';
  const key = draw.pick(['', 'k.low', 'k.key', `t.${first[0]}`]);
  const join = `${draw.pick(['JOIN', 'JOIN', 'LEFT JOIN'])} ${listed.from} ON ${listed.on}${and}`;
  const shown = key === '' ? '' : `${key} AS shown, `;
  return `SELECT ${shown}COUNT(*) AS n, SUM(k.high) AS s FROM ${rows} ${join}${key === '' ? '' : ` GROUP BY ${key}`}`;
}
