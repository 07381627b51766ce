/** One line of the report: what was reached, what was asked. */
export interface Figure {
  readonly id: string;
  readonly what: string;
  readonly figure: number;
  readonly unit: string;
  readonly bar: number;
  readonly stretch: number;
  /** Whether more is better. */
  readonly more: boolean;
  /** The same figure in processor time, which neighbours on the machine disturb less. */
  readonly cpu?: number;
  /** Absolute times behind a ratio, the measured and the floor, in milliseconds. */
  readonly times?: readonly [number, number];
}

/** Markdown table of figures. */
export function markdown(figures: readonly Figure[]): string {
  const rows = figures.map((one) => {
    const cpu = one.cpu === undefined ? '' : `${short(one.cpu)} ${one.unit}`;
    const times = one.times === undefined ? '' : `${short(one.times[0])} / ${short(one.times[1])}`;
    return `| ${one.id} | ${one.what} | ${short(one.figure)} ${one.unit} | ${cpu} | ${times} | ${one.bar} | ${one.stretch} | ${verdict(one)} |`;
  });
  return [
    '| id | case | measured | by CPU time | ms | bar | stretch | reached |',
    '|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function verdict({ figure, bar, stretch, more }: Figure): string {
  const misses = (limit: number): boolean => (more ? figure < limit : figure > limit);
  const by = (limit: number): string => `${Math.round(100 * Math.abs(figure / limit - 1))} %`;
  if (misses(bar)) return `misses the bar by ${by(bar)}`;
  return misses(stretch) ? `bar; ${by(stretch)} from stretch` : 'stretch';
}

function short(value: number): number {
  return Number(value.toPrecision(3));
}
