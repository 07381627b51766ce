/** `gauze demo`: real questions over a synthetic network, the truth beside each answer. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { GauzeError, locate } from '../../errors.ts';
import { open } from '../../index.node.ts';
import type { Release } from '../../release/release.ts';
import { cellText } from '../../release/serialize.ts';
import type { Session } from '../../session.ts';
import { type DemoData, demoMaker } from '../demo/database.ts';
import { QUESTIONS, TRAP_QUESTIONS } from '../demo/questions.ts';
import { asGauzeError, errorLines, print } from '../output.ts';
import { paint } from '../paint.ts';
import { type TextColumn, textTable } from '../text-table.ts';
import { proseWidth, terminalWidth, wrapped } from '../wrap.ts';

const SEED = 'meridian-1';

/** Runs the demo; exit code. */
export async function demo(flags: { readonly persons?: string; readonly engine?: 'native' | 'wasm' }): Promise<number> {
  const maker = await demoMaker(flags.engine ?? null);
  const persons = flags.persons === undefined ? maker.persons : Number(flags.persons);
  const folder = join(tmpdir(), `gauze-demo-${userInfo().username}-${persons}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  heading('Meridian: a synthetic network of five hospitals. Every person in it is made up.');
  const data = await maker.make(folder, persons, SEED);
  // Every run begins with a whole budget.
  const state = mkdtempSync(join(tmpdir(), 'gauze-demo-state-'));
  try {
    const from = data.cached ? ', from the cache' : '';
    print([`${persons.toLocaleString('en-US')} persons, seed "${SEED}"${from}, in ${folder}`]);
    const policy = join(folder, 'meridian.yaml');
    writeFileSync(policy, data.policy);
    await ask(policy, state, data, flags.engine);
  } finally {
    await data.close();
    rmSync(state, { recursive: true });
  }
  return 0;
}

async function ask(
  policy: string,
  directory: string,
  data: DemoData,
  engine: 'native' | 'wasm' | undefined,
): Promise<void> {
  const session = await open({ policy, directory, as: 'dr-lee', ...(engine === undefined ? {} : { engine }) });
  try {
    await questions(session, data);
    await traps(session);
    await oneTooMany(session);
    await ending(session, policy);
  } finally {
    await session.close();
  }
}

async function questions(session: Session, data: DemoData): Promise<void> {
  for (const [index, question] of QUESTIONS.entries()) {
    heading(`${index + 1}. ${question.title}`);
    print(question.sql.split('\n').map((line) => paint('cyan', `  ${line}`)));
    const release = await session.query(question.sql, {
      epsilon: question.epsilon,
      ...(question.delta === undefined ? {} : { delta: question.delta }),
      ...(question.rows === undefined ? {} : { contribution: { rows: question.rows } }),
    });
    print([
      '',
      ...beside(release, await data.rows(question.truth ?? question.sql)),
      '',
      ...costLine(release),
      ...prose(question.remark),
    ]);
  }
}

/** The answer with its intervals, and the truth in the last columns: the data is synthetic, so it may be shown. */
function beside(release: Release, truth: readonly Readonly<Record<string, unknown>>[]): string[] {
  const keys = release.columns.filter((column) => !column.noisy).map((column) => column.name);
  const rowKey = (values: readonly unknown[]): string =>
    // DuckDB truncates a date to a timestamp.
    JSON.stringify(values.map((value) => String(value ?? 'NULL').replace(/ 00:00:00$/, '')));
  const found = new Map(truth.map((row) => [rowKey(keys.map((key) => row[key])), row]));
  const rows = release.columns[0]?.values.length ?? 0;
  const cell = (name: string, row: number): string => {
    const column = release.columns.find((one) => one.name === name)!;
    return cellText(column.type, column.values[row] ?? null) ?? 'NULL';
  };
  const columns = release.columns.flatMap((column): TextColumn[] => {
    const right = column.type === 'integer' || column.type === 'double';
    const cells = column.values.map((value) => figure(cellText(column.type, value)));
    if (!column.noisy) return [{ title: column.name, cells, right, role: 'key' }];
    const { low, high, level } = release.intervals[column.name]!;
    const truths = Array.from({ length: rows }, (_, row) => {
      const match = found.get(rowKey(keys.map((key) => cell(key, row))));
      return match === undefined ? '0' : figure(match[column.name] === null ? null : String(match[column.name]));
    });
    return [
      { title: column.name, cells, right },
      {
        title: `${level * 100} % interval`,
        cells: low.map((value, row) => `${figure(value)} … ${figure(high[row] ?? null)}`),
        right: true,
        role: 'beside',
      },
      { title: 'truth', cells: truths, right: true, role: 'beside', style: 'dim' },
    ];
  });
  return textTable(columns, terminalWidth() - 2).map((line) => `  ${line}`);
}

async function traps(session: Session): Promise<void> {
  heading('What is refused');
  for (const trap of TRAP_QUESTIONS) {
    print([`  ${paint('bold', trap.title)}`]);
    try {
      await session.query(trap.sql, { epsilon: 0.5 });
    } catch (thrown) {
      print([
        ...errorLines(asGauzeError(locate(thrown, trap.sql)), trap.sql, proseWidth() - 2).map((line) => `  ${line}`),
        '',
      ]);
    }
  }
}

async function oneTooMany(session: Session): Promise<void> {
  heading('One question too many');
  const sql = 'SELECT COUNT(*) AS visits FROM visit';
  print([paint('cyan', `  ${sql}`), '  with epsilon 10:', '']);
  try {
    await session.query(sql, { epsilon: 10 });
  } catch (thrown) {
    if (!(thrown instanceof GauzeError) || thrown.code !== 'BUDGET_EXHAUSTED') throw thrown;
    print(errorLines(thrown, null, proseWidth() - 2).map((line) => `  ${line}`));
  }
}

async function ending(session: Session, policy: string): Promise<void> {
  heading('The budget now');
  for (const { principal, limit, spent } of await session.budget()) {
    const allowed = limit.epsilon ?? 0;
    const bar = '█'.repeat(Math.round((spent.epsilon / allowed) * 30)).padEnd(30, '░');
    print([`  ${(principal ?? 'everybody').padEnd(10)} ${bar}  ε ${spent.epsilon} of ${allowed}`]);
  }
  heading('On your own data');
  print([
    '  npx gauze init my-data.duckdb        writes a first policy from the schema alone: read it through',
    '  npx gauze policy check policy.yaml   says what is weak in it',
    '  npx gauze query "SELECT COUNT(*) FROM person" --policy policy.yaml --as you --epsilon 0.5',
    '',
    `  The demo’s own policy: ${policy}`,
  ]);
}

function costLine(release: Release): string[] {
  const { epsilon, delta } = release.cost;
  return [
    `  ${paint('green', `cost ε ${epsilon}${delta > 0 ? `, δ ${delta}` : ''}`)}${release.remaining === null ? '' : ` · left ε ${release.remaining.epsilon}`}`,
  ];
}

function heading(text: string): void {
  print(['', paint('bold', text), paint('dim', '─'.repeat(Math.min(proseWidth(), [...text].length)))]);
}

function prose(text: string): string[] {
  return wrapped(`  ${text}`, proseWidth());
}

function figure(value: number | string | null): string {
  if (value === null) return '?';
  const number = Number(value);
  if (value === '' || Number.isNaN(number)) return String(value);
  return Number.isInteger(number)
    ? String(value)
    : number.toFixed(Math.abs(number) < 10 ? 3 : Math.abs(number) < 1000 ? 2 : 0);
}
