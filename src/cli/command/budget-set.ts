/** `gauze budget set`. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { replaceFile } from '../../crypto/durable-file.node.ts';
import { toNumber } from '../../dp/rational.ts';
import { GauzeError } from '../../errors.ts';
import { bringIntoForce, policyInForce } from '../../govern/in-force.ts';
import { inOffice, type Office } from '../../index/office.node.ts';
import { placeName } from '../../policy/edit/limit-place.ts';
import { printAmount } from '../../policy/edit/print-amount.ts';
import { type BudgetEdit, setBudget } from '../../policy/edit/set-budget.ts';
import type { BudgetLimit, Renewal } from '../../policy/policy.ts';
import { widenings } from '../../policy/widening.ts';
import { type Format, fail, print } from '../output.ts';
import { printList } from '../tabular.ts';
import { proseWidth, wrapped } from '../wrap.ts';

/** Which limit, what it shall be, and who says so. */
export interface BudgetSetFlags {
  readonly policy: string;
  readonly dataset?: string;
  readonly principal?: string;
  readonly purpose?: string;
  readonly epsilon?: string;
  readonly rho?: string;
  readonly delta?: string;
  readonly renews?: Renewal | 'never';
  readonly remove?: boolean;
  readonly as?: string;
  readonly format: Format;
}

/** A change made. */
interface Done extends BudgetEdit {
  readonly widened: readonly string[];
  /** Why the policy is not in force yet; null when it is. */
  readonly pending: GauzeError | null;
}

/**
 * Changes one limit in a policy's file, keeping all else in it, and records the new version; exit code. A policy that
 * must be signed first is written all the same, since what is signed is the file.
 */
export async function budgetSet(flags: BudgetSetFlags): Promise<number> {
  const { policy, as, format } = flags;
  try {
    const done = await inOffice({ policy, ...(as === undefined ? {} : { as }) }, ['officer'], (office) =>
      changeIn(office, flags),
    );
    if (format === 'json') print([JSON.stringify(jsonOf(done))]);
    else if (format === 'table') print(linesOf(done, policy));
    else printList(rowOf(done), format);
    return 0;
  } catch (thrown) {
    return fail(thrown, null, format);
  }
}

async function changeIn({ ledger, by, now }: Office, flags: BudgetSetFlags): Promise<Done> {
  const file = realpathSync(flags.policy);
  const text = readFileSync(file, 'utf8');
  const edit = setBudget(text, changeOf(flags), { file: flags.policy });
  const widened = widenings(edit.before, edit.after);
  if (edit.text === text) return { ...edit, widened, pending: null };
  // A journal that begins with this change begins with what was changed.
  if (policyInForce(await ledger.records()) === null) await bringIntoForce(ledger, edit.before, null, now);
  if (readFileSync(file, 'utf8') !== text) {
    throw new GauzeError('USAGE', {
      message: 'Somebody else changed the policy file meanwhile.',
      next: 'Look at it, and set the budget again.',
    });
  }
  // First the file: should a crash come between, the next session brings it into force.
  replaceFile(file, edit.text, statSync(file).mode & 0o777);
  const pending = await bringIntoForce(ledger, edit.after, by, now).then(
    () => null,
    (error: unknown) => {
      if (error instanceof GauzeError && error.code === 'POLICY_UNAPPROVED') return error;
      throw error;
    },
  );
  return { ...edit, widened, pending };
}

function changeOf(flags: BudgetSetFlags): Parameters<typeof setBudget>[1] {
  const { dataset, principal, purpose, epsilon, rho, delta, renews, remove } = flags;
  return {
    ...{ dataset: dataset ?? null, principal: principal ?? null, purpose: purpose ?? null },
    ...{ epsilon: epsilon ?? null, rho: rho ?? null, delta: delta ?? null, renews: renews ?? null },
    remove: remove ?? false,
  };
}

function linesOf({ place, was, is, before, after, widened, pending }: Done, file: string): string[] {
  const width = proseWidth();
  if (before.digest === after.digest) return [`${placeName(place)} is ${shown(is)} already; nothing was changed.`];
  return [
    ...wrapped(`${placeName(place)}: ${shown(was)} → ${shown(is)}.`, width, 2),
    ...(widened.length === 0
      ? ['Nobody may learn more than before.']
      : ['More may be learnt than before:', ...widened.flatMap((line) => wrapped(`  ${line}`, width, 4))]),
    ...(pending === null
      ? [`${file} is written, and in force.`]
      : wrapped(
          `${file} is written, and not in force: questions are refused until it is signed. ${pending.next}`,
          width,
          2,
        )),
  ];
}

function shown(limit: BudgetLimit | null): string {
  if (limit === null) return 'no limit';
  const { epsilon, rho, delta, renews } = limit;
  return [
    ...(epsilon === null ? [] : [`epsilon ${printAmount(epsilon)}`]),
    ...(rho === null ? [] : [`rho ${printAmount(rho)}`]),
    `delta ${printAmount(delta)}`,
    ...(renews === null ? [] : [`anew each ${renews}`]),
  ].join(', ');
}

/** Amounts as numbers, as `budget show` has them. */
function numbersOf(limit: BudgetLimit | null): Readonly<Record<string, string | number | null>> | null {
  if (limit === null) return null;
  const { epsilon, rho, delta, renews } = limit;
  const number = (value: BudgetLimit['epsilon']): number | null => (value === null ? null : toNumber(value));
  return { epsilon: number(epsilon), rho: number(rho), delta: number(delta), renews };
}

function jsonOf({ place, was, is, before, after, widened, pending }: Done): object {
  return {
    changed: before.digest !== after.digest,
    ...namesOf({ place }),
    before: numbersOf(was),
    after: numbersOf(is),
    policy: after.digest,
    widenings: widened,
    inForce: pending === null,
    next: pending?.next ?? null,
  };
}

function namesOf({ place }: Pick<Done, 'place'>): Readonly<Record<'dataset' | 'principal' | 'purpose', string | null>> {
  return {
    dataset: place.kind === 'all' ? null : place.dataset,
    principal: place.kind === 'principal' ? place.principal : null,
    purpose: place.kind === 'purpose' ? place.purpose : null,
  };
}

function rowOf(done: Done): Parameters<typeof printList>[0] {
  const parts = (['epsilon', 'rho', 'delta', 'renews'] as const).flatMap((part) => [
    { name: `${part}_before`, values: [numbersOf(done.was)?.[part] ?? null] },
    { name: `${part}_after`, values: [numbersOf(done.is)?.[part] ?? null] },
  ]);
  const names = Object.entries(namesOf(done)).map(([name, value]) => ({ name, values: [value] }));
  return [...names, ...parts, { name: 'in_force', values: [String(done.pending === null)] }];
}
