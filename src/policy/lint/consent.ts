/** Consent and disjoint parts: promises that the data must keep. */
import type { Policy } from '../policy.ts';
import type { LintFinding } from './finding.ts';

/** Values that permit or refuse and that their column does not list. */
export function* consentUnlisted(policy: Policy): Generator<LintFinding> {
  for (const { name, consent, tables } of policy.datasets.values()) {
    const listed = consent === null ? null : (tables.get(consent.table)?.columns.get(consent.column)?.values ?? null);
    if (consent === null || listed === null) continue;
    const named = [...[...consent.purposes.values()].flat(), ...consent.refusals];
    for (const value of new Set(named.filter((one) => !listed.includes(one)))) {
      yield {
        code: 'CONSENT_VALUE_UNLISTED',
        severity: 'warning',
        where: `datasets.${name}.consent`,
        message: `${consent.column} does not list ${value} among its values.`,
        next: 'Mend the spelling: a refusal that is misspelt takes no consent back.',
      };
    }
  }
}

/** Purposes of a data set with consent for which nobody can have consented. */
export function* consentMissing(policy: Policy): Generator<LintFinding> {
  for (const { name, consent, purposes } of policy.datasets.values()) {
    if (consent === null) continue;
    for (const purpose of (purposes ?? policy.purposes).keys()) {
      if ((consent.purposes.get(purpose)?.length ?? 0) > 0) continue;
      yield {
        code: 'CONSENT_MISSING',
        severity: 'note',
        where: `datasets.${name}.consent.purposes`,
        message: `No value permits ${purpose}, so that answers for it count nobody.`,
        next: `Write ${purpose}: [ … ], or close the data set to ${purpose}.`,
      };
    }
  }
}

/** A promise that no check of one data version can see. */
export function* disjointPromised(policy: Policy): Generator<LintFinding> {
  for (const { name, disjoint } of policy.datasets.values()) {
    if (disjoint === null) continue;
    yield {
      code: 'DISJOINT_PROMISED',
      severity: 'note',
      where: `datasets.${name}.disjoint`,
      message: `That ${disjoint.table}.${disjoint.column} never changes for a unit, in no version of the data, is your own promise: registration sees one version at a time. A unit that moves loses the sum over its parts.`,
      next: 'Keep it only where it holds by how the data are made, such as a site of birth.',
    };
  }
}
