/** Principals who may do more than before. */
import type { Policy, Principal, Role } from '../policy.ts';
import { limitWidenings } from './limit.ts';
import { added, reachWidenings } from './scope.ts';

/** Ways in which the principals of one policy may do more than those of another. */
export function* principalWidenings(before: Policy, after: Policy): Generator<string> {
  for (const [name, principal] of after.principals) {
    const was = before.principals.get(name);
    if (was === undefined) yield `The principal ${name} is new.`;
    else yield* ownWidenings(was, principal, after);
  }
  for (const was of before.principals.values()) yield* endedKeeper(was, after.principals.get(was.name));
  for (const role of KEEPERS) {
    if (isHeld(before, role) && !isHeld(after, role)) {
      yield `Nobody is ${role} any more: whoever holds the files may do what only one of that role could.`;
    }
  }
}

/** Roles whose acts are open to whoever holds the files, where nobody has them. */
const KEEPERS: readonly Role[] = ['officer', 'steward', 'auditor'];

/** Whoever ends an officer opens what he would have stopped. */
function* endedKeeper(was: Principal, is: Principal | undefined): Generator<string> {
  for (const role of KEEPERS) {
    if (!was.roles.has(role)) continue;
    if (is === undefined || !is.roles.has(role)) yield `${was.name} acts as ${role} no more.`;
    else if (is.until !== null && (was.until === null || is.until < was.until)) {
      yield `${was.name} may act as ${role} until ${is.until} only.`;
    }
  }
}

function isHeld({ principals }: Policy, role: Role): boolean {
  return [...principals.values()].some(({ roles }) => roles.has(role));
}

function* ownWidenings(was: Principal, is: Principal, after: Policy): Generator<string> {
  const { name } = is;
  for (const role of added(was.roles, is.roles)) yield `${name} acts as ${role}.`;
  for (const [dataset, limit] of is.budgets) {
    const old = was.budgets.get(dataset);
    if (old === undefined) yield `${name} may ask ${dataset}.`;
    else yield* limitWidenings(`The budget of ${name} for ${dataset}`, old, limit);
  }
  yield* reachWidenings(name, was.purposes, is.purposes, 'may ask');
  yield* deniedNoMore(was, is, after);
  for (const terms of added(is.terms, was.terms)) yield `${name} need not accept the terms ${terms}.`;
  // Whoever holds a key signs for the principal.
  if (is.key !== was.key) yield is.key === null ? `${name} has no key any more.` : `The key of ${name} is another one.`;
  if (was.until !== null && (is.until === null || is.until > was.until)) {
    yield `${name} may act ${is.until === null ? 'without end' : `until ${is.until}`}, instead of until ${was.until}.`;
  }
}

/** A column that the policy no longer lists is closed to everybody. */
function* deniedNoMore(was: Principal, is: Principal, after: Policy): Generator<string> {
  const kept = new Set(is.deny.map((one) => JSON.stringify(one)));
  for (const one of was.deny) {
    const { dataset, table, column } = one;
    const isListed = after.datasets.get(dataset)?.tables.get(table)?.columns.has(column) === true;
    if (isListed && !kept.has(JSON.stringify(one))) yield `${is.name} may use ${dataset}.${table}.${column}.`;
  }
}
