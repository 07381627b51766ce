/** Everything a researcher can see of an answer, by name. */
import type { Observation } from '../../src/dp/simulation/auditor.ts';
import type { Answer } from '../../src/release/answer.ts';

/** Values whose evidence adds up; widths and notes follow from them, and would be counted twice. */
export const isValue = (feature: string): boolean => feature.startsWith('value ') || feature.startsWith('row ');

/** Noisy values and interval ends by row, rows shown and their order, notes. Rows are named by their exact columns. */
export function observe({ columns, intervals, notes }: Pick<Answer, 'columns' | 'intervals' | 'notes'>): Observation {
  const seen: Record<string, number | string> = { notes: notes.join('\n') };
  const exact = columns.filter((column) => !column.noisy);
  const length = columns[0]?.values.length ?? 0;
  seen.rows = length;
  const rows = Array.from({ length }, (_, row) => exact.map(({ values }) => String(values[row] ?? null)).join(' · '));
  seen.order = rows.join('\n');
  const times = new Map<string, number>();
  rows.forEach((named, row) => {
    const before = times.get(named) ?? 0;
    times.set(named, before + 1);
    const key = before === 0 ? named : `${named} (${before + 1})`;
    seen[`row ${key}`] = 'shown';
    for (const { name, noisy, values } of columns) {
      if (!noisy) continue;
      const value = values[row] ?? null;
      const [low, high] = [intervals[name]?.low[row] ?? null, intervals[name]?.high[row] ?? null];
      seen[`value ${name} of ${key}`] = value === null || typeof value === 'string' ? String(value) : Number(value);
      seen[`width ${name} of ${key}`] =
        low === null || high === null ? `open ${low === null} ${high === null}` : Number((high - low).toPrecision(9));
      seen[`middle ${name} of ${key}`] =
        low === null || high === null || value === null
          ? 'none'
          : Number(((high + low) / 2 - Number(value)).toPrecision(9));
    }
  });
  return seen;
}
