/**
 * The Node face: policy files, a journal beside them, the native engine (or wasm where it has no binary).
 *
 * @module gauze
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { accountsOf } from './charge/account.ts';
import type { Ledger, Standing, Store } from './charge/ledger.ts';
import { openLedger } from './charge/open-ledger.ts';
import { fileStore } from './charge/store/file.node.ts';
import { memoryStore } from './charge/store/memory.ts';
import { loadOrCreateKey } from './crypto/key-file.node.ts';
import type { Engine } from './engine/engine.ts';
import { openEngine } from './engine/open-engine.node.ts';
import { GauzeError } from './errors.ts';
import { isPolicy, versionsOf, withNote } from './index/opening.ts';
import { type PolicyInput, parsePolicy, policyFromObject } from './policy/index.ts';
import type { Policy } from './policy/policy.ts';
import type { RegistrationStore } from './registration.ts';
import { memoryAnswers } from './release/recall.ts';
import { fileAnswers } from './release/recall-file.node.ts';
import { checkPrincipal, makeSession, type Session } from './session.ts';
import { registrationFile, stateFolder } from './state.node.ts';

/** How to open a session in Node. */
export interface OpenOptions {
  /** Path of a policy file, a plain object of the same shape, or a parsed policy. */
  readonly policy: string | PolicyInput | Policy;
  /** The principal who asks. */
  readonly as: string;
  /** `native` (default where it has a binary), `wasm`, or an engine of your own. */
  readonly engine?: 'native' | 'wasm' | Engine;
  /** Where the journal lives; by default a folder beside the policy file. Objects without a folder need one of the two. */
  readonly ledger?: Store;
  readonly directory?: string;
  readonly clock?: () => Date;
  /** Milliseconds a read may take; none by default. */
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
  const { engine, note } =
    typeof options.engine === 'object'
      ? { engine: options.engine, note: null }
      : await openEngine(options.engine ?? null, base);
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
      close: async () => {
        await engine.close();
        await journal.close();
      },
    });
    return withNote(session, note);
  } catch (error) {
    await engine.close();
    await store?.close();
    throw error;
  }
}

/** Standings of every account of a policy file, without touching its data. */
export async function openLedgerOf(
  file: string,
): Promise<{ standings(): Promise<readonly Standing[]>; close(): Promise<void> }> {
  const { policy, folder } = place({ policy: file, as: '' });
  const path = `${folder}/journal`;
  const store = existsSync(path) ? fileStore(path) : memoryStore();
  const ledger: Ledger = await openLedger(store);
  return {
    standings: () => Promise.all(accountsOf(policy).map((account) => ledger.standing(account))),
    close: () => store.close(),
  };
}

/** Registers every data set of a policy file as a new data version; names of the data sets. */
export async function registerData(file: string, engineName?: 'native' | 'wasm'): Promise<readonly string[]> {
  const { policy, base, folder } = place({ policy: file, as: '' });
  const { engine } = await openEngine(engineName ?? null, base);
  try {
    const key = loadOrCreateKey(`${folder}/key`);
    return [...(await versionsOf(engine, policy, registrationsIn(folder), key.secret, 'always')).keys()];
  } finally {
    await engine.close();
  }
}

interface Place {
  readonly policy: Policy;
  /** Folder that relative file names start from. */
  readonly base: string;
  /** Folder of journal, key and answers; null for policies given as objects without a directory. */
  readonly folder: string | null;
}

function place(options: Pick<OpenOptions, 'policy' | 'directory' | 'as'>): Place {
  if (typeof options.policy === 'string') {
    const file = resolve(options.policy);
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      throw new GauzeError('USAGE', {
        message: `The policy file ${options.policy} cannot be read.`,
        next: 'Check the path, or write a first policy with: gauze init FILE',
      });
    }
    return {
      policy: parsePolicy(text, { file: options.policy }),
      base: dirname(file),
      folder: stateFolder(file, options.directory),
    };
  }
  const policy = isPolicy(options.policy) ? options.policy : policyFromObject(options.policy);
  const folder = options.directory === undefined ? null : stateFolder(null, options.directory);
  return { policy, base: options.directory ?? process.cwd(), folder };
}

function registrationsIn(folder: string | null): RegistrationStore {
  return folder === null ? unwritten() : registrationFile(folder);
}

function unwritten(): RegistrationStore {
  let text: string | null = null;
  return {
    read: async () => text,
    write: async (next) => {
      text = next;
    },
  };
}

function nowhere(): GauzeError {
  return new GauzeError('USAGE', {
    message: 'A policy given as an object has no place for its journal.',
    next: 'Give a directory (or a ledger store of your own) to open.',
  });
}

export { memoryStore } from './charge/store/memory.ts';
export { GauzeError } from './errors.ts';
export type * from './index/types.ts';
export { parsePolicy } from './policy/index.ts';
export { verifyReceipt } from './release/receipt.ts';
