/** Whatever fails while a journal is archived, and whenever: it is the one before or the one after, and has spent the same. */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import seedrandom from 'seedrandom';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { replayOf } from '../../src/charge/read-journal.ts';
import { archive } from '../../src/govern/archive.node.ts';
import { inOffice } from '../../src/index/office.node.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { account, laplaceCharge } from '../charge/fixtures.ts';
import { NETWORK } from '../policy/network.ts';
import { bundle } from './bundle.ts';
import { disk } from './faulty-files.ts';

vi.mock('node:fs', async (original) => {
  const { faulty } = await import('./faulty-files.ts');
  return faulty(await original<typeof import('node:fs')>());
});

const home = mkdtempSync(join(tmpdir(), 'gauze-archive-'));
const policy = parsePolicy(NETWORK);
const lee = account('dr-lee', 1000);
const MILLI = 10n ** 9n;

afterEach(() => {
  disk.fails = () => null;
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Charges under no rules; what all of them add up to afterwards. */
const charge = (directory: string, plans: readonly string[]): Promise<bigint> =>
  inOffice({ policy, directory }, [], async ({ ledger }) => {
    for (const plan of plans) await ledger.reserve(laplaceCharge([lee], 1, plan));
    return (await ledger.standing(lee)).spent.epsilon / MILLI;
  });

const linesOf = (path: string): Uint8Array[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => new TextEncoder().encode(line));

/** Plans that files of entries charged, in order; the files are one chain. */
async function plansIn(paths: readonly string[]): Promise<string[]> {
  const plans: string[] = [];
  let last: string | null = null;
  for (const path of paths) {
    const lines = linesOf(path);
    const replay = await replayOf(lines, ({ entry: { content, previous } }) => {
      if (content.kind === 'checkpoint') expect(previous).toBe(last);
      if (content.kind === 'reserve') plans.push(content.plan);
    });
    last = replay.head?.hash ?? null;
  }
  return plans;
}

describe('an archive whose n-th operation fails', () => {
  it.each([[false], [true]])(
    'lowers nothing (for ever: %s)',
    async (forever) => {
      let failures = 0;
      for (let n = 1, finished = false; !finished; n++) {
        const directory = mkdtempSync(join(home, 'state-'));
        const journal = join(directory, 'journal');
        const safe = mkdtempSync(join(home, 'safe-'));
        const file = join(safe, 'archive');
        expect(await charge(directory, ['a', 'b', 'c'])).toBe(3n);
        const before = readFileSync(journal, 'utf8');
        let count = 0;
        disk.fails = ({ path }) => {
          if (!path.startsWith(directory) && !path.startsWith(safe)) return null;
          count += 1;
          if (count !== n && !(forever && count > n)) return null;
          return n % 2 === 0 ? 'ENOSPC' : 'EIO';
        };
        const outcome = await inOffice({ policy, directory }, [], (office) => archive(office, file)).catch(
          (error: unknown) => error,
        );
        disk.fails = () => null;
        const isDone = readFileSync(journal, 'utf8') !== before;
        if (isDone) expect(readFileSync(file, 'utf8')).toBe(before);
        if (outcome instanceof Error) {
          expect(outcome).toMatchObject({ name: 'GauzeError', code: 'LEDGER_UNAVAILABLE' });
          failures += 1;
        } else {
          expect(isDone).toBe(true);
        }
        if (existsSync(file)) expect(readFileSync(file, 'utf8')).toBe(before);
        expect(await charge(directory, [])).toBe(3n);
        // All goes on: whoever tries again, with the same file if it is not whole in use yet, has his archive.
        const again = isDone ? join(safe, 'second') : file;
        await inOffice({ policy, directory }, [], (office) => archive(office, again));
        expect(await charge(directory, ['d'])).toBe(4n);
        expect(await plansIn(isDone ? [file, again, journal] : [file, journal])).toEqual(['a', 'b', 'c', 'd']);
        finished = count < n;
        rmSync(directory, { recursive: true });
      }
      expect(failures).toBeGreaterThan(20);
    },
    120_000,
  );

  it('never writes over a file', async () => {
    const directory = mkdtempSync(join(home, 'state-'));
    const file = join(directory, 'archive');
    await charge(directory, ['a']);
    const put = () => inOffice({ policy, directory }, [], (office) => archive(office, file));
    await put();
    const first = readFileSync(file, 'utf8');
    await expect(put()).rejects.toMatchObject({ code: 'USAGE' });
    expect(readFileSync(file, 'utf8')).toBe(first);
    expect(await charge(directory, [])).toBe(1n);
  });
});

describe('a process that charges and archives', () => {
  let archiver = '';
  const written = join(home, 'network.yaml');
  beforeAll(async () => {
    writeFileSync(written, NETWORK);
    archiver = await bundle('archiver', mkdtempSync(join(home, 'bundle-')));
  });

  const killed = (directory: string, run: number, afterMs: number): Promise<string[]> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [archiver, written, directory, String(run)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let out = '';
      child.stdout.on('data', (chunk: Buffer) => {
        if (out === '') setTimeout(() => child.kill('SIGKILL'), afterMs);
        out += String(chunk);
      });
      child.on('close', () => resolve(out.split('\n').slice(0, -1)));
    });

  it('killed at random points loses no acknowledged charge, and its archives and journal are one chain', async () => {
    const seed = randomInt(2 ** 32);
    const random = seedrandom(String(seed));
    const directory = mkdtempSync(join(home, 'state-'));
    const acknowledged: string[] = [];
    for (let run = 0; run < Number(process.env.GAUZE_CASES ?? 40); run++) {
      const afterMs = random() * 250;
      acknowledged.push(...(await killed(directory, run, afterMs)));
      const when = `seed ${seed}, run ${run}, ${afterMs} ms after the first charge`;
      const spent = await charge(directory, []);
      expect(spent, when).toBeGreaterThanOrEqual(BigInt(acknowledged.length));
    }
    // An archive that a kill left behind before the journal went on is a copy of what the next one holds.
    const number = (name: string): number => Number(name.slice('archive-'.length));
    const names = readdirSync(directory).filter((name) => /^archive-\d+$/.test(name));
    const archives = names.sort((a, b) => number(a) - number(b)).map((name) => join(directory, name));
    expect(archives.length).toBeGreaterThan(0);
    const journal = join(directory, 'journal');
    const chain = [...archives, journal].filter((path, index, all) => {
      const next = all[index + 1];
      return next === undefined || linesOf(next)[0]?.join() !== linesOf(path)[0]?.join();
    });
    const charged = await plansIn(chain);
    for (const plan of acknowledged) expect(charged).toContain(plan);
    expect(await charge(directory, [])).toBe(BigInt(charged.length));
  }, 240_000);
});
