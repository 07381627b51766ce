import { burst } from './burst.ts';
import type { Rule } from './rule.ts';

/** Refusals of any kind that the journal notes; slips of the pen are not among them. */
export function refusals(): Rule {
  return burst({ rule: 'refusals', severity: 'warning', counts: () => true, because: '' });
}
