/** P11: a durable reservation against the floor, a bare append of the same bytes with fdatasync; interleaved, medians. */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, readFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '../src/charge/open-ledger.ts';
import { fileStore } from '../src/charge/store/file.node.ts';
import { ample, UNSPECIFIED } from '../test/charge/fixtures.ts';
import type { Figure } from './report.ts';

const ROUNDS = 400;

/** Measures reservations. @throws Error when the journal does not hold them all */
export async function ledger(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'gauze-bench-'));
  const path = join(folder, 'journal');
  const store = fileStore(path);
  const opened = await openLedger(store);
  const account = ample('d', 'p');
  const bare = openSync(join(folder, 'bare'), 'a', 0o600);
  const line = new Uint8Array(600).fill(97);
  const times: { reserve: number[]; bare: number[] } = { reserve: [], bare: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await opened.reserve({
      ...UNSPECIFIED,
      accounts: [account],
      amount: { epsilon: 1n, delta: 0n },
      event: { kind: 'discrete-laplace', scale: ['2', '1'], l1: '1' },
      plan: 'a'.repeat(64),
      principal: 'p',
      dataset: 'd',
      version: 'v',
      policy: 'b'.repeat(64),
      time: '2026-01-01T00:00:00.000Z',
    });
    const middle = performance.now();
    writeSync(bare, line);
    fdatasyncSync(bare);
    times.reserve.push(middle - start);
    times.bare.push(performance.now() - middle);
  }
  closeSync(bare);
  await store.close();
  const held = readFileSync(path, 'utf8').split('\n').length - 1;
  if (held !== ROUNDS) throw new Error(`The journal holds ${held} of ${ROUNDS} reservations.`);
  const ratio = median(times.reserve) / median(times.bare);
  return [
    {
      id: 'P11',
      what: 'durable reservation / bare append + fdatasync',
      figure: ratio,
      unit: '×',
      bar: 3,
      stretch: 1.5,
      more: false,
    },
  ];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number;
}
