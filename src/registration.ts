/**
 * Data versions. Registering a data set checks what its policy declares and gives the data a random label; opening it
 * later only compares a secretly keyed fingerprint. The label says nothing about the data, and a new one never renews a
 * budget.
 */

import { canonicalBytes, sha256Hex } from './crypto/canonical.ts';
import { randomBytes } from './crypto/entropy.ts';
import type { Engine } from './engine/engine.ts';
import { GauzeError } from './errors.ts';
import type { Dataset } from './policy/policy.ts';

/** Where registrations are kept: one text, beside the journal. */
export interface RegistrationStore {
  read(): Promise<string | null>;
  write(text: string): Promise<void>;
}

interface Registered {
  readonly version: string;
  readonly fingerprint: string;
  readonly declarations: string;
  readonly failures: readonly string[];
}

/** `always` makes a new version whatever is recorded; `once` registers a data set never seen, and refuses changed data. */
export type RegisterMode = 'once' | 'always';

/**
 * Version label of a data set, registering it where that is due.
 *
 * @throws GauzeError POLICY_DATASET when the data or their declarations changed since registration, or a declaration is
 * false: the data set is closed to everyone until the data holder registers it again.
 */
export async function versionOf(
  engine: Engine,
  dataset: Dataset,
  store: RegistrationStore,
  secret: Uint8Array,
  mode: RegisterMode,
): Promise<string> {
  const all = parse(await store.read());
  const known = all[dataset.name];
  const fingerprint = await engine.fingerprint(dataset, secret);
  const declarations = declarationsOf(dataset);
  if (mode === 'once' && known !== undefined) {
    if (known.fingerprint !== fingerprint || known.declarations !== declarations) throw changed(dataset.name);
    return usable(dataset.name, known);
  }
  const failures = await engine.verify(dataset);
  const version = [...randomBytes(8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const registered: Registered = { version, fingerprint, declarations, failures };
  await store.write(`${JSON.stringify({ ...all, [dataset.name]: registered }, null, 1)}\n`);
  return usable(dataset.name, registered);
}

function usable(name: string, registered: Registered): string {
  if (registered.failures.length === 0) return registered.version;
  throw new GauzeError('POLICY_DATASET', {
    message: `The data set ${name} is closed: its policy declares what does not hold (${registered.failures.join('; ')}).`,
    next: 'Mend the data or the policy, then run: gauze register --policy FILE',
    fields: { dataset: name },
  });
}

function changed(name: string): GauzeError {
  return new GauzeError('POLICY_DATASET', {
    message: `The data or declarations of ${name} changed since they were registered.`,
    next: 'The data holder registers the new version with: gauze register --policy FILE. Budgets stay as they are.',
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
    required: [...table.columns.values()].filter((column) => !column.nullable).map((column) => column.name),
  }));
  return sha256Hex(canonicalBytes({ unit: dataset.unit, source: dataset.source, tables }));
}

function parse(text: string | null): Record<string, Registered> {
  if (text === null) return {};
  try {
    return JSON.parse(text) as Record<string, Registered>;
  } catch {
    throw new GauzeError('LEDGER_CORRUPT', {
      message: 'The record of registered data versions cannot be read.',
      next: 'Restore it from a backup, or register again with: gauze register --policy FILE',
    });
  }
}
