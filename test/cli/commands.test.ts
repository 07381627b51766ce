/** Every command has an example that its parser takes, and offers the formats it has. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, expect, it, vi } from 'vitest';
import { init } from '../../src/cli/command/init.ts';
import { keyNew } from '../../src/cli/command/key.ts';
import { ledgerAnchor } from '../../src/cli/command/ledger.ts';
import { termsShow } from '../../src/cli/command/terms.ts';
import { addBeforeSpending } from '../../src/cli/program/before-spending.ts';
import { addData } from '../../src/cli/program/data.ts';
import { addOffices } from '../../src/cli/program/offices.ts';
import { addQuestions } from '../../src/cli/program/questions.ts';
import { addRecords } from '../../src/cli/program/records.ts';
import { EXAMPLES } from '../../src/cli/usage.ts';
import { parseStudy } from '../../src/study/read-study.ts';
import { RULES } from '../evidence/chains.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauze-commands-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function program(): Command {
  const root = new Command('gauze');
  for (const add of [addQuestions, addBeforeSpending, addOffices, addRecords, addData]) add(root);
  return root;
}

function leaves(command: Command, path: string): (readonly [path: string, command: Command])[] {
  return command.commands.length === 0
    ? [[path, command]]
    : command.commands.flatMap((inner) => leaves(inner, `${path} ${inner.name()}`.trim()));
}

const all = leaves(program(), '');

it('every command has one example, and no other name has', () => {
  expect(all.map(([path]) => path).sort()).toEqual(Object.keys(EXAMPLES).sort());
});

it.each(all)('the example of %s is one that the parser takes, with every option it needs', async (path, command) => {
  const ran = vi.fn();
  command.action(ran).exitOverride();
  command.configureOutput({ writeErr: () => undefined });
  const [, ...words] = (EXAMPLES[path] as string).match(/"[^"]*"|\S+/g) ?? [];
  expect(words.slice(0, path.split(' ').length).join(' ')).toBe(path);
  const rest = words.slice(path.split(' ').length).map((word) => word.replace(/^"(.*)"$/, '$1'));
  await command.parseAsync(rest, { from: 'user' });
  expect(ran).toHaveBeenCalledOnce();
});

it('CSV and Arrow are offered by commands that print lists, and by no other', () => {
  const lists = all.filter(([, { options }]) =>
    options.some(({ long, argChoices }) => long === '--format' && argChoices?.includes('csv')),
  );
  expect(lists.map(([path]) => path).sort()).toEqual(
    [
      ...['alerts', 'budget history', 'budget set', 'budget show', 'explain', 'plan', 'policy check', 'preview'],
      ...['query', 'register'],
    ].sort(),
  );
  for (const [path, { options }] of all) {
    const choices = options.find(({ long }) => long === '--format')?.argChoices;
    if (choices !== undefined) expect([path, choices.slice(0, 2)]).toEqual([path, ['table', 'json']]);
  }
});

it('the help of plan shows a study that can be read', () => {
  const plan = program().commands.find((one) => one.name() === 'plan') as Command;
  let help = '';
  plan.configureOutput({ writeOut: (text) => (help += text) });
  plan.outputHelp();
  const study = help.slice(help.indexOf('  budget:')).replace(/^ {2}/gm, '');
  expect(parseStudy(study).questions.map(({ name }) => name)).toEqual(['sexes', 'births', 'surgical']);
});

/** Code, stdout and stderr as one text. */
async function ran(command: () => Promise<number>): Promise<readonly [code: number, text: string]> {
  let text = '';
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((part) => {
      text += String(part);
      return true;
    }),
  );
  try {
    return [await command(), text];
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

it('places that cannot be written are wrong usage, in words of their own', async () => {
  writeFileSync(join(folder, 'person.csv'), 'person_id,sex\n1,F\n');
  const closed = join(folder, 'closed');
  mkdirSync(closed);
  chmodSync(closed, 0o500);
  // Root may write where nobody else may: below a file nobody can.
  for (const place of [
    join(folder, 'person.csv', 'below'),
    ...(process.getuid?.() === 0 ? [] : [join(closed, 'new')]),
  ]) {
    const first = await ran(() => init(join(folder, 'person.csv'), { output: place }));
    expect(first).toEqual([2, expect.stringContaining('cannot be written')]);
    const key = await ran(() => keyNew(place, { format: 'table' }));
    expect(key).toEqual([2, expect.stringContaining('gauze key new FILE')]);
    expect(key[1]).not.toContain('journal');
  }
});

it('terms say when they have ended', async () => {
  const policy = join(folder, 'ended.yaml');
  for (const [expires, ended] of [
    ['2020-12-31', true],
    ['2199-12-31', false],
  ] as const) {
    writeFileSync(policy, RULES.replace('expires: 2027-12-31', `expires: ${expires}`));
    const [code, out] = await ran(() => termsShow({ policy, as: 'dr-lee', format: 'json' }));
    expect([code, JSON.parse(out).terms[0].ended]).toEqual([0, ended]);
    const [, shown] = await ran(() => termsShow({ policy, as: 'dr-lee', format: 'table' }));
    expect(shown).toContain(ended ? 'Ended on 2020-12-31' : 'Until 2199-12-31');
    expect(shown.includes('Not accepted yet')).toBe(!ended);
    expect(shown.includes('can no longer be accepted')).toBe(ended);
  }
});

it('an anchor is not written over another file', async () => {
  const policy = join(folder, 'ended.yaml');
  const answer = await ran(() => ledgerAnchor({ policy, as: 'dr-kim', output: policy, format: 'table' }));
  expect(answer).toEqual([2, expect.stringContaining('exists already')]);
});
