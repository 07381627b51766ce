/** Files that are given to be checked. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { GauzeError } from '../errors.ts';

/** Enough to tell what a file is. */
const HEAD_BYTES = 1000;

/** A public key given as hex, or as a file that holds it. @throws GauzeError USAGE */
export function keyOf(given: string): string {
  const text = /^[0-9a-fA-F]{64}$/.test(given) ? given : textIn(given).trim();
  if (/^[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase();
  throw new GauzeError('USAGE', {
    message: 'The public key is no key: 64 hex digits.',
    next: 'Give it as --public-key HEX, or a file that holds nothing else.',
  });
}

/** How a file begins. @throws GauzeError USAGE where it cannot be read */
export function headOf(file: string): Uint8Array {
  return reading(file, () => {
    const open = openSync(file, 'r');
    try {
      const bytes = new Uint8Array(HEAD_BYTES);
      return bytes.subarray(0, readSync(open, bytes, 0, HEAD_BYTES, 0));
    } finally {
      closeSync(open);
    }
  });
}

/** All of a file. @throws GauzeError USAGE where it cannot be read */
export function textIn(file: string): string {
  return reading(file, () => readFileSync(file, 'utf8'));
}

/** What a file says as JSON; null where it is none. @throws GauzeError USAGE where it cannot be read */
export function jsonIn(file: string): unknown {
  try {
    return JSON.parse(textIn(file));
  } catch (error) {
    if (error instanceof GauzeError) throw error;
    return null;
  }
}

function reading<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch {
    throw new GauzeError('USAGE', { message: `${file} cannot be read.`, next: 'Check the path.' });
  }
}

/** @throws GauzeError USAGE where a file cannot be read, CRYPTO_DECODE where nothing is in it: the least journal has an entry */
export function checkNotEmpty(file: string): void {
  if (headOf(file).length > 0) return;
  throw new GauzeError('CRYPTO_DECODE', {
    message: `${file} is empty.`,
    next: 'Give the file as gauze wrote it; a journal holds at least one entry.',
  });
}

/**
 * The refusal of a file that cannot be told. A table or CSV is known by a line of several cells: it says nothing of types,
 * which the digest of an answer covers.
 *
 * @throws GauzeError CRYPTO_DECODE where the file is empty
 */
export function unchecked(file: string): GauzeError {
  checkNotEmpty(file);
  const text = new TextDecoder('utf-8').decode(headOf(file));
  const isNamedSo = /\.(csv|tsv|txt)$/i.test(file);
  const hasCells = !/^\s*[[{]/.test(text) && /\S(,|\t| {2,})\S/.test(text.split('\n')[0] ?? '');
  if ((!isNamedSo && !hasCells) || text.includes('\0')) return unknown(file);
  return new GauzeError('USAGE', {
    message: `${file} reads like CSV or a table, which cannot be checked: it does not say the types of its values.`,
    next: 'Ask with --format json or --format arrow, and check that file.',
  });
}

/** The refusal of a file that is of no kind that can be checked. */
export function unknown(file: string): GauzeError {
  return new GauzeError('CRYPTO_DECODE', {
    message: `${file} is nothing that gauze wrote, or its beginning was changed.`,
    next: 'Give a receipt, an answer (Arrow or JSON), a journal, its anchor, or an export of an incident.',
  });
}
