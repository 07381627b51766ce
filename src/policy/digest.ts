/** Digest of what a policy means, whatever the words and the order around it. */
import { canonicalBytes, sha256Hex } from '../crypto/canonical.ts';
import type { Rational } from '../dp/rational.ts';
import type { BudgetLimit, Consent, Dataset, Governance, Policy, PolicyColumn, Principal, Table } from './policy.ts';
import type { Value } from './value.ts';
import { USUAL_WATCH } from './watch-rules.ts';

/**
 * SHA-256 (hex) of the canonical form of a parsed policy. Comments, the order of keys, and ways of writing a number do
 * not change it; the order of public values does, because answers show them in that order.
 */
export function policyDigest(policy: Omit<Policy, 'digest' | 'dataDigest'>): string {
  const { datasets, principals, budget, purposes, terms, governance } = policy;
  const meaning = {
    gauze: 1,
    datasets: byName(datasets, governedMeaning),
    principals: byName(principals, principalMeaning),
    budget: budget === null ? null : limitMeaning(budget),
    purposes: byName(purposes, ({ description, sensitive }) => ({ description, sensitive: names(sensitive) })),
    terms: byName(terms, (one) => ({ ...one, purposes: names(one.purposes) })),
    governance: governanceMeaning(governance),
  };
  return sha256Hex(canonicalBytes(meaning));
}

/**
 * SHA-256 (hex) of what answers depend on: the data sets, without budgets and principals. An answer stays the stored one
 * when a principal is added or a budget raised.
 */
export function dataDigest({ datasets }: Pick<Policy, 'datasets'>): string {
  return sha256Hex(canonicalBytes({ gauze: 1, datasets: byName(datasets, dataMeaning) }));
}

function byName<T>(named: ReadonlyMap<string, T>, meaning: (value: T) => unknown): Record<string, unknown> {
  return Object.fromEntries([...named].map(([name, value]) => [name, meaning(value)]));
}

/** What its answers depend on. */
function dataMeaning({ purposes: _, disjoint: __, consent, ...dataset }: Dataset): Record<string, unknown> {
  return {
    ...dataset,
    budget: null,
    defaultDelta: fraction(dataset.defaultDelta),
    tables: byName(dataset.tables, (table) => ({ ...table, columns: byName(table.columns, columnMeaning) })),
    ...(consent === null ? {} : { consent: consentMeaning(consent) }),
  };
}

/** The data set with all that is said about its use. */
function governedMeaning(dataset: Dataset): unknown {
  const { budget, purposes, disjoint, tables } = dataset;
  const governed = (table: Table): unknown =>
    byName(table.columns, (column) => ({ purposes: names(column.purposes), sensitive: column.sensitive }));
  return {
    ...dataMeaning(dataset),
    budget: budget === null ? null : limitMeaning(budget),
    purposes: purposes === null ? null : byName(purposes, (limit) => (limit === null ? null : limitMeaning(limit))),
    disjoint,
    use: byName(tables, governed),
  };
}

/** The usual watch is as good as none written: policies of earlier versions keep their digests. */
function governanceMeaning({ watch, ...rest }: Governance): unknown {
  const isUsual = JSON.stringify(watch) === JSON.stringify(USUAL_WATCH);
  return isUsual ? rest : { ...rest, watch };
}

function principalMeaning(principal: Principal): unknown {
  const { roles, budgets, purposes, terms } = principal;
  const deny = principal.deny.map(({ dataset, table, column }) => JSON.stringify([dataset, table, column])).sort();
  const sets = { roles: names(roles), purposes: names(purposes), terms: [...terms].sort(), deny };
  return { ...principal, ...sets, budgets: byName(budgets, limitMeaning) };
}

function consentMeaning({ table, column, purposes, refusals }: Consent): unknown {
  return { table, column, purposes: byName(purposes, (values) => values.map(scalar)), refusals: refusals.map(scalar) };
}

function names(set: ReadonlySet<string> | null): readonly string[] | null {
  return set === null ? null : [...set].sort();
}

function columnMeaning({ purposes: _, sensitive: __, ...column }: PolicyColumn): unknown {
  const { bounds, boundsBy, values, step } = column;
  return {
    ...column,
    values: values?.map(scalar) ?? null,
    bounds: bounds === null ? null : [scalar(bounds.low), scalar(bounds.high)],
    boundsBy:
      boundsBy === null
        ? null
        : {
            column: boundsBy.column,
            of: Object.fromEntries(
              boundsBy.of.map(({ key, bounds: { low, high } }) => [String(key.value), [scalar(low), scalar(high)]]),
            ),
          },
    step: fraction(step),
  };
}

function limitMeaning({ epsilon, rho, delta, renews }: BudgetLimit): unknown {
  return { epsilon: fraction(epsilon), rho: fraction(rho), delta: fraction(delta), renews };
}

function fraction(value: Rational | null): string | null {
  return value === null ? null : `${value.numerator}/${value.denominator}`;
}

/** The column's type tells which type the text had. */
function scalar(value: Value): string | null {
  return value === null ? null : String(value);
}
