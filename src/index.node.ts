/** The Node face: policy files, a journal beside them, the native engine (or wasm where it has no binary). */
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
import { type PolicyInput, parsePolicy, policyFromObject } from './policy/index.ts';
import type { Policy } from './policy/policy.ts';
import { type RegisterMode, type RegistrationStore, versionOf } from './registration.ts';
import { memoryAnswers } from './release/recall.ts';
import { fileAnswers } from './release/recall-file.node.ts';
import { makeSession, type Session } from './session.ts';
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
  if (!policy.principals.has(options.as)) throw unknownPrincipal();
  if (folder === null && options.ledger === undefined) throw nowhere();
  const engine = typeof options.engine === 'object' ? options.engine : await openEngine(options.engine ?? null, base);
  try {
    const key = loadOrCreateKey(folder === null ? null : `${folder}/key`);
    const versions = await versionsOf(engine, policy, folder, key.secret, 'once');
    const store = options.ledger ?? fileStore(`${folder}/journal`);
    const clock = options.clock ?? ((): Date => new Date());
    const ledger = await openLedger(store);
    return makeSession({
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
        await store.close();
      },
    });
  } catch (error) {
    await engine.close();
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
  const engine = await openEngine(engineName ?? null, base);
  try {
    const key = loadOrCreateKey(`${folder}/key`);
    return [...(await versionsOf(engine, policy, folder, key.secret, 'always')).keys()];
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

function isPolicy(policy: PolicyInput | Policy): policy is Policy {
  return policy.datasets instanceof Map;
}

async function versionsOf(
  engine: Engine,
  policy: Policy,
  folder: string | null,
  secret: Uint8Array,
  mode: RegisterMode,
): Promise<Map<string, string>> {
  const store: RegistrationStore = folder === null ? unwritten() : registrationFile(folder);
  const versions = new Map<string, string>();
  for (const dataset of policy.datasets.values()) {
    await engine.attach(policy, dataset);
    versions.set(dataset.name, await versionOf(engine, dataset, store, secret, mode));
  }
  return versions;
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

function unknownPrincipal(): GauzeError {
  return new GauzeError('POLICY_PRINCIPAL', {
    message: 'The policy names no such principal.',
    next: 'Ask as one of the principals of the policy, or have yourself added to it.',
  });
}

function nowhere(): GauzeError {
  return new GauzeError('USAGE', {
    message: 'A policy given as an object has no place for its journal.',
    next: 'Give a directory (or a ledger store of your own) to open.',
  });
}

export { memoryStore } from './charge/store/memory.ts';
export type { ErrorCode, Position } from './errors.ts';
export { GauzeError } from './errors.ts';
export type { ExplainOptions, QueryOptions, Stage } from './options.ts';
export { parsePolicy } from './policy/index.ts';
export { verifyReceipt } from './release/receipt.ts';
export type { Intervals, Receipt, Release, ReleasedColumn } from './release/release.ts';
export type { Explanation, Session } from './session.ts';
