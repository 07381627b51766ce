import { expect, it } from 'vitest';
import type { Release } from '../../src/release/release.ts';
import { toJSON } from '../../src/release/serialize.ts';

it('integers beyond 2^53 are texts, cells and interval ends alike; open ends are null', () => {
  const release = {
    columns: [
      { name: 'n', type: 'integer', noisy: true, values: [5n, 2n ** 60n] },
      { name: 'x', type: 'double', noisy: true, values: [0.5, 1e300] },
    ],
    intervals: {
      n: { low: [null, 2 ** 59], high: [7.5, 2 ** 61], level: 0.95 },
      x: { low: [0.25, -1e300], high: [0.75, null], level: 0.95 },
    },
    cost: { epsilon: 1, delta: 0 },
    remaining: null,
    notes: ['Rows without a ward are left out.'],
  } as unknown as Release;
  expect(toJSON(release)).toMatchObject({
    rows: [
      [5, 0.5],
      ['1152921504606846976', 1e300],
    ],
    intervals: {
      n: [
        [null, 7.5],
        ['576460752303423488', '2305843009213693952'],
      ],
      x: [
        [0.25, 0.75],
        [-1e300, null],
      ],
    },
    notes: ['Rows without a ward are left out.'],
  });
});
