/**
 * The Node face: policy files, a journal beside them, the native engine (or wasm where it has no binary).
 *
 * @module gauze
 */
import type { Store } from './charge/ledger.ts';
import type { Engine } from './engine/engine.ts';
import { type OpenedEngine, openEngine } from './engine/open-engine.node.ts';
import { GauzeError } from './errors.ts';
import { checkDataset } from './govern/acts.ts';
import { recordVersions } from './govern/data-version.ts';
import { bringIntoForce } from './govern/in-force.ts';
import { markShared, openJournal } from './govern/journal.node.ts';
import { joined, keepWithdrawn, type WithdrawnUnits, withdrawnIn } from './govern/withdrawals.node.ts';
import { inOffice, type OfficeOptions } from './index/office.node.ts';
import { attachAll, end, versionsOf, withNote } from './index/opening.ts';
import { nowhere, type Placed, place, registrationsIn } from './index/place.node.ts';
import type { SharedState } from './index/shared-state.ts';
import { countWithdrawn, type WithdrawalCount } from './index/withdrawing.node.ts';
import { type AnswerStore, memoryAnswers } from './release/recall.ts';
import { fileAnswers } from './release/recall-file.node.ts';
import { checkPrincipal, makeSession, type Session } from './session.ts';
import { watchHere } from './watch/watching.node.ts';
import type { OnAlert } from './watch/watching.ts';

/** How to open a session in Node. */
export interface OpenOptions extends Placed {
  /** The principal who asks. */
  readonly as: string;
  /** What the questions are for, where the policy declares purposes; a question may say otherwise. */
  readonly purpose?: string;
  /** `native` (default where it has a binary), `wasm`, or an engine of your own. */
  readonly engine?: 'native' | 'wasm' | Engine;
  /** State that several servers share, such as that of `gauze/postgres`. */
  readonly state?: SharedState;
  /** A journal of your own. A policy given as an object needs this or a `directory`. */
  readonly ledger?: Store;
  readonly clock?: () => Date;
  /** Hears every new alert of the watch. */
  readonly onAlert?: OnAlert;
  /** Milliseconds a read may take where its question says nothing; ten minutes by default, `Infinity` for no end. */
  readonly timeout?: number;
}

/**
 * Opens a session: reads the policy, attaches and locks the data, checks the data version, opens the journal.
 *
 * @throws GauzeError POLICY_INVALID, POLICY_PRINCIPAL, POLICY_DATASET, ENGINE_UNAVAILABLE, LEDGER_*
 */
export async function open(options: OpenOptions): Promise<Session> {
  const { policy, base, folder } = place(options);
  checkPrincipal(policy, options.as);
  if (folder === null && options.ledger === undefined) throw nowhere();
  const { engine, note } = await engineOf(options.engine, base);
  let store: Store | null = null;
  try {
    const watching = watchHere(policy, { folder, onAlert: options.onAlert });
    const own = options.state?.ledger ?? options.ledger;
    const journal = await openJournal(policy, { folder, base }, { own, seen: watching.seen });
    if (folder !== null && options.state !== undefined) markShared(folder);
    store = journal.store;
    watching.begin();
    const { signing, secret } = journal.keys;
    const registrations = options.state?.registrations ?? registrationsIn(folder);
    await attachAll(engine, policy, withdrawnIn(folder));
    const versions = await versionsOf(engine, policy, registrations, secret, 'once');
    const clock = options.clock ?? ((): Date => new Date());
    await bringIntoForce(journal.ledger, policy, null, clock());
    await recordVersions(journal.ledger, versions, { withdrawal: false, by: null }, clock());
    const session = makeSession({
      policy,
      principal: options.as,
      purpose: options.purpose ?? null,
      engine,
      ledger: journal.ledger,
      key: signing,
      secret,
      versions,
      clock,
      timeout: options.timeout ?? null,
      answers: options.state?.answers(secret) ?? answersIn(folder, secret),
      close: () => end(engine, journal.store),
    });
    return withNote(session, note);
  } catch (error) {
    await end(engine, store);
    throw error;
  }
}

/** What to register: a policy, where its state is, and the engine that reads the data. */
export interface RegisterOptions extends OfficeOptions {
  readonly engine?: 'native' | 'wasm' | Engine;
  /** Units to leave out from now on, by data set, each as the engine casts it to text: they have withdrawn. */
  readonly withdrawn?: WithdrawnUnits;
  /** Hears, once a withdrawal is registered, how many of the units listed for a data set its data hold. */
  readonly onWithdrawn?: (count: WithdrawalCount) => void;
}

/**
 * Registers every data set of a policy as a new data version, after its data changed or units have withdrawn; names of the
 * data sets. Budgets stay as they are, and so do answers that were released: none is made from an old version any more.
 *
 * @throws GauzeError USAGE without a folder for the record, and where the data hold none of the units that withdraw: then
 * nothing is changed; POLICY_INVALID, POLICY_DATASET, POLICY_ROLE, ENGINE_UNAVAILABLE
 */
export function registerData(options: RegisterOptions): Promise<readonly string[]> {
  return inOffice(options, ['steward'], async ({ policy, ledger, keys, by, now, folder, base, store }) => {
    const leaving = options.withdrawn ?? {};
    const names = Object.keys(leaving);
    for (const dataset of names) checkDataset(policy, dataset);
    const { engine } = await engineOf(options.engine, base);
    try {
      await attachAll(engine, policy, joined(withdrawnIn(folder), leaving));
      const counts = await countWithdrawn(engine, policy, leaving);
      // Before the new version: cut off between the two, the data set stays closed until it is registered again.
      if (names.length > 0) await store.exclusively(async () => keepWithdrawn(folder, leaving));
      const registrations = options.state?.registrations ?? registrationsIn(folder);
      const versions = await versionsOf(engine, policy, registrations, keys.secret, 'always');
      await recordVersions(ledger, versions, { withdrawal: names.length > 0, by }, now);
      for (const count of counts) options.onWithdrawn?.(count);
      return [...versions.keys()];
    } finally {
      await engine.close();
    }
  });
}

function answersIn(folder: string | null, secret: Uint8Array): AnswerStore {
  return folder === null ? memoryAnswers() : fileAnswers(`${folder}/answers`, secret);
}

async function engineOf(engine: OpenOptions['engine'], base: string): Promise<OpenedEngine> {
  if (typeof engine === 'string' && engine !== 'native' && engine !== 'wasm') {
    throw new GauzeError('USAGE', {
      message: 'There is no such engine.',
      next: "Take 'native', 'wasm' or an engine of your own; without one gauze chooses.",
    });
  }
  return typeof engine === 'object' ? { engine, note: null } : openEngine(engine ?? null, base);
}

export { memoryStore } from './charge/store/memory.ts';
export { GauzeError } from './errors.ts';
export type { Placed } from './index/place.node.ts';
export type * from './index/types.ts';
export type { WithdrawalCount } from './index/withdrawing.node.ts';
export { parsePolicy } from './policy/index.ts';
export { verifyReceipt } from './release/receipt.ts';
export { previewQuestion } from './session/preview/preview.ts';
export { parseStudy } from './study/read-study.ts';
export { planStudy } from './study/study-plan.ts';
