/**
 * Runs every fenced block of the README and the guides, against the policy of the documentation. What the opening line
 * says after the language decides:
 *
 * - `sql` must be answered, `sql refused CODE` refused so; `sql exact` gives its output to the letter;
 * - `yaml` must parse, alone or in its place (`yaml dataset|table|column`); `yaml … refused` must not; `yaml policy FILE`
 *   is the file that later blocks use;
 * - `ts` is type-checked and run; `ts more` continues the block before it; `ts browser` runs in a page; `ts types` is
 *   type-checked only;
 * - `sh` runs; `sh exit N` ends so; `sh fresh` begins in an empty folder; `sh npm` names scripts of the package;
 * - `output` has the shape of what the block before it printed; `json` parses.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../src/session.ts';
import { launch } from '../charge/browser.ts';
import { documents, type Fence, fencesOf } from './fences.ts';
import { runInPage } from './page.ts';
import { policyProblem } from './policy-blocks.ts';
import { differences } from './shape.ts';
import { affluent, exactAnswer, refusal, statementsOf } from './sql.ts';
import { typeErrors } from './typecheck.ts';
import { Workshop } from './workshop.ts';

const TIMEOUT_MS = 120_000;
const SCRIPTS = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).scripts as object);

const browser: Browser | string = await launch();
if (typeof browser === 'string') console.log(`Snippets for browsers are skipped: ${browser}.`);

let workshop: Workshop;
let session: Session;

beforeAll(async () => {
  workshop = await Workshop.open();
  session = await affluent(workshop.place('affluent'));
}, TIMEOUT_MS);

afterAll(async () => {
  if (typeof browser !== 'string') await browser.close();
  await session?.close();
  workshop?.close();
});

/** A block with what depends on its neighbours: modules are joined, outputs belong to the block before. */
interface Step {
  readonly fence: Fence;
  readonly text: string;
  readonly output: Fence | null;
}

function stepsOf(file: string): Step[] {
  const steps: { fence: Fence; text: string; output: Fence | null }[] = [];
  for (const fence of fencesOf(file)) {
    const last = steps.at(-1);
    if (fence.language === 'output') {
      if (last === undefined || last.output !== null) throw new Error(`${file}:${fence.line}: an output of nothing`);
      last.output = fence;
    } else if (fence.language === 'ts' && fence.words[0] === 'more') {
      if (last?.fence.language !== 'ts') throw new Error(`${file}:${fence.line}: nothing to continue`);
      last.text += `\n${fence.text}`;
    } else steps.push({ fence, text: fence.text, output: null });
  }
  return steps;
}

describe.each(documents().filter((file) => fencesOf(file).length > 0))('%s', (file) => {
  const steps = stepsOf(file);
  let folder: string | null = null;
  const place = (): string => {
    folder ??= workshop.place(file.replace(/\W+/g, '-'));
    return folder;
  };

  for (const step of steps) {
    const { fence } = step;
    const skipped = fence.words[0] === 'browser' && typeof browser === 'string';
    it.skipIf(skipped)(
      `line ${fence.line}: ${[fence.language, ...fence.words].join(' ')}`,
      () => perform(step, place),
      TIMEOUT_MS,
    );
  }
});

async function perform(step: Step, place: () => string): Promise<void> {
  const { fence, text } = step;
  switch (fence.language) {
    case 'sql':
      return performSql(step);
    case 'sh':
      return performShell(step, place);
    case 'ts': {
      const inBrowser = fence.words[0] === 'browser';
      expect(typeErrors(text, `${fence.file}:${fence.line}`, inBrowser)).toEqual([]);
      if (fence.words[0] === 'types') return;
      if (inBrowser) {
        expectShape(step, await runInPage(browser as Browser, text, place()));
        return;
      }
      const { code, stdout, stderr } = await workshop.module(text, place(), `line-${fence.line}`);
      expect(`${code}: ${stderr}`).toBe('0: ');
      expectShape(step, stdout);
      return;
    }
    case 'yaml': {
      const [part = 'policy', file] = fence.words.filter((word) => word !== 'refused');
      const problem = policyProblem(text, part);
      if (file !== undefined) writeFileSync(join(place(), file), `${text}\n`);
      if (!fence.words.includes('refused')) expect(problem).toBeNull();
      else {
        expect(problem).not.toBeNull();
        expectShape(step, problem ?? '');
      }
      return;
    }
    case 'json':
      JSON.parse(text);
      return;
    case 'text':
      return;
    default:
      throw new Error(`${fence.file}:${fence.line}: no rule for blocks of ${fence.language || 'no language'}`);
  }
}

async function performSql(step: Step): Promise<void> {
  const { fence, text } = step;
  const [verb, code] = fence.words;
  if (verb === 'exact') {
    const answers: string[] = [];
    for (const statement of statementsOf(text)) answers.push(await exactAnswer(session, statement));
    expectShape(step, answers.join('\n\n'));
    if (step.output?.text !== '?') expect(answers.join('\n\n')).toBe(step.output?.text);
    return;
  }
  for (const statement of statementsOf(text)) {
    const refused = await refusal(session, statement);
    if (verb !== 'refused') expect(refused?.lines ?? 'answered', statement).toBe('answered');
    else {
      expect(refused?.code ?? 'answered', statement).toBe(code);
      expectShape(step, refused?.lines ?? '');
    }
  }
}

async function performShell(step: Step, place: () => string): Promise<void> {
  const { fence, text } = step;
  const [verb, code] = fence.words;
  if (verb === 'npm') {
    const named = [...text.matchAll(/\bnpm (?:run )?([a-z]+)/g)].map((match) => match[1]);
    expect(named.length).toBeGreaterThan(0);
    for (const name of named) expect(['ci', 'install', 'pack', ...SCRIPTS]).toContain(name);
    return;
  }
  if (verb === 'fresh') {
    for (const name of readdirSync(place())) rmSync(join(place(), name), { recursive: true });
  }
  const ran = await workshop.shell(text, place());
  expect(`${ran.code}: ${ran.code === Number(code ?? 0) ? '' : ran.stderr}`).toBe(`${code ?? 0}: `);
  expectShape(step, ran.stdout + ran.stderr);
}

/** With `GAUZE_WRITE_DOCS=1` an output that is still `?` is written from what ran. */
function expectShape({ fence, output }: Step, real: string): void {
  if (output === null) return;
  if (process.env.GAUZE_WRITE_DOCS === '1' && output.text === '?') {
    const filled = readFileSync(fence.file, 'utf8').replace('```output\n?\n', () => `\`\`\`output\n${real.trim()}\n`);
    writeFileSync(fence.file, filled);
  } else expect(differences(output.text, real)).toEqual([]);
}
