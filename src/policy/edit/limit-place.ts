/** Which limit of a policy is meant. */
import { GauzeError } from '../../errors.ts';
import { foldName } from '../fold-name.ts';
import { nearest } from '../nearest.ts';
import type { BudgetLimit, Policy } from '../policy.ts';

/** Names as somebody typed them. */
export interface LimitNames {
  readonly dataset: string | null;
  readonly principal: string | null;
  readonly purpose: string | null;
}

/** Names as the policy declares them. */
export type LimitPlace =
  | { readonly kind: 'all' }
  | { readonly kind: 'dataset'; readonly dataset: string }
  | { readonly kind: 'principal'; readonly dataset: string; readonly principal: string }
  | { readonly kind: 'purpose'; readonly dataset: string; readonly purpose: string };

/**
 * The place of a limit. Where a principal or a purpose is named and the policy has one data set, that is meant.
 *
 * @throws GauzeError USAGE for names that the policy does not declare, and for a purpose that is closed to the data set
 */
export function limitPlace(policy: Policy, { dataset, principal, purpose }: LimitNames): LimitPlace {
  if (principal !== null && purpose !== null) {
    throw usage('A limit is that of a principal or that of a purpose.', 'Name one of the two.');
  }
  if (dataset === null && principal === null && purpose === null) return { kind: 'all' };
  const datasets = [...policy.datasets.keys()];
  if (dataset === null && datasets.length !== 1) {
    throw usage('Which data set is meant is not said.', `Name one of ${datasets.join(', ')}.`);
  }
  const set = known('data set', dataset ?? (datasets[0] as string), datasets);
  if (principal !== null) {
    return { kind: 'principal', dataset: set, principal: known('principal', principal, [...policy.principals.keys()]) };
  }
  if (purpose === null) return { kind: 'dataset', dataset: set };
  const declared = known('purpose', purpose, [...policy.purposes.keys()]);
  if (policy.datasets.get(set)?.purposes?.has(declared) === false) {
    throw usage(
      `${set} may not be asked for ${declared}, so that a limit would do nothing.`,
      `Add ${declared} to the purposes of ${set} in the policy first.`,
    );
  }
  return { kind: 'purpose', dataset: set, purpose: declared };
}

/** The limit at a place; null where there is none. */
export function limitAt(policy: Policy, place: LimitPlace): BudgetLimit | null {
  switch (place.kind) {
    case 'all':
      return policy.budget;
    case 'dataset':
      return policy.datasets.get(place.dataset)?.budget ?? null;
    case 'principal':
      return policy.principals.get(place.principal)?.budgets.get(place.dataset) ?? null;
    case 'purpose':
      return policy.datasets.get(place.dataset)?.purposes?.get(place.purpose) ?? null;
  }
}

/** The policy with one limit put in place of what is there; null takes it away. */
export function withLimit(policy: Policy, place: LimitPlace, limit: BudgetLimit | null): Policy {
  if (place.kind === 'all') return { ...policy, budget: limit };
  if (place.kind === 'principal') {
    const { principal: name, dataset } = place;
    const principal = policy.principals.get(name)!;
    const others = [...principal.budgets].filter(([key]) => key !== dataset);
    const budgets = new Map(limit === null ? others : [...others, [dataset, limit]]);
    return { ...policy, principals: new Map(policy.principals).set(name, { ...principal, budgets }) };
  }
  const dataset = policy.datasets.get(place.dataset)!;
  const changed =
    place.kind === 'dataset'
      ? { budget: limit }
      : { purposes: new Map(dataset.purposes ?? openTo(policy)).set(place.purpose, limit) };
  return { ...policy, datasets: new Map(policy.datasets).set(place.dataset, { ...dataset, ...changed }) };
}

/** What a place is called in sentences. */
export function placeName(place: LimitPlace): string {
  switch (place.kind) {
    case 'all':
      return 'The budget over all data sets';
    case 'dataset':
      return `The budget of ${place.dataset}`;
    case 'principal':
      return `The budget of ${place.principal} for ${place.dataset}`;
    case 'purpose':
      return `The budget of ${place.dataset} for ${place.purpose}`;
  }
}

/** Purposes of a data set that lists none: all of the policy's. */
export function openTo({ purposes }: Policy): ReadonlyMap<string, null> {
  return new Map([...purposes.keys()].map((name) => [name, null]));
}

/** @throws GauzeError USAGE when the name is none of these */
function known(what: string, name: string, names: readonly string[]): string {
  const found = names.find((one) => one === name) ?? names.find((one) => foldName(one) === foldName(name));
  if (found !== undefined) return found;
  const meant = nearest(name, names);
  throw usage(
    `The policy has no ${what} ${name}.`,
    meant === null ? `There are ${names.join(', ') || 'none'}.` : `Write ${meant}.`,
  );
}

/** A change that cannot be made as it was asked for. */
export function usage(message: string, next: string): GauzeError {
  return new GauzeError('USAGE', { message, next });
}
