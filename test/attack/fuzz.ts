/**
 * Texts asked of whole sessions on pairs of databases that differ in one hostile person, and what is wrong with what
 * comes back. Every text is explained and asked; what is accepted is charged, read, noised and released on both.
 */
import { isDeepStrictEqual } from 'node:util';
import { openNative } from '../../src/engine/duckdb-native.node.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { GauzeError } from '../../src/errors.ts';
import { memoryStore, open, type Session } from '../../src/index.node.ts';
import type { QueryOptions } from '../../src/options.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import type { Explanation } from '../../src/session.ts';
import { rewritten } from '../policy/network.ts';
import { generateQuestion, seeded } from './grammar.ts';
import { mutate } from './mutate.ts';
import { makeNeighbours, RICH } from './neighbours.ts';
import { outcomeOf, type Settled, settled } from './outcome.ts';
import { Draw } from './random.ts';
import { faultIn, faultOf } from './refusal.ts';

/** Generous: many tests share few processors. */
const MOST_MS = 20_000;
/** Faults that are enough to look at. */
const FAULTS = 5;
/** Pure ε, and with a δ that lets noise be Gaussian; ε so large that private groups show. */
const OPTIONS = [{ epsilon: '2' }, { epsilon: '2', delta: '1e-6' }] as const;
const policy = parsePolicy(rewritten('minimumUnits: 11', 'minimumUnits: 11\n    defaultDelta: 1e-6', RICH), {
  file: 'network.yaml',
});

/** Seeds of the rounds that are asked: one in CI, GAUZE_FUZZ of them by a longer command. */
export const ROUNDS: readonly number[] = Array.from({ length: Number(process.env.GAUZE_FUZZ ?? 1) }, (_, i) => 201 + i);

/** Sessions on a base and on the same base with one person more. */
export type Pair = readonly [Session, Session];

/** Pairs to ask, over as many databases. */
export interface Pairs {
  readonly all: readonly Pair[];
  close(): Promise<void>;
}

/** Texts in their order, each with a turn: texts of one turn go to the same pair. */
export type Texts = Iterable<{ readonly text: string; readonly turn: number }>;

/** How many texts were asked, how many of them accepted, how many of those read data; the first faults. */
export interface Verdict {
  readonly asked: number;
  readonly accepted: number;
  readonly read: number;
  readonly faults: readonly string[];
}

/** An ordinary and an empty network, each with two hostile persons in turn. `engine` stands between a session and its data. */
export async function openPairs(
  engine: (inner: Engine, hasPerson: boolean) => Engine = (inner) => inner,
  persons: readonly (readonly ['full' | 'empty', string])[] = [
    ['full', 'extreme'],
    ['empty', 'low'],
    ['full', 'ordinary'],
    ['empty', 'nothing'],
  ],
): Promise<Pairs> {
  const written = await Promise.all(persons.map(([base, person]) => makeNeighbours([base], [person])));
  const sessionOn = async (folder: string, hasPerson: boolean): Promise<Session> =>
    open({
      policy,
      as: 'dr-lee',
      ledger: memoryStore(),
      clock: () => new Date(0),
      engine: engine(await openNative({ policyDirectory: folder, threads: 1 }), hasPerson),
    });
  const all: Pair[] = [];
  for (const { all: both } of written) {
    const [plain, more] = both.map(({ folder }) => folder) as [string, string];
    all.push([await sessionOn(plain, false), await sessionOn(more, true)]);
  }
  return {
    all,
    close: async () => {
      for (const session of all.flat()) await session.close();
      for (const { remove } of written) remove();
    },
  };
}

