/** `gauze query` and `gauze explain`. */
import { readFileSync } from 'node:fs';
import type { ParameterValue } from '../../ask/index.ts';
import { accountName } from '../../charge/account.ts';
import { GauzeError } from '../../errors.ts';
import { open } from '../../index.node.ts';
import type { ExplainOptions, QueryOptions } from '../../options.ts';
import type { Release } from '../../release/release.ts';
import { cellText, toJSON } from '../../release/serialize.ts';
import type { Notions } from '../../session/notions.ts';
import type { Explanation } from '../../session.ts';
import { csvField, type Format, fail, print } from '../output.ts';
import { paint } from '../paint.ts';
import { showProgress } from '../progress.ts';
import { checkReceiptFile, writeReceipt } from '../receipt-file.ts';
import { printArrow, printList } from '../tabular.ts';
import { textTable } from '../text-table.ts';
import { proseWidth, wrapped } from '../wrap.ts';

/** Options as commander hands them over; numbers are still text. */
export interface AskFlags {
  readonly policy: string;
  readonly as: string;
  readonly purpose?: string;
  readonly part?: string;
  /** One number, or `name=number` per noisy output. */
  readonly epsilon: readonly string[];
  readonly delta?: string;
  readonly accuracy?: string;
  readonly level?: string;
  readonly param: readonly string[];
  readonly joint?: boolean;
  readonly clip?: boolean;
  readonly groups?: string;
  readonly rows?: string;
  readonly timeout?: string;
  readonly engine?: 'native' | 'wasm';
  /** Where the signed receipt goes; `query` alone. */
  readonly receipt?: string;
  readonly format: Format;
}

/** Runs one question; exit code. */
export async function ask(command: 'query' | 'explain', sql: string, flags: AskFlags): Promise<number> {
  let text = sql;
  const progress = showProgress();
  try {
    if (sql === '-') text = readInput();
    if (flags.receipt !== undefined) checkReceiptFile(flags.receipt);
    const session = await open({
      policy: flags.policy,
      as: flags.as,
      ...(flags.engine === undefined ? {} : { engine: flags.engine }),
    });
    try {
      const options = { ...optionsOf(flags), onProgress: progress.onProgress };
      if (command === 'explain') printExplanation(await session.explain(text, options), flags.format);
      else {
        const release = await session.query(text, options).finally(progress.end);
        printRelease(release, flags.format);
        if (flags.receipt !== undefined) keepReceipt(flags.receipt, release);
      }
      return 0;
    } finally {
      await session.close();
    }
  } catch (thrown) {
    return fail(thrown, text, flags.format);
  } finally {
    progress.end();
  }
}

/** Questions over public tables alone are not charged, and have no receipt. */
function keepReceipt(file: string, { receipt }: Release): void {
  if (receipt !== null) writeReceipt(file, receipt);
  else process.stderr.write('note: A question over public tables costs nothing and has no receipt.\n');
}

function optionsOf(flags: AskFlags): QueryOptions & ExplainOptions {
  const params = paramsOf(flags.param);
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  return {
    signal: abort.signal,
    level: Number(flags.level ?? '0.95'),
    intervals: flags.joint === true ? 'joint' : 'each',
    clip: flags.clip === true,
    ...(flags.purpose === undefined ? {} : { purpose: flags.purpose }),
    ...(flags.part === undefined ? {} : { part: flags.part }),
    ...(flags.epsilon.length === 0 ? {} : { epsilon: epsilonOf(flags.epsilon) }),
    ...(flags.delta === undefined ? {} : { delta: flags.delta }),
    ...(flags.accuracy === undefined ? {} : { accuracy: flags.accuracy }),
    ...(flags.timeout === undefined ? {} : { timeout: Number(flags.timeout) }),
    ...(flags.param.length === 0 ? {} : { params }),
    contribution: {
      ...(flags.groups === undefined ? {} : { groups: Number(flags.groups) }),
      ...(flags.rows === undefined ? {} : { rows: Number(flags.rows) }),
    },
  };
}

