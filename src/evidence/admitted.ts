/** Whether a charge was within the rules that were in force when it was made. */
import { accountName, accountsFor } from '../charge/account.ts';
import type { AccountId } from '../charge/account-id.ts';
import { accountKey } from '../charge/book.ts';
import type { ChargeEntry } from '../charge/entry.ts';
import { carrierOf } from '../charge/filter.ts';
import type { Replay } from '../charge/replay.ts';
import { dayOf, windowStart } from '../charge/window.ts';
import { readSpend } from '../charge/written.ts';
import { GauzeError, SpannedError } from '../errors.ts';
import { checkMayAsk, termsDigest, termsOf, type UsedColumn } from '../policy/access.ts';
import type { Dataset, Policy } from '../policy/policy.ts';

/** Planning precedes the charge: who asked before midnight asked on that day. */
const PLANNING_MS = 600_000;

/**
 * Why the rules in force do not admit a charge; null where they do. Nothing of this trusts what the entry says about itself
 * where the rules say it too: accounts, limits and windows are those of the policy's text in the chain.
 *
 * @param policy - the rules in force, read from the chain
 * @param state - of the chain before the entry
 */
export function admissionFault(entry: ChargeEntry, policy: Policy, state: Replay): string | null {
  const dataset = policy.datasets.get(entry.dataset);
  const principal = policy.principals.get(entry.principal);
  if (entry.policy !== policy.digest) return 'it was charged under other rules than those in force';
  if (dataset === undefined) return `the rules in force know no data set ${entry.dataset}`;
  if (principal === undefined) return `the rules in force know no principal ${entry.principal}`;
  if (!principal.budgets.has(dataset.name)) return `${entry.principal} has no budget for ${entry.dataset}`;
  if (state.records.freezeOf(dataset.name) !== null) return `answers of ${dataset.name} were stopped`;
  return accessFault(entry, policy, dataset, state) ?? partFault(entry, dataset) ?? accountsFault(entry, policy, state);
}

function accessFault(entry: ChargeEntry, policy: Policy, dataset: Dataset, state: Replay): string | null {
  const purpose = entry.purpose ?? null;
  const day = dayOf(new Date(Date.parse(entry.time) - PLANNING_MS).toISOString());
  try {
    checkMayAsk({ policy, principal: entry.principal, purpose, day }, dataset, columnsOf(entry, dataset));
  } catch (error) {
    if (error instanceof GauzeError || error instanceof SpannedError) return `${error.code}: ${error.message}`;
    throw error;
  }
  for (const terms of termsOf(policy, entry.principal, purpose)) {
    if (state.records.acceptanceOf(entry.principal, termsDigest(terms)) === null) {
      return `${entry.principal} had not accepted the terms ${terms.name}`;
    }
  }
  return null;
}

/** Columns of the data set that the entry names; those of public tables of others need no access. */
function columnsOf({ columns = [] }: ChargeEntry, dataset: Dataset): UsedColumn[] {
  const used = new Set(columns);
  return [...dataset.tables.values()].flatMap((table) =>
    [...table.columns.keys()]
      .filter((column) => used.has(`${table.name}.${column}`))
      .map((column) => ({ dataset: dataset.name, table: table.name, column, span: { start: 0, end: 0 } })),
  );
}

function partFault({ part }: ChargeEntry, { disjoint, tables }: Dataset): string | null {
  if (part === null || part === undefined) return null;
  if (disjoint === null || disjoint.table !== part.table || disjoint.column !== part.column) {
    return `no rule lets charges be counted by ${part.table}.${part.column}`;
  }
  const values = tables.get(part.table)?.columns.get(part.column)?.values ?? [];
  const isKnown = values.some((value) => value !== null && String(value) === part.value);
  return isKnown ? null : `${part.table}.${part.column} has no such part`;
}

/** Every account that the rules set is charged (an answer that was released before: every one that has not paid), and holds. */
function accountsFault(entry: ChargeEntry, policy: Policy, state: Replay): string | null {
  const charged = new Set(entry.accounts.map((id) => accountKey({ ...id, purpose: id.purpose ?? null })));
  const isRead = entry.kind === 'reserve';
  const purpose = entry.purpose ?? null;
  if (isRead && isPresent(entry) && !always(entry, purpose).every((id) => charged.has(accountKey(id)))) {
    return 'it does not count for its principal, its purpose, its data set and all data together';
  }
  for (const { id, limit } of accountsFor(policy, entry.dataset, entry.principal, purpose)) {
    const isOwn = id.principal !== null || id.purpose !== null;
    if (!charged.has(accountKey(id))) {
      if (isRead) return `the budget of ${accountName(id)} was not charged`;
      if (isOwn && state.paidBy(id, entry.plan, entry.version) === null) {
        return `the budget of ${accountName(id)} was not charged, and had not paid before`;
      }
      continue;
    }
    const since = limit.renews === null ? null : windowStart(dayOf(entry.time), limit.renews);
    const spent = state.book.spentOf(id, entry.part ?? null, since);
    if (carrierOf(limit, spent, readSpend(entry.spend)) === null)
      return `the budget of ${accountName(id)} is overspent`;
  }
  return null;
}

/** Whether an entry was written since charges name their purpose. */
export function isPresent(entry: ChargeEntry): boolean {
  return entry.purpose !== undefined;
}

function always({ dataset, principal }: ChargeEntry, purpose: string | null): AccountId[] {
  return [
    { dataset, principal, purpose: null },
    { dataset, principal: null, purpose: null },
    { dataset: null, principal: null, purpose: null },
    ...(purpose === null ? [] : [{ dataset, principal: null, purpose }]),
  ];
}
