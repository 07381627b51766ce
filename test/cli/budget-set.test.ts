/** `gauze budget set`: the file, the journal and what is printed, with and without officers. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type BudgetSetFlags, budgetSet } from '../../src/cli/command/budget-set.ts';
import { inOffice } from '../../src/index/office.node.ts';
import { governed } from '../policy/governed.ts';
import { NETWORK, rewritten } from '../policy/network.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gauze-budget-set-'));
  file = join(folder, 'network.yaml');
  writeFileSync(file, NETWORK);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

async function run(flags: Partial<BudgetSetFlags>): Promise<Ran> {
  const said = { out: '', error: '' };
  const into = (name: 'out' | 'error') => (text: unknown) => {
    said[name] += String(text);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(into('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(into('error'));
  const code = await budgetSet({ policy: file, format: 'table', ...flags });
  vi.restoreAllMocks();
  return { code, ...said };
}

/** The rules that the journal has in force: the how manieth, and their text. */
const inForce = (): Promise<readonly [version: number, text: string] | null> =>
  inOffice({ policy: file }, [], async ({ ledger }) => {
    const { policy } = await ledger.records();
    return policy === null ? null : [policy.version, policy.entry.text];
  });

describe('without officers', () => {
  test('the file is changed in one place, keeps its mode, and both versions stand in the journal', async () => {
    chmodSync(file, 0o640);
    const { code, out } = await run({ dataset: 'network', epsilon: '12' });
    const wanted = rewritten('budget: { epsilon: 20,', 'budget: { epsilon: 12,');
    expect(code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(wanted);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(out).toContain('The budget of network: epsilon 20, delta 1e-5 → epsilon 12, delta 1e-5.');
    expect(out).toContain('Nobody may learn more than before.');
    expect(await inForce()).toEqual([2, wanted]);
  });

  test('a link to the file stays a link', async () => {
    const link = join(folder, 'link.yaml');
    symlinkSync(file, link);
    expect((await run({ policy: link, dataset: 'network', epsilon: '12' })).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('epsilon: 12');
    expect(readFileSync(link, 'utf8')).toBe(readFileSync(file, 'utf8'));
  });

  test('what widens is told', async () => {
    const { out } = await run({ principal: 'dr-lee', epsilon: '11', format: 'json' });
    expect(JSON.parse(out)).toMatchObject({
      changed: true,
      dataset: 'network',
      principal: 'dr-lee',
      purpose: null,
      before: { epsilon: 10, rho: null, delta: 1e-6, renews: null },
      after: { epsilon: 11, rho: null, delta: 1e-6, renews: null },
      widenings: ['The budget of dr-lee for network: epsilon rises from 10 to 11.'],
      inForce: true,
      next: null,
    });
  });

  test('what is so already is not written again', async () => {
    const { out } = await run({ dataset: 'network', epsilon: '20.0' });
    expect(out).toBe('The budget of network is epsilon 20, delta 1e-5 already; nothing was changed.\n');
    expect(await inForce()).toBe(null);
  });

  test('what is wrong changes nothing', async () => {
    const { code, error } = await run({ dataset: 'netwrk', epsilon: '12' });
    expect([code, readFileSync(file, 'utf8')]).toEqual([2, NETWORK]);
    expect(error).toContain('Next: Write network.');
    expect((await run({ dataset: 'network', epsilon: '0' })).code).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe(NETWORK);
  });
});

describe('with officers', () => {
  beforeEach(() => writeFileSync(file, governed('ledger: { anchor: ../safe/network.anchor }\n', '')));

  test('one of them must act', async () => {
    const before = readFileSync(file, 'utf8');
    for (const as of [undefined, 'dr-lee', 'nobody']) {
      const { code, out } = await run({ epsilon: '30', format: 'json', ...(as === undefined ? {} : { as }) });
      expect(code).toBe(3);
      expect(JSON.parse(out).error.code).toBe('POLICY_ROLE');
    }
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test('one alone may narrow', async () => {
    const { code, out } = await run({ epsilon: '30', as: 'dr-kim' });
    expect(code).toBe(0);
    expect(out).toContain('in force.');
    expect(out).not.toContain('not in force');
    expect(await inForce()).toEqual([2, readFileSync(file, 'utf8')]);
  });

  test('what one widens waits for signatures, and is written to be signed', async () => {
    const before = readFileSync(file, 'utf8');
    const { code, out } = await run({ epsilon: '50', as: 'dr-kim', format: 'json' });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ changed: true, inForce: false, next: expect.stringContaining('approve') });
    expect(readFileSync(file, 'utf8')).toBe(before.replace('{ epsilon: 40,', '{ epsilon: 50,'));
    expect(await inForce()).toEqual([1, before]);
  });
});