/** ε for all, or per output; output names may hold `=` themselves, so the last one counts. */
export function epsilonOf(given: readonly string[]): string | Record<string, string> {
  const pairs = given.map((text) => [
    text.slice(0, Math.max(0, text.lastIndexOf('='))),
    text.slice(text.lastIndexOf('=') + 1),
  ]);
  const [first] = given;
  if (given.length === 1 && first !== undefined && !first.includes('=')) return first;
  if (pairs.every(([name]) => name !== '')) return Object.fromEntries(pairs);
  throw new GauzeError('USAGE', {
    message: 'Several epsilons are given, and not each names its output.',
    next: 'Give --epsilon 0.5 once, or --epsilon name=0.5 for every noisy output.',
  });
}

/** The question on stdin; a byte order mark is no part of it. */
export function readInput(): string {
  try {
    return readFileSync(0, 'utf8').replace(/^\ufeff/, '');
  } catch {
    throw new GauzeError('USAGE', {
      message: 'The question cannot be read from stdin.',
      next: 'Pipe it in, for example: gauze query - … < question.sql',
    });
  }
}

/** Values by name; for `?` and `$1` by number, from 1 on. */
export function paramsOf(pairs: readonly string[]): Record<string, ParameterValue> | ParameterValue[] {
  const entries = pairs.map((pair): [string, ParameterValue] => {
    const at = pair.indexOf('=');
    if (at > 0) return [pair.slice(0, at), literal(pair.slice(at + 1))];
    throw new GauzeError('USAGE', {
      message: 'A parameter is given without its name or its value.',
      next: 'Write --param name=value, for ? and $1 --param 1=value.',
    });
  });
  const values = new Map(entries);
  const inOrder = Array.from(values, (_, index) => values.get(String(index + 1)));
  return inOrder.every((value) => value !== undefined) ? inOrder : Object.fromEntries(entries);
}

