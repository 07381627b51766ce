/** Fair timing on a machine that others use: candidates take turns, medians are compared. */

/** Medians of one candidate, in milliseconds: wall clock, and processor time of the whole process over all threads. */
export interface Timing {
  readonly wall: number;
  readonly cpu: number;
}

/** Timings by name. The first round warms caches and is not counted. `prepare` runs before each call, untimed. */
export async function interleaved<Name extends string>(
  rounds: number,
  candidates: Readonly<Record<Name, () => Promise<unknown>>>,
  prepare: () => Promise<void> = async () => {},
): Promise<Record<Name, Timing>> {
  const names = Object.keys(candidates) as Name[];
  const walls = new Map<Name, number[]>(names.map((name) => [name, []]));
  const cpus = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      await prepare();
      const usage = process.cpuUsage();
      const start = performance.now();
      await candidates[name]();
      const wall = performance.now() - start;
      const { user, system } = process.cpuUsage(usage);
      if (round === 0) continue;
      walls.get(name)?.push(wall);
      cpus.get(name)?.push((user + system) / 1000);
    }
  }
  return Object.fromEntries(
    names.map((name) => [name, { wall: median(walls.get(name) ?? []), cpu: median(cpus.get(name) ?? []) }]),
  ) as Record<Name, Timing>;
}

/** Upper median. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
