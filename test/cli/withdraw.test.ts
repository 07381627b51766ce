/** `gauze withdraw`: who is on the list, who of them is in the data, and what is told where somebody is not. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { withdrawing } from '../../src/cli/command/withdraw.ts';
import { registerData } from '../../src/index.node.ts';
import { writeNetwork } from '../docs/database.ts';
import { NETWORK } from '../policy/network.ts';

let data: string;
let folder: string;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'gauze-withdraw-data-'));
  await writeNetwork(data);
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gauze-withdraw-'));
  writeFileSync(join(folder, 'network.duckdb'), readFileSync(join(data, 'network.duckdb')));
  writeFileSync(join(folder, 'network.yaml'), NETWORK);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});
afterAll(() => rmSync(data, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Withdraws whom the file lists. */
async function run(file: string, format: 'table' | 'json' = 'table'): Promise<Ran> {
  writeFileSync(join(folder, 'leaving.txt'), file);
  const said = { out: '', error: '' };
  const into = (name: 'out' | 'error') => (text: unknown) => {
    said[name] += String(text);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(into('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(into('error'));
  const policy = join(folder, 'network.yaml');
  const code = await withdrawing('network', { policy, units: join(folder, 'leaving.txt'), format });
  vi.restoreAllMocks();
  return { code, ...said };
}

const inState = (name: string): string => join(folder, 'network.gauze', name);
const listed = (): unknown => JSON.parse(readFileSync(inState('withdrawn.json'), 'utf8'));
const version = (): unknown => JSON.parse(readFileSync(inState('registration.json'), 'utf8')).network.version;

describe('a list', () => {
  it('is read without blanks, quotes, empty lines and a byte order mark, and each unit counts once', async () => {
    const { code, out, error } = await run('\uFEFF12\r\n 345 \n"6"\n\n\'7\'\n12\n');
    expect([code, error]).toEqual([0, '']);
    expect(out).toContain('network: 4 listed, 4 found in the data');
    expect(listed()).toEqual({ network: ['12', '345', '6', '7'] });
  });

  it('of which some are not in the data is registered, with a warning that says how units are written', async () => {
    const { code, out, error } = await run('12\n0007\n"3,4"\n');
    expect(code).toBe(0);
    expect(out).toContain('network: 3 listed, 1 found in the data');
    expect(error).toContain('Warning: 2 of the 3 units listed are not in the data of network.');
    expect(error).toContain('42, not 0042');
    // Who it is stays out of what is printed.
    expect(error).not.toContain('0007');
    const json = await run('12\nstranger\n', 'json');
    expect(JSON.parse(json.out)).toEqual({ dataset: 'network', listed: 2, found: 1 });
    expect(json.error).toContain('Warning: 1 of the 2 units listed is not');
  });

  it('of which nobody is in the data is refused: list and data version stay', async () => {
    await registerData({ policy: join(folder, 'network.yaml') });
    const before = version();
    const { code, out, error } = await run('0007\n0008\n');
    expect([code, out]).toEqual([2, '']);
    expect(error).toContain('USAGE: None of the 2 units listed is in the data of network');
    expect(existsSync(inState('withdrawn.json'))).toBe(false);
    expect(version()).toBe(before);
    expect(readFileSync(inState('journal'), 'utf8')).not.toContain('"withdrawal":true');
    // Those who left before are found again, and save no list that finds nobody.
    await run('12\n');
    const after = version();
    expect([(await run('012\n')).code, version(), listed()]).toEqual([2, after, { network: ['12'] }]);
    expect((await run('12\n')).out).toContain('1 listed, 1 found');
  });
});
