/** Refusals of one principal in quick succession. */
import type { RefuseEntry } from '../../charge/entry.ts';
import type { WatchRules } from '../../policy/watch-rules.ts';
import type { Severity } from '../alert.ts';
import { Recent } from '../recent.ts';
import { Situations } from '../situations.ts';
import type { Rule } from './rule.ts';

const MINUTE_MS = 60_000;

/** What a rule about refusals counts, and what it says of them. */
export interface Burst {
  readonly rule: 'refusals' | 'closedColumns';
  readonly severity: Severity;
  readonly counts: (refusal: RefuseEntry) => boolean;
  /** As it follows "… was refused 10 times within 15 minutes". */
  readonly because: string;
}

export function burst({ rule, severity, counts, because }: Burst): Rule {
  const recent = new Recent<string>();
  const told = new Situations();
  return ({ content, at, policy }) => {
    const limits: WatchRules[Burst['rule']] = policy.governance.watch[rule];
    if (limits === null || content.kind !== 'refuse' || !counts(content)) return [];
    const { principal, dataset, purpose, code } = content;
    const since = at - limits.minutes * MINUTE_MS;
    const before = recent.of(principal, since);
    recent.add(principal, code, at, since);
    const refusals = before.length + 1;
    if (!told.begins(principal, before.length, refusals, limits.count)) return [];
    const codes = [...new Set([...before, code])].sort().join(' ');
    return [
      {
        severity,
        ...{ dataset, principal, purpose },
        message: `${principal} was refused ${refusals} times within ${limits.minutes} minutes${because}: ${codes}.`,
        fields: { refusals, minutes: limits.minutes, codes },
      },
    ];
  };
}
