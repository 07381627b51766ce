import { mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { InForce } from '../../src/charge/records.ts';
import { keyFrom } from '../../src/crypto/sign.ts';
import { rational } from '../../src/dp/rational.ts';
import { memoryAnswers } from '../../src/release/recall.ts';
import { fileAnswers } from '../../src/release/recall-file.node.ts';
import {
  makeReceipt,
  type ReceiptBody,
  type ReceiptFacts,
  receiptBody,
  verifyReceipt,
} from '../../src/release/receipt.ts';
import type { Receipt } from '../../src/release/release.ts';
import { SOFTWARE } from '../../src/release/software.ts';
import { freshKey } from '../crypto/fresh-key.ts';
import { BODY } from '../evidence/receipt-body.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'gauze-'));
const NAME = 'a'.repeat(64);
/** A receipt of the first format, as it was made and signed then. */
const EARLIER = {
  format: 'gauze-receipt-1',
  time: '2026-01-01T00:00:00.000Z',
  principal: 'dr-lee',
  dataset: 'network',
  version: 'v',
  policy: 'p',
  plan: 'q',
  question: 't',
  cost: { epsilon: '0.5', delta: '0' },
  event: { kind: 'discrete-laplace', scale: ['2', '1'], l1: '1' },
  entry: 'e',
  answer: 'd',
};
const GOLDEN_1 =
  '9176a9e4f407c925c90e392bab5d1f5c61d9f0fe5b64a5062e0411d89dc0e5a8852bab544a974683ce52b9a6944ef82a0fe3f9c2d47889c6c515e9015c97040f';
const GOLDEN_2 =
  '720f6f58a9332d9d5c4b4dfc8817b1f743764af6d3cdf5c2107cf0b990e02e382606e188b07a9d91f047c5e9060d50ca9a78efd04f795952503b69e2aa772e0f';

describe('receipts', () => {
  const key = keyFrom(new Uint8Array(32).fill(7));
  const receipt = makeReceipt(BODY, key);

  it('verify as made, and under no other key', () => {
    expect(verifyReceipt(receipt)).toBe(true);
    expect(verifyReceipt(receipt, key.publicKey)).toBe(true);
    expect(verifyReceipt(receipt, freshKey().publicKey)).toBe(false);
    expect(verifyReceipt({ ...receipt, signature: '00'.repeat(64) })).toBe(false);
    expect(verifyReceipt({ ...receipt, signature: 'no hex' })).toBe(false);
    expect(verifyReceipt(JSON.parse(JSON.stringify(receipt)) as Receipt, key.publicKey)).toBe(true);
    const odd = { ...BODY, format: 'gauze-receipt-3' } as unknown as ReceiptBody;
    const malformed = [
      {},
      { ...receipt, body: null },
      { ...receipt, body: { '#': '1' } },
      { body: BODY },
      makeReceipt(odd, key),
    ];
    for (const one of malformed) expect(verifyReceipt(one as Receipt)).toBe(false);
  });

  it('fail when anything in them is changed, left out or added', () => {
    let changes = 0;
    for (const path of pathsOf(BODY)) {
      for (const change of [changedAt, withoutIt]) {
        const body = structuredClone(BODY) as unknown as Record<string, unknown>;
        change(body, path);
        expect(verifyReceipt({ ...receipt, body }), path.join('.')).toBe(false);
        changes += 1;
      }
    }
    expect(changes).toBeGreaterThan(80);
    expect(verifyReceipt({ ...receipt, body: { ...receipt.body, more: 1 } })).toBe(false);
  });

  it('are the same bytes for ever: a receipt of each format as it was made once', () => {
    expect(receipt.signature).toBe(GOLDEN_2);
    expect(verifyReceipt({ body: EARLIER, publicKey: key.publicKey, signature: GOLDEN_1 })).toBe(true);
    expect(verifyReceipt({ body: { ...EARLIER, plan: 'z' }, publicKey: key.publicKey, signature: GOLDEN_1 })).toBe(
      false,
    );
    const reordered = Object.fromEntries(Object.entries(BODY).reverse()) as unknown as ReceiptBody;
    expect(makeReceipt(reordered, key).signature).toBe(GOLDEN_2);
  });

  it('name the software that this is', () => {
    const { name, version } = JSON.parse(readFileSync('package.json', 'utf8')) as { name: string; version: string };
    expect(SOFTWARE).toBe(`${name} ${version}`);
  });

  it('hold a question and its parameters as text, whatever their names and values', () => {
    const parameters = { '#': '1', n: 1n, at: new Date(0), half: '\ud800', none: null, yes: true };
    const body = receiptBody(factsOf('SELECT 1 -- \udfff', parameters));
    expect(body.question).toEqual({
      text: 'SELECT 1 -- \ufffd',
      parameters: [
        { name: '#', value: '1' },
        { name: 'n', value: '1' },
        { name: 'at', value: '1970-01-01T00:00:00.000Z' },
        { name: 'half', value: '\ufffd' },
        { name: 'none', value: null },
        { name: 'yes', value: 'true' },
      ],
    });
    expect(verifyReceipt(makeReceipt(body, key))).toBe(true);
    expect(receiptBody(factsOf('SELECT ?', [2.5])).question.parameters).toEqual([{ name: '1', value: '2.5' }]);
    expect(body.cost).toEqual({ epsilon: '0.333333333334', delta: '0' });
  });

  it('name rules by their place only where these are the ones in force', () => {
    const inForce = { sequence: 1, hash: 'h', version: 3, entry: { digest: 'p' } } as unknown as InForce;
    expect(receiptBody({ ...factsOf('', undefined), inForce }).policy).toEqual({
      digest: 'p',
      version: 3,
      entry: { sequence: 1, hash: 'h' },
    });
    expect(receiptBody({ ...factsOf('', undefined), inForce, policy: 'q' }).policy).toEqual({
      digest: 'q',
      version: null,
      entry: null,
    });
  });
});

function factsOf(question: string, parameters: ReceiptFacts['parameters']): ReceiptFacts {
  const { proof, event, plan, principal, purpose, part, version, charge, head, time, answer } = BODY;
  const cost = { epsilon: rational(1n, 3n), delta: rational(0n) };
  return {
    question,
    parameters,
    principal,
    purpose,
    part,
    plan: { dataset: 'network', digest: plan, proof, event, cost } as ReceiptFacts['plan'],
    version,
    policy: 'p',
    inForce: null,
    charge,
    head,
    time,
    answer: { digest: answer.digest, valuesDigest: answer.values },
    shown: { level: 0.95, intervals: 'each' },
  };
}

/** Paths to every member of a value, at every depth. */
function pathsOf(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [[name], ...pathsOf(member).map((rest) => [name, ...rest])]);
}

