/** What one question does to a session, taken apart: what must be equal on neighbours, and every text that it puts out. */
import { tableToIPC } from 'apache-arrow';
import { walkRelation } from '../../src/ask/fold.ts';
import { ask } from '../../src/ask/index.ts';
import { makePlan } from '../../src/bound/planner.ts';
import { releaseLines } from '../../src/cli/command/query.ts';
import { GauzeError } from '../../src/errors.ts';
import { parametersOf, type QueryOptions } from '../../src/options.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { Release } from '../../src/release/release.ts';
import { jsonCell, toJSON } from '../../src/release/serialize.ts';
import type { Explanation, Session } from '../../src/session.ts';

/** One question's end. `status` is the same whatever one person's data are; `texts` is all that anyone gets to read. */
export interface Outcome {
  readonly accepted: boolean;
  readonly code: string | null;
  readonly status: unknown;
  readonly texts: readonly string[];
  /** Steps that were reported. */
  readonly stages: readonly string[];
  /** Milliseconds. */
  readonly took: number;
}

/** Sentence of an answer that follows from noisy counts, so not equal on neighbours. */
const FROM_NOISE = /^An average without a value/;

/** Asks, and explains what is asked unless it is explained already. Anything but an answer or a GauzeError is thrown on. */
export async function outcomeOf(
  session: Session,
  policy: Policy,
  sql: string,
  options: QueryOptions,
  known: Settled<Explanation> | null = null,
): Promise<Outcome> {
  const start = performance.now();
  const stages: string[] = [];
  const explained = known ?? (await settled(() => session.explain(sql, options)));
  const asked = await settled(() => session.query(sql, { ...options, onProgress: (stage) => stages.push(stage) }));
  const took = performance.now() - start;
  const explanation = explained.error ?? explained.value;
  if (asked.error !== null) {
    const error = { ...asked.error.toJSON(), fields: asked.error.fields, exitCode: asked.error.exitCode };
    return {
      accepted: false,
      code: asked.error.code,
      status: { error, stages, explanation: written(explanation) },
      texts: [JSON.stringify(error), String(asked.error.stack).split('\n    at ')[0] as string, written(explanation)],
      stages,
      took,
    };
  }
  const release = asked.value;
  return {
    accepted: true,
    code: null,
    status: {
      columns: release.columns.map(({ name, type, noisy }) => ({ name, type, noisy })),
      intervals: Object.keys(release.intervals),
      cost: written(release.cost),
      remaining: release.remaining,
      recalled: release.recalled,
      notes: release.notes.filter((note) => !FROM_NOISE.test(note)),
      keys: rowsArePublic(policy, sql, options) ? publicRows(release) : null,
      stages,
      explanation: written(explanation),
    },
    texts: textsOf(release, explanation),
    stages,
    took,
  };
}

/** A value, or the error there is instead. */
export type Settled<T> =
  | { readonly value: T; readonly error: null }
  | { readonly value: null; readonly error: GauzeError };

/** Waits for a value or a GauzeError. Anything else is thrown on. */
export async function settled<T>(work: () => Promise<T>): Promise<Settled<T>> {
  try {
    return { value: await work(), error: null };
  } catch (error) {
    if (error instanceof GauzeError) return { value: null, error };
    throw error;
  }
}

const known = new Map<string, boolean>();

/** Whether which rows there are follows from public keys alone: no private selection, nothing chosen by noisy values. */
function rowsArePublic(policy: Policy, sql: string, options: QueryOptions): boolean {
  const before = known.get(sql);
  if (before !== undefined) return before;
  const { params } = options;
  const relation = ask(sql, policy, params === undefined ? {} : { parameters: params });
  const dataset = [...policy.datasets.values()][0] ?? null;
  const [principal] = policy.principals.values();
  const limit = principal?.budgets.get(dataset?.name ?? '') ?? null;
  const { plan } = makePlan(relation, policy, parametersOf(options, dataset, limit), sql);
  const kinds = new Set<string>();
  walkRelation(plan.answer, (node) => kinds.add(node.kind));
  const chosen = ['filter', 'limit', 'join', 'distinct', 'aggregate', 'set'].some((kind) => kinds.has(kind));
  const isPublic = !chosen && plan.questions.every(({ selection }) => selection.every((one) => one === null));
  known.set(sql, isPublic);
  return isPublic;
}

function publicRows(release: Release): readonly string[] {
  const length = release.columns[0]?.values.length ?? 0;
  const shown = release.columns.filter((column) => !column.noisy);
  return Array.from({ length }, (_, row) =>
    JSON.stringify(shown.map(({ type, values }) => jsonCell(type, values[row] ?? null))),
  ).sort();
}

function textsOf(release: Release, explanation: unknown): readonly string[] {
  return [
    JSON.stringify(toJSON(release)),
    releaseLines(release).join('\n'),
    written(release.receipt),
    new TextDecoder().decode(tableToIPC(release.table, 'stream')),
    written(explanation),
    release.notes.join('\n'),
  ];
}

function written(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item));
}
