/** Names that a policy declares, also of things with problems of their own: others may refer to them. */
import type { Role, SensitiveTopic } from './policy.ts';
import type { Known } from './read-known.ts';
import { SENSITIVE_TOPICS } from './sensitive-topics.ts';

/** What parts of a policy may refer to. */
export interface Declared {
  readonly purposes: Known;
  readonly terms: Known;
  readonly datasets: Known;
}

/** Names as listed at the top of a policy. */
export function declaredNames(
  purposes: readonly string[],
  terms: readonly string[],
  datasets: readonly string[],
): Declared {
  return {
    purposes: {
      names: purposes,
      one: 'purpose',
      many: 'purposes',
      declare: 'at the top, under purposes, such as purposes: { research: {} }',
    },
    terms: {
      names: terms,
      one: 'terms',
      many: 'terms',
      declare: 'at the top, under terms, such as terms: { dua-2026: { recipient: University X, expires: 2027-12-31 } }',
    },
    datasets: { names: datasets, one: 'data set', many: 'data sets', declare: 'under datasets' },
  };
}

export const KNOWN_ROLES: Known<Role> = {
  names: ['researcher', 'officer', 'steward', 'auditor'],
  one: 'role',
  many: 'roles',
  declare: null,
};

export const KNOWN_TOPICS: Known<SensitiveTopic> = {
  names: SENSITIVE_TOPICS,
  one: 'sensitive topic',
  many: 'topics',
  declare: null,
};
