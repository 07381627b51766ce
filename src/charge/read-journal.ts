/** A journal away from its store. */
import type { ReadEntry } from './journal.ts';
import { Replay } from './replay.ts';
import { memoryStore } from './store/memory.ts';

const NEWLINE = 10;

/** Lines of a journal file, without their ends. A last line that a crash tore is among them. */
export function linesIn(bytes: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  if (start < bytes.length) lines.push(bytes.subarray(start));
  return lines;
}

/**
 * What entries add up to, verified.
 *
 * @param seen - is shown every entry
 * @throws GauzeError LEDGER_CORRUPT
 */
export async function replayOf(
  lines: readonly Uint8Array[],
  seen: (read: ReadEntry) => void = () => undefined,
): Promise<Replay> {
  const store = memoryStore();
  for (const [count, line] of lines.entries()) await store.append(line, count);
  const replay = new Replay();
  await replay.catchUp(store, seen);
  return replay;
}
