/**
 * The browser face: a policy as text or object, files or a duckdb-wasm connection, a journal in IndexedDB.
 *
 * @module gauze (browser)
 */
import type { Store } from './charge/ledger.ts';
import { openLedger } from './charge/open-ledger.ts';
import { indexedDbStore } from './charge/store/indexeddb.ts';
import { indexedDbKey } from './charge/store/indexeddb-key.ts';
import { indexedDbRegistration } from './charge/store/indexeddb-registration.ts';
import { openWasm, type WasmOptions } from './engine/duckdb-wasm.ts';
import type { Engine } from './engine/engine.ts';
import { recordVersions } from './govern/data-version.ts';
import { bringIntoForce } from './govern/in-force.ts';
import { attachAll, end, isPolicy, versionsOf } from './index/opening.ts';
import { type PolicyInput, parsePolicy, policyFromObject } from './policy/index.ts';
import type { Policy } from './policy/policy.ts';
import type { RegisterMode } from './registration.ts';
import { indexedDbAnswers } from './release/recall-indexeddb.ts';
import { checkPrincipal, makeSession, type Session } from './session.ts';
import { type OnAlert, watchFromNow } from './watch/watching.ts';

/** The data and the engine: files in `sources`, and a `bundle` or `connection` of duckdb-wasm; or an engine of your own. */
export interface DataOptions extends Omit<WasmOptions, 'portableHash'> {
  /** Text of a policy file (YAML or JSON), a plain object of the same shape, or a parsed policy. */
  readonly policy: string | PolicyInput | Policy;
  readonly engine?: Engine;
  /**
   * Name of the IndexedDB database with journal, key, registrations and stored answers. All pages of an origin share
   * `default`, so that a changed policy never renews a budget; unrelated policies take names of their own.
   */
  readonly name?: string;
}

/** How to open a session in a page. */
export interface OpenOptions extends DataOptions {
  /** The principal who asks. */
  readonly as: string;
  /** What the questions are for, where the policy declares purposes; a question may say otherwise. */
  readonly purpose?: string;
  /** A journal of your own instead of IndexedDB's. */
  readonly ledger?: Store;
  readonly clock?: () => Date;
  /** Hears every alert of the watch while the session is open. */
  readonly onAlert?: OnAlert;
  /** Milliseconds a read may take where its question says nothing; ten minutes by default, `Infinity` for no end. */
  readonly timeout?: number;
}

/**
 * Opens a session in a page: attaches and locks the data, checks the data version, opens the journal. The first opening
 * registers the data.
 *
 * @throws GauzeError POLICY_INVALID, POLICY_PRINCIPAL, POLICY_DATASET, ENGINE_UNAVAILABLE, LEDGER_*, USAGE
 */
export async function open(options: OpenOptions): Promise<Session> {
  const policy = policyOf(options.policy);
  checkPrincipal(policy, options.as);
  const name = options.name ?? 'default';
  const { engine, versions } = await attach(options, policy, 'once');
  let store: Store | null = null;
  try {
    const key = await indexedDbKey(name);
    const journal = options.ledger ?? (await indexedDbStore(name));
    store = journal;
    const clock = options.clock ?? (() => new Date());
    const watching = watchFromNow(policy, options.onAlert);
    const ledger = await openLedger(journal, { key, seen: watching.seen });
    watching.begin();
    await bringIntoForce(ledger, policy, null, clock());
    await recordVersions(ledger, versions, { withdrawal: false, by: null }, clock());
    return makeSession({
      policy,
      principal: options.as,
      engine,
      purpose: options.purpose ?? null,
      ledger,
      answers: await indexedDbAnswers(name, key.secret),
      key,
      secret: key.secret,
      versions,
      clock,
      timeout: options.timeout ?? null,
      close: () => end(engine, journal),
    });
  } catch (error) {
    await end(engine, store);
    throw error;
  }
}

/**
 * Registers the data sets of a policy as a new data version, after their data changed; names of the data sets. Budgets
 * stay as they are.
 *
 * @throws GauzeError as `open`
 */
export async function registerData(options: DataOptions): Promise<readonly string[]> {
  const { engine, versions } = await attach(options, policyOf(options.policy), 'always');
  await engine.close();
  return [...versions.keys()];
}

function policyOf(policy: DataOptions['policy']): Policy {
  if (typeof policy === 'string') return parsePolicy(policy);
  return isPolicy(policy) ? policy : policyFromObject(policy);
}

async function attach(
  options: DataOptions,
  policy: Policy,
  mode: RegisterMode,
): Promise<{ engine: Engine; versions: ReadonlyMap<string, string> }> {
  const name = options.name ?? 'default';
  const engine = options.engine ?? (await openWasm(options));
  try {
    await attachAll(engine, policy);
    const { secret } = await indexedDbKey(name);
    const registrations = await indexedDbRegistration(name);
    try {
      return { engine, versions: await versionsOf(engine, policy, registrations, secret, mode) };
    } finally {
      registrations.close();
    }
  } catch (error) {
    await engine.close();
    throw error;
  }
}

export { memoryStore } from './charge/store/memory.ts';
export {
  type DataSource,
  openWasm,
  type WasmBundle,
  type WasmConnection,
  type WasmOptions,
} from './engine/duckdb-wasm.ts';
export { GauzeError } from './errors.ts';
export type * from './index/types.ts';
export { parsePolicy } from './policy/index.ts';
export { verifyReceipt } from './release/receipt.ts';
export { previewQuestion } from './session/preview/preview.ts';
export { parseStudy } from './study/read-study.ts';
export { planStudy } from './study/study-plan.ts';
