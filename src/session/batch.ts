/** A study fixed in advance: its questions are charged as one mechanism, and answered one by one. */
import { type Question, textOf } from '../ask/index.ts';
import { type Loss, numberOf } from '../charge/account.ts';
import type { Warrant } from '../charge/warrant.ts';
import { canonicalBytes, sha256Hex } from '../crypto/canonical.ts';
import type { Notion } from '../dp/accountant/notions.ts';
import type { Rational } from '../dp/rational.ts';
import type { PreparedRead } from '../engine/engine.ts';
import { failed } from '../engine/failures.ts';
import { GauzeError } from '../errors.ts';
import { checkRun, type QueryOptions, report } from '../options.ts';
import type { Release } from '../release/release.ts';
import {
  admitted,
  type BatchOptions,
  type BatchQuestion,
  deltaOf,
  type Planned,
  plansOf,
  readKey,
  storedName,
} from './batch-plan.ts';
import { type BatchPrice, type BatchPrices, pricesOf } from './batch-price.ts';
import { checkChain } from './chain-rules.ts';
import { inQuestion } from './in-question.ts';
import { type Measured, obtain, preparedRead, readNoisy, reservationOf, versionRead } from './measured.ts';
import type { Prepared, SessionParts } from './parts.ts';

/** One answer, or why there is none; what was charged for it stays charged. */
export type BatchResult =
  | { readonly name: string; readonly release: Release; readonly error: null }
  | { readonly name: string; readonly release: null; readonly error: GauzeError };

export interface BatchRelease {
  /** One for every question, in their order. */
  readonly results: readonly BatchResult[];
  /** What was charged for all of them together; stored answers are free. */
  readonly cost: Loss;
  /** What the same questions would have been charged one by one. */
  readonly sum: Loss;
  /** Whose figure `cost` is; `basic` is the sum. Null where nothing was charged. */
  readonly by: Notion | null;
}

/** How a session makes an answer of noisy statistics. */
export type Finish = (
  prepared: Prepared,
  options: QueryOptions,
  measured: Measured,
  question: Question,
) => Promise<Release>;

const NOTHING: Loss = { epsilon: 0, delta: 0 };

/**
 * Asks several questions as one. Questions that cannot be planned or printed refuse the whole batch, before anything is
 * charged; after the charge each is answered or fails by itself. Answers already stored cost what they cost by themselves.
 *
 * @throws GauzeError as a question would be refused, with its name and number; USAGE, BUDGET_EXHAUSTED, LEDGER_*
 * @guarantee the charged (ε, δ) for all new answers together; see `pricesOf`
 */
export async function askBatch(
  parts: SessionParts,
  questions: readonly BatchQuestion[],
  options: BatchOptions,
  finish: Finish,
): Promise<BatchRelease> {
  checkRun(options);
  const delta = deltaOf(options);
  const planned = plansOf(parts, questions, options);
  const records = await parts.ledger.records();
  for (const one of planned) checkChain(records, parts, one.prepared);
  report(options, 'planned');
  const fresh = await unanswered(parts, planned);
  const paid = fresh.length === 0 ? null : await charge(parts, fresh, delta);
  if (paid !== null) report(options, 'charged');
  const measured = paid === null ? new Map<string, Measured | GauzeError>() : await readAll(parts, paid);
  const results: BatchResult[] = [];
  for (const one of planned) results.push(await resultOf(parts, one, measured, finish));
  return {
    results,
    cost: paid === null ? NOTHING : numberOf(paid.price.amount),
    sum: paid === null ? NOTHING : numberOf(paid.prices.sum.amount),
    by: paid?.price.by ?? null,
  };
}

