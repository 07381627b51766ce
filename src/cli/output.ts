/** How answers and errors look in a terminal: aligned tables, a caret under what is refused, colour only for people. */
import { styleText } from 'node:util';
import { GauzeError, type Position } from '../errors.ts';
import { displayWidth, steadied } from './width.ts';

/** Formats every command knows. */
export const FORMATS = ['table', 'json', 'csv', 'arrow'] as const;
export type Format = (typeof FORMATS)[number];

type Style = Parameters<typeof styleText>[0];

/** Colours text where the stream is a terminal that wants colours. */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  if (stream.isTTY !== true || process.env.NO_COLOR !== undefined) return text;
  return styleText(style, text);
}

/** A column of a text table; numbers stand right. */
export interface TextColumn {
  readonly title: string;
  readonly cells: readonly string[];
  readonly right: boolean;
}

/** Aligned lines: titles, a rule, one line a row. */
export function textTable(given: readonly TextColumn[]): string[] {
  const columns = given.map(({ title, cells, right }) => ({
    title: steadied(title),
    cells: cells.map(steadied),
    right,
  }));
  const widths = columns.map(({ title, cells }) =>
    cells.reduce((wide, cell) => Math.max(wide, displayWidth(cell)), displayWidth(title)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.right ?? false))
      .join('  ')
      .trimEnd();
  const rows = columns[0]?.cells.length ?? 0;
  return [
    line(columns.map((column) => column.title)),
    widths.map((wide) => '─'.repeat(wide)).join('  '),
    ...Array.from({ length: rows }, (_, row) => line(columns.map((column) => column.cells[row] ?? ''))),
  ];
}

const CARET_WIDTH = 96;

/** The line of a question that an error points at, with a caret below; a long line is cut around the place. */
function caret(text: string, at: Position): string[] {
  const line = [...steadied(text.split('\n')[at.line - 1] ?? '')];
  const start = line.length <= CARET_WIDTH ? 0 : Math.max(0, Math.min(at.column - 41, line.length - CARET_WIDTH));
  const shown = line.slice(start, start + CARET_WIDTH);
  if (start > 0) shown[0] = '…';
  if (start + CARET_WIDTH < line.length) shown[CARET_WIDTH - 1] = '…';
  const before = at.column - 1 - start;
  const marked = shown.slice(before, before + at.length).join('');
  const margin = ' '.repeat(displayWidth(shown.slice(0, before).join('')));
  return [`  ${shown.join('')}`, `  ${margin}${'^'.repeat(Math.max(1, displayWidth(marked)))}`];
}

/** An error in words, for stderr. */
export function errorLines(error: GauzeError, text: string | null): string[] {
  const where = error.at === null ? '' : ` (line ${error.at.line}, column ${error.at.column})`;
  const shown = error.at === null || text === null ? [] : caret(text, error.at);
  return [
    `${paint('red', error.code, process.stderr)}${where}: ${error.message}`,
    ...shown,
    `${paint('bold', 'Next:', process.stderr)} ${error.next}`,
  ];
}

/** One CSV field, quoted where RFC 4180 wants it. */
export function csvField(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** What a thrown thing becomes at the edge: never an engine's text. */
export function asGauzeError(error: unknown): GauzeError {
  if (error instanceof GauzeError) return error;
  return new GauzeError('INTERNAL_INVARIANT', {
    message: 'Something went wrong inside gauze.',
    next: 'Report the command and the version; no data is in this message.',
  });
}

function pad(text: string, wide: number, right: boolean): string {
  const gap = ' '.repeat(Math.max(0, wide - displayWidth(text)));
  return right ? gap + text : text + gap;
}
