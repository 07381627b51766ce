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
}

/** Markdown table of figures. */
export function markdown(figures: readonly Figure[]): string {
  const verdict = (one: Figure): string => {
    const reaches = (limit: number): boolean => (one.more ? one.figure >= limit : one.figure <= limit);
    return reaches(one.stretch) ? 'stretch' : reaches(one.bar) ? 'bar' : 'MISSED';
  };
  const rows = figures.map(
    (one) =>
      `| ${one.id} | ${one.what} | ${Number(one.figure.toPrecision(3))} ${one.unit} | ${one.bar} | ${one.stretch} | ${verdict(one)} |`,
  );
  return ['| id | case | measured | bar | stretch | reached |', '|---|---|---|---|---|---|', ...rows].join('\n');
}