/** Questions that must be read for, each plan once where answers are kept; those stored cost nothing again. */
async function unanswered(parts: SessionParts, planned: readonly Planned[]): Promise<readonly Planned[]> {
  const fresh: Planned[] = [];
  const seen = new Set<string>();
  for (const one of planned) {
    if (one.prepared.plan.dataset === null) continue;
    const key = readKey(parts, one);
    const isStored =
      parts.policy.governance.consistentAnswers && (await parts.answers.find(storedName(parts, one.prepared))) !== null;
    if (isStored || seen.has(key)) continue;
    seen.add(key);
    fresh.push(one);
  }
  return fresh;
}

/** Questions whose charge is durable. */
interface Paid {
  readonly prices: BatchPrices;
  readonly price: BatchPrice;
  readonly reads: readonly { readonly one: Planned; readonly read: PreparedRead; readonly warrant: Warrant }[];
}

async function charge(parts: SessionParts, fresh: readonly Planned[], delta: Rational | null): Promise<Paid> {
  const prepared = fresh.map(({ prepared: one }) => one);
  const [first] = prepared as [Prepared, ...Prepared[]];
  const reads = fresh.map(({ name, asked }, index) => {
    try {
      return preparedRead(parts, (prepared[index] as Prepared).plan);
    } catch (error) {
      throw inQuestion(error, { name, index, text: textOf(asked.question) });
    }
  });
  const plans = prepared.map(({ plan }) => plan.digest);
  const prices = pricesOf(
    prepared.map(({ plan }) => plan),
    first.accounts,
    delta,
  );
  const { price } = await admitted(parts, fresh, prices);
  const version = versionRead(parts, first.plan, first.plan.dataset ?? '');
  const reservation = {
    ...reservationOf(parts, first, first.accounts, version),
    event: prices.event,
    amount: price.amount,
    plan: sha256Hex(canonicalBytes(plans)),
    columns: [...new Set(prepared.flatMap(({ columns }) => columns))].sort(),
    question: prepared.map(({ shape }) => shape).join(';\n'),
  };
  const warrants = await parts.ledger.reserveBatch(reservation, plans);
  return {
    prices,
    price,
    reads: fresh.map((one, index) => ({
      one,
      read: reads[index] as PreparedRead,
      warrant: warrants[index] as Warrant,
    })),
  };
}

/** Reads for every question of a paid batch, one after the other, and settles it once. */
async function readAll(parts: SessionParts, { reads }: Paid): Promise<Map<string, Measured | GauzeError>> {
  const measured = new Map<string, Measured | GauzeError>();
  for (const { one, read, warrant } of reads) {
    const { plan } = one.prepared;
    try {
      const permitted = { plan, read, warrant, name: storedName(parts, one.prepared) };
      const noisy = await readNoisy(parts, permitted, one.options);
      measured.set(readKey(parts, one), { noisy, recalled: false, entry: warrant.place });
    } catch (error) {
      measured.set(readKey(parts, one), error instanceof GauzeError ? error : failed());
    }
  }
  const [first] = reads;
  const isReleased = [...measured.values()].some((one) => !(one instanceof GauzeError));
  if (first !== undefined) {
    await parts.ledger
      .settle(first.warrant, {
        outcome: isReleased ? 'released' : 'failed',
        // The entry names the plans, and each answer is stored under its own.
        answer: null,
        time: parts.clock().toISOString(),
      })
      // What is released stays released, and the charge stands, whether or not its outcome can be recorded.
      .catch(() => undefined);
  }
  return measured;
}

async function resultOf(
  parts: SessionParts,
  one: Planned,
  measured: ReadonlyMap<string, Measured | GauzeError>,
  finish: Finish,
): Promise<BatchResult> {
  const { name, asked, prepared, options } = one;
  try {
    const found = measured.get(readKey(parts, one)) ?? (await obtain(parts, prepared, options));
    if (found instanceof GauzeError) throw found;
    return { name, release: await finish(prepared, options, found, asked.question), error: null };
  } catch (error) {
    const known = inQuestion(error, { name, index: null, text: textOf(asked.question) });
    return { name, release: null, error: known instanceof GauzeError ? known : failed() };
  }
}
