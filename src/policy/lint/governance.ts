/** Who keeps watch: officers, keys, anchors, terms and records. */
import { RETENTION_YEARS } from '../fields/policy.ts';
import { parseIsoDate } from '../iso.ts';
import type { Policy } from '../policy.ts';
import type { LintFinding } from './finding.ts';

/** Days before their end at which terms should be renewed. */
const SOON_DAYS = 60;

/** Policies that give out roles, purposes or terms, and nobody to change or guard them. */
export function* officerMissing(policy: Policy): Generator<LintFinding> {
  const isHeld = [...policy.principals.values()].some(({ roles }) => roles.has('officer'));
  if (isHeld || !isGoverned(policy)) return;
  yield {
    code: 'OFFICER_MISSING',
    severity: 'note',
    where: 'principals',
    message:
      'No principal is an officer: whoever can write the policy and its folder may change budgets and freeze data.',
    next: 'Write roles: [officer] at those who shall.',
  };
}

/** Officers who cannot sign where two must. */
export function* officerKeyMissing(policy: Policy): Generator<LintFinding> {
  if (!policy.governance.secondOfficer) return;
  for (const { name, roles, key } of policy.principals.values()) {
    if (!roles.has('officer') || key !== null) continue;
    yield {
      code: 'OFFICER_KEY_MISSING',
      severity: 'warning',
      where: `principals.${name}`,
      message: 'Two officers must sign what widens the policy, and this one has no key to sign with.',
      next: 'Write key: and the Ed25519 public key of the officer.',
    };
  }
}

/** Journals that may be put back unnoticed. */
export function* anchorMissing(policy: Policy): Generator<LintFinding> {
  if (policy.governance.anchor !== null || !isGoverned(policy)) return;
  yield {
    code: 'ANCHOR_MISSING',
    severity: 'note',
    where: 'ledger',
    message:
      'No anchor is kept apart from the journal: a whole folder copied back from a backup would bring spent budgets back.',
    next: 'Write ledger: { anchor: … } with a file on another disk.',
  };
}

/** Records that end before they may. */
export function* retentionShort({ governance: { retentionYears } }: Policy): Generator<LintFinding> {
  if (retentionYears >= RETENTION_YEARS.usual) return;
  yield {
    code: 'RETENTION_SHORT',
    severity: 'note',
    where: 'retention.years',
    message: `Records are kept for ${retentionYears} ${retentionYears === 1 ? 'year' : 'years'}; 45 CFR 164.316(b)(2)(i) asks for six.`,
    next: 'Write years: 6, unless other law applies.',
  };
}

/** Terms that have ended, end soon, or that nobody must accept. */
export function* termsEnding(policy: Policy, today: string): Generator<LintFinding> {
  for (const { name, expires } of policy.terms.values()) {
    const where = `terms.${name}`;
    const left = (parseIsoDate(expires) ?? 0) - (parseIsoDate(today) ?? 0);
    const isUsed = [...policy.principals.values()].some(({ terms }) => terms.includes(name));
    if (!isUsed) {
      yield {
        code: 'TERMS_UNUSED',
        severity: 'note',
        where,
        message: 'No principal must accept these terms, so they bind nobody.',
        next: `Write terms: [${name}] at the principals they are made for.`,
      };
    } else if (left < 0) {
      yield {
        code: 'TERMS_EXPIRED',
        severity: 'warning',
        where,
        message: `These terms ended on ${expires}: who must have accepted them can ask nothing.`,
        next: 'Renew the agreement and write its last day, or remove the terms.',
      };
    } else if (left <= SOON_DAYS) {
      yield {
        code: 'TERMS_EXPIRING',
        severity: 'note',
        where,
        message: `These terms end on ${expires}; then nobody who must have accepted them can ask.`,
        next: 'Renew the agreement in time.',
      };
    }
  }
}

/** Principals whose last day has gone, and budgets that their holder has no role to spend. */
export function* principalIdle(policy: Policy, today: string): Generator<LintFinding> {
  for (const { name, until, roles, budgets } of policy.principals.values()) {
    const where = `principals.${name}`;
    if (until !== null && until < today) {
      yield {
        code: 'PRINCIPAL_EXPIRED',
        severity: 'note',
        where,
        message: `The last day of this principal was ${until}.`,
        next: 'Remove the principal, or write a later day.',
      };
    }
    if (budgets.size > 0 && !roles.has('researcher')) {
      yield {
        code: 'BUDGET_WITHOUT_ROLE',
        severity: 'note',
        where: `${where}.budgets`,
        message: 'The principal has a budget, and only researchers ask.',
        next: 'Add researcher to the roles, or remove the budgets.',
      };
    }
  }
}

/** Whether a policy says who governs; earlier ones leave it to whoever holds the files, and are not told otherwise. */
function isGoverned({ purposes, terms, principals, datasets, governance }: Policy): boolean {
  return (
    purposes.size > 0 ||
    terms.size > 0 ||
    governance.anchor !== null ||
    [...datasets.values()].some(({ consent }) => consent !== null) ||
    [...principals.values()].some(({ roles, key }) => key !== null || [...roles].some((role) => role !== 'researcher'))
  );
}
