/**
 * Firsts, modes, quantiles and spreads of groups with ties, NULL, NaN, infinities, one row and none: every engine and the
 * interpreter give the values written here, and give them whatever the order of the rows.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../src/ask/index.ts';
import type { Value } from '../../src/ask/types.ts';
import { Draw, seeded } from '../attack/random.ts';
import type { Raw } from './cells.ts';
import { hostileWorld } from './hostile.ts';
import { interpret } from './interpreter/relation.ts';
import { openWorld, type World, type WorldTable } from './world.ts';

/** Groups of (number, whole number, text, day). */
const GROUPS: Readonly<Record<string, readonly (readonly [Raw, Raw, Raw, Raw])[]>> = {
  one: [[7.5, 3n, 'b', 10]],
  nulls: [
    [null, null, null, null],
    [Number.NaN, null, null, 'infinite'],
  ],
  ties: [
    [2, 5n, 'b', 3],
    [1, 5n, 'a', 3],
    [2, 4n, 'b', 1],
    [1, 4n, 'a', 1],
  ],
  odd: [
    [10, 1n, 'x', 5],
    [30, 2n, null, 2],
    [20, 4n, 'z', null],
    [Number.NaN, null, 'y', 4],
  ],
  infinite: [
    [Number.NEGATIVE_INFINITY, 0n, 'm', 1],
    [Number.POSITIVE_INFINITY, 0n, 'm', 2],
  ],
  upward: [
    [1, 9223372036854775807n, '', 1],
    [Number.POSITIVE_INFINITY, -9223372036854775808n, '\u{10FFFF}', 1],
    [-0, 0n, '\uFFFD', 1],
  ],
  huge: [
    [1.7976931348623157e308, 1n, 'a', 1],
    [-1.7976931348623157e308, 2n, 'b', 1],
  ],
};

function tableOf(draw: Draw | null): WorldTable {
  const rows = Object.entries(GROUPS).flatMap(([g, cells]) =>
    cells.map(([x, n, t, d]): Readonly<Record<string, Raw>> => ({ g, x, n, t, d })),
  );
  const drawn =
    draw === null ? rows : rows.map((row) => ({ row, at: draw.int(0, 1_000_000) })).sort((a, b) => a.at - b.at);
  return {
    columns: {
      g: { stored: 'VARCHAR', type: 'text' },
      x: { stored: 'DOUBLE', type: 'double' },
      n: { stored: 'BIGINT', type: 'integer' },
      t: { stored: 'VARCHAR', type: 'text' },
      d: { stored: 'DATE', type: 'date' },
    },
    rows: drawn.map((one) => ('row' in one ? (one.row as Readonly<Record<string, Raw>>) : one)),
  };
}

async function worldOf(draw: Draw | null): Promise<World> {
  const base = hostileWorld();
  const columns = { g: 'text', x: 'double', n: 'integer', t: 'text', d: 'date' } as const;
  const net = base.policy.datasets.net!;
  const seen = Object.fromEntries(Object.entries(columns).map(([name, type]) => [name, { type }]));
  return openWorld({
    policy: {
      ...base.policy,
      datasets: { net: { ...net, tables: { person: net.tables.person!, seen: { public: true, columns: seen } } } },
    },
    tables: { person: base.tables.person!, seen: tableOf(draw) },
  });
}

