/** Questions whose groups have ranges of their own. */
import type { Draw } from '../attack/random.ts';

/** Sums and means by a key that decides their bounds. */
export function byCodeQuestion(draw: Draw): string {
  const value = draw.pick(['value', '-value', 'value - 10', '2 * value', 'LEAST(value, 60)', 'GREATEST(value, 15)']);
  const filter = draw.pick(['', '', ' FILTER (WHERE value > 6)', " FILTER (WHERE code = 'sbp')"]);
  const calls = [`SUM(${value})${filter} AS s`, `AVG(${value})${filter} AS m`, 'COUNT(*) AS n'].filter(() =>
    draw.chance(0.6),
  );
  const shown = calls.length === 0 ? [`SUM(${value}) AS s`] : calls;
  const codes = draw.pick(["('a1c', 'sbp')", "('sbp', 'a1c')", "('a1c', 'A1C', 'sbp')", "('sbp')"]);
  const keys = draw.pick([
    ['code'],
    ['code', 'ward'],
    ["CASE code WHEN 'a1c' THEN 'sugar' WHEN 'sbp' THEN 'pressure' END AS test"],
  ]);
  const from = 'lab JOIN visit USING (visit_id)';
  return `SELECT ${[...keys, ...shown].join(', ')} FROM ${from} WHERE code IN ${codes} GROUP BY ${keys.map((_, i) => i + 1).join(', ')}`;
}
