/**
 * Whatever fails, and whenever: no acknowledged charge is lost, no warrant exists without its entry, the chain verifies.
 */
import { execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import * as nodeFiles from 'node:fs';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import seedrandom from 'seedrandom';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/charge/ledger.ts';
import { openLedger } from '../../src/charge/open-ledger.ts';
import { fileStore } from '../../src/charge/store/file.node.ts';
import type { FileSystem } from '../../src/charge/store/lock.node.ts';
import { account, laplaceCharge } from '../charge/fixtures.ts';
import { bundle } from './bundle.ts';

const lee = account('dr-lee', 1000);
const folder = (): string => mkdtempSync(join(tmpdir(), 'gauze-crash-'));
const MILLI = 10n ** 9n;

/** Hashes of the entries a journal file holds whole. */
function entriesOf(path: string): string[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => line.slice(0, 64));
}

describe('a store whose n-th operation fails', () => {
  /** Two openings, two charges each; the hashes of the charges that were acknowledged. */
  const script = async (path: string, files: FileSystem): Promise<{ acknowledged: string[] }> => {
    const acknowledged: string[] = [];
    const unavailable = (error: unknown): undefined => {
      expect(error).toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
    };
    for (let i = 0; i < 2; i++) {
      let store: Store;
      try {
        store = fileStore(path, files);
      } catch (error) {
        unavailable(error);
        continue;
      }
      const ledger = await openLedger(store).catch(unavailable);
      for (const plan of ['a', 'b']) {
        const warrant = await ledger?.reserve(laplaceCharge([lee], 1, `${plan}${i}`)).catch(unavailable);
        if (warrant !== undefined) acknowledged.push(warrant.place.hash);
      }
      await store.close().catch(() => undefined);
    }
    return { acknowledged };
  };

  /** Fails the n-th operation, once or from then on; a failing write leaves half its bytes behind, as a full disk does. */
  const faulty = (n: number, forever: boolean): { readonly files: FileSystem; readonly done: () => number } => {
    let count = 0;
    const failing = (): boolean => {
      count += 1;
      return count === n || (forever && count > n);
    };
    const files = new Proxy(nodeFiles, {
      get(real, name: keyof FileSystem) {
        const operation = real[name] as (...parts: unknown[]) => unknown;
        return (...parts: unknown[]): unknown => {
          // Closing gives the descriptor up even where it reports an error.
          if (name === 'closeSync') operation(...parts);
          if (!failing()) return name === 'closeSync' ? undefined : operation(...parts);
          if (name === 'writeSync' && typeof parts[3] === 'number') {
            operation(parts[0], parts[1], parts[2], Math.floor(parts[3] / 2));
          }
          throw Object.assign(new Error('no space left'), { code: n % 2 === 0 ? 'ENOSPC' : 'EIO' });
        };
      },
    });
    return { files, done: () => count };
  };

  it.each([[false], [true]])('keeps every acknowledged charge (for ever: %s)', async (forever) => {
    for (let n = 1, finished = false; !finished; n++) {
      const path = join(folder(), 'journal');
      const { files, done } = faulty(n, forever);
      const { acknowledged } = await script(path, files);
      const ledger = await openLedger(fileStore(path));
      const found = entriesOf(path);
      for (const entry of acknowledged) expect(found).toContain(entry);
      const { spent } = await ledger.standing(lee);
      expect(spent.epsilon).toBeGreaterThanOrEqual(BigInt(acknowledged.length) * MILLI);
      expect(spent.epsilon).toBe(BigInt(found.length) * MILLI);
      // Whatever failed, the journal takes charges again once the disk does.
      expect((await ledger.reserve(laplaceCharge([lee], 1, 'after'))).place.hash).toBe(entriesOf(path).at(-1));
      finished = done() < n;
      if (finished) expect(acknowledged).toHaveLength(4);
    }
  });
});

describe('processes', () => {
  let spender = '';
  beforeAll(async () => {
    spender = await bundle('spender', folder());
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
    const seed = randomInt(2 ** 32);
    const random = seedrandom(String(seed));
    let path = join(folder(), 'journal');
    for (let run = 0; run < 200; run++) {
      if (run % 20 === 0) path = join(folder(), 'journal');
      const afterMs = random() * 23;
      const when = `seed ${seed}, run ${run}, ${afterMs} ms after the first charge`;
      const acknowledged = await killedRun(path, afterMs);
      const found = new Set(entriesOf(path));
      expect(acknowledged.length, when).toBeGreaterThan(0);
      for (const entry of acknowledged) expect(found.has(entry), when).toBe(true);
      const { spent } = await (await openLedger(fileStore(path))).standing(lee);
      expect(spent.epsilon, when).toBe(BigInt(found.size) * MILLI);
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
