import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { loadOrCreateKey } from '../../src/crypto/key-file.node.ts';
import { keyFrom } from '../../src/crypto/sign.ts';
import { memoryAnswers } from '../../src/release/recall.ts';
import { fileAnswers } from '../../src/release/recall-file.node.ts';
import { makeReceipt, type ReceiptBody, verifyReceipt } from '../../src/release/receipt.ts';
import type { Receipt } from '../../src/release/release.ts';
import { freshKey } from '../crypto/fresh-key.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'gauze-'));
const NAME = 'a'.repeat(64);
const body: ReceiptBody = {
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

describe('receipts', () => {
  it('verify as made, and no other way', () => {
    const key = freshKey();
    const receipt = makeReceipt(body, key);
    expect(verifyReceipt(receipt)).toBe(true);
    expect(verifyReceipt(receipt, key.publicKey)).toBe(true);
    expect(verifyReceipt(receipt, freshKey().publicKey)).toBe(false);
    expect(verifyReceipt({ ...receipt, body: { ...body, cost: { epsilon: '0.4', delta: '0' } } })).toBe(false);
    expect(verifyReceipt({ ...receipt, signature: '00'.repeat(64) })).toBe(false);
    expect(verifyReceipt({ ...receipt, signature: 'no hex' })).toBe(false);
    expect(verifyReceipt(JSON.parse(JSON.stringify(receipt)) as Receipt, key.publicKey)).toBe(true);
    for (const malformed of [{}, { ...receipt, body: null }, { ...receipt, body: { '#': '1' } }, { body }]) {
      expect(verifyReceipt(malformed as Receipt)).toBe(false);
    }
  });

  it('are the same bytes for the same body and key', () => {
    const key = keyFrom(new Uint8Array(32).fill(7));
    const reordered = Object.fromEntries(Object.entries(body).reverse()) as unknown as ReceiptBody;
    expect(makeReceipt(reordered, key).signature).toBe(makeReceipt(body, key).signature);
  });
});

describe('the key file', () => {
  it('is made once, for its user alone, and read afterwards', () => {
    const path = join(folder(), 'key');
    const made = loadOrCreateKey(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(loadOrCreateKey(path).publicKey).toBe(made.publicKey);
    expect(readdirSync(join(path, '..'))).toEqual(['key']);
  });

  it('is one key for all who race to make it', async () => {
    const path = join(folder(), 'key');
    const script = join(folder(), 'key.mjs');
    await build({
      stdin: {
        contents: `import { loadOrCreateKey } from './src/crypto/key-file.node.ts'; console.log(loadOrCreateKey(process.argv[2]).publicKey);`,
        resolveDir: '.',
        loader: 'ts',
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: script,
      logLevel: 'error',
    });
    const run = promisify(execFile);
    const made = await Promise.all(Array.from({ length: 8 }, () => run(process.execPath, [script, path])));
    expect(new Set(made.map(({ stdout }) => stdout.trim())).size).toBe(1);
    expect(readdirSync(join(path, '..'))).toEqual(['key']);
  });

  it('is refused when it holds no key', () => {
    const path = join(folder(), 'key');
    writeFileSync(path, 'nothing');
    expect(() => loadOrCreateKey(path)).toThrow(expect.objectContaining({ code: 'CRYPTO_DECODE' }));
  });
});

describe.each([
  ['in memory', () => memoryAnswers()],
  ['in files', () => fileAnswers(folder(), freshKey())],
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
  const answers = fileAnswers(path, freshKey());
  await answers.keep(NAME, 'true');
  renameSync(join(path, NAME), join(path, 'b'.repeat(64)));
  await expect(answers.find('b'.repeat(64))).rejects.toMatchObject({ code: 'CRYPTO_SIGNATURE' });
});

it('a stored answer that cannot be read is not paid for again', async () => {
  const path = folder();
  mkdirSync(join(path, NAME));
  await expect(fileAnswers(path, freshKey()).find(NAME)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
});

it('a forged stored answer is not released', async () => {
  const path = folder();
  const answers = fileAnswers(path, freshKey());
  await answers.keep(NAME, 'true');
  writeFileSync(join(path, NAME), readFileSync(join(path, NAME), 'utf8').replace('true', 'fake'));
  await expect(answers.find(NAME)).rejects.toMatchObject({ code: 'CRYPTO_SIGNATURE' });
});
