import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { keyIn, loadOrCreateKeys, makeKey, prepareKey, settleKeys } from '../../src/crypto/keys.node.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'gauze-'));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const refused = (code: string) => expect.objectContaining({ code });

describe('the keys of a folder', () => {
  it('are made once, for their user alone, and read afterwards', () => {
    const path = folder();
    const made = loadOrCreateKeys(path);
    for (const name of ['key', 'secret']) expect(statSync(join(path, name)).mode & 0o777).toBe(0o600);
    expect(loadOrCreateKeys(path).signing.publicKey).toBe(made.signing.publicKey);
    expect(loadOrCreateKeys(path).secret).toEqual(made.secret);
    expect(hex(made.secret)).not.toBe(hex(made.signing.secret));
    expect(readdirSync(path).sort()).toEqual(['key', 'secret']);
  });

  it('are the one key that earlier versions had for both', () => {
    const path = folder();
    writeFileSync(join(path, 'key'), `${'ab'.repeat(32)}\n`);
    const { signing, secret } = loadOrCreateKeys(path);
    expect([hex(signing.secret), hex(secret)]).toEqual(['ab'.repeat(32), 'ab'.repeat(32)]);
  });

  it('are the same for all who race to make them', async () => {
    const path = folder();
    const script = join(folder(), 'key.mjs');
    await build({
      stdin: {
        contents: `import { loadOrCreateKeys } from './src/crypto/keys.node.ts';
          const { signing, secret } = loadOrCreateKeys(process.argv[2]);
          console.log(signing.publicKey, Buffer.from(secret).toString('hex'));`,
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
    expect(readdirSync(path).sort()).toEqual(['key', 'secret']);
  });

  it('are refused where a file holds none', () => {
    for (const name of ['key', 'secret']) {
      const path = folder();
      writeFileSync(join(path, name), 'nothing');
      expect(() => loadOrCreateKeys(path)).toThrow(refused('CRYPTO_DECODE'));
    }
  });

  it('change to a prepared one only once the chain names it', () => {
    const path = folder();
    const before = loadOrCreateKeys(path);
    const next = prepareKey(path);
    expect(loadOrCreateKeys(path).signing.publicKey).toBe(before.signing.publicKey);
    expect(settleKeys(path, 'ff'.repeat(32))).toBeNull();
    expect(settleKeys(path, next.publicKey)?.publicKey).toBe(next.publicKey);
    expect(loadOrCreateKeys(path).signing.publicKey).toBe(next.publicKey);
    expect(loadOrCreateKeys(path).secret).toEqual(before.secret);
    expect(readdirSync(path).sort()).toEqual(['key', 'secret']);
  });

  it('prepared twice at once are both there for the chain to name', () => {
    const path = folder();
    const { signing } = loadOrCreateKeys(path);
    const [one, other] = [prepareKey(path), prepareKey(path)];
    expect(settleKeys(path, signing.publicKey)?.publicKey).toBe(signing.publicKey);
    expect(settleKeys(path, one.publicKey)?.publicKey).toBe(one.publicKey);
    expect(settleKeys(path, other.publicKey)?.publicKey).toBe(other.publicKey);
  });
});

it('a key of one’s own is never overwritten', () => {
  const path = join(folder(), 'mine');
  const { publicKey } = makeKey(path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(keyIn(path).publicKey).toBe(publicKey);
  expect(() => makeKey(path)).toThrow(refused('USAGE'));
  expect(() => keyIn(`${path}.none`)).toThrow(refused('USAGE'));
  expect(readFileSync(path, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
});
