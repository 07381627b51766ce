/** Sealed statistics opened for comparison, and the same from the interpreter. */
import type { Value } from '../../src/ask/types.ts';
import type { BoundedQuestion } from '../../src/bound/bounded.ts';
import type { Plan, PrivacyParameters } from '../../src/bound/plan.ts';
import { amountOf } from '../../src/charge/account.ts';
import type { Ledger } from '../../src/charge/ledger.ts';
import { openLedger } from '../../src/charge/open-ledger.ts';
import { memoryStore } from '../../src/charge/store/memory.ts';
import type { Engine, Readable } from '../../src/engine/engine.ts';
import { type ExactSet, Sealed } from '../../src/engine/sealed.ts';
import { ample, UNSPECIFIED } from '../charge/fixtures.ts';
import { interpretBounded } from './interpreter/bounded.ts';
import type { Database } from './interpreter/database.ts';
import { interpret } from './interpreter/relation.ts';

/** A group: its key, absent keys null, and its exact statistics. */
export interface Group {
  readonly key: readonly Value[];
  readonly statistics: readonly bigint[];
}

/** Groups by question and grouping set. */
export type Groups = readonly (readonly (readonly Group[])[])[];

/** Groups, and the values that public relations give to keys. */
export interface Opened {
  readonly groups: Groups;
  readonly domains: readonly (readonly (readonly Value[] | null)[])[];
}

/** Parameters with ε = 1/2 and a δ for private keys; Laplace noise. */
export const PARAMETERS: PrivacyParameters = {
  epsilon: { numerator: 1n, denominator: 2n },
  delta: null,
  accuracy: null,
  epsilonByAggregate: null,
  contribution: { groups: null, rows: null },
  level: 0.95,
  defaultDelta: { numerator: 1n, denominator: 1_000_000n },
};

/** A ledger with a budget that tests do not exhaust. */
export function richLedger(): Promise<Ledger> {
  return openLedger(memoryStore());
}

/** Charges a plan, runs it (or its questions over other tables) and opens what comes back. */
export async function runPlan(
  plan: Plan,
  engine: Engine,
  ledger: Ledger,
  salt: bigint,
  questions: Readable['questions'] = plan.questions,
): Promise<Opened> {
  const dataset = plan.dataset ?? '';
  const warrant = await ledger.reserve({
    ...UNSPECIFIED,
    accounts: [ample(dataset, 'tester')],
    event: plan.event,
    amount: amountOf(plan.cost),
    plan: plan.digest,
    principal: 'tester',
    dataset,
    version: '',
    policy: '',
    time: '2026-01-01T00:00:00.000Z',
  });
  const read = engine.prepare({ digest: plan.digest, dataset: plan.dataset, questions }, salt);
  const sealed = await read.run(warrant, {});
  const result = Sealed.unseal(sealed);
  return { groups: result.questions.map(({ sets }) => sets.map(groupsOf)), domains: result.domains };
}

function groupsOf(set: ExactSet): readonly Group[] {
  return Array.from({ length: set.groups }, (_, row) => ({
    key: set.keys.map((column) => column[row] ?? null),
    statistics: set.statistics.map((column) => column[row] as bigint),
  }));
}

/** The same by the interpreter. */
export function interpretPlan(questions: readonly BoundedQuestion[], database: Database, salt: bigint): Opened {
  return {
    groups: questions.map((question) => interpretBounded(question, salt, database)),
    domains: questions.map(({ keys }) =>
      keys.map(({ domain }) =>
        domain?.kind === 'relation'
          ? interpret(domain.relation, database).flatMap(([value]) => (value === null ? [] : [value as Value]))
          : null,
      ),
    ),
  };
}

/** One line per group, sorted: equal for equal statistics, whatever order they came in. */
export function shown({ groups, domains }: Opened): readonly string[] {
  const lines = groups.flatMap((sets, question) =>
    sets.flatMap((set, index) =>
      set
        .map(
          ({ key, statistics }) => `${question}.${index} ${key.map(valueText).join(' | ')} → ${statistics.join(' ')}`,
        )
        .sort(),
    ),
  );
  const values = domains.flatMap((keys, question) =>
    keys.flatMap((list, key) =>
      list === null ? [] : [`domain ${question}.${key}: ${[...new Set(list.map(valueText))].sort().join(' | ')}`],
    ),
  );
  return [...lines, ...values];
}

/** A value as text, types told apart; −0 is 0, as in every answer. */
export function valueText(value: Value): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
