/** A table says what `?` means where it shows one, and only there. */
import { expect, it } from 'vitest';
import { releaseLines } from '../../src/cli/command/query.ts';
import type { Release } from '../../src/release/release.ts';

function lines(low: number | null): string {
  const release = {
    columns: [{ name: 'n', type: 'double', noisy: true, values: [2] }],
    intervals: { n: { low: [low], high: [3], level: 0.95 } },
    cost: { epsilon: 1, delta: 0 },
    remaining: null,
    notes: [],
    recalled: false,
  } as unknown as Release;
  return releaseLines(release).join('\n');
}

it('an open end has a legend', () => {
  expect(lines(null)).toContain('[?, 3]');
  expect(lines(null)).toContain('note: A ? in an interval is an open end');
  expect(lines(1)).not.toContain('?');
});
