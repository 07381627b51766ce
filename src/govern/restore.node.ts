/** State brought back from a backup. What the backup does not know of counts as spent: nothing is ever lowered. */
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Anchor, readAnchor, rolledBack, spentIn } from '../charge/anchor.ts';
import type { FreezeEntry, WriteOffEntry } from '../charge/entry.ts';
import { hasSpent, Landmarks } from '../charge/landmarks.ts';
import { openLedger } from '../charge/open-ledger.ts';
import type { Place } from '../charge/place.ts';
import { linesIn, replayOf } from '../charge/read-journal.ts';
import type { Replay } from '../charge/replay.ts';
import { anchorFile } from '../charge/store/anchor-file.node.ts';
import { fileStore } from '../charge/store/file.node.ts';
import { makeFolder, nameFile, replaceFile } from '../crypto/durable-file.node.ts';
import { loadOrCreateKeys } from '../crypto/keys.node.ts';
import { GauzeError } from '../errors.ts';
import type { Policy } from '../policy/policy.ts';
import { putMissing, readBackup } from './backup.node.ts';
import { policyInForce } from './in-force.ts';
import { journalFile, lackingAnchor, officersAnchor, renewAnchors, type Whereabouts } from './journal.node.ts';
import { keepWithdrawn, withdrawnIn } from './withdrawals.node.ts';
import { everythingOf, missingOf } from './write-off.ts';

/**
 * What became of the journal: `kept`, it was at least as new; `restored`, and the officer's anchor shows that nothing is
 * missing; `written-off`, what is missing counts as spent; `closed`, nobody can know what is missing, and no budget is left
 * for good. In the last two all data sets are stopped, since a stop may be among what is missing.
 */
export type Restored = 'kept' | 'restored' | 'written-off' | 'closed';

interface Read {
  readonly lines: readonly Uint8Array[];
  readonly state: Replay;
}

/**
 * Brings a state folder back from a backup. A journal that is there and at least as new stays, else the backup's takes its
 * place. What was charged since counts as spent: by the officer's anchor, without one everything, for good.
 *
 * @throws GauzeError USAGE, CRYPTO_DECODE, LEDGER_KEY, LEDGER_ROLLBACK when the journal is another than the anchor has seen
 */
export async function restore(
  policy: Policy,
  at: Whereabouts & { readonly folder: string },
  source: string,
  by: string | null,
  now: Date,
): Promise<Restored> {
  const manifest = readBackup(source);
  await reachAnchor(policy, at);
  makeFolder(at.folder);
  const backup = await readJournal(join(source, 'journal'));
  const here = await newer(journalFile(at), backup, at.folder);
  for (const name of Object.keys(manifest.files)) if (name !== 'journal') putMissing(source, at.folder, name);
  keepWithdrawn(at.folder, withdrawnIn(source));
  const base = here ?? backup;
  const anchor = anchorOf(policy, at, base.state);
  if (here !== null && anchor !== null && here.state.records.hasWrittenOff(anchor.hash)) {
    // A restore that a crash cut off before it wrote the anchors.
    await renewAnchors(policy, at, true);
    return 'written-off';
  }
  if (anchor !== null && anchor.sequence < base.state.length && !(await hasSeen(base.lines, anchor))) {
    throw rolledBack(anchor, base.state.length);
  }
  if (here !== null && (await lackingAnchor(policy, at, here.lines, here.state)) === null) return 'kept';
  const isWhole = anchor !== null && anchor.sequence === base.state.length - 1;
  const hasKnown = anchor !== null && anchor.sequence >= backup.state.length;
  const entries = isWhole ? [] : lost(policy, base.state, hasKnown ? anchor : null, by, now);
  await replaceJournal(at, source, base, entries, now);
  if (here === null) for (const name of ['secret', 'registration.json']) bringBack(at.folder, source, name);
  await renewAnchors(policy, at, true);
  if (isWhole) return 'restored';
  return hasKnown ? 'written-off' : 'closed';
}

/** What is written for entries that are lost: charges at their sum or more, and a stop of everything. */
function lost(
  policy: Policy,
  base: Replay,
  anchor: Anchor | null,
  by: string | null,
  now: Date,
): readonly (WriteOffEntry | FreezeEntry)[] {
  const stated = anchor?.latest ?? '';
  // No earlier than what is lost, so that no window of a budget leaves it out.
  const time = stated > now.toISOString() ? stated : now.toISOString();
  const reason = 'entries were lost, and the journal was restored from a backup';
  const isKnown = anchor !== null && anchor.sequence >= base.length;
  const charges = isKnown
    ? missingOf(anchor, base)
    : everythingOf([policy, policyInForce(base.records) ?? policy], base);
  return [
    { kind: 'write-off', charges, reason, anchor: anchor?.hash ?? null, by, time },
    ...[...policy.datasets.keys()].map((dataset): FreezeEntry => ({ kind: 'freeze', dataset, by, reason, time })),
  ];
}

