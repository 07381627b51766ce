/** Values of one feature, a run each; undefined where the run did not show it. */
export type Feature = readonly (number | string | undefined)[];

/** Observations by feature instead of by run. */
export function tabulate(
  runs: readonly Readonly<Record<string, number | string>>[],
  length: number,
): Map<string, Feature> {
  const table = new Map<string, (number | string | undefined)[]>();
  runs.forEach((run, index) => {
    for (const [feature, value] of Object.entries(run)) {
      let column = table.get(feature);
      if (column === undefined) {
        column = new Array<number | string | undefined>(length).fill(undefined);
        table.set(feature, column);
      }
      column[index] = value;
    }
  });
  return table;
}

/** The numbers among the values of a feature, ascending. */
export function numbersOf(feature: Feature): Float64Array {
  return Float64Array.from(feature.filter((value) => typeof value === 'number')).sort();
}
