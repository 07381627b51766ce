/** A signed statement of what was asked, promised, spent and released. */
import type { Parameters, ParameterValue, Question } from '../ask/index.ts';
import type { Plan } from '../bound/plan.ts';
import type { Proof } from '../bound/proof.ts';
import { amountOf, decimalsOf } from '../charge/account.ts';
import type { Part } from '../charge/account-id.ts';
import type { Place } from '../charge/place.ts';
import type { InForce } from '../charge/records.ts';
import { canonicalBytes } from '../crypto/canonical.ts';
import { type SigningKey, verify } from '../crypto/sign.ts';
import type { PrivacyEvent } from '../dp/event.ts';
import type { Answer, AnswerOptions } from './answer.ts';
import type { Receipt } from './release.ts';
import { SOFTWARE } from './software.ts';

/**
 * What a receipt states. Digests are SHA-256, hex; costs are decimals as text; nothing in it is computed from protected
 * data but `answer`, whose digests are of released values.
 */
export interface ReceiptBody {
  readonly format: 'gauze-receipt-2';
  /** Name and version of what made it. */
  readonly software: string;
  /** When it was signed, ISO 8601, UTC. */
  readonly time: string;
  readonly principal: string;
  readonly purpose: string | null;
  readonly dataset: string;
  /** The part of the data set's units that was read; null: all. */
  readonly part: Part | null;
  /** Data version label given at registration; it says nothing about the data. */
  readonly version: string;
  /** The question as typed, with its parameters' values as text: they are the asker's own. */
  readonly question: {
    readonly text: string;
    readonly parameters: readonly { readonly name: string; readonly value: string | null }[];
  };
  /** The rules it was answered under; `version` counts from 1, and is null with `entry` where the chain had not recorded them. */
  readonly policy: { readonly digest: string; readonly version: number | null; readonly entry: Place | null };
  /** Digest of the plan, which the journal names. */
  readonly plan: string;
  readonly proof: Proof;
  /** Mechanisms that ran, with their parameters. */
  readonly event: PrivacyEvent;
  /** What the plan costs whoever pays for it. */
  readonly cost: { readonly epsilon: string; readonly delta: string };
  /** The entry that paid; `recalled` where the asker had paid before, and nothing new was charged. */
  readonly charge: { readonly recalled: boolean; readonly entry: Place };
  /** The newest entry when it was signed. */
  readonly head: Place;
  readonly answer: ReceiptAnswer;
}

/** The released values, and what their intervals mean. */
export interface ReceiptAnswer {
  /** Of values and intervals; see `digestOf`. */
  readonly digest: string;
  /** Of the values alone; see `valuesDigestOf`. */
  readonly values: string;
  readonly level: number;
  /** Whether each interval holds at that level, or all of them together. */
  readonly intervals: 'each' | 'joint';
  readonly covers: string;
}

const COVERS = 'the noise that was added; not values moved into bounds, rows left out, or errors in the data';

/** Everything a receipt is made of. */
export interface ReceiptFacts {
  readonly question: Question;
  /** Values given beside the question; a query of the builder brings its own. */
  readonly parameters: Parameters | undefined;
  readonly principal: string;
  readonly purpose: string | null;
  readonly part: Part | null;
  /** A plan that is charged: its data set is not null. */
  readonly plan: Plan & { readonly dataset: string };
  readonly version: string;
  /** Digest of the policy it was planned under. */
  readonly policy: string;
  /** The rules that the chain has in force now. */
  readonly inForce: InForce | null;
  readonly charge: ReceiptBody['charge'];
  readonly head: Place;
  readonly time: string;
  readonly answer: Pick<Answer, 'digest' | 'valuesDigest'>;
  readonly shown: Pick<AnswerOptions, 'level' | 'intervals'>;
}

/** What the receipt of an answer states. */
export function receiptBody(facts: ReceiptFacts): ReceiptBody {
  const { question, principal, purpose, part, plan, version, charge, head, time, answer, shown } = facts;
  return {
    format: 'gauze-receipt-2',
    software: SOFTWARE,
    time,
    principal,
    purpose,
    dataset: plan.dataset,
    part,
    version,
    question: {
      text: wellFormed(typeof question === 'string' ? question : question.sql),
      parameters: parametersOf(typeof question === 'string' ? facts.parameters : question.parameters),
    },
    policy: policyOf(facts.policy, facts.inForce),
    plan: plan.digest,
    proof: plan.proof,
    event: plan.event,
    cost: decimalsOf(amountOf(plan.cost)),
    charge,
    head,
    answer: {
      digest: answer.digest,
      values: answer.valuesDigest,
      level: shown.level,
      intervals: shown.intervals,
      covers: COVERS,
    },
  };
}

/** Signs a receipt with the data holder's key. */
export function makeReceipt(body: ReceiptBody, key: SigningKey): Receipt {
  return { body: { ...body }, publicKey: key.publicKey, signature: key.sign(message(body)) };
}

const FORMATS: readonly unknown[] = ['gauze-receipt-1', 'gauze-receipt-2'];

/**
 * Whether a receipt is whole and signed by `publicKey`, or by the key it names where none is given; malformed is false.
 * Receipts of earlier formats stay valid.
 */
export function verifyReceipt(receipt: Receipt, publicKey: string = receipt.publicKey): boolean {
  const { body } = receipt;
  if (receipt.publicKey !== publicKey || typeof body !== 'object' || body === null) return false;
  if (!FORMATS.includes(body.format)) return false;
  try {
    return verify(message(body), receipt.signature, publicKey);
  } catch {
    return false;
  }
}

/** A policy that changed since the answer was planned has no place in the chain that this receipt could name. */
function policyOf(digest: string, inForce: InForce | null): ReceiptBody['policy'] {
  if (inForce === null || inForce.entry.digest !== digest) return { digest, version: null, entry: null };
  const { version, sequence, hash } = inForce;
  return { digest, version, entry: { sequence, hash } };
}

function parametersOf(parameters: Parameters | undefined): ReceiptBody['question']['parameters'] {
  return Object.entries(parameters ?? {}).map(([key, value]) => ({
    name: Array.isArray(parameters) ? String(Number(key) + 1) : wellFormed(key),
    value: textOf(value as ParameterValue),
  }));
}

function textOf(value: ParameterValue): string | null {
  if (value === null) return null;
  return wellFormed(value instanceof Date ? value.toISOString() : String(value));
}

/** RFC 8785 §3.2.2.2 has no form for half a surrogate pair. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

const DOMAIN = 'gauze receipt v1\n';

/** Domain-separated, so that no other thing signed with the key reads as a receipt. */
function message(body: object): Uint8Array {
  const canonical = canonicalBytes(body);
  const domain = new TextEncoder().encode(DOMAIN);
  const bytes = new Uint8Array(domain.length + canonical.length);
  bytes.set(domain);
  bytes.set(canonical, domain.length);
  return bytes;
}