/** Numbers and truth values of the command line; anything else is text, quotes keep text text. */
function literal(text: string): ParameterValue {
  if (/^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)) return BigInt(text);
  if (/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text))) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  return /^(['"]).*\1$/s.test(text) ? text.slice(1, -1) : text;
}

function printRelease(release: Release, format: Format): void {
  if (format === 'arrow') printArrow(release.table);
  else if (format === 'json') print([JSON.stringify(toJSON(release))]);
  else if (format === 'csv') print(csvLines(release));
  else print(releaseLines(release));
  // A table and JSON hold the notes; these two hold rows alone.
  if (format === 'arrow' || format === 'csv') {
    for (const line of noteLines(release.notes)) process.stderr.write(`${line}\n`);
  }
}

function csvLines(release: Release): string[] {
  const rows = release.columns[0]?.values.length ?? 0;
  const header = release.columns.flatMap((column) =>
    column.noisy ? [column.name, `${column.name}_low`, `${column.name}_high`] : [column.name],
  );
  const line = (row: number): string =>
    release.columns
      .flatMap((column) => {
        const value = cellText(column.type, column.values[row] ?? null) ?? '';
        const bounds = release.intervals[column.name];
        return bounds === undefined ? [value] : [value, String(bounds.low[row] ?? ''), String(bounds.high[row] ?? '')];
      })
      .map(csvField)
      .join(',');
  return [header.map(csvField).join(','), ...Array.from({ length: rows }, (_, row) => line(row))];
}

/** An answer as people read it: values with their intervals, then cost and what is left. */
export function releaseLines(release: Release): string[] {
  const columns = release.columns.flatMap((column) => {
    const cells = column.values.map((value) => cellText(column.type, value) ?? 'NULL');
    const right = column.type === 'integer' || column.type === 'double';
    const shown = { title: column.name, cells: column.type === 'double' ? cells.map(short) : cells, right };
    const bounds = release.intervals[column.name];
    if (bounds === undefined) return [column.noisy ? shown : { ...shown, role: 'key' as const }];
    const range = bounds.low.map((low, row) => `[${short(low)}, ${short(bounds.high[row] ?? null)}]`);
    return [
      shown,
      { title: `${Math.round(bounds.level * 1000) / 10} %`, cells: range, right: false, role: 'beside' as const },
    ];
  });
  const cost =
    release.remaining === null
      ? 'public tables, no cost'
      : release.recalled
        ? 'stored answer, no cost'
        : `cost ε ${release.cost.epsilon}${release.cost.delta > 0 ? `, δ ${release.cost.delta}` : ''}`;
  const left = release.remaining === null ? '' : ` · left ε ${release.remaining.epsilon}, δ ${release.remaining.delta}`;
  return [
    ...textTable(columns),
    '',
    paint('dim', `${cost}${left}`),
    ...noteLines([...release.notes, ...openEnds(release)]).map((line) => paint('dim', line)),
  ];
}

/** What `?` means, where a table shows one. */
function openEnds({ intervals }: Release): readonly string[] {
  const isOpen = Object.values(intervals).some(({ low, high }) => [...low, ...high].includes(null));
  return isOpen ? ['A ? in an interval is an open end: on that side the noise does not bound the true value.'] : [];
}

/** What an answer leaves out or takes for granted, a sentence each. */
export function noteLines(notes: readonly string[]): string[] {
  return notes.flatMap((note) => wrapped(`note: ${note}`, proseWidth(), 2));
}

/** A figure as people read it, in six digits; ? where there is none. */
export function short(value: number | string | null): string {
  if (value === null) return '?';
  const number = Number(value);
  if (!Number.isFinite(number)) return String(value);
  const rounded = Number(number.toPrecision(6));
  return Math.abs(rounded) >= 1e6 && Number.isInteger(number) ? String(number) : String(rounded);
}

/** JSON is the whole explanation; CSV and Arrow list the noisy outputs with their half-widths. */
function printExplanation(explanation: Explanation, format: Format): void {
  const { expected } = explanation;
  if (format === 'json') {
    print([JSON.stringify(explanation, (_, value) => (typeof value === 'bigint' ? String(value) : value))]);
  } else if (format === 'table') print(explained(explanation));
  else {
    const names = expected.map(({ name }) => name);
    const widths = expected.map(({ halfWidth }) => halfWidth);
    printList(
      [
        { name: 'output', values: names },
        { name: 'half_width', values: widths },
      ],
      format,
    );
  }
}

const CARRIERS = { basic: 'fits, by the sums of epsilon and delta', zcdp: 'fits, by the sum of rho' } as const;

/** What the question would cost by itself, fixed in advance. */
function notionLines({ delta, best: _, ...notions }: Notions): string[] {
  const names = { basic: 'basic', zcdp: 'zCDP', renyi: 'Rényi', pld: 'privacy loss distribution' };
  const said = (Object.keys(names) as (keyof typeof names)[]).flatMap((name) => {
    const epsilon = notions[name];
    return epsilon === null ? [] : [`${names[name]} ε ${short(epsilon)}`];
  });
  return wrapped(`By itself, at δ ${short(delta)}: ${said.join(', ')}.`, proseWidth(), 2);
}

function explained({ words, expected, notes, affordable, verdicts, notions }: Explanation): string[] {
  const widths = expected.map(
    ({ name, halfWidth }) => `  ${name}: ${halfWidth === null ? 'depends on the answer' : `± ${short(halfWidth)}`}`,
  );
  return [
    ...words.flatMap((line) => wrapped(line, proseWidth(), 4)),
    '',
    ...(widths.length === 0 ? [] : ['Expected half-widths:', ...widths]),
    ...noteLines(notes),
    ...(verdicts.length === 0 ? [] : notionLines(notions)),
    ...verdicts.map(
      ({ id, carriedBy }) => `  ${accountName(id)}: ${carriedBy === null ? 'no room' : CARRIERS[carriedBy]}`,
    ),
    affordable ? 'The budget admits it.' : 'The budget does not admit it now.',
  ];
}
