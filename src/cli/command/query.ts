/** `gauze query` and `gauze explain`. */
import { readFileSync, writeSync } from 'node:fs';
import { tableToIPC } from 'apache-arrow';
import { locate } from '../../errors.ts';
import { open } from '../../index.node.ts';
import type { ExplainOptions, QueryOptions } from '../../options.ts';
import type { Release } from '../../release/release.ts';
import { cellText, toJSON } from '../../release/serialize.ts';
import type { Explanation } from '../../session.ts';
import { asGauzeError, csvField, errorLines, type Format, paint, textTable } from '../output.ts';

/** Options as commander hands them over; numbers are still text. */
export interface AskFlags {
  readonly policy: string;
  readonly as: string;
  readonly epsilon?: string;
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
  readonly format: Format;
}

/** Runs one question; exit code. */
export async function ask(command: 'query' | 'explain', sql: string, flags: AskFlags): Promise<number> {
  const text = sql === '-' ? readFileSync(0, 'utf8') : sql;
  try {
    const session = await open({
      policy: flags.policy,
      as: flags.as,
      ...(flags.engine === undefined ? {} : { engine: flags.engine }),
    });
    try {
      const options = optionsOf(flags);
      if (command === 'explain') print(explained(await session.explain(text, options), flags.format));
      else printRelease(await session.query(text, options), flags.format);
      return 0;
    } finally {
      await session.close();
    }
  } catch (thrown) {
    return fail(thrown, text, flags.format);
  }
}

function optionsOf(flags: AskFlags): QueryOptions & ExplainOptions {
  const params = Object.fromEntries(
    flags.param.map((pair) => {
      const at = pair.indexOf('=');
      return [at < 0 ? pair : pair.slice(0, at), at < 0 ? '' : literal(pair.slice(at + 1))];
    }),
  );
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  return {
    signal: abort.signal,
    level: Number(flags.level ?? '0.95'),
    intervals: flags.joint === true ? 'joint' : 'each',
    clip: flags.clip === true,
    ...(flags.epsilon === undefined ? {} : { epsilon: flags.epsilon }),
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

/** Numbers and truth values of the command line; anything else is text, quotes keep text text. */
function literal(text: string): string | number | bigint | boolean | null {
  if (/^-?\d{1,18}$/.test(text)) return BigInt(text);
  if (/^-?\d+\.\d+$/.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  return /^(['"]).*\1$/s.test(text) ? text.slice(1, -1) : text;
}

function printRelease(release: Release, format: Format): void {
  if (format === 'arrow') {
    const bytes = tableToIPC(release.table, 'stream');
    for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
    return;
  }
  if (format === 'json') print([JSON.stringify(toJSON(release))]);
  else if (format === 'csv') print(csvLines(release));
  else print(releaseLines(release));
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
    const cells = column.values.map((value) => cellText(column.type, value) ?? '·');
    const right = column.type === 'integer' || column.type === 'double';
    const shown = { title: column.name, cells: column.type === 'double' ? cells.map(short) : cells, right };
    const bounds = release.intervals[column.name];
    if (bounds === undefined) return [shown];
    const range = bounds.low.map((low, row) => `[${short(low)}, ${short(bounds.high[row] ?? null)}]`);
    return [shown, { title: `${Math.round(bounds.level * 1000) / 10} %`, cells: range, right: false }];
  });
  const cost = release.recalled
    ? 'stored answer, no cost'
    : `cost ε ${release.cost.epsilon}${release.cost.delta > 0 ? `, δ ${release.cost.delta}` : ''}`;
  const left = release.remaining === null ? '' : ` · left ε ${release.remaining.epsilon}, δ ${release.remaining.delta}`;
  return [
    ...textTable(columns),
    '',
    paint('dim', `${cost}${left}`),
    ...release.notes.map((note) => paint('dim', `note: ${note}`)),
  ];
}

function short(value: number | string | null): string {
  if (value === null) return '?';
  const number = Number(value);
  if (!Number.isFinite(number)) return String(value);
  const rounded = Number(number.toPrecision(6));
  return Math.abs(rounded) >= 1e6 && Number.isInteger(number) ? String(number) : String(rounded);
}

function explained(explanation: Explanation, format: Format): string[] {
  if (format !== 'table')
    return [JSON.stringify(explanation, (_, value) => (typeof value === 'bigint' ? String(value) : value))];
  const expected = explanation.expected.map(
    (one) => `${one.name}: ± ${one.halfWidth === null ? 'depends on private counts' : short(one.halfWidth)}`,
  );
  return [
    ...explanation.words,
    '',
    ...(expected.length === 0 ? [] : ['Expected half-widths:', ...expected.map((line) => `  ${line}`)]),
    ...explanation.notes.map((note) => `note: ${note}`),
    explanation.affordable ? 'The budget admits it.' : 'The budget does not admit it now.',
  ];
}

/** Prints a refusal in the asked format; exit code. */
export function fail(thrown: unknown, text: string | null, format: Format): number {
  const error = asGauzeError(text === null ? thrown : locate(thrown, text));
  if (format === 'json') print([JSON.stringify({ accepted: false, error: error.toJSON() })]);
  else process.stderr.write(`${errorLines(error, text).join('\n')}\n`);
  return error.exitCode;
}

/** Lines to stdout. */
export function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
