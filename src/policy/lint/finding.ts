/** One thing an officer should look at again. */
import type { Dataset, Policy, PolicyColumn, Table } from '../policy.ts';

/** `warning`: protection or usefulness suffers; `note`: worth knowing. `where` is the path in the policy. */
export interface LintFinding {
  readonly code: LintCode;
  readonly severity: 'warning' | 'note';
  readonly where: string;
  readonly message: string;
  readonly next: string;
}

/** A code never changes its meaning. */
export type LintCode =
  | 'BUDGET_CAP_MISSING'
  | 'BUDGET_OVER_CAP'
  | 'BUDGET_MIXED'
  | 'BUDGET_LARGE'
  | 'DELTA_WEAK'
  | 'DELTA_DEFAULT_LARGE'
  | 'DELTA_MISSING'
  | 'MINIMUM_UNITS_LOW'
  | 'PRINCIPAL_WITHOUT_BUDGET'
  | 'DATASET_WITHOUT_PRINCIPAL'
  | 'POLICY_EMPTY'
  | 'BOUNDS_MISSING'
  | 'BOUNDS_WIDE'
  | 'BOUNDS_POINT'
  | 'BOUNDS_UNREACHABLE'
  | 'STEP_COARSE'
  | 'STEP_FINE'
  | 'NOISE_DROWNS'
  | 'TABLE_UNUSED'
  | 'TABLE_PUBLIC_WITH_UNIT'
  | 'UNIQUE_MISSING'
  | 'UNIT_LISTED'
  | 'JOIN_DECLARATION_IDLE'
  | 'IDENTIFIER_LISTED'
  | 'SOURCE_SHARED'
  | 'BUDGET_RENEWS'
  | 'BUDGET_WITHOUT_ROLE'
  | 'SENSITIVE_CLOSED'
  | 'PURPOSE_NONE'
  | 'PURPOSE_BUDGET_MISSING'
  | 'CONSENT_VALUE_UNLISTED'
  | 'CONSENT_MISSING'
  | 'DISJOINT_PROMISED'
  | 'OFFICER_MISSING'
  | 'OFFICER_KEY_MISSING'
  | 'ANCHOR_MISSING'
  | 'RETENTION_SHORT'
  | 'TERMS_EXPIRED'
  | 'TERMS_EXPIRING'
  | 'TERMS_UNUSED'
  | 'PRINCIPAL_EXPIRED';

/** A rule reads the policy and nothing else; `today` is a day, ISO, UTC. */
export type LintRule = (policy: Policy, today: string) => Iterable<LintFinding>;

/** A table with its place. */
export interface PlacedTable {
  readonly dataset: Dataset;
  readonly table: Table;
  readonly where: string;
}

/** Every table of a policy with its path. */
export function* tablesOf(policy: Policy): Generator<PlacedTable> {
  for (const dataset of policy.datasets.values()) {
    for (const table of dataset.tables.values()) {
      yield { dataset, table, where: `datasets.${dataset.name}.tables.${table.name}` };
    }
  }
}

/** Every column of the protected tables that a question may put out or add up. */
export function* usableColumns(policy: Policy): Generator<PlacedTable & { readonly column: PolicyColumn }> {
  for (const placed of tablesOf(policy)) {
    if (placed.table.public) continue;
    for (const column of placed.table.columns.values()) {
      if (column.use !== 'join') yield { ...placed, column, where: `${placed.where}.columns.${column.name}` };
    }
  }
}
