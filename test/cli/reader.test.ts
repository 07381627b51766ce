/** What a person reads in a terminal: usage errors with a next step, lines within the width, what does not fit, files. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLE_POLICY } from '../../src/cli/demo/sample.ts';
import { displayWidth } from '../../src/cli/width.ts';
import { verifyReceipt } from '../../src/index.node.ts';
import { type Ran, Workshop } from '../docs/workshop.ts';
import { NETWORK } from '../policy/network.ts';

const AS = '--policy network.yaml --as dr-lee --epsilon 0.1';

let workshop: Workshop;
let folder: string;

beforeAll(async () => {
  workshop = await Workshop.open();
  folder = workshop.place('reader');
});

afterAll(() => workshop?.close());

const gauze = (command: string): Promise<Ran> => workshop.shell(`gauze ${command}`, folder);

/** The policy in a file, with one place rewritten. */
function policy(name: string, ...changes: readonly (readonly [from: string, to: string])[]): string {
  let text = NETWORK;
  for (const [from, to] of changes) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  writeFileSync(join(folder, name), text);
  return name;
}

/** Line of a policy on which a text stands, from 1. */
function lineOf(file: string, text: string): number {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n');
  return lines.findIndex((line) => line.includes(text)) + 1;
}

describe('wrong usage', () => {
  const cases: readonly (readonly [command: string, next: string])[] = [
    ['', 'Take one of: gauze query'],
    ['nothing', 'Take one of: gauze query'],
    ['qery', 'Did you mean query?'],
    ['budget', 'Take one of: gauze budget show, gauze budget history, gauze budget set'],
    ['query', 'For example: gauze query'],
    ['query x --policy', 'For example: gauze query'],
    ['query x --policy a --as b --epsilo 1', 'Did you mean --epsilon? gauze query --help'],
    ['query SELECT 1 --policy a --as b', 'Put the whole question in quotes.'],
    ['explain x --policy a --as b --epsilon much', 'For example: gauze explain'],
    ['init', 'For example: gauze init'],
    ['register', 'For example: gauze register'],
    ['policy check', 'For example: gauze policy check'],
  ];

  it.each(cases)('“%s” says what to type', async (command, next) => {
    const ran = await gauze(command);
    expect([ran.code, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toMatch(/^USAGE: .*\./s);
    expect(ran.stderr.replace(/\n {2}/g, ' ')).toContain(`Next: ${next}`);
  });

  it.each(cases)('“%s” is JSON where JSON is asked for', async (command) => {
    const ran = await gauze(`${command} --format json`);
    expect([ran.code, ran.stderr]).toEqual([2, '']);
    const { accepted, error } = JSON.parse(ran.stdout);
    expect([accepted, error.code, error.at]).toEqual([false, 'USAGE', null]);
    expect(error.next).not.toBe('');
  });

  it('is not asking for help', async () => {
    for (const command of ['--help', 'help query', 'query --help']) {
      const ran = await gauze(command);
      expect([ran.code, ran.stderr]).toEqual([0, '']);
      expect(ran.stdout).toContain('Usage: gauze');
    }
  });
});

describe('every line stays within 100 columns', () => {
  const columns = Array.from(
    { length: 9 },
    (_, index) => `COUNT(*) FILTER (WHERE cost > ${index}000) AS over_${index}`,
  );
  it.each([
    `query "SELECT ward, ${columns.join(', ')} FROM visit GROUP BY ward" ${AS}`,
    `explain "SELECT ward, ${columns.join(', ')} FROM visit GROUP BY ward" ${AS}`,
    `query "SELECT MAX(cost) FROM visit WHERE ${'cost > 1 AND '.repeat(20)} true" ${AS}`,
    'policy check network.yaml',
    'query',
  ])('%s', async (command) => {
    const { stdout, stderr } = await gauze(command);
    expect(stdout + stderr).not.toBe('');
    for (const line of `${stdout}${stderr}`.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(100);
  });

  it('and no figure is cut', async () => {
    const sql = `SELECT ward, ${columns.join(', ')} FROM visit GROUP BY ward`;
    const { stdout } = await gauze(`query "${sql}" ${AS}`);
    const { rows } = JSON.parse((await gauze(`query "${sql}" ${AS} --format json`)).stdout);
    for (const [ward, ...counts] of rows as [string, ...number[]][]) {
      const lines = stdout.split('\n').filter((line) => line.startsWith(ward));
      expect(lines.length).toBeGreaterThan(1);
      for (const count of counts) expect(lines.join(' ').split(/\s+/)).toContain(String(count));
    }
  });
});

describe('a policy that does not fit the data', () => {
  it('is told in all places at once, each with its line', async () => {
    const file = policy(
      'unfit.yaml',
      ['birth_year: { type: integer, bounds: [1900, 2025] }', 'birth_year: { type: boolean }'],
      ['city: { type: text }', 'town: { type: text }'],
      ['cost: { type: double, bounds: [0, 50000], step: 0.01 }', 'cost: { type: text }'],
      ['code_name:', 'code_names:'],
    );
    const ran = await gauze(`register --policy ${file} --format json`);
    expect([ran.code, ran.stderr]).toEqual([2, '']);
    const { error } = JSON.parse(ran.stdout);
    for (const [text, words] of [
      ['birth_year:', 'network.person.birth_year: the data hold'],
      ['town:', 'network.person.town: the data have no such column'],
      ['cost:', 'network.visit.cost: the data hold DOUBLE, the policy says text. Write type: double'],
      ['code_names:', 'network.code_names: network.duckdb has no table of this name'],
    ] as const) {
      expect(error.message).toMatch(new RegExp(`  ${file}:${lineOf(file, text)}:\\d+: ${words}`));
    }
    expect(error.message).toContain('in 4 places');
    expect(error.at.line).toBe(lineOf(file, 'birth_year:'));
    const words = await gauze(`register --policy ${file}`);
    expect([words.code, words.stdout]).toEqual([2, '']);
    expect(words.stderr).toContain(`${file}:${lineOf(file, 'town:')}:`);
  });

  it('closes its data set with the line of every declaration that does not hold', async () => {
    const file = policy(
      'false.yaml',
      ['      visit:\n        unit: person_id', '      visit:\n        unit: person_id\n        unique: true # no'],
      ['      code_name:\n        public: true', '      code_name:\n        public: true\n        key: name'],
      ['      lab:\n        unit: { through', '      lab:\n        unique: true # never\n        unit: { through'],
    );
    const ran = await gauze(`register --policy ${file} --format json`);
    expect([ran.code, ran.stderr]).toEqual([3, '']);
    const { code, message } = JSON.parse(ran.stdout).error;
    expect(code).toBe('POLICY_DATASET');
    expect(message).toContain(`  ${file}:${lineOf(file, '# no')}:9: visit.person_id: not unique`);
    expect(message).toContain(`  ${file}:${lineOf(file, '# never')}:9: lab: more than one row`);
    expect(message).not.toContain('code_name');
  });

  it('and one that fits is registered, in every format', async () => {
    expect(JSON.parse((await gauze('register --policy network.yaml --format json')).stdout)).toEqual({
      registered: ['network'],
    });
    expect((await gauze('register --policy network.yaml --format csv')).stdout).toBe('dataset\nnetwork\n');
  });
});

describe('a receipt', () => {
  it('is written as it was signed, and never over another file', async () => {
    const ask = `query "SELECT COUNT(*) AS n FROM person" ${AS} --receipt receipt.json`;
    expect((await gauze(ask)).code).toBe(0);
    const receipt = JSON.parse(readFileSync(join(folder, 'receipt.json'), 'utf8'));
    expect(verifyReceipt(receipt)).toBe(true);
    expect(receipt.body.principal).toBe('dr-lee');
    const spent = (await gauze('budget show --policy network.yaml --format json')).stdout;
    const again = await gauze(ask.replace('AS n', 'AS m, COUNT(*) FILTER (WHERE birth_year > 1950) AS o'));
    expect([again.code, again.stdout]).toEqual([2, '']);
    expect((await gauze('budget show --policy network.yaml --format json')).stdout).toBe(spent);
  });

  it('does not come with what costs nothing', async () => {
    const ran = await gauze(`query "SELECT COUNT(*) FROM code_name" ${AS} --receipt none.json`);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('no receipt');
    expect(existsSync(join(folder, 'none.json'))).toBe(false);
  });
});

describe('the sample', () => {
  it('has the policy of the documentation', () => expect(SAMPLE_POLICY).toBe(NETWORK));

  it.each(['native', 'wasm'])('%s is written whole, answers, and overwrites nothing', async (engine) => {
    const command = `sample ${engine} --engine ${engine}`;
    expect((await gauze(command)).code).toBe(0);
    const ask = 'SELECT ward, COUNT(DISTINCT person_id) AS n FROM visit GROUP BY ward';
    const ran = await gauze(`query "${ask}" --policy ${engine}/network.yaml --as dr-lee --epsilon 5 --format json`);
    expect(JSON.parse(ran.stdout).rows[0][1]).toBeGreaterThan(500);
    const again = await gauze(command);
    expect([again.code, again.stdout]).toEqual([2, '']);
    expect(again.stderr).toContain('exists already');
  });
});
