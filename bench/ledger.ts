/**
 * P11: a durable reservation as sessions make it, signed and anchored, against the floor, a bare append of as many bytes
 * with fdatasync; interleaved, medians. P16: one more charge decided over a long history.
 */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, readFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reservation } from '../src/charge/ledger.ts';
import { openLedger } from '../src/charge/open-ledger.ts';
import { anchorFile } from '../src/charge/store/anchor-file.node.ts';
import { fileStore } from '../src/charge/store/file.node.ts';
import { memoryStore } from '../src/charge/store/memory.ts';
import { nativeKey } from '../src/crypto/sign.node.ts';
import { ample, UNSPECIFIED } from '../test/charge/fixtures.ts';
import type { Figure } from './report.ts';

const ROUNDS = 400;
const HISTORY = 10_000;
const DECISIONS = 200;

const key = nativeKey(new Uint8Array(32).fill(7));
const everybody = { ...ample('d', ''), id: { dataset: 'd', principal: null, purpose: null } };

/** A charge with Laplace and Gaussian noise, five a day, by fifty principals. */
function charge(index: number): Reservation {
  const principal = `p${index % 50}`;
  const monthly = ample('d', principal);
  return {
    ...UNSPECIFIED,
    accounts: [{ ...monthly, limit: { ...monthly.limit, renews: 'month' } }, everybody],
    amount: { epsilon: 1n, delta: 0n },
    event: {
      kind: 'composed',
      events: [
        { kind: 'discrete-laplace', scale: ['200', '3'], l1: '20', lInf: '5', l0: '4' },
        { kind: 'discrete-gaussian', variance: ['2000', '3'], l2Squared: '20' },
      ],
    },
    plan: `${index}`.padStart(64, 'a'),
    principal,
    dataset: 'd',
    version: 'v',
    policy: 'b'.repeat(64),
    time: new Date(Date.UTC(2020, 0, 1) + (index * 86_400_000) / 5).toISOString(),
  };
}

/** Measures reservations and decisions. @throws Error when the journal does not hold what was reserved */
export async function ledger(): Promise<Figure[]> {
  return [await durable(), await decided()];
}

async function durable(): Promise<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'gauze-bench-'));
  const path = join(folder, 'journal');
  const store = fileStore(path);
  const opened = await openLedger(store, { key, anchors: [anchorFile(join(folder, 'anchor'), false)] });
  await opened.reserve(charge(0));
  const written = readFileSync(path).length;
  const bare = openSync(join(folder, 'bare'), 'a', 0o600);
  const line = new Uint8Array(Math.round(written / 2)).fill(97);
  const times: { reserve: number[]; bare: number[] } = { reserve: [], bare: [] };
  for (let round = 1; round < ROUNDS; round++) {
    const start = performance.now();
    await opened.reserve(charge(round));
    const middle = performance.now();
    writeSync(bare, line);
    fdatasyncSync(bare);
    times.reserve.push(middle - start);
    times.bare.push(performance.now() - middle);
  }
  closeSync(bare);
  await store.close();
  const held = readFileSync(path, 'utf8').split('"kind":"reserve"').length - 1;
  if (held !== ROUNDS) throw new Error(`The journal holds ${held} of ${ROUNDS} reservations.`);
  const figure = median(times.reserve) / median(times.bare);
  const what = 'durable reservation, signed and anchored / bare append + fdatasync';
  return { id: 'P11', what, figure, unit: '×', bar: 3, stretch: 1.5, more: false };
}

async function decided(): Promise<Figure> {
  const opened = await openLedger(memoryStore(), { key });
  for (let index = 0; index < HISTORY; index++) await opened.reserve(charge(index));
  const times: number[] = [];
  for (let index = HISTORY; index < HISTORY + DECISIONS; index++) {
    const start = performance.now();
    await opened.verdicts(charge(index));
    times.push(performance.now() - start);
  }
  const what = `one more charge decided after ${HISTORY.toLocaleString('en')}`;
  return { id: 'P16', what, figure: median(times), unit: 'ms', bar: 2, stretch: 0.2, more: false };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number;
}
