/**
 * Whatever fails, and whenever: no acknowledged charge is lost, no warrant exists without its entry, the chain verifies.
 */
import { execFile, spawn } from 'node:child_process';
import { fdatasyncSync, ftruncateSync, mkdtempSync, readFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { openLedger } from '../../src/charge/open-ledger.ts';
import { type FileOperations, fileStore } from '../../src/charge/store/file.node.ts';
import { sha256Hex } from '../../src/crypto/canonical.ts';
import { account, laplaceCharge } from '../charge/fixtures.ts';

const lee = account('dr-lee', 1000);
const folder = (): string => mkdtempSync(join(tmpdir(), 'gauze-crash-'));
const MILLI = 10n ** 9n;

/** Hashes of the entries a journal file holds whole. */
function entriesOf(path: string): string[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => sha256Hex(new TextEncoder().encode(line)));
}

describe('a store whose n-th operation fails', () => {
  const script = async (
    path: string,
    operations: FileOperations,
  ): Promise<{ acknowledged: string[]; failed: number }> => {
    const acknowledged: string[] = [];
    let failed = 0;
    for (let i = 0; i < 4; i++) {
      const store = fileStore(path, operations);
      try {
        const ledger = await openLedger(store);
        acknowledged.push((await ledger.reserve(laplaceCharge([lee], 1, `p${i}`))).entry);
      } catch (error) {
        expect(error).toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
        failed += 1;
      }
      await store.close();
    }
    return { acknowledged, failed };
  };

  /** Fails the n-th operation, once or from then on; a failing write leaves half its bytes behind, as a full disk does. */
  const faulty = (n: number, forever: boolean): FileOperations & { readonly done: () => number } => {
    let count = 0;
    const failing = (): boolean => {
      count += 1;
      return count === n || (forever && count > n);
    };
    const stop = (): never => {
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    };
    return {
      write: ((file: number, bytes: Uint8Array, at: number, length: number) => {
        if (!failing()) return writeSync(file, bytes, at, length);
        writeSync(file, bytes, at, Math.floor(length / 2));
        return stop();
      }) as typeof writeSync,
      sync: (file) => (failing() ? stop() : fdatasyncSync(file)),
      truncate: (file, length) => (failing() ? stop() : ftruncateSync(file, length)),
      done: () => count,
    };
  };

  it.each([[false], [true]])('keeps every acknowledged charge (for ever: %s)', async (forever) => {
    for (let n = 1, finished = false; !finished; n++) {
      const path = join(folder(), 'journal');
      const operations = faulty(n, forever);
      const { acknowledged, failed } = await script(path, operations);
      const found = entriesOf(path);
      for (const entry of acknowledged) expect(found).toContain(entry);
      const ledger = await openLedger(fileStore(path));
      const { spent } = await ledger.standing(lee);
      expect(spent.epsilon).toBeGreaterThanOrEqual(BigInt(acknowledged.length) * MILLI);
      expect(spent.epsilon).toBe(BigInt(found.length) * MILLI);
      finished = operations.done() < n;
      expect(failed > 0 || finished).toBe(true);
    }
  });
});

describe('processes', () => {
  let spender = '';
  beforeAll(async () => {
    spender = join(folder(), 'spender.mjs');
    await build({
      entryPoints: ['test/crash/spender.ts'],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: spender,
      logLevel: 'error',
    });
  });

  const killedRun = (path: string, afterMs: number): Promise<string[]> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [spender, path], { stdio: ['ignore', 'pipe', 'inherit'] });
      let out = '';
      child.stdout.on('data', (chunk: Buffer) => {
        if (out === '') setTimeout(() => child.kill('SIGKILL'), afterMs);
        out += String(chunk);
      });
      child.on('close', () => resolve(out.split('\n').slice(0, -1)));
    });

  it('killed at 200 random points lose no acknowledged charge', async () => {
    let path = join(folder(), 'journal');
    for (let run = 0; run < 200; run++) {
      if (run % 20 === 0) path = join(folder(), 'journal');
      const acknowledged = await killedRun(path, (run * 7) % 23);
      const found = new Set(entriesOf(path));
      expect(acknowledged.length).toBeGreaterThan(0);
      for (const entry of acknowledged) expect(found.has(entry)).toBe(true);
      const { spent } = await (await openLedger(fileStore(path))).standing(lee);
      expect(spent.epsilon).toBe(BigInt(found.size) * MILLI);
    }
  }, 240_000);

  it('racing for the last of a budget never overspend it', async () => {
    const path = join(folder(), 'journal');
    const run = promisify(execFile);
    const outputs = await Promise.all(Array.from({ length: 8 }, () => run(process.execPath, [spender, path, '0.2'])));
    const lines = outputs.flatMap(({ stdout }) => stdout.trim().split('\n'));
    expect(lines.filter((line) => line === 'refused BUDGET_EXHAUSTED')).toHaveLength(8);
    expect(lines.filter((line) => !line.startsWith('refused'))).toHaveLength(200);
    expect(new Set(entriesOf(path)).size).toBe(200);
  });
});
