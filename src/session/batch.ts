/** A study fixed in advance: its questions are charged as one mechanism, and answered one by one. */
import { type Question, textOf } from '../ask/index.ts';
import { type Loss, numberOf } from '../charge/account.ts';
import type { Reservation } from '../charge/ledger.ts';
import type { Place } from '../charge/place.ts';
import type { Warrant } from '../charge/warrant.ts';
import { canonicalBytes, sha256Hex } from '../crypto/canonical.ts';
import type { Notion } from '../dp/accountant/notions.ts';
import type { PrivacyEvent } from '../dp/event.ts';
import type { Rational } from '../dp/rational.ts';
import type { PreparedRead } from '../engine/engine.ts';
import { failed } from '../engine/failures.ts';
import { GauzeError } from '../errors.ts';
import { checkRun, type QueryOptions, report } from '../options.ts';
import type { Release } from '../release/release.ts';
import {
  accountsOf,
  admitted,
  type BatchOptions,
  type BatchQuestion,
  deltaOf,
  type Planned,
  plansOf,
  readKey,
  storedName,
} from './batch-plan.ts';
import { type BatchPrice, pricesOf } from './batch-price.ts';
import { type BatchWork, sumOf, unpaidOf, workOf } from './batch-work.ts';
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
  /**
   * What was charged to the principal for all of them: for new answers together, and besides for each stored one that
   * others have paid for and he has not. Stored answers that he has paid for are free.
   */
  readonly cost: Loss;
  /** What the same questions would have been charged one by one. */
  readonly sum: Loss;
  /** Whose figure the new answers' part of `cost` is; `basic` is their sum. Null where nothing was charged. */
  readonly by: Notion | null;
}

/** How a session makes an answer of noisy statistics. */
export type Finish = (
  prepared: Prepared,
  options: QueryOptions,
  measured: Measured,
  question: Question,
) => Promise<Release>;

/**
 * Asks several questions as one. Questions that cannot be planned or printed refuse the whole batch, before anything is
 * charged, and so do budgets that do not admit new answers and stored answers of others together; after the charge each is
 * answered or fails by itself. What an officer stops meanwhile is neither read nor handed out any more; it stays charged.
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
  const time = parts.clock().toISOString();
  const work = await workOf(parts, planned, time);
  const { recharged } = work;
  const isFree = work.fresh.length === 0 && work.recharges.length === 0;
  const paid = await charge(parts, work, delta, time);
  if (!isFree) report(options, 'charged');
  const measured = await readAll(parts, paid);
  const results: BatchResult[] = [];
  for (const one of planned) results.push(await resultOf(parts, one, measured, finish));
  return {
    results,
    cost: numberOf(sumOf(paid.price.amount, recharged)),
    sum: numberOf(sumOf(paid.sum.amount, recharged)),
    by: isFree ? null : paid.price.by,
  };
}

/** Questions whose charge is durable. */
interface Paid {
  /** Of new answers together, and one by one. */
  readonly price: BatchPrice;
  readonly sum: BatchPrice;
  readonly reads: readonly { readonly one: Planned; readonly read: PreparedRead; readonly warrant: Warrant }[];
  /** Stored answers, by `readKey`. */
  readonly recalled: ReadonlyMap<string, Measured>;
}

/** Charges for new answers and for stored ones together, or for nothing. @throws GauzeError BUDGET_EXHAUSTED, LEDGER_* */
async function charge(parts: SessionParts, work: BatchWork, delta: Rational | null, time: string): Promise<Paid> {
  const { fresh, stored, recharges } = work;
  const reads = fresh.map(({ name, asked, prepared }, index) => {
    try {
      return preparedRead(parts, prepared.plan);
    } catch (error) {
      throw inQuestion(error, { name, index, text: textOf(asked.question) });
    }
  });
  const prices = pricesOf(
    fresh.map(({ prepared }) => prepared.plan),
    accountsOf(fresh),
    delta,
  );
  const { price } = await admitted(parts, work, prices, time);
  const plans = fresh.map(({ prepared }) => prepared.plan.digest);
  const reservation = fresh.length === 0 ? null : batchReservation(parts, fresh, { event: prices.event, price, time });
  const { warrants, recharged } =
    reservation === null && recharges.length === 0
      ? { warrants: [], recharged: [] }
      : await parts.ledger.reserveBatch(reservation, plans, recharges);
  const places = new Map(unpaidOf(stored).map((one, index) => [one, recharged[index] as Place]));
  const recalled = [...stored].map(([key, one]): [string, Measured] => [
    key,
    { noisy: one.noisy, recalled: !places.has(one), entry: places.get(one) ?? one.entry },
  ]);
  return {
    price,
    sum: prices.sum,
    reads: fresh.map((one, index) => ({
      one,
      read: reads[index] as PreparedRead,
      warrant: warrants[index] as Warrant,
    })),
    recalled: new Map(recalled),
  };
}

/** One entry for all that is read for. */
function batchReservation(
  parts: SessionParts,
  fresh: readonly Planned[],
  { event, price, time }: { readonly event: PrivacyEvent; readonly price: BatchPrice; readonly time: string },
): Reservation {
  const prepared = fresh.map(({ prepared: one }) => one);
  const [first] = prepared as [Prepared, ...Prepared[]];
  const version = versionRead(parts, first.plan, first.plan.dataset ?? '');
  return {
    ...reservationOf(parts, first, first.accounts, version),
    event,
    amount: price.amount,
    plan: sha256Hex(canonicalBytes(prepared.map(({ plan }) => plan.digest))),
    columns: [...new Set(prepared.flatMap(({ columns }) => columns))].sort(),
    question: prepared.map(({ shape }) => shape).join(';\n'),
    time,
  };
}

/** Reads for every question of a paid batch, one after the other, and settles it once. */
async function readAll(parts: SessionParts, { reads, recalled }: Paid): Promise<Map<string, Measured | GauzeError>> {
  const read = new Map<string, Measured | GauzeError>();
  for (const { one, read: prepared, warrant } of reads) {
    const { plan } = one.prepared;
    try {
      // A long batch outlives the check at its beginning: freezes and withdrawals stop what is not yet read.
      checkChain(await parts.ledger.records(), parts, one.prepared);
      const permitted = { plan, read: prepared, warrant, name: storedName(parts, one.prepared) };
      const noisy = await readNoisy(parts, permitted, one.options);
      read.set(readKey(parts, one), { noisy, recalled: false, entry: warrant.place });
    } catch (error) {
      read.set(readKey(parts, one), error instanceof GauzeError ? error : failed());
    }
  }
  const [first] = reads;
  const isReleased = [...read.values()].some((one) => !(one instanceof GauzeError));
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
  return new Map([...recalled, ...read]);
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
    // Neither is an answer handed out that was read, or stored, before it was stopped.
    checkChain(await parts.ledger.records(), parts, prepared);
    return { name, release: await finish(prepared, options, found, asked.question), error: null };
  } catch (error) {
    const known = inQuestion(error, { name, index: null, text: textOf(asked.question) });
    return { name, release: null, error: known instanceof GauzeError ? known : failed() };
  }
}
