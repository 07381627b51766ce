/** What in a valid policy is weak or makes its answers useless, judged from the policy alone. */
import { LINT_RULES } from './lint/all.ts';
import type { LintFinding } from './lint/finding.ts';
import type { Policy } from './policy.ts';

export type { LintFinding } from './lint/finding.ts';

/**
 * Findings in the order of the rules, warnings first; empty when nothing looks weak.
 *
 * @param today - the day on which terms are judged, `YYYY-MM-DD`; today in UTC
 */
export function lintPolicy(
  policy: Policy,
  today: string = new Date().toISOString().slice(0, 10),
): readonly LintFinding[] {
  const findings = LINT_RULES.flatMap((rule) => [...rule(policy, today)]);
  const of = (severity: LintFinding['severity']): LintFinding[] =>
    findings.filter((finding) => finding.severity === severity);
  return [...of('warning'), ...of('note')];
}
