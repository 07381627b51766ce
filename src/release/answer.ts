/** From noisy statistics to what a researcher gets: post-processing, intervals, Arrow. */
import type { Table } from 'apache-arrow';
import type { Column, Relation } from '../ask/ir.ts';
import type { Plan } from '../bound/plan.ts';
import { decimalOf, rational, subtract, toNumber } from '../dp/rational.ts';
import type { ExactRows } from '../engine/engine.ts';
import { evaluateAnswer } from './answer/evaluate-answer.ts';
import { exactCells, type Frame } from './answer/frame.ts';
import { publicRelations } from './answer/scope.ts';
import { derive } from './derive.ts';
import { digestOf, valuesDigestOf } from './digest.ts';
import type { NoisyAnswer } from './noisy.ts';
import { intervalsOf, type Presented } from './present.ts';
import type { Intervals, Receipt, ReleasedColumn } from './release.ts';
import { makeTable } from './table.ts';

/** How an answer is shown. */
export interface AnswerOptions {
  /** Confidence level, in (0, 1). */
  readonly level: number;
  /** `each`: every interval holds at `level`; `joint`: all of the answer together. */
  readonly intervals: 'each' | 'joint';
  /** Clip counts at zero, and their intervals. Sums of counts are clipped after summing. */
  readonly clip: boolean;
  /** Exact rows of a relation over public tables. */
  readPublic(relation: Relation): Promise<ExactRows>;
}

/** An answer before cost and receipt are put beside it. */
export interface Answer {
  readonly columns: readonly ReleasedColumn[];
  readonly intervals: Readonly<Record<string, Intervals>>;
  readonly notes: readonly string[];
  /** Of columns and intervals; see `digestOf`. */
  readonly digest: string;
  /** Of the values alone; see `valuesDigestOf`. */
  readonly valuesDigest: string;
  /** Arrow, with the given facts in the schema's metadata. */
  table(facts: {
    readonly cost: { readonly epsilon: number; readonly delta: number };
    readonly policy: string;
    readonly plan: string;
    /** Travels as `gauze.receipt`, so that the table can be checked wherever it goes. */
    readonly receipt: Receipt | null;
  }): Table;
}

/**
 * Works out the answer of a plan from its noisy statistics.
 *
 * @throws SpannedError QUERY_TOO_LARGE when a step after the release holds more than 1,000,000 rows
 * @guarantee post-processing of released values and public tables: no further loss [DR14, Prop 2.1]
 */
export async function answerOf(plan: Plan, noisy: NoisyAnswer, options: AnswerOptions): Promise<Answer> {
  const publics = new Map<Relation, Frame>();
  for (const relation of publicRelations(plan.answer)) {
    publics.set(relation, exactFrame(relation.columns, await options.readPublic(relation)));
  }
  const frame = evaluateAnswer(plan.answer, { released: derive(plan, noisy), publics });
  const alpha = toNumber(subtract(rational(1n), decimalOf(options.level)));
  const presented = intervalsOf(frame, { alpha, joint: options.intervals === 'joint', clip: options.clip });
  const names = uniqueNames(frame.columns);
  const columns = frame.columns.map(
    ({ type }, index): ReleasedColumn => ({
      name: names[index] as string,
      type: type === 'null' ? 'text' : type,
      noisy: presented[index]?.bounds !== null,
      values: presented[index]?.values ?? [],
    }),
  );
  const intervals = byName(
    presented.flatMap(({ bounds }, index): [string, Intervals][] =>
      bounds === null ? [] : [[names[index] as string, { ...bounds, level: options.level }]],
    ),
  );
  let digest: string | null = null;
  let valuesDigest: string | null = null;
  return {
    columns,
    intervals,
    notes: notesOf(presented, options.clip),
    get digest() {
      digest ??= digestOf(columns, intervals);
      return digest;
    },
    get valuesDigest() {
      valuesDigest ??= valuesDigestOf(columns);
      return valuesDigest;
    },
    table: ({ cost, policy, plan: planDigest, receipt }) =>
      makeTable(columns, {
        'gauze.cost': JSON.stringify(cost),
        'gauze.policy': policy,
        'gauze.plan': planDigest,
        'gauze.level': String(options.level),
        ...(receipt === null ? {} : { 'gauze.receipt': JSON.stringify(receipt) }),
      }),
  };
}

/** Without a prototype: a column may be called `constructor`, and has intervals only if it is noisy. */
function byName(entries: readonly (readonly [string, Intervals])[]): Readonly<Record<string, Intervals>> {
  return Object.setPrototypeOf(Object.fromEntries(entries), null) as Readonly<Record<string, Intervals>>;
}

function exactFrame(columns: readonly Column[], rows: ExactRows): Frame {
  return {
    columns,
    cells: rows.values.map((values) => exactCells(values)),
    length: rows.values[0]?.length ?? 0,
    noisyRows: false,
  };
}

/** Names of output columns; a name that comes again gets `_1`, `_2`, … */
export function uniqueNames(columns: readonly Column[]): readonly string[] {
  const taken = new Set<string>();
  const wanted = new Set(columns.map((column) => column.name));
  return columns.map(({ name }) => {
    let unique = name;
    for (let n = 1; taken.has(unique) || (unique !== name && wanted.has(unique)); n++) unique = `${name}_${n}`;
    taken.add(unique);
    return unique;
  });
}

function notesOf(presented: readonly Presented[], clip: boolean): readonly string[] {
  const notes: string[] = [];
  if (presented.some(({ undetermined }) => undetermined)) {
    notes.push(
      'An average without a value rests on too few rows to be told at this epsilon; its interval is the whole range.',
    );
  }
  if (clip) notes.push('Counts below zero are shown as zero, as asked; means of many such counts are biased upwards.');
  return notes;
}
