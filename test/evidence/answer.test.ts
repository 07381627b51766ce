/** Answers of a real session, checked against their receipts and the journal, and told apart from all that was changed. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC, tableToIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nativeVerify } from '../../src/crypto/sign.node.ts';
import { verifyAnswer } from '../../src/evidence/answer.ts';
import { verifyChain } from '../../src/evidence/chain.ts';
import { ReceiptPlaces } from '../../src/evidence/receipt-place.ts';
import { receiptOf } from '../../src/evidence/receipt-shape.ts';
import { open } from '../../src/index.node.ts';
import { digestOf, valuesDigestOf } from '../../src/release/digest.ts';
import { makeReceipt, type ReceiptBody } from '../../src/release/receipt.ts';
import type { Receipt, Release, ReleasedColumn } from '../../src/release/release.ts';
import { type ReleaseJson, toJSON } from '../../src/release/serialize.ts';
import { makeTable } from '../../src/release/table.ts';
import { writeNetwork } from '../docs/database.ts';
import { NETWORK } from '../policy/network.ts';
import { KEY } from './chains.ts';
import { BODY } from './receipt-body.ts';

const QUESTION = 'SELECT sex, COUNT(*) AS n, AVG(birth_year) AS born FROM person GROUP BY sex';
const folder = mkdtempSync(join(tmpdir(), 'gauze-evidence-'));
let release: Release;
let recalled: Release;
let journal: Buffer;

beforeAll(async () => {
  await writeNetwork(folder);
  writeFileSync(join(folder, 'network.yaml'), NETWORK);
  const session = await open({ policy: join(folder, 'network.yaml'), as: 'dr-lee' });
  release = await session.query(QUESTION, { epsilon: 0.25 });
  recalled = await session.query(QUESTION, { epsilon: 0.25 });
  await session.close();
  journal = readFileSync(join(folder, 'network.gauze', 'journal'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const jsonOf = (of: Release): ReleaseJson => JSON.parse(JSON.stringify(toJSON(of))) as ReleaseJson;
const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

describe('an answer of a session', () => {
  it('carries its receipt in JSON and in Arrow, and verifies by itself', () => {
    const receipt = release.receipt as Receipt;
    const json = verifyAnswer(bytesOf(jsonOf(release)), { publicKey: receipt.publicKey });
    expect(json).toMatchObject({ valid: true, covers: 'values and intervals', why: null });
    for (const kind of ['file', 'stream'] as const) {
      const arrow = verifyAnswer(tableToIPC(release.table, kind), { publicKey: receipt.publicKey });
      expect(arrow).toMatchObject({ valid: true, covers: 'values', warnings: [] });
      expect(arrow.receipt).toEqual(JSON.parse(JSON.stringify(receipt)));
    }
    expect(verifyAnswer(bytesOf(jsonOf(release))).warnings.join()).toContain(`own claim: ${receipt.publicKey}`);
    expect(verifyAnswer(bytesOf(jsonOf(release)), { publicKey: KEY.publicKey }).why).toContain('another key');
  });

  it('is found when a value, an interval, a name or a type is another', () => {
    const whole = jsonOf(release);
    const [first] = whole.rows;
    const name = Object.keys(whole.intervals)[0] as string;
    const [low, high] = (whole.intervals[name] as [number, number][])[0] as [number, number];
    const changes: Partial<ReleaseJson>[] = [
      { rows: whole.rows.with(0, [first?.[0] ?? null, Number(first?.[1]) + 1, first?.[2] ?? null]) },
      { rows: whole.rows.toReversed() },
      {
        rows: whole.rows.slice(1),
        intervals: Object.fromEntries(Object.entries(whole.intervals).map(([n, ends]) => [n, ends.slice(1)])),
      },
      { intervals: { ...whole.intervals, [name]: (whole.intervals[name] ?? []).with(0, [low - 1, high]) } },
      { columns: whole.columns.map((column) => ({ ...column, name: column.name === 'sex' ? 'gender' : column.name })) },
      {
        columns: whole.columns.map((column) => ({
          ...column,
          type: column.type === 'integer' ? 'double' : column.type,
        })),
      },
      { receipt: null },
      {
        receipt: { ...(whole.receipt as Receipt), body: { ...whole.receipt?.body, time: '2020-01-01T00:00:00.000Z' } },
      },
    ];
    for (const change of changes)
      expect(verifyAnswer(bytesOf({ ...whole, ...change })).valid, JSON.stringify(change)).toBe(false);
    for (const malformed of [
      { ...whole, rows: [[1]] },
      { ...whole, rows: 3 },
      { columns: [], rows: [] },
      { ...whole, rows: whole.rows.map((row) => row.with(1, 'x')) },
    ]) {
      expect(() => verifyAnswer(bytesOf(malformed))).toThrow(expect.objectContaining({ code: 'CRYPTO_DECODE' }));
    }
    const bytes = tableToIPC(release.table, 'file');
    const table = tableFromIPC(bytes);
    table.schema.metadata.set('gauze.policy', 'f'.repeat(64));
    expect(verifyAnswer(tableToIPC(table, 'file')).why).toContain('another policy');
    expect(() => verifyAnswer(bytes.subarray(0, 40))).toThrow(expect.objectContaining({ code: 'CRYPTO_DECODE' }));
  });

  it('stands in the journal where its receipt says, also when it was recalled', async () => {
    for (const one of [release, recalled]) {
      const places = new ReceiptPlaces(one.receipt as Receipt);
      const { publicKey } = one.receipt as Receipt;
      const verdict = await verifyChain(journal, { publicKey, verify: nativeVerify, seen: (read) => places.see(read) });
      expect(verdict).toMatchObject({ valid: true, firstBad: null });
      expect(places.fault()).toBeNull();
    }
    expect(recalled.receipt?.body.charge).toEqual({ ...(release.receipt?.body.charge as object), recalled: true });
  });

  it('is found when its receipt names what the journal does not', async () => {
    const body = release.receipt?.body as unknown as ReceiptBody;
    const changes: Partial<ReceiptBody>[] = [
      { charge: { ...body.charge, entry: { ...body.charge.entry, sequence: 99 } } },
      { charge: { ...body.charge, entry: body.head } },
      { head: { ...body.head, hash: 'f'.repeat(64) } },
      { policy: { ...body.policy, version: 7 } },
      { plan: 'f'.repeat(64) },
      { principal: 'dr-who' },
      { purpose: 'quality' },
      { version: 'other' },
      { dataset: 'other' },
      { cost: { epsilon: '0.1', delta: '0' } },
      { event: { kind: 'composed', events: [] } },
    ];
    for (const change of changes) {
      const places = new ReceiptPlaces({ ...(release.receipt as Receipt), body: { ...body, ...change } });
      await verifyChain(journal, { verify: nativeVerify, seen: (read) => places.see(read) });
      expect(places.fault(), JSON.stringify(change)).not.toBeNull();
    }
  });
});

it('a receipt that lacks what receipts say is none, whoever signed it', () => {
  for (const name of ['charge', 'head', 'policy', 'cost', 'answer', 'event', 'plan'] as const) {
    const { [name]: _, ...body } = BODY;
    const receipt = makeReceipt(body as unknown as ReceiptBody, KEY);
    expect(receiptOf(JSON.parse(JSON.stringify(receipt))), name).toBeNull();
  }
  expect(receiptOf(makeReceipt(BODY, KEY))).toEqual(makeReceipt(BODY, KEY));
});

it('values of every type come back from both kinds of file as they were digested', () => {
  const columns: ReleasedColumn[] = [
    { name: 'text', type: 'text', noisy: false, values: ['a', '', null, 'ü€\u{1f600}'] },
    { name: 'integer', type: 'integer', noisy: true, values: [1n, -(2n ** 63n), 2n ** 63n - 1n, null] },
    { name: 'double', type: 'double', noisy: true, values: [-0, 1e-300, Number.POSITIVE_INFINITY, null] },
    { name: 'boolean', type: 'boolean', noisy: false, values: [true, false, null, true] },
    { name: 'date', type: 'date', noisy: false, values: [0, -719162, 2932896, null] },
    {
      name: 'timestamp',
      type: 'timestamp',
      noisy: false,
      values: [1n, -62135596800000000n, 253402300799999999n, null],
    },
  ];
  const ends = { level: 0.95, low: [-0, -(2 ** 63), null, 0.5], high: [2, 2 ** 62, null, 1e300] };
  const intervals = { integer: ends, double: ends };
  const answer = { ...BODY.answer, digest: digestOf(columns, intervals), values: valuesDigestOf(columns) };
  const receipt = makeReceipt({ ...BODY, answer }, KEY);
  const table = makeTable(columns, { 'gauze.receipt': JSON.stringify(receipt) });
  expect(verifyAnswer(tableToIPC(table, 'file'))).toMatchObject({ valid: true, why: null });
  const all = {
    table,
    columns,
    intervals,
    receipt,
    cost: { epsilon: 0, delta: 0 },
    remaining: null,
    notes: [],
    recalled: false,
  };
  expect(verifyAnswer(bytesOf(toJSON(all as unknown as Release)))).toMatchObject({ valid: true, why: null });
});
