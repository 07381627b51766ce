/** A journal cut in two: the entries so far, and the journal that goes on after them with what they add up to. */
import { sha256Hex } from '../crypto/canonical.ts';
import type { SigningKey } from '../crypto/sign.ts';
import { GauzeError } from '../errors.ts';
import type { CheckpointEntry, ExportEntry } from './entry.ts';
import { type ReadEntry, writeEntry } from './journal.ts';
import { replayOf } from './read-journal.ts';

/** Both parts, as files hold them. */
export interface Cut {
  /** Every entry so far, byte for byte, and the SHA-256 (hex) of it all. */
  readonly archive: Uint8Array;
  readonly digest: string;
  /** A checkpoint, and the note of the archive. */
  readonly journal: Uint8Array;
  /** Numbers of the first and the last entry of the archive, from 1, and the latest time in it. */
  readonly first: number;
  readonly last: number;
  readonly newest: string;
}

const NEWLINE = new Uint8Array([10]);

/**
 * Cuts a journal behind its newest entry. The new part is read back before it is handed out: it adds up to the very same.
 *
 * @param lines - all entries of the journal, at least one
 * @param key - the journal's
 * @param seen - is shown every entry
 * @throws GauzeError LEDGER_CORRUPT, LEDGER_KEY when the journal is signed with another key, or with none
 */
export async function cut(
  lines: readonly Uint8Array[],
  key: SigningKey,
  { by, now }: { readonly by: string | null; readonly now: Date },
  seen: (read: ReadEntry) => void = () => undefined,
): Promise<Cut> {
  let first: number | null = null;
  const replay = await replayOf(lines, (read) => {
    first ??= read.entry.sequence + 1;
    seen(read);
  });
  const { head, records } = replay;
  if (head === null || first === null || records.key?.publicKey !== key.publicKey) throw otherKey();
  const { latest } = records;
  const time = now.toISOString() > latest ? now.toISOString() : latest;
  const archive = joined(lines);
  const digest = sha256Hex(archive);
  const checkpoint: CheckpointEntry = { kind: 'checkpoint', state: replay.written(), by, time };
  const noted: ExportEntry = { kind: 'export', what: 'archive', digest, from: null, to: latest, by, time };
  const opening = writeEntry({ sequence: head.sequence + 1, previous: head.hash, content: checkpoint }, key);
  const note = writeEntry({ sequence: head.sequence + 2, previous: opening.hash, content: noted }, key);
  const rest = [opening.bytes, note.bytes];
  // What could not be read back would close the journal for good; read after the rest, it is compared with it.
  await replayOf(rest);
  replay.apply(replay.read(opening.bytes), true);
  return { archive, digest, journal: joined(rest), first, last: head.sequence + 1, newest: latest };
}

/** Entries as a file holds them, each with its line end. */
function joined(lines: readonly Uint8Array[]): Uint8Array {
  const parts = lines.flatMap((line) => [line, NEWLINE]);
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function otherKey(): GauzeError {
  return new GauzeError('LEDGER_KEY', {
    message:
      'The journal is not signed with the key that is here, and without it nothing can stand for what is archived.',
    next: 'Put the key back beside the journal. If it is lost for good: gauze key lost.',
  });
}
