/** Digest of what a policy means, whatever the words and the order around it. */
import { canonicalBytes, sha256Hex } from '../crypto/canonical.ts';
import type { Rational } from '../dp/rational.ts';
import type { BudgetLimit, Dataset, Policy, PolicyColumn, Table } from './policy.ts';
import type { Value } from './value.ts';

/**
 * SHA-256 (hex) of the canonical form of a parsed policy. Comments, the order of keys, and ways of writing a number do
 * not change it; the order of public values does, because answers show them in that order.
 */
export function policyDigest({ datasets, principals }: Omit<Policy, 'digest' | 'dataDigest'>): string {
  const meaning = {
    gauze: 1,
    datasets: byName(datasets, datasetMeaning),
    principals: byName(principals, ({ budgets }) => byName(budgets, limitMeaning)),
  };
  return sha256Hex(canonicalBytes(meaning));
}

/**
 * SHA-256 (hex) of what answers depend on: the data sets, without budgets and principals. An answer stays the stored one
 * when a principal is added or a budget raised.
 */
export function dataDigest({ datasets }: Pick<Policy, 'datasets'>): string {
  const described = (dataset: Dataset): unknown => datasetMeaning({ ...dataset, budget: null });
  return sha256Hex(canonicalBytes({ gauze: 1, datasets: byName(datasets, described) }));
}

function byName<T>(named: ReadonlyMap<string, T>, meaning: (value: T) => unknown): Record<string, unknown> {
  return Object.fromEntries([...named].map(([name, value]) => [name, meaning(value)]));
}

function datasetMeaning(dataset: Dataset): unknown {
  return {
    ...dataset,
    budget: dataset.budget === null ? null : limitMeaning(dataset.budget),
    defaultDelta: fraction(dataset.defaultDelta),
    tables: byName(dataset.tables, tableMeaning),
  };
}

function tableMeaning(table: Table): unknown {
  return { ...table, columns: byName(table.columns, columnMeaning) };
}

function columnMeaning(column: PolicyColumn): unknown {
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

function limitMeaning({ epsilon, delta }: BudgetLimit): unknown {
  return { epsilon: fraction(epsilon), delta: fraction(delta) };
}

function fraction(value: Rational | null): string | null {
  return value === null ? null : `${value.numerator}/${value.denominator}`;
}

/** The column's type tells which type the text had. */
function scalar(value: Value): string | null {
  return value === null ? null : String(value);
}
