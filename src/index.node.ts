/**
 * The Node face: policy files, a journal beside them, the native engine (or wasm where it has no binary).
 *
 * @module gauze
 */
import type { Store } from './charge/ledger.ts';
import { openLedger } from './charge/open-ledger.ts';
import { fileStore } from './charge/store/file.node.ts';
import { loadOrCreateKey } from './crypto/key-file.node.ts';
import type { Engine } from './engine/engine.ts';
import { type OpenedEngine, openEngine } from './engine/open-engine.node.ts';
import { GauzeError } from './errors.ts';
import { end, versionsOf, withNote } from './index/opening.ts';
import { type Placed, place, registrationsIn } from './index/place.node.ts';
import { memoryAnswers } from './release/recall.ts';
import { fileAnswers } from './release/recall-file.node.ts';
import { checkPrincipal, makeSession, type Session } from './session.ts';

/** How to open a session in Node. */
export interface OpenOptions extends Placed {
  /** The principal who asks. */
  readonly as: string;
  /** `native` (default where it has a binary), `wasm`, or an engine of your own. */
  readonly engine?: 'native' | 'wasm' | Engine;
  /** A journal of your own. A policy given as an object needs this or a `directory`. */
  readonly ledger?: Store;
  readonly clock?: () => Date;
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
    const key = loadOrCreateKey(folder === null ? null : `${folder}/key`);
    const versions = await versionsOf(engine, policy, registrationsIn(folder), key.secret, 'once');
    const journal = options.ledger ?? fileStore(`${folder}/journal`);
    store = journal;
    const clock = options.clock ?? ((): Date => new Date());
    const ledger = await openLedger(journal);
    const session = makeSession({
      policy,
      principal: options.as,
      engine,
      ledger,
      key,
      versions,
      clock,
      timeout: options.timeout ?? null,
      answers: folder === null ? memoryAnswers() : fileAnswers(`${folder}/answers`, key),
      close: () => end(engine, journal),
    });
    return withNote(session, note);
  } catch (error) {
    await end(engine, store);
    throw error;
  }
}

/** What to register: a policy, where its state is, and the engine that reads the data. */
export interface RegisterOptions extends Placed {
  readonly engine?: 'native' | 'wasm' | Engine;
}

/**
 * Registers every data set of a policy as a new data version, after its data changed; names of the data sets. Budgets stay
 * as they are.
 *
 * @throws GauzeError USAGE without a folder for the record; POLICY_INVALID, POLICY_DATASET, ENGINE_UNAVAILABLE
 */
export async function registerData(options: RegisterOptions): Promise<readonly string[]> {
  const { policy, base, folder } = place(options);
  if (folder === null) throw nowhere();
  const { engine } = await engineOf(options.engine, base);
  try {
    const key = loadOrCreateKey(`${folder}/key`);
    return [...(await versionsOf(engine, policy, registrationsIn(folder), key.secret, 'always')).keys()];
  } finally {
    await engine.close();
  }
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

function nowhere(): GauzeError {
  return new GauzeError('USAGE', {
    message: 'A policy given as an object has no place for its journal.',
    next: 'Give a directory (or a ledger store of your own) to open.',
  });
}

export { memoryStore } from './charge/store/memory.ts';
export { GauzeError } from './errors.ts';
export type { Placed } from './index/place.node.ts';
export type * from './index/types.ts';
export { parsePolicy } from './policy/index.ts';
export { verifyReceipt } from './release/receipt.ts';
