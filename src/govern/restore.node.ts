/** State brought back from a backup. What the backup does not know of counts as spent: nothing is ever lowered. */
import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { accountsOf } from '../charge/account.ts';
import { type Anchor, readAnchor, rolledBack, spentIn } from '../charge/anchor.ts';
import { accountKey } from '../charge/book.ts';
import type { WriteOffEntry, WrittenSpend } from '../charge/entry.ts';
import { filtersOf, type Spend } from '../charge/filter.ts';
import { hasSpent, Landmarks } from '../charge/landmarks.ts';
import { openLedger } from '../charge/open-ledger.ts';
import type { Place } from '../charge/place.ts';
import { linesIn, replayOf } from '../charge/read-journal.ts';
import type { Replay } from '../charge/replay.ts';
import { fileStore } from '../charge/store/file.node.ts';
import { readSpend, writeSpend } from '../charge/written.ts';
import { makeFolder, nameFile } from '../crypto/durable-file.node.ts';
import { loadOrCreateKeys } from '../crypto/keys.node.ts';
import type { Policy } from '../policy/policy.ts';
import { putMissing, readBackup } from './backup.node.ts';
import { journalFile, officersAnchor, renewAnchors, type Whereabouts } from './journal.node.ts';

/**
 * What became of the journal: `kept`, it was at least as new; `restored`, and an anchor shows that nothing is missing;
 * `written-off`, what is missing, or all that was left, counts as spent.
 */
export type Restored = 'kept' | 'restored' | 'written-off';

/**
 * Brings a state folder back from a backup. A journal that is there and at least as new stays. Else the backup's takes its
 * place, and what was charged since counts as spent: by the officer's anchor exactly, without one everything that was
 * left.
 *
 * @throws GauzeError USAGE, CRYPTO_DECODE, LEDGER_KEY, LEDGER_ROLLBACK when the backup is of another journal than the anchor
 */
export async function restore(
  policy: Policy,
  at: Whereabouts & { readonly folder: string },
  source: string,
  by: string | null,
  now: Date,
): Promise<Restored> {
  const manifest = readBackup(source);
  const path = journalFile(at);
  const lines = linesIn(readFileSync(join(source, 'journal')));
  const backup = await replayOf(lines);
  const outcome = (await isNewer(path, backup, at.folder)) ? 'kept' : null;
  for (const name of Object.keys(manifest.files)) if (name !== 'journal') putMissing(source, at.folder, name);
  if (outcome !== null) return outcome;
  const anchor = anchorOf(policy, at, backup);
  if (anchor !== null && anchor.sequence < backup.length && !(await hasSeen(lines, anchor))) {
    throw rolledBack(anchor, backup.length);
  }
  const isWhole = anchor !== null && anchor.sequence === backup.length - 1;
  const charges = isWhole ? [] : anchor === null ? allThatIsLeft(policy, backup) : missing(anchor, backup);
  const reason =
    anchor === null ? 'restored without an anchor: all that was left' : 'restored: charged after the backup';
  const entry: WriteOffEntry = { kind: 'write-off', charges, reason, by, time: now.toISOString() };
  await replaceJournal(at, source, isWhole ? null : entry, now);
  await renewAnchors(policy, at);
  return isWhole ? 'restored' : 'written-off';
}

/**
 * Whether the journal in place verifies and goes on where the backup ends. Where it was archived since, a signed checkpoint
 * stands for the backup's entries: it is believed if the key is the backup's or that of the folder, and it has spent as much.
 */
async function isNewer(path: string, backup: Replay, folder: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  const { head } = backup;
  const landmarks = new Landmarks(head === null ? [] : [head]);
  let live: Replay;
  try {
    live = await replayOf(linesIn(readFileSync(path)), (read) => landmarks.see(read));
  } catch {
    return false;
  }
  if (head === null || !landmarks.isBefore(head)) return head === null || landmarks.hasSeen(head);
  const isOurs = publicKeyOf(live) === publicKeyOf(backup) || publicKeyOf(live) === folderKey(folder);
  return isOurs && landmarks.hasSeen(head) && hasSpent(live, spentIn(backup));
}

async function hasSeen(lines: readonly Uint8Array[], place: Place): Promise<boolean> {
  const landmarks = new Landmarks([place]);
  await replayOf(lines, (read) => landmarks.see(read));
  return landmarks.hasSeen(place);
}

function publicKeyOf({ records }: Replay): string | null {
  return records.key?.publicKey ?? null;
}

/** Whose signatures the key in a state folder makes; undefined where there is none. */
function folderKey(folder: string): string | undefined {
  return existsSync(join(folder, 'key')) ? loadOrCreateKeys(folder).signing.publicKey : undefined;
}

/** The officer's anchor, if it is signed with the journal's key. */
function anchorOf(policy: Policy, at: Whereabouts, backup: Replay): Anchor | null {
  const path = officersAnchor(policy, at);
  if (path === null || !existsSync(path)) return null;
  const { anchor, publicKey } = readAnchor(readFileSync(path, 'utf8'));
  return publicKey === publicKeyOf(backup) ? anchor : null;
}

type Charges = WriteOffEntry['charges'];

function missing({ spent }: Anchor, backup: Replay): Charges {
  return spent.map(({ account, spend }) => ({
    account,
    spend: less(readSpend(spend), backup.book.spentOf(account, null, null)),
  }));
}

/** For every budget as much as leaves nothing of it, in this window and for good. */
function allThatIsLeft(policy: Policy, { book }: Replay): Charges {
  const seen = new Set<string>();
  return accountsOf(policy).flatMap(({ id, limit }) => {
    if (seen.has(accountKey(id))) return [];
    seen.add(accountKey(id));
    const { basic, zcdp } = filtersOf(limit);
    const whole: Spend = {
      epsilon: basic?.epsilon ?? 0n,
      delta: basic?.delta ?? 0n,
      rho: zcdp?.rho ?? 0n,
      rhoDelta: zcdp?.delta ?? 0n,
    };
    const used = limit.renews === null ? book.spentOf(id, null, null) : null;
    return [{ account: id, spend: used === null ? writeSpend(whole) : less(whole, used) }];
  });
}

function less(whole: Spend, used: Spend): WrittenSpend {
  const left = (a: bigint, b: bigint): bigint => (a > b ? a - b : 0n);
  return writeSpend({
    epsilon: left(whole.epsilon, used.epsilon),
    delta: left(whole.delta, used.delta),
    rho: left(whole.rho, used.rho),
    rhoDelta: left(whole.rhoDelta, used.rhoDelta),
  });
}

/** Made whole beside the journal, with what is written off, and then put in its place: no moment shows it without. */
async function replaceJournal(
  at: Whereabouts & { readonly folder: string },
  source: string,
  entry: WriteOffEntry | null,
  now: Date,
): Promise<void> {
  const path = journalFile(at);
  const draft = `${path}.restored`;
  rmSync(draft, { force: true });
  rmSync(`${draft}.lock`, { force: true, recursive: true });
  copyFileSync(join(source, 'journal'), draft);
  chmodSync(draft, 0o600);
  if (entry !== null) {
    const store = fileStore(draft);
    try {
      const ledger = await openLedger(store, { key: loadOrCreateKeys(at.folder).signing });
      await ledger.state(() => entry);
    } finally {
      await store.close();
    }
  }
  rmSync(`${draft}.lock`, { force: true, recursive: true });
  if (existsSync(path)) copyFileSync(path, `${path}.damaged-${now.toISOString().replaceAll(':', '')}`);
  nameFile(draft, path);
}
