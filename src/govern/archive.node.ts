/** The journal so far, put away: what it adds up to goes on in the journal, and the chain with it. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Cut, cut } from '../charge/cut.ts';
import { Landmarks } from '../charge/landmarks.ts';
import type { Store } from '../charge/ledger.ts';
import type { Place } from '../charge/place.ts';
import { fileStore } from '../charge/store/file.node.ts';
import { replaceFile, writeFirst } from '../crypto/durable-file.node.ts';
import type { SigningKey } from '../crypto/sign.ts';
import { GauzeError } from '../errors.ts';
import type { Act } from './acts.ts';
import { policyInForce } from './in-force.ts';
import { journalFile, type OpenJournal } from './journal.node.ts';

/** An archive that was written. Entries count from 1. */
export interface Archived extends Pick<Cut, 'digest' | 'first' | 'last'> {
  readonly file: string;
  /** Day until which the policy has it kept, inclusive. */
  readonly keepUntil: string;
}

/** Whose journal is archived. */
type Archivist = Act & OpenJournal & { readonly folder: string };

/**
 * Writes every entry of the journal into a new file, mode 0600, and lets the journal go on behind them from a checkpoint
 * that holds what they add up to. The archive is whole, synced and read back before the journal is replaced in one step: a
 * crash at any moment leaves the journal before or the one after, and both have spent the same. Sessions that are open go on.
 *
 * @param target - a new file; one that holds these very entries, from an attempt that was cut off, will do
 * @throws GauzeError USAGE where the file holds anything else, or the journal is no file; LEDGER_*
 */
export async function archive(act: Archivist, target: string): Promise<Archived> {
  const { ledger, store, policy, folder, keys } = act;
  if (store.moveOn === undefined) throw noFile();
  const file = resolve(target);
  await nameKey(act);
  const head = await ledger.head();
  const path = journalFile({ folder, base: folder });
  const own = fileStore(path);
  let parts: Cut;
  try {
    parts = await own.exclusively(async () => {
      const made = await cutOf(own, keys.signing, act, head);
      put(file, made.archive);
      replace(path, made.journal);
      return made;
    });
  } finally {
    await own.close();
  }
  const { retentionYears } = (policyInForce(await ledger.records()) ?? policy).governance;
  const { digest, first, last, newest } = parts;
  return { file, digest, first, last, keepUntil: keepUntil(newest, retentionYears) };
}

/** A journal that nobody signed so far is signed first: without a signature nothing vouches for a checkpoint. */
async function nameKey({ ledger, keys, by, now }: Archivist): Promise<void> {
  const { publicKey } = keys.signing;
  const time = now.toISOString();
  await ledger.state((records) =>
    records.key === null ? { kind: 'key', publicKey, reason: 'first', by, time } : null,
  );
}

/** @param head - an entry that the journal has, if it is the one that was opened */
async function cutOf(store: Store, key: SigningKey, act: Act, head: Place | null): Promise<Cut> {
  const before = await store.read(0);
  // Somebody else may have archived since the file was opened.
  const lines = (await store.moveOn?.(before.length)) === true ? await store.read(0) : before;
  const known = head === null ? [] : [head];
  const landmarks = new Landmarks(known);
  const parts = await cut(lines, key, act, (read) => landmarks.see(read));
  if (!known.every((place) => landmarks.hasSeen(place))) {
    throw new GauzeError('LEDGER_CORRUPT', {
      message: 'The journal was replaced while it was open.',
      next: 'Open it again. If it is refused then, too, restore it from a backup that is at least as new.',
    });
  }
  return parts;
}

/** Never in place of another file, and not believed before it was read back. */
function put(file: string, bytes: Uint8Array): void {
  try {
    if (!existsSync(file)) writeFirst(file, bytes);
    if (Buffer.compare(readFileSync(file), bytes) === 0) return;
  } catch {
    throw new GauzeError('LEDGER_UNAVAILABLE', {
      message: `The archive cannot be written to ${file}; the journal is as it was.`,
      next: 'Name a file in a folder with enough space that this user may write to.',
    });
  }
  throw new GauzeError('USAGE', {
    message: `${file} exists already, and holds something else; the journal is as it was.`,
    next: 'Name a new file; archives are never overwritten.',
  });
}

function replace(path: string, bytes: Uint8Array): void {
  try {
    replaceFile(path, bytes);
  } catch {
    throw new GauzeError('LEDGER_UNAVAILABLE', {
      message: 'The journal cannot be written anew beside the policy. What was spent is as it was.',
      next: 'Check the folder beside the policy: free space and permissions. Then archive again, into a new file.',
    });
  }
}

/** The day that lies this many years after a time; a 29th of February becomes a 1st of March. */
function keepUntil(time: string, years: number): string {
  const day = new Date(time);
  day.setUTCFullYear(day.getUTCFullYear() + years);
  return day.toISOString().slice(0, 10);
}

function noFile(): GauzeError {
  return new GauzeError('USAGE', {
    message: 'Only a journal in a file can be archived; this one lies in a store of its own.',
    next: 'Keep it as it is, and back up the store by its own means.',
  });
}