function at(body: Record<string, unknown>, path: readonly string[]): Record<string, unknown> {
  return path.slice(0, -1).reduce((inner, name) => inner[name] as Record<string, unknown>, body);
}

function changedAt(body: Record<string, unknown>, path: readonly string[]): void {
  const holder = at(body, path);
  const name = path.at(-1) as string;
  const value = holder[name];
  holder[name] = typeof value === 'string' ? `${value} ` : typeof value === 'number' ? value + 1 : [value];
}

function withoutIt(body: Record<string, unknown>, path: readonly string[]): void {
  const holder = at(body, path);
  const name = path.at(-1) as string;
  if (Array.isArray(holder)) holder.splice(Number(name), 1);
  else delete holder[name];
}

describe.each([
  ['in memory', () => memoryAnswers()],
  ['in files', () => fileAnswers(folder(), freshKey().secret)],
])('stored answers %s', (_, make) => {
  it('are found again, and the first one stays', async () => {
    const answers = make();
    expect(await answers.find(NAME)).toBeNull();
    await answers.keep(NAME, 'one\ntwo');
    await answers.keep(NAME, 'other');
    expect(await answers.find(NAME)).toBe('one\ntwo');
  });
});

it('a stored answer under the name of another is not released', async () => {
  const path = folder();
  const answers = fileAnswers(path, freshKey().secret);
  await answers.keep(NAME, 'true');
  renameSync(join(path, NAME), join(path, 'b'.repeat(64)));
  await expect(answers.find('b'.repeat(64))).rejects.toMatchObject({ code: 'CRYPTO_SIGNATURE' });
});

it('a stored answer that cannot be read is not paid for again', async () => {
  const path = folder();
  mkdirSync(join(path, NAME));
  await expect(fileAnswers(path, freshKey().secret).find(NAME)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
});

it('a forged stored answer is not released', async () => {
  const path = folder();
  const answers = fileAnswers(path, freshKey().secret);
  await answers.keep(NAME, 'true');
  writeFileSync(join(path, NAME), readFileSync(join(path, NAME), 'utf8').replace('true', 'fake'));
  await expect(answers.find(NAME)).rejects.toMatchObject({ code: 'CRYPTO_SIGNATURE' });
});