/**
 * The journal in place, if it verifies and goes on where the backup ends. Where it was archived since, a signed checkpoint
 * stands for the backup's entries: it is believed if the key is the backup's or that of the folder, and it has spent as much.
 */
async function newer(path: string, { state: backup }: Read, folder: string): Promise<Read | null> {
  if (!existsSync(path)) return null;
  const { head } = backup;
  const landmarks = new Landmarks(head === null ? [] : [head]);
  let live: Read;
  try {
    const lines = linesIn(readFileSync(path));
    live = { lines, state: await replayOf(lines, (read) => landmarks.see(read)) };
  } catch {
    return null;
  }
  if (head === null) return live;
  if (!landmarks.isBefore(head)) return landmarks.hasSeen(head) ? live : null;
  const named = publicKeyOf(live.state);
  const isOurs = named === publicKeyOf(backup) || named === publicKeyIn(folder);
  return isOurs && landmarks.hasSeen(head) && hasSpent(live.state, spentIn(backup)) ? live : null;
}

async function readJournal(path: string): Promise<Read> {
  const lines = linesIn(readFileSync(path));
  return { lines, state: await replayOf(lines) };
}

async function hasSeen(lines: readonly Uint8Array[], place: Place): Promise<boolean> {
  const landmarks = new Landmarks([place]);
  await replayOf(lines, (read) => landmarks.see(read));
  return landmarks.hasSeen(place);
}

function publicKeyOf({ records }: Replay): string | null {
  return records.key?.publicKey ?? null;
}

/** Whose signatures the key in a folder makes; undefined where there is none. */
function publicKeyIn(folder: string): string | undefined {
  return existsSync(join(folder, 'key')) ? loadOrCreateKeys(folder).signing.publicKey : undefined;
}

/** The officer's anchor, if it is signed with the journal's key. */
function anchorOf(policy: Policy, at: Whereabouts, base: Replay): Anchor | null {
  const path = officersAnchor(policy, at);
  if (path === null || !existsSync(path)) return null;
  const { anchor, publicKey } = readAnchor(readFileSync(path, 'utf8'));
  const isOurs = publicKey === publicKeyOf(base) || publicKey === publicKeyIn(at.folder ?? '');
  return isOurs ? anchor : null;
}

/** An anchor that the policy names is there, or is given up by taking it out of the policy: it alone tells what was lost. */
async function reachAnchor(policy: Policy, at: Whereabouts): Promise<void> {
  const path = officersAnchor(policy, at);
  if (path === null) return;
  await anchorFile(path, true).check();
  if (existsSync(path)) return;
  throw new GauzeError('LEDGER_ROLLBACK', {
    message: `The anchor of the journal is gone: ${path}`,
    next: 'Put it back. If it is lost for good, take it out of the policy: then no budget is left after the restore.',
  });
}

/** What belongs to the backup's journal: names of plans, stored answers and data versions are keyed with its secret. */
function bringBack(folder: string, source: string, name: string): void {
  const [mine, theirs] = [join(folder, name), join(source, name)];
  if (!existsSync(theirs) || readFileSync(mine, 'utf8') === readFileSync(theirs, 'utf8')) return;
  copyFileSync(mine, `${mine}.replaced`);
  replaceFile(mine, readFileSync(theirs, 'utf8'));
}

/** Made whole beside the journal, with what is written off, and then put in its place: no moment shows it without. */
async function replaceJournal(
  at: Whereabouts & { readonly folder: string },
  source: string,
  base: Read,
  entries: readonly (WriteOffEntry | FreezeEntry)[],
  now: Date,
): Promise<void> {
  const path = journalFile(at);
  const draft = `${path}.restored`;
  rmSync(draft, { force: true });
  rmSync(`${draft}.lock`, { force: true, recursive: true });
  writeFileSync(draft, Buffer.concat(base.lines.flatMap((line) => [line, NEWLINE])), { mode: 0o600 });
  bringKey(at.folder, source, publicKeyOf(base.state));
  const store = fileStore(draft);
  try {
    const ledger = await openLedger(store, { key: loadOrCreateKeys(at.folder).signing });
    for (const entry of entries) await ledger.state(() => entry);
  } finally {
    await store.close();
  }
  rmSync(`${draft}.lock`, { force: true, recursive: true });
  if (existsSync(path)) copyFileSync(path, `${path}.damaged-${now.toISOString().replaceAll(':', '')}`);
  nameFile(draft, path);
}

const NEWLINE = new Uint8Array([10]);

/** The backup's key comes back where the journal goes on with it: a rotation since then is among what was lost. */
function bringKey(folder: string, source: string, publicKey: string | null): void {
  if (publicKey === null || publicKeyIn(folder) === publicKey || publicKeyIn(source) !== publicKey) return;
  copyFileSync(join(folder, 'key'), join(folder, 'key.replaced'));
  replaceFile(join(folder, 'key'), readFileSync(join(source, 'key'), 'utf8'));
}
