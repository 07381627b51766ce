/** The rules, in the order their findings are told. */
import { boundsMissing, boundsOdd, boundsUnreachable, noiseDrowns } from './bounds.ts';
import {
  capMissing,
  defaultDeltaLarge,
  deltaMissing,
  deltaWeak,
  epsilonLarge,
  overCap,
  unreachable,
} from './budget.ts';
import type { LintRule } from './finding.ts';
import {
  identifierListed,
  joinIdle,
  minimumUnitsLow,
  policyEmpty,
  publicWithUnit,
  sourceShared,
  tableUnused,
  uniqueMissing,
} from './tables.ts';

export const LINT_RULES: readonly LintRule[] = [
  policyEmpty,
  publicWithUnit,
  sourceShared,
  capMissing,
  epsilonLarge,
  deltaWeak,
  defaultDeltaLarge,
  deltaMissing,
  minimumUnitsLow,
  noiseDrowns,
  identifierListed,
  boundsMissing,
  boundsOdd,
  boundsUnreachable,
  unreachable,
  overCap,
  tableUnused,
  uniqueMissing,
  joinIdle,
];
