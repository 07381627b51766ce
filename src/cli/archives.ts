/** Archives of a journal, as they are given to be checked with it. */
import { createReadStream } from 'node:fs';
import { readFirst } from '../charge/journal.ts';
import { GauzeError } from '../errors.ts';
import { type Bytes, linesOf } from '../evidence/lines.ts';
import { headOf } from './checked-file.ts';

/** Files in the order of their entries, however they were named. @throws GauzeError USAGE where one cannot be read */
export async function archivesInOrder(files: readonly string[] = []): Promise<readonly Bytes[]> {
  const starts: { readonly file: string; readonly start: number }[] = [];
  for (const file of files) starts.push({ file, start: await startOf(file) });
  return starts.sort((a, b) => a.start - b.start).map(({ file }) => createReadStream(file));
}

/** Number of the first entry; one that does not verify comes first, so that the check says so. */
async function startOf(file: string): Promise<number> {
  headOf(file);
  try {
    for await (const { bytes } of linesOf(createReadStream(file))) return readFirst(bytes).entry.sequence;
  } catch (error) {
    if (!(error instanceof GauzeError)) throw error;
  }
  return -1;
}
