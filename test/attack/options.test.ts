/** What callers without a type checker may pass beside the question: refused with a code, before anything is charged. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { memoryStore, open, type QueryOptions, type Session } from '../../src/index.node.ts';
import { makeNeighbours } from './neighbours.ts';

const COUNT = 'SELECT COUNT(*) AS n FROM person';
const ASKED = 'SELECT COUNT(*) AS n FROM person WHERE birth_year > $x OR city = $y';
const BUDGET: readonly unknown[] = [
  {},
  ...[
    null,
    Number.NaN,
    -1,
    0,
    '1e9999',
    '0x10',
    Number.POSITIVE_INFINITY,
    '',
    'half',
    true,
    5n,
    '9'.repeat(3000),
    1e-300,
  ].map((epsilon) => ({ epsilon })),
  ...[{}, { m: 0.5 }, { n: 0.5, m: 1 }, { n: null }, { n: '' }, [0.5]].map((epsilon) => ({ epsilon })),
  ...[1, -1, '1e-300', Number.NaN, 'x', null].map((delta) => ({ epsilon: 0.5, delta })),
  ...[0, -5, 'x', null, Number.NaN].map((accuracy) => ({ accuracy })),
  { epsilon: 0.5, accuracy: 5 },
  ...[0, 0.5, 1, -1, 2, Number.NaN, 'x'].map((level) => ({ epsilon: 0.5, level })),
  ...[0, -1, 1.5, Number.NaN, 1e9].flatMap((most) => [
    { epsilon: 0.5, contribution: { groups: most } },
    { epsilon: 0.5, contribution: { rows: most } },
  ]),
  ...[0, -1, Number.NaN, 'soon'].map((timeout) => ({ epsilon: 0.5, timeout })),
];
const PARAMETERS: readonly unknown[] = [
  undefined,
  {},
  { x: 1 },
  { x: 1, y: 'a', z: 2 },
  [1, 'a'],
  ...[Number.NaN, Number.POSITIVE_INFINITY, 2n ** 64n, {}, [], () => 1, Symbol('x'), new Date(Number.NaN)].map((x) => ({
    x,
    y: 'a',
  })),
  ...['\ud800', 'x'.repeat(200_000), /x/, new Map()].map((y) => ({ x: 1, y })),
];
let neighbours: Awaited<ReturnType<typeof makeNeighbours>>;
let session: Session;

beforeAll(async () => {
  neighbours = await makeNeighbours(['full'], []);
  session = await open({
    policy: neighbours.all[0]?.policy ?? '',
    as: 'dr-lee',
    engine: 'native',
    ledger: memoryStore(),
  });
});
afterAll(async () => {
  await session.close();
  neighbours.remove();
});

it('numbers out of range', async () => {
  const before = await session.budget();
  for (const options of BUDGET) {
    const asked = session.query(COUNT, options as QueryOptions);
    await expect(asked, String(JSON.stringify(options, writable))).rejects.toMatchObject({
      code: 'BUDGET_INVALID',
      exitCode: 2,
    });
  }
  expect(await session.budget()).toEqual(before);
});

it('parameters that SQL has no value for', async () => {
  const before = await session.budget();
  for (const params of PARAMETERS) {
    const asked = session.query(ASKED, { epsilon: 0.5, params } as QueryOptions);
    await expect(asked).rejects.toMatchObject({ code: 'QUERY_PARAMETER', exitCode: 2 });
  }
  expect(await session.budget()).toEqual(before);
});

it('parameters are values, never text of the question', async () => {
  const ways = ["'; DROP TABLE person; --", "' OR '1'='1", '$x', '?', '\\', 'a\u0000b', '\u202e', '"', '-- '];
  for (const y of ways) {
    const answer = await session.query(ASKED, { epsilon: 1, params: { x: 9_000, y } });
    expect(answer.columns.map(({ name }) => name)).toEqual(['n']);
  }
  for (const x of [-(2n ** 63n), 2n ** 63n - 1n, 5e-324, 1e308, -0, null, '1930']) {
    await expect(session.query(ASKED, { epsilon: 1, params: { x, y: null } })).resolves.toBeDefined();
  }
  await expect(session.query(ASKED, { epsilon: 1, params: { x: '1 OR TRUE', y: '' } })).rejects.toMatchObject({
    code: 'QUERY_TYPE',
  });
});

it('timeouts beyond every timer', async () => {
  for (const timeout of [2 ** 31, 1e99, Number.POSITIVE_INFINITY]) {
    await expect(session.query(COUNT, { epsilon: 1, timeout, level: 0.9 })).resolves.toBeDefined();
  }
});

function writable(_: string, value: unknown): unknown {
  return typeof value === 'bigint' || typeof value === 'number' ? String(value) : value;
}
