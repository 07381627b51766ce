/** The planner: resolved tree + policy + parameters → plan. Reads nothing. */
import { walkRelation } from '../ask/fold.ts';
import type { ColumnId, Relation } from '../ask/ir.ts';
import type { Rational } from '../dp/rational.ts';
import { SpannedError } from '../errors.ts';
import type { Contribution, Policy } from '../policy/policy.ts';
import { type Allocation, allocate } from './allocate.ts';
import { split } from './boundary.ts';
import { protectedDataset } from './dataset.ts';
import { planDigest } from './digest.ts';
import { eventOf } from './event.ts';
import { outputNames } from './output-names.ts';
import type { Plan, PlannedQuestion, PrivacyParameters } from './plan.ts';
import { prove } from './prove.ts';
import { type Drafted, draft } from './question.ts';
import type { BoundContext } from './tracked.ts';
import { unlistedNotes } from './unlisted.ts';

/** A plan and what was noticed while making it. */
export interface Planned {
  readonly plan: Plan;
  readonly notes: readonly string[];
}

/**
 * Plans a question.
 *
 * @param text - the researcher's own text, quoted in rewrites
 * @throws SpannedError QUERY_*, BOUND_*, BUDGET_INVALID, with the position in `text`
 */
export function makePlan(relation: Relation, policy: Policy, parameters: PrivacyParameters, text: string): Planned {
  const notes = [...unlistedNotes(relation, policy)];
  const context: BoundContext = { policy, fresh: counterAbove(relation), notes, text };
  const { answer, boundaries } = split(relation, context);
  const dataset = boundaries.length === 0 ? null : protectedDataset(relation, policy);
  const unnamed =
    dataset === null
      ? []
      : boundaries.map((boundary) =>
          draft(
            boundary,
            lowered(dataset.contribution, parameters, relation),
            dataset.minimumUnits,
            parameters.epsilon !== null,
            text,
            context,
          ),
        );
  const names = outputNames(
    answer,
    boundaries.map(({ columns }) => columns),
  );
  const enforced = unnamed.filter(({ limits }) => limits.enforced).map(({ limits }) => limits.groups);
  if (enforced.length > 0) {
    const groups = Math.min(...enforced);
    notes.push(groupsNote(groups, dataset?.contribution.groups ?? groups));
  }
  const drafts = unnamed.map((drafted) => named(drafted, names));
  if (drafts.length > 0) checkParameters(parameters, relation);
  const allocation = allocate(drafts, dataset?.minimumUnits ?? 1, parameters);
  const questions = drafts.map((drafted, index) => planned(drafted, allocation, index));
  const cost = { epsilon: allocation.epsilon, delta: allocation.delta };
  const unit = dataset === null ? '' : `${dataset.unit.table}.${dataset.unit.column}`;
  return {
    plan: {
      dataset: dataset?.name ?? null,
      digest: planDigest(questions, policy.dataDigest),
      questions,
      answer,
      event: eventOf(questions),
      cost,
      proof: prove({ unit, cost, drafts, questions }),
    },
    notes,
  };
}

/** What the limit of groups does to the figures, and what can be done about it. */
function groupsNote(groups: number, most: number): string {
  const raise = groups < most ? `, or raise groups (the policy allows ${most})` : '';
  return (
    `Of one person at most ${groups} group${groups === 1 ? '' : 's'} count; where persons are in more, figures come out ` +
    `too low. Ask for fewer groups or periods, in GROUP BY or with a narrower WHERE${raise}.`
  );
}

/** A draft whose values are called as the outputs they enter. */
function named(drafted: Drafted, names: ReadonlyMap<ColumnId, string>): Drafted {
  const wanted = drafted.wanted.map((one) => ({ ...one, name: names.get(one.item.column.id) ?? one.name }));
  return { ...drafted, wanted };
}

function planned(drafted: Drafted, allocation: Allocation, index: number): PlannedQuestion {
  return {
    bounded: drafted.bounded,
    measurements: allocation.measurements[index] ?? [],
    selection: allocation.selections[index] ?? [],
    vectors: drafted.vectors,
    columns: drafted.boundary.columns,
    derived: drafted.wanted.map((wanted) => wanted.derivation),
  };
}

/** The policy's bound, lowered where the question asks for less. */
function lowered(bound: Contribution, parameters: PrivacyParameters, relation: Relation): Contribution {
  const { groups, rows } = parameters.contribution;
  for (const [name, wanted, most] of [
    ['groups', groups, bound.groups],
    ['rows', rows, bound.rows],
  ] as const) {
    if (wanted !== null && (!Number.isInteger(wanted) || wanted < 1 || wanted > most)) {
      throw new SpannedError('BUDGET_INVALID', relation.span, {
        message: `The policy bounds ${name} per person at ${most}; a question may lower that, to a whole number from 1.`,
        next: `Ask with ${name} between 1 and ${most}.`,
      });
    }
  }
  return { groups: groups ?? bound.groups, rows: rows ?? bound.rows };
}

function checkParameters(parameters: PrivacyParameters, relation: Relation): void {
  const stated = [parameters.epsilon, parameters.accuracy, parameters.epsilonByAggregate].filter((one) => one !== null);
  if (stated.length !== 1) {
    throw new SpannedError('BUDGET_INVALID', null, {
      message:
        stated.length === 0
          ? 'This question reads protected tables, and no epsilon is given for it.'
          : 'Epsilon, epsilon per aggregate and accuracy exclude each other.',
      next: 'Give exactly one: an epsilon (for example 0.5), an epsilon per aggregate, or an accuracy.',
    });
  }
  const amounts: Rational[] = [...(parameters.epsilonByAggregate?.values() ?? [])];
  if (parameters.epsilon !== null) amounts.push(parameters.epsilon);
  if (parameters.accuracy !== null) amounts.push(parameters.accuracy);
  if (amounts.some((amount) => amount.numerator <= 0n)) {
    throw new SpannedError('BUDGET_INVALID', relation.span, {
      message: 'Epsilon and accuracy must be above zero.',
      next: 'Ask with a positive number, for example 0.5.',
    });
  }
}

/** Ids above every id of the tree. */
function counterAbove(relation: Relation): () => ColumnId {
  let last = 0;
  walkRelation(
    relation,
    (node) => {
      for (const column of node.columns) last = Math.max(last, column.id);
    },
    (expr) => {
      if (expr.kind === 'column') last = Math.max(last, expr.id);
    },
  );
  return () => {
    last += 1;
    return last;
  };
}
