/**
 * Data versions. Registering a data set checks what its policy declares and gives the data a random label; opening it
 * later only compares a secretly keyed fingerprint. The label says nothing about the data, and a new one never renews a
 * budget.
 */

import { canonicalBytes, sha256Hex } from './crypto/canonical.ts';
import { randomBytes } from './crypto/entropy.ts';
import type { Engine } from './engine/engine.ts';
import { GauzeError } from './errors.ts';
import { type Declaration, failureText, isDeclaration } from './policy/declaration.ts';
import { declarationPlace } from './policy/places.ts';
import type { Dataset, Policy } from './policy/policy.ts';

/** Where registrations are kept: one text, beside the journal. @throws GauzeError LEDGER_UNAVAILABLE */
export interface RegistrationStore {
  /** Null only where none was ever kept. */
  read(): Promise<string | null>;
  /**
   * Puts the text that `change` makes of the present one in its place, and lets nobody else change it meanwhile; null
   * leaves it as it is. Durable when it resolves. What `change` throws is thrown on, and nothing is changed.
   */
  update(change: (text: string | null) => string | null): Promise<void>;
}

interface Registered {
  readonly version: string;
  readonly fingerprint: string;
  readonly declarations: string;
  readonly failures: readonly Declaration[];
}

/** How a data holder registers. */
const REGISTER = '`gauze register --policy FILE`, in a page `registerData`';

/** `always` makes a new version whatever is recorded; `once` registers a data set never seen, and refuses changed data. */
export type RegisterMode = 'once' | 'always';

/**
 * Version label of a data set, registering it where that is due.
 *
 * @throws GauzeError POLICY_DATASET when the data or their declarations changed since registration, or a declaration is
 * false: the data set is closed to everyone until the data holder registers it again. LEDGER_CORRUPT when what is
 * recorded is no record, LEDGER_UNAVAILABLE when it cannot be read or written.
 *
 * @param policy - the data set's, for the places of what does not hold
 */
export async function versionOf(
  engine: Engine,
  dataset: Dataset,
  store: RegistrationStore,
  secret: Uint8Array,
  mode: RegisterMode,
  policy: Policy | null = null,
): Promise<string> {
  const recorded = parse(await store.read());
  // Registering anew is how the data holder mends a damaged record.
  if (recorded === null && mode === 'once') throw corrupt();
  const known = recorded?.get(dataset.name);
  const fingerprint = await engine.fingerprint(dataset, secret);
  const declarations = declarationsOf(dataset);
  if (mode === 'once' && known !== undefined) {
    return usableNow(dataset, known, fingerprint, declarations, policy);
  }
  const failures = await engine.verify(dataset);
  const version = [...randomBytes(8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const registered = await record(dataset.name, { version, fingerprint, declarations, failures }, store, mode);
  return usableNow(dataset, registered, fingerprint, declarations, policy);
}

/**
 * Writes a registration down; what counts from now on. Of two sessions that open data at once for the first time the first
 * to get here registers: with two labels in use one answer would be given twice.
 */
async function record(
  name: string,
  made: Registered,
  store: RegistrationStore,
  mode: RegisterMode,
): Promise<Registered> {
  let valid = made;
  await store.update((text) => {
    const recorded = parse(text);
    if (recorded === null && mode === 'once') throw corrupt();
    const all = recorded ?? new Map<string, Registered>();
    const other = all.get(name);
    if (mode === 'once' && other !== undefined) {
      valid = other;
      return null;
    }
    valid = made;
    return `${JSON.stringify(Object.fromEntries(all.set(name, made)), null, 1)}\n`;
  });
  return valid;
}

/** The label of what is registered, if the data are still those. */
function usableNow(
  dataset: Dataset,
  registered: Registered,
  fingerprint: string,
  declarations: string,
  policy: Policy | null,
): string {
  if (registered.fingerprint !== fingerprint || registered.declarations !== declarations) throw changed(dataset.name);
  return usable(dataset, registered, policy);
}

function usable(dataset: Dataset, { version, failures }: Registered, policy: Policy | null): string {
  if (failures.length === 0) return version;
  const lines = failures.map((failure) => {
    const place = policy === null ? null : declarationPlace(policy, dataset, failure);
    return `  ${place === null ? '' : `${place.text}: `}${failureText(failure)}`;
  });
  throw new GauzeError('POLICY_DATASET', {
    message: [`The data set ${dataset.name} is closed: its policy declares what does not hold.`, ...lines].join('\n'),
    next: `Mend the data or the policy, then register it again: ${REGISTER}.`,
    fields: { dataset: dataset.name, problems: failures.length },
  });
}

function changed(name: string): GauzeError {
  return new GauzeError('POLICY_DATASET', {
    message: `The data or declarations of ${name} changed since they were registered.`,
    next: `The data holder registers the new version: ${REGISTER}. Budgets stay as they are.`,
    fields: { dataset: name },
  });
}

/** Digest of everything that is verified at registration. */
function declarationsOf(dataset: Dataset): string {
  const tables = [...dataset.tables.values()].map((table) => ({
    name: table.name,
    file: table.file,
    public: table.public,
    unit: table.unit,
    unique: table.unique,
    key: table.key,
    columns: [...table.columns.values()].map(({ name, type, zone, nullable }) => ({ name, type, zone, nullable })),
  }));
  return sha256Hex(canonicalBytes({ unit: dataset.unit, source: dataset.source, tables }));
}

/** What is recorded, by data set; null where the text is no record. */
function parse(text: string | null): Map<string, Registered> | null {
  if (text === null) return new Map();
  try {
    const parsed: unknown = JSON.parse(text);
    if (!isRecord(parsed)) return null;
    const entries = Object.entries(parsed);
    return entries.every((entry): entry is [string, Registered] => isRegistered(entry[1])) ? new Map(entries) : null;
  } catch {
    return null;
  }
}

function isRegistered(value: unknown): value is Registered {
  return (
    isRecord(value) &&
    [value.version, value.fingerprint, value.declarations].every((text) => typeof text === 'string') &&
    Array.isArray(value.failures) &&
    value.failures.every(isDeclaration)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function corrupt(): GauzeError {
  return new GauzeError('LEDGER_CORRUPT', {
    message: 'The record of registered data versions is damaged.',
    next: `Restore it from a backup, or register the data again: ${REGISTER}. Budgets stay as they are.`,
  });
}
