/** What questions are planned with unless a test says otherwise: ε = ½, and the default δ of a policy without one. */
import type { PrivacyParameters } from '../../src/bound/plan.ts';
import { rational } from '../../src/dp/rational.ts';

export const HALF: PrivacyParameters = {
  epsilon: rational(1n, 2n),
  delta: null,
  accuracy: null,
  epsilonByAggregate: null,
  contribution: { groups: null, rows: null },
  level: 0.95,
  defaultDelta: rational(1n, 10n ** 8n),
};
