/** Questions of the crash tests, none asked twice, and what is compared of their answers and charges. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isWhole } from '../../src/charge/journal.ts';
import type { Release } from '../../src/index.node.ts';
import type { ReceiptBody } from '../../src/release/receipt.ts';

export const EPSILON = '0.001';

/** What a process was told. */
export interface Asked {
  readonly question: string;
  readonly values: readonly string[];
  readonly epsilon: number;
  /** Hash of the charge. */
  readonly entry: string;
  readonly publicKey: string;
}

/** Question number `i` of a run; another number is another plan. */
export function questionOf(run: string | number, i: number): string {
  return `SELECT ward, COUNT(*) AS n FROM visit WHERE cost > ${run} AND cost > ${i}.01 GROUP BY ward`;
}

export function askedOf(question: string, { columns, cost, receipt }: Release): Asked {
  return {
    question,
    values: columns.flatMap((column) => column.values.map(String)),
    epsilon: cost.epsilon,
    entry: (receipt as unknown as { readonly body: ReceiptBody }).body.charge.entry.hash,
    publicKey: String(receipt?.publicKey),
  };
}

/** Hashes of the charges of reads in the journal of a folder. Throws unless every line but a torn last one is an entry. */
export function chargesIn(directory: string): string[] {
  const path = join(directory, 'journal');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [''];
  if (!isWhole(new TextEncoder().encode(lines.at(-1)))) lines.pop();
  return lines
    .filter((line) => JSON.parse(line.slice(line.indexOf('{'))).content.kind === 'reserve')
    .map((line) => line.slice(0, 64));
}
