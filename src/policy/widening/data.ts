/** Data sets, tables and columns that say more than others did. */
import { compare } from '../../dp/rational.ts';
import type { Consent, Dataset, Policy, PolicyColumn, Table } from '../policy.ts';
import type { Value } from '../value.ts';
import { capWidenings } from './limit.ts';
import { added, isSame, reachWidenings } from './scope.ts';

/** Ways in which the data sets of one policy tell more than those of another. */
export function* dataWidenings(before: Policy, after: Policy): Generator<string> {
  for (const [name, dataset] of after.datasets) {
    const was = before.datasets.get(name);
    if (was === undefined) yield `The data set ${name} is new.`;
    else yield* datasetWidenings(was, dataset);
  }
}

function* datasetWidenings(before: Dataset, after: Dataset): Generator<string> {
  const { name } = after;
  if (before.source !== after.source) yield `${name} is read from another source.`;
  if (!isSame(before.unit, after.unit)) yield `${name}: another privacy unit is protected.`;
  for (const part of ['groups', 'rows'] as const) {
    const [was, is] = [before.contribution[part], after.contribution[part]];
    if (is > was) yield `${name}: one unit counts in up to ${is} ${part}, instead of ${was}.`;
  }
  if (after.minimumUnits < before.minimumUnits) {
    yield `${name}: private groups are shown from ${after.minimumUnits} units on, instead of ${before.minimumUnits}.`;
  }
  if (!isLowered(before.defaultDelta, after.defaultDelta)) {
    yield `${name}: a question that names no delta takes another one.`;
  }
  yield* capWidenings(`The budget of ${name}`, before.budget, after.budget);
  yield* purposeWidenings(before, after);
  yield* consentWidenings(name, before.consent, after.consent);
  if (after.disjoint !== null && !isSame(before.disjoint, after.disjoint)) {
    const { table, column } = after.disjoint;
    yield `${name}: questions about different values of ${table}.${column} are taken to touch different units.`;
  }
  for (const [key, table] of after.tables) {
    const was = before.tables.get(key);
    if (was === undefined) yield `The table ${name}.${key} is new.`;
    else yield* tableWidenings(was, table);
  }
}

/** Without a default δ the question's is taken from the principal's, which may be more or less. */
function isLowered(before: Dataset['defaultDelta'], after: Dataset['defaultDelta']): boolean {
  return before === null || after === null ? before === after : compare(after, before) <= 0;
}

function* purposeWidenings(before: Dataset, after: Dataset): Generator<string> {
  const [was, is] = [before.purposes, after.purposes];
  yield* reachWidenings(after.name, keysOf(was), keysOf(is), 'may be asked');
  for (const [purpose, limit] of was ?? []) {
    const other = is === null ? null : is.get(purpose);
    // A purpose that is not listed any more is closed.
    if (other !== undefined) yield* capWidenings(`The budget of ${after.name} for ${purpose}`, limit, other);
  }
}

function keysOf(purposes: Dataset['purposes']): ReadonlySet<string> | null {
  return purposes === null ? null : new Set(purposes.keys());
}

/** Fewer values that permit, and more that refuse, leave out more units. */
function* consentWidenings(name: string, before: Consent | null, after: Consent | null): Generator<string> {
  if (before === null) return;
  if (after === null) yield `${name}: consent is no longer asked for.`;
  else if (before.table !== after.table || before.column !== after.column) {
    yield `${name}: consent is read from ${after.table}.${after.column}, instead of ${before.table}.${before.column}.`;
  } else {
    for (const [purpose, values] of after.purposes) {
      const permitted = added(before.purposes.get(purpose) ?? [], values);
      if (permitted.length > 0) yield `${name}: ${shown(permitted)} counts as consent for ${purpose}.`;
    }
    const forgotten = added(after.refusals, before.refusals);
    if (forgotten.length > 0) yield `${name}: ${shown(forgotten)} no longer takes consent back.`;
  }
}

function shown(values: readonly Value[]): string {
  return values.map(String).join(', ');
}

function* tableWidenings(before: Table, after: Table): Generator<string> {
  const where = `${after.dataset}.${after.name}`;
  for (const key of ['file', 'public', 'key', 'unit', 'unique'] as const) {
    if (!isSame(before[key], after[key])) yield `${where}: ${key} is declared otherwise.`;
  }
  for (const [name, column] of after.columns) {
    const was = before.columns.get(name);
    if (was === undefined) yield `The column ${where}.${name} is new.`;
    else yield* columnWidenings(`${where}.${name}`, was, column);
  }
}

function* columnWidenings(where: string, before: PolicyColumn, after: PolicyColumn): Generator<string> {
  for (const key of ['type', 'bounds', 'boundsBy', 'step', 'nullable', 'zone'] as const) {
    if (!isSame(before[key], after[key])) yield `${where}: ${key === 'boundsBy' ? 'bounds' : key} declared otherwise.`;
  }
  if (before.use === 'join' && after.use === 'any') yield `${where} may be shown and added up, not only joined on.`;
  const [was, is] = [before.values, after.values];
  if ((was === null) !== (is === null)) yield `${where}: its values are ${is === null ? 'no longer ' : ''}listed.`;
  const known = was === null || is === null ? [] : added(was, is);
  if (known.length > 0) yield `${where}: ${shown(known)} is listed among the values.`;
  yield* reachWidenings(where, before.purposes, after.purposes, 'may be used');
  if (before.sensitive !== null && after.sensitive !== before.sensitive) {
    yield `${where} no longer counts as ${before.sensitive}.`;
  }
}
