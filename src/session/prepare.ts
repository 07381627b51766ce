/** What is known of a question before anything is read: may it be asked, what is its plan, whom is it charged to. */
import { ask, type Question, textOf } from '../ask/index.ts';
import { shapeOf } from '../ask/shape.ts';
import { protectedDataset } from '../bound/dataset.ts';
import { accountsFor } from '../charge/account.ts';
import type { Part } from '../charge/account-id.ts';
import { GauzeError } from '../errors.ts';
import { type ExplainOptions, parametersOf } from '../options.ts';
import type { BudgetLimit, Dataset, Policy } from '../policy/policy.ts';
import { checkAccess } from './access.ts';
import type { Prepared, SessionParts } from './parts.ts';
import { named } from './plan-name.ts';
import { planQuestion } from './plan-question.ts';

/**
 * Resolves, checks and plans a question.
 *
 * @throws GauzeError, SpannedError QUERY_*, POLICY_*, BOUND_*, BUDGET_INVALID
 */
export function prepare(
  parts: Pick<SessionParts, 'policy' | 'principal' | 'purpose' | 'clock'> & Partial<Pick<SessionParts, 'secret'>>,
  question: Question,
  options: ExplainOptions,
): Prepared {
  const { policy, principal } = parts;
  const purpose = options.purpose ?? parts.purpose;
  const part = options.part ?? null;
  const relation = ask(question, policy, {
    ...(options.params === undefined ? {} : { parameters: options.params }),
    purpose,
    part,
  });
  const dataset = protectedDataset(relation, policy);
  const day = parts.clock().toISOString().slice(0, 10);
  const { columns } = checkAccess({ policy, principal, purpose, day }, relation, dataset);
  const limit = dataset === null ? null : limitOf(policy, principal, dataset);
  const parameters = parametersOf(options, dataset, limit);
  const { plan: planned, notes } = planQuestion(relation, policy, parameters, textOf(question), options.intervals);
  // A look before spending has no name: nothing is written of it.
  const plan = parts.secret === undefined ? planned : named(planned, parts.secret);
  const isCharged = plan.dataset !== null && dataset !== null;
  return {
    plan,
    notes,
    dataset,
    purpose,
    part: isCharged ? partOf(dataset, part) : null,
    columns,
    shape: shapeOf(textOf(question), policy),
    accounts: isCharged ? accountsFor(policy, dataset.name, principal, purpose) : [],
  };
}

function partOf({ disjoint }: Dataset, value: string | null): Part | null {
  return disjoint === null || value === null ? null : { ...disjoint, value };
}

function limitOf(policy: Policy, principal: string, dataset: Dataset): BudgetLimit {
  const limit = policy.principals.get(principal)?.budgets.get(dataset.name);
  if (limit !== undefined) return limit;
  throw new GauzeError('POLICY_PRINCIPAL', {
    message: `${principal} has no budget for the data set ${dataset.name}.`,
    next: 'Ask the privacy officer for a budget on this data set.',
    fields: { principal, dataset: dataset.name },
  });
}