/** Asks every text of one pair, until there are faults enough. */
export async function askAll({ all }: Pairs, texts: Texts): Promise<Verdict> {
  const faults: string[] = [];
  let asked = 0;
  let accepted = 0;
  let read = 0;
  for (const { text, turn } of texts) {
    const start = performance.now();
    const options = OPTIONS[Math.floor(turn / all.length) % OPTIONS.length] as QueryOptions;
    const found = await askPair(all[turn % all.length] as Pair, text, options);
    asked += 1;
    if (found.accepted) accepted += 1;
    if (found.read) read += 1;
    const took = performance.now() - start;
    const fault = found.fault ?? (took > MOST_MS ? `${took} ms` : null);
    if (fault !== null) faults.push(`${JSON.stringify(text)}\n  ${fault}`);
    if (faults.length === FAULTS) break;
  }
  return { asked, accepted, read, faults };
}

interface Found {
  readonly accepted: boolean;
  /** Whether a charge was made for it, so that data were read: no stored answer, and not of public tables alone. */
  readonly read: boolean;
  readonly fault: string | null;
}

async function askPair(pair: Pair, text: string, options: QueryOptions): Promise<Found> {
  try {
    const explained = await settled(() => pair[0].explain(text, options));
    return explained.error === null
      ? await answered(pair, text, options, explained)
      : await refused(pair, text, options, explained.error);
  } catch (error) {
    return { accepted: false, read: false, fault: faultOf(error, text) };
  }
}

/** What explain refuses, both must refuse in the same words. */
async function refused(pair: Pair, text: string, options: QueryOptions, error: GauzeError): Promise<Found> {
  const asked = await Promise.all(pair.map((session) => settled(() => session.query(text, options))));
  const [first, ...others] = [error, ...asked.map((one) => one.error)].map(writtenDown);
  const other = others.find((one) => !isDeepStrictEqual(one, first));
  const fault = other === undefined ? faultOf(error, text) : `${JSON.stringify(first)}\n  ${JSON.stringify(other)}`;
  return { accepted: false, read: false, fault };
}

function writtenDown(error: GauzeError | null): unknown {
  return error === null ? 'accepted' : { ...error.toJSON(), fields: error.fields, exitCode: error.exitCode };
}

async function answered(
  pair: Pair,
  text: string,
  options: QueryOptions,
  explained: Settled<Explanation>,
): Promise<Found> {
  const [one, other] = await Promise.all([
    outcomeOf(pair[0], policy, text, options, explained),
    outcomeOf(pair[1], policy, text, options),
  ]);
  const unequal = isDeepStrictEqual(one.status, other.status)
    ? null
    : `${JSON.stringify(one.status)}\n  ${JSON.stringify(other.status)}`;
  return {
    accepted: one.accepted,
    read: one.stages.includes('read'),
    fault: faultIn(one, text) ?? faultIn(other, text) ?? unequal,
  };
}

/** Valid questions. */
export function* validQuestions(seed: number, count: number): Generator<{ text: string; turn: number }> {
  const random = seeded(seed);
  for (let i = 0; i < count; i++) yield { text: generateQuestion(random), turn: i };
}

/** Questions with one to three words exchanged, eight of each question. */
export function* exchangedWords(seed: number, count: number): Generator<{ text: string; turn: number }> {
  const random = seeded(seed);
  const draw = new Draw(random);
  let question = '';
  for (let i = 0; i < count; i++) {
    if (i % 8 === 0) question = generateQuestion(random);
    yield { text: mutate(draw, question, 3), turn: Math.floor(i / 8) };
  }
}

/** Questions with one to four bytes overwritten, a tenth of them cut short, twenty of each question. */
export function* damagedBytes(seed: number, count: number): Generator<{ text: string; turn: number }> {
  const random = seeded(seed);
  const draw = new Draw(random);
  const decoder = new TextDecoder();
  let bytes = new Uint8Array();
  for (let i = 0; i < count; i++) {
    if (i % 20 === 0) bytes = new TextEncoder().encode(generateQuestion(random));
    const text = bytes.slice(0, draw.chance(0.1) ? draw.int(0, bytes.length) : bytes.length);
    for (let times = draw.int(1, 4); times > 0 && text.length > 0; times--) {
      text[draw.int(0, text.length - 1)] = draw.chance(0.5) ? draw.int(0, 255) : draw.int(32, 126);
    }
    yield { text: decoder.decode(text), turn: Math.floor(i / 20) };
  }
}
