import { burst } from './burst.ts';
import type { Rule } from './rule.ts';

const CLOSED: ReadonlySet<string> = new Set(['POLICY_SENSITIVE', 'POLICY_COLUMN', 'POLICY_PURPOSE']);

/** Refusals at columns, sensitive topics and purposes that are closed to whoever asked: somebody looks for a way in. */
export function closedColumns(): Rule {
  return burst({
    rule: 'closedColumns',
    severity: 'critical',
    counts: ({ code }) => CLOSED.has(code),
    because: ' at what is closed to him',
  });
}
