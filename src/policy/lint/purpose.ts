/** Purposes that open nothing, and what no purpose opens. */
import type { Dataset, Policy, PolicyColumn } from '../policy.ts';
import { type LintFinding, tablesOf } from './finding.ts';

/** Columns of a protected topic that no purpose permits. */
export function* sensitiveClosed(policy: Policy): Generator<LintFinding> {
  for (const { column, dataset, where } of protectedColumns(policy)) {
    const topic = column.sensitive;
    if (topic === null) continue;
    const open = usable(policy, dataset, column).some((name) => policy.purposes.get(name)?.sensitive.has(topic));
    if (open) continue;
    yield {
      code: 'SENSITIVE_CLOSED',
      severity: 'warning',
      where,
      message: `No purpose that may use the column permits ${topic}, so nobody can use it.`,
      next: `Write sensitive: [${topic}] at the purpose that is meant, or remove the line.`,
    };
  }
}

/** Data sets, columns and researchers whom no purpose is left. */
export function* purposeNone(policy: Policy): Generator<LintFinding> {
  if (policy.purposes.size === 0) return;
  for (const dataset of policy.datasets.values()) {
    if (dataset.purposes?.size === 0)
      yield none(`datasets.${dataset.name}.purposes`, 'The data set may be asked for none.');
  }
  for (const { column, dataset, where } of protectedColumns(policy)) {
    if (column.purposes === null || usable(policy, dataset, column).length > 0) continue;
    yield none(`${where}.purposes`, 'The column may be used for none of those that its data set may be asked for.');
  }
  for (const { name, roles, purposes, budgets } of policy.principals.values()) {
    if (purposes === null || !roles.has('researcher')) continue;
    if (purposes.size === 0) {
      yield none(`principals.${name}.purposes`, 'The principal may ask for none.');
      continue;
    }
    for (const key of budgets.keys()) {
      const open = policy.datasets.get(key)?.purposes ?? policy.purposes;
      if ([...purposes].some((purpose) => open.has(purpose))) continue;
      yield none(
        `principals.${name}.purposes`,
        `The principal may ask for none of those that ${key} may be asked for.`,
      );
    }
  }
}

/** Purposes without a budget of their own beside others that have one. */
export function* purposeBudgetMissing(policy: Policy): Generator<LintFinding> {
  for (const { name, purposes } of policy.datasets.values()) {
    const limits = [...(purposes ?? [])];
    const missing = limits.filter(([, limit]) => limit === null).map(([purpose]) => purpose);
    if (missing.length === 0 || missing.length === limits.length) continue;
    yield {
      code: 'PURPOSE_BUDGET_MISSING',
      severity: 'note',
      where: `datasets.${name}.purposes`,
      message: `Some purposes have a budget, and ${missing.join(', ')} ${missing.length === 1 ? 'has' : 'have'} none: such questions can use up all that the data set has.`,
      next: 'Write a budget for each, unless that is meant.',
    };
  }
}

function none(where: string, message: string): LintFinding {
  return {
    code: 'PURPOSE_NONE',
    severity: 'warning',
    where,
    message: `Every question names a purpose. ${message}`,
    next: 'Add a purpose here, or remove purposes where all are meant.',
  };
}

/** Purposes that the data set is open to and the column, too. */
function usable(policy: Policy, dataset: Dataset, column: PolicyColumn): readonly string[] {
  const open = [...(dataset.purposes ?? policy.purposes).keys()];
  return open.filter((name) => column.purposes?.has(name) ?? true);
}

function* protectedColumns(
  policy: Policy,
): Generator<{ readonly column: PolicyColumn; readonly dataset: Dataset; readonly where: string }> {
  for (const { dataset, table, where } of tablesOf(policy)) {
    if (table.public) continue;
    for (const column of table.columns.values()) yield { column, dataset, where: `${where}.columns.${column.name}` };
  }
}
