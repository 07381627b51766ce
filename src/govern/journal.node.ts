/** The journal of a state folder: signed with the folder's key, anchored in it and where the policy says. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Anchor, type AnchorStore, readAnchor, rolledBack, writeAnchor } from '../charge/anchor.ts';
import { Landmarks } from '../charge/landmarks.ts';
import type { Ledger, Store } from '../charge/ledger.ts';
import { type LedgerOptions, openLedger } from '../charge/open-ledger.ts';
import { linesIn, replayOf } from '../charge/read-journal.ts';
import type { Replay } from '../charge/replay.ts';
import { anchorFile } from '../charge/store/anchor-file.node.ts';
import { fileStore } from '../charge/store/file.node.ts';
import { memoryStore } from '../charge/store/memory.ts';
import { readFile, readFolder, writeFirst } from '../crypto/durable-file.node.ts';
import { type Keys, loadOrCreateKeys, settleKeys } from '../crypto/keys.node.ts';
import type { SigningKey } from '../crypto/sign.ts';
import { GauzeError } from '../errors.ts';
import type { Policy } from '../policy/policy.ts';
import { policyInForce } from './in-force.ts';

/** A journal that is open, and what opens it. */
export interface OpenJournal {
  readonly ledger: Ledger;
  readonly store: Store;
  readonly keys: Keys;
}

/** Where a policy's state is: its folder, null for none, and the folder that its file names start from. */
export interface Whereabouts {
  readonly folder: string | null;
  readonly base: string;
}

/** What is otherwise than usual. */
export interface JournalOptions {
  /** A store of one's own instead of the folder's. */
  readonly own?: Store | undefined;
  /** The key that takes the place of one that is lost, whatever key the journal names. */
  readonly lostTo?: SigningKey;
  /** Is told every entry; twice where the journal is opened twice. */
  readonly seen?: LedgerOptions['seen'];
}

/**
 * Opens the journal of a policy, verified against its anchors.
 *
 * @throws GauzeError LEDGER_*, CRYPTO_DECODE; LEDGER_ROLLBACK also when the anchor that the rules in force ask for is gone
 */
