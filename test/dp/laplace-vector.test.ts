/** A vector with Laplace noise costs what its worst split costs: never less than any split, and no more than one of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zcdpOf } from '../../src/dp/accountant/zcdp.ts';
import type { DiscreteLaplaceEvent } from '../../src/dp/event.ts';
import { renyiOfDiscreteLaplace } from '../../src/dp/renyi.ts';

function rhoOf(scale: number, moves: Pick<DiscreteLaplaceEvent, 'l1' | 'lInf' | 'l0'>): number {
  return zcdpOf({ kind: 'discrete-laplace', scale: [String(Math.round(scale * 100)), '100'], ...moves }).rho;
}

/** KL divergence of noise and noise moved by Δ, from its probabilities. */
function klOf(scale: number, moved: number): number {
  const q = Math.exp(-1 / scale);
  const reach = Math.ceil(40 * scale) + moved;
  let sum = 0;
  for (let x = -reach; x <= reach; x++) {
    sum += (((1 - q) / (1 + q)) * q ** Math.abs(x) * (Math.abs(x - moved) - Math.abs(x))) / scale;
  }
  return sum;
}

/** All ways to move up to `l1` in parts of at most `lInf`, at most `l0` of them, largest first. */
function splits(l1: number, lInf: number, l0: number): number[][] {
  if (l0 === 0) return [[]];
  const most = Math.min(l1, lInf);
  const parts = Array.from({ length: most }, (_, i) => i + 1);
  return [[], ...parts.flatMap((part) => splits(l1 - part, part, l0 - 1).map((rest) => [part, ...rest]))];
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const scale = fc.integer({ min: 20, max: 1500 }).map((hundredths) => hundredths / 100);
const shape = fc.record({
  l1: fc.integer({ min: 1, max: 11 }),
  lInf: fc.integer({ min: 1, max: 11 }),
  l0: fc.integer({ min: 1, max: 11 }),
});
const text = ({ l1, lInf, l0 }: { l1: number; lInf: number; l0: number }) => ({
  l1: String(l1),
  lInf: String(lInf),
  l0: String(l0),
});

describe('ρ of a vector', () => {
  it.each([
    // Three groups of 20 rows at scale 60; the same 60 in one; 50 as two groups of 20 and one of 10.
    [60, { l1: '60', lInf: '20', l0: '3' }, 3 * klOf(60, 20), 0.1496],
    [60, { l1: '60', lInf: '20' }, 3 * klOf(60, 20), 0.1496],
    [60, { l1: '60', lInf: '60', l0: '1' }, klOf(60, 60), 0.3679],
    [60, { l1: '50', lInf: '20', l0: '3' }, 2 * klOf(60, 20) + klOf(60, 10), 0.1129],
    [60, { l1: '60', lInf: '20', l0: '2' }, 2 * klOf(60, 20), 0.0997],
    [60, { l1: '3', lInf: '20', l0: '3' }, klOf(60, 3), 0.00123],
  ])('at scale %d, moved by %o', (t, moves, closed, roughly) => {
    expect(rhoOf(t, moves)).toBeCloseTo(closed, 12);
    expect(rhoOf(t, moves) / roughly).toBeCloseTo(1, 2);
  });

  it('is that of its worst split, exactly', () => {
    fc.assert(
      fc.property(scale, shape, (t, moves) => {
        const worst = Math.max(
          ...splits(moves.l1, moves.lInf, moves.l0).map((parts) => total(parts.map((part) => klOf(t, part)))),
        );
        expect(Math.abs(rhoOf(t, text(moves)) / worst - 1)).toBeLessThan(1e-9);
      }),
      { numRuns: 40 },
    );
  });

  it('bounds the Rényi divergence of every split at every order', () => {
    fc.assert(
      fc.property(scale, shape, fc.double({ min: 1.001, max: 80, noNaN: true }), (t, moves, order) => {
        const rho = rhoOf(t, text(moves));
        for (const parts of splits(moves.l1, moves.lInf, moves.l0)) {
          const divergence = total(parts.map((part) => renyiOfDiscreteLaplace(t, part, order)));
          expect(divergence / order).toBeLessThanOrEqual(rho + 1e-12 / (order - 1));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is of one coordinate where an entry does not say how the move is spread', () => {
    fc.assert(
      fc.property(scale, fc.integer({ min: 1, max: 2000 }), (t, moved) => {
        const l1 = String(moved);
        expect(rhoOf(t, { l1 })).toBe(rhoOf(t, { l1, lInf: l1, l0: '1' }));
        expect(rhoOf(t, { l1 }) / klOf(t, moved)).toBeCloseTo(1, 9);
      }),
      { numRuns: 40 },
    );
  });
});
