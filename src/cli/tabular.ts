/** Lists of named values in every format but JSON: aligned text, CSV, or an Arrow stream. */
import { writeSync } from 'node:fs';
import { type Table, tableFromArrays, tableToIPC } from 'apache-arrow';
import { csvField } from './output.ts';
import { textTable } from './text-table.ts';

/** One column; null is an empty cell. */
export interface ListColumn {
  /** Name in CSV and Arrow. */
  readonly name: string;
  /** Title in a terminal; the name unless given. */
  readonly title?: string;
  readonly values: readonly (string | number | null)[];
}

/** Prints a list; text in a terminal stands left, numbers right. */
export function printList(columns: readonly ListColumn[], format: 'table' | 'csv' | 'arrow'): void {
  if (format === 'arrow') {
    const rows = columns.map(
      ({ name, values }) => [name, values.some(isNumber) ? numbers(values) : [...values]] as const,
    );
    printArrow(tableFromArrays(Object.fromEntries(rows)));
  } else if (format === 'csv') process.stdout.write(`${csvLines(columns).join('\n')}\n`);
  else {
    const shown = columns.map(({ name, title = name, values }) => ({
      title,
      cells: values.map((value) => String(value ?? '')),
      right: values.some(isNumber),
      ...(values.some(isNumber) ? {} : { role: 'key' as const }),
    }));
    process.stdout.write(`${textTable(shown).join('\n')}\n`);
  }
}

/** Writes an Arrow table to stdout as an IPC stream. */
export function printArrow(table: Table): void {
  const bytes = tableToIPC(table, 'stream');
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
}

function csvLines(columns: readonly ListColumn[]): string[] {
  const rows = columns[0]?.values.length ?? 0;
  const lines = Array.from({ length: rows }, (_, row) => columns.map(({ values }) => String(values[row] ?? '')));
  return [columns.map(({ name }) => name), ...lines].map((cells) => cells.map(csvField).join(','));
}

function numbers(values: ListColumn['values']): Float64Array {
  return Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value)));
}

function isNumber(value: string | number | null): boolean {
  return typeof value === 'number';
}
