/** Receipts as files, for whoever wants to check an answer later. */
import { accessSync, constants, existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { GauzeError } from '../errors.ts';
import type { Receipt } from '../release/release.ts';

/** Whether a receipt can be put there, asked before anything is charged. @throws GauzeError USAGE */
export function checkReceiptFile(file: string): void {
  if (existsSync(file)) {
    throw new GauzeError('USAGE', {
      message: `${file} exists already.`,
      next: 'Name another file with --receipt; receipts are never overwritten.',
    });
  }
  try {
    accessSync(dirname(file), constants.W_OK);
  } catch {
    throw unwritable(file);
  }
}

/** Writes a signed receipt as JSON. @throws GauzeError USAGE */
export function writeReceipt(file: string, receipt: Receipt): void {
  try {
    writeFileSync(file, `${JSON.stringify(receipt, null, 2)}\n`, { flag: 'wx' });
  } catch {
    throw unwritable(file);
  }
}

function unwritable(file: string): GauzeError {
  return new GauzeError('USAGE', {
    message: `The receipt cannot be written to ${file}.`,
    next: 'Name a file in a folder that exists and that you may write to. A question asked again gives its stored answer.',
  });
}