/** Values by group, in the order of GROUPS. */
const WRITTEN: readonly (readonly [string, readonly Value[]])[] = [
  // one, nulls, ties, odd, infinite, upward, huge
  ['median(x)', [7.5, null, 1.5, 20, null, 1, 0]],
  ['median(n)', [3, null, 4.5, 2, 0, 0, 1.5]],
  ['quantile_cont(x, 0)', [7.5, null, 1, 10, -Infinity, 0, -1.7976931348623157e308]],
  ['quantile_cont(x, 1)', [7.5, null, 2, 30, Infinity, Infinity, 1.7976931348623157e308]],
  ['quantile_cont(x, 0.75)', [7.5, null, 2, 25, null, Infinity, 8.988465674311578e307]],
  ['percentile_cont(0.1) WITHIN GROUP (ORDER BY n)', [3, null, 4, 1.2000000000000002, 0, -7378697629483821000, 1.1]],
  ['quantile_disc(x, 0.5)', [7.5, null, 1, 20, -Infinity, 1, -1.7976931348623157e308]],
  ['quantile_disc(n, 0.51)', [3n, null, 5n, 2n, 0n, 0n, 2n]],
  ['quantile_disc(t, 0)', ['b', null, 'a', 'x', 'm', '', 'a']],
  ['percentile_disc(1) WITHIN GROUP (ORDER BY t)', ['b', null, 'b', 'z', 'm', '\u{10FFFF}', 'b']],
  ['quantile(d, 0.5)', [10, null, 1, 4, 1, 1, 1]],
  ['mode(x)', [7.5, null, 1, 10, -Infinity, 0, -1.7976931348623157e308]],
  ['mode(n)', [3n, null, 4n, 1n, 0n, -9223372036854775808n, 1n]],
  ['mode(t)', ['b', null, 'a', 'x', 'm', '', 'a']],
  ['mode() WITHIN GROUP (ORDER BY d)', [10, null, 1, 2, 1, 1, 1]],
  ['mode(x > 5)', [true, null, false, true, false, false, false]],
  ['var_samp(x)', [null, null, 1 / 3, 100, null, null, null]],
  ['variance(n)', [null, null, 1 / 3, 2.333333333333333, 0, 8.507059173023462e37, 0.5]],
  ['var_pop(x)', [0, null, 0.25, 200 / 3, null, null, null]],
  ['stddev(x)', [null, null, Math.sqrt(1 / 3), 10, null, null, null]],
  ['stddev_samp(n) FILTER (WHERE n > 3)', [null, null, Math.sqrt(1 / 3), null, null, null, null]],
  ['stddev_pop(x)', [0, null, 0.5, Math.sqrt(200 / 3), null, null, null]],
  ['first(t ORDER BY d)', ['b', null, 'a', null, 'm', '', 'a']],
  ['last(t ORDER BY d)', ['b', null, 'a', 'z', 'm', '', 'a']],
  ['first(t ORDER BY d DESC NULLS FIRST)', ['b', null, 'a', 'z', 'm', '', 'a']],
  ['last(x ORDER BY n, t DESC)', [7.5, null, 1, null, -Infinity, 1, -1.7976931348623157e308]],
  ['any_value(t ORDER BY d)', ['b', null, 'a', 'y', 'm', '', 'a']],
  ['any_value(x)', [7.5, null, 1, 10, -Infinity, 0, -1.7976931348623157e308]],
  ['arbitrary(d)', [10, null, 1, 2, 1, 1, 1]],
];

describe('aggregates of one person', () => {
  const worlds: World[] = [];
  beforeAll(async () => {
    for (const draw of [null, new Draw(seeded(5)), new Draw(seeded(6))]) worlds.push(await worldOf(draw));
  });
  afterAll(async () => {
    for (const world of worlds) await world.close();
  });

  it.each(WRITTEN)('%s', async (sql, expected) => {
    const names = Object.keys(GROUPS);
    for (const world of worlds) {
      const relation = ask(`SELECT g, ${sql} AS v FROM seen GROUP BY g`, world.policy);
      const results = [new Map(interpret(relation, world.database).map(([g, v]) => [g, v ?? null]))];
      for (const engine of world.engines) {
        const { values } = await engine.readPublic(relation, {});
        results.push(new Map((values[0] ?? []).map((g, row) => [g, values[1]?.[row] ?? null])));
      }
      for (const result of results) expect(names.map((name) => result.get(name))).toEqual(expected);
    }
  });

  it('are NULL over no rows', async () => {
    const world = worlds[0] as World;
    const calls = WRITTEN.map(([sql], index) => `${sql} AS v${index}`);
    const relation = ask(`SELECT ${calls.join(', ')} FROM seen WHERE g = 'nobody'`, world.policy);
    const none = WRITTEN.map(() => null);
    expect(interpret(relation, world.database)).toEqual([none]);
    for (const engine of world.engines) {
      const { values } = await engine.readPublic(relation, {});
      expect(values.map((column) => column[0])).toEqual(none);
    }
  });
});