export async function openJournal(
  policy: Policy,
  at: Whereabouts,
  { own, lostTo, seen = () => undefined }: JournalOptions = {},
): Promise<OpenJournal> {
  checkShared(at, own);
  const loaded = loadOrCreateKeys(at.folder);
  const keys = lostTo === undefined ? loaded : { ...loaded, signing: lostTo };
  const store = own ?? fileStore(journalFile(at));
  try {
    const anchors = anchorsOf(policy, at, own === undefined);
    let ledger = await openLedger(store, { key: keys.signing, anchors, seen });
    const named = (await ledger.records()).key?.publicKey ?? keys.signing.publicKey;
    const isKnown = named === keys.signing.publicKey || lostTo !== undefined;
    const signing = isKnown ? keys.signing : changedKey(at, named);
    if (signing !== keys.signing) ledger = await openLedger(store, { key: signing, anchors, seen });
    await checkAnchor(ledger, policy, at, own === undefined);
    return { ledger, store, keys: { ...keys, signing } };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The journal if there is one, else one that is empty: to look at budgets makes no folder and no keys. @throws GauzeError LEDGER_* */
export async function journalOrNothing(
  policy: Policy,
  at: Whereabouts,
): Promise<{ readonly ledger: Ledger; readonly store: Store }> {
  checkShared(at, undefined);
  if (at.folder !== null && existsSync(journalFile(at))) return openJournal(policy, at);
  const store = memoryStore();
  return { ledger: await openLedger(store), store };
}

/** The journal in a state folder. */
export function journalFile({ folder }: Whereabouts): string {
  return join(folder ?? '.', 'journal');
}

/** An anchor, the officer's or the folder's, that has seen what a journal lacks; null where there is none. */
export async function lackingAnchor(
  policy: Policy,
  at: Whereabouts,
  lines: readonly Uint8Array[],
  state: Replay,
): Promise<Anchor | null> {
  for (const store of anchorsOf(policy, at, true)) {
    const text = await store.read();
    const anchor = text === null ? null : anchorIn(text);
    if (anchor === null) continue;
    const landmarks = new Landmarks([anchor]);
    await replayOf(lines, (read) => landmarks.see(read));
    if (!landmarks.holds(anchor, state)) return anchor;
  }
  return null;
}

/** A damaged anchor says nothing. */
function anchorIn(text: string): Anchor | null {
  try {
    return readAnchor(text).anchor;
  } catch {
    return null;
  }
}

/** Where the officer's anchor is; null where the policy names none. */
export function officersAnchor({ governance }: Policy, { base }: Whereabouts): string | null {
  return governance.anchor === null ? null : resolve(base, governance.anchor);
}

/**
 * Writes the anchors anew from the journal as it is: after a restore, and when an officer trusts a journal whose anchor is
 * lost. The text of the anchor; null for an empty journal.
 *
 * @param isRestored - whether what anchors have seen beyond the journal is written off in it
 * @throws GauzeError LEDGER_*; LEDGER_ROLLBACK where an anchor that can be read has seen what the journal lacks
 */
export async function renewAnchors(policy: Policy, at: Whereabouts, isRestored = false): Promise<string | null> {
  const lines = linesIn(readFileSync(journalFile(at)));
  const state = await replayOf(lines);
  const lacking = isRestored ? null : await lackingAnchor(policy, at, lines, state);
  if (lacking !== null) throw rolledBack(lacking, state.length);
  const named = state.records.key?.publicKey ?? null;
  const key = named === null ? null : changedKey(at, named);
  const text = writeAnchor(state, key, true);
  if (text !== null) for (const anchor of anchorsOf(policy, at, true)) await anchor.write(text);
  return text;
}

function anchorsOf(policy: Policy, at: Whereabouts, isFile: boolean): readonly AnchorStore[] {
  const officers = officersAnchor(policy, at);
  return [
    ...(isFile && at.folder !== null ? [anchorFile(join(at.folder, 'journal.anchor'), false)] : []),
    ...(officers === null ? [] : [anchorFile(officers, true)]),
  ];
}

/** The key of a rotation that a crash cut off after the chain had named it. */
function changedKey({ folder }: Whereabouts, publicKey: string): Keys['signing'] {
  const settled = folder === null ? null : settleKeys(folder, publicKey);
  if (settled !== null) return settled;
  throw new GauzeError('LEDGER_KEY', {
    message: 'The journal is signed with another key than the one that is here.',
    next: 'Put the key back beside the journal. If it is lost for good: gauze key lost.',
  });
}

/** Once rules with an anchor are in force, their anchor is there: whoever takes it away could bring an older journal back. */
async function checkAnchor(ledger: Ledger, policy: Policy, at: Whereabouts, isFolders: boolean): Promise<void> {
  if (isFolders && (await ledger.head()) === null && hasAnswers(at)) throw gone();
  const path = officersAnchor(policy, at);
  if (path === null || looked(() => readFile(path)) !== null) return;
  const before = policyInForce(await ledger.records());
  if (before?.governance.anchor !== policy.governance.anchor) return;
  throw new GauzeError('LEDGER_ROLLBACK', {
    message: `The anchor of the journal is gone: ${path}`,
    next: 'Put it back, or check the journal and write a new one: gauze ledger anchor --policy FILE',
  });
}

/** Answers are stored after a charge: where there are some, the journal was not always empty. */
function hasAnswers({ folder }: Whereabouts): boolean {
  if (folder === null) return false;
  return looked(() => readFolder(join(folder, 'answers'))).some((name) => /^[0-9a-f]{64}$/.test(name));
}

function gone(): GauzeError {
  return new GauzeError('LEDGER_ROLLBACK', {
    message: 'The journal is empty, and answers that it paid for are still here.',
    next: 'Put the journal back, or bring it back from a backup: gauze restore',
  });
}

/** Notes in a state folder that its journal is kept elsewhere: what looks at the folder alone must not take it for none. */
export function markShared(folder: string): void {
  const path = join(folder, 'journal');
  if (existsSync(path) && statSync(path).size > 0) {
    throw new GauzeError('USAGE', {
      message: 'The folder of this policy has a journal of its own, and its budgets would begin anew in shared state.',
      next: 'Begin shared state with a folder that has no journal yet; what was spent here stays spent here.',
    });
  }
  writeFirst(join(folder, SHARED), 'The journal of this folder is in a database that servers share.\n');
}

const SHARED = 'shared';

function checkShared({ folder }: Whereabouts, own: Store | undefined): void {
  if (own !== undefined || folder === null || looked(() => readFile(join(folder, SHARED))) === null) return;
  throw new GauzeError('USAGE', {
    message: 'The journal of this policy is in a database that servers share, not in its folder.',
    next: "Act on it in a program: inOffice({ policy, as, state }, …) of 'gauze/office', with the state the servers use.",
  });
}

/** What cannot be looked at is not taken for absent. @throws GauzeError LEDGER_UNAVAILABLE */
function looked<T>(look: () => T): T {
  try {
    return look();
  } catch {
    throw new GauzeError('LEDGER_UNAVAILABLE', {
      message: 'The folder of the journal cannot be read, so nothing is answered.',
      next: 'Let this user read the folder beside the policy, and that of its anchor.',
    });
  }
}
