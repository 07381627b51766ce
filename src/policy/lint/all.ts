/** The rules, in the order their findings are told. */
import { boundsMissing, boundsOdd, boundsUnreachable, noiseDrowns } from './bounds.ts';
import { capMissing, defaultDeltaLarge, deltaMissing, deltaWeak, epsilonLarge, unreachable } from './budget.ts';
import { consentMissing, consentUnlisted, disjointPromised } from './consent.ts';
import type { LintRule } from './finding.ts';
import {
  anchorMissing,
  officerKeyMissing,
  officerMissing,
  principalIdle,
  retentionShort,
  termsEnding,
} from './governance.ts';
import { overCap } from './over-cap.ts';
import { purposeBudgetMissing, purposeNone, sensitiveClosed } from './purpose.ts';
import { renews } from './renewal.ts';
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
  sensitiveClosed,
  purposeNone,
  consentUnlisted,
  officerKeyMissing,
  termsEnding,
  principalIdle,
  overCap,
  renews,
  purposeBudgetMissing,
  consentMissing,
  disjointPromised,
  officerMissing,
  anchorMissing,
  retentionShort,
  tableUnused,
  uniqueMissing,
  joinIdle,
];
