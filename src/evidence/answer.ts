/** Checks an answer against its receipt, offline: that these values were released, under the rules it names. */
import { GauzeError } from '../errors.ts';
import { digestOf, valuesDigestOf } from '../release/digest.ts';
import { verifyReceipt } from '../release/receipt.ts';
import type { Receipt } from '../release/release.ts';
import { type AnswerFile, readAnswer } from './read-answer.ts';
import { receiptOf } from './receipt-shape.ts';

/** What an answer is checked against. */
export interface AnswerOptions {
  /** Instead of the receipt that travels in the file. */
  readonly receipt?: Receipt;
  /** Ed25519, hex, as the data holder published it; without it the receipt's own claim. */
  readonly publicKey?: string;
}

/** What came of it. */
export interface AnswerVerdict {
  readonly valid: boolean;
  readonly receipt: Receipt | null;
  /** What the receipt vouches for in this file. */
  readonly covers: 'values and intervals' | 'values' | null;
  readonly warnings: readonly string[];
  /** Null where the answer is valid. */
  readonly why: string | null;
}

/**
 * Checks that a receipt is signed and that its digest is that of the values in a file.
 *
 * @param file - Arrow bytes, the bytes of a JSON answer, or that JSON parsed
 * @throws GauzeError CRYPTO_DECODE when the file is no answer
 */
export function verifyAnswer(
  file: Uint8Array | Readonly<Record<string, unknown>>,
  options: AnswerOptions = {},
): AnswerVerdict {
  const answer = readAnswer(file instanceof Uint8Array ? parsed(file) : file);
  const receipt = options.receipt ?? receiptOf(answer.receipt);
  if (receipt === null) {
    return refused(null, 'it carries no receipt; give the one that was written with --receipt');
  }
  const publicKey = options.publicKey?.toLowerCase() ?? receipt.publicKey;
  if (!verifyReceipt(receipt, publicKey)) {
    const isOther = receipt.publicKey !== publicKey && verifyReceipt(receipt);
    return refused(
      receipt,
      isOther ? 'the receipt is signed with another key' : 'the receipt is not signed, or was changed',
    );
  }
  const why = valuesFault(answer, receipt) ?? statementFault(answer, receipt);
  if (why !== null) return refused(receipt, why);
  return {
    valid: true,
    receipt,
    covers: answer.intervals === null ? 'values' : 'values and intervals',
    warnings: [
      ...claimed(receipt, options.publicKey),
      ...(answer.intervals === null ? [] : ['Notes, and what is left of budgets, are no part of what was signed.']),
    ],
    why: null,
  };
}

/** What a reader should know who has no key to compare with. */
export function claimed({ publicKey }: Receipt, given: string | undefined): string[] {
  return given === undefined
    ? [`The key is the receipt’s own claim: ${publicKey}. Compare it with the one that the data holder published.`]
    : [];
}

function parsed(bytes: Uint8Array): Uint8Array | Readonly<Record<string, unknown>> {
  if (bytes[0] !== 123) return bytes;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Readonly<Record<string, unknown>>;
  } catch {
    throw new GauzeError('CRYPTO_DECODE', {
      message: 'This is no answer: its JSON cannot be read.',
      next: 'Give the file as gauze wrote it.',
    });
  }
}

function refused(receipt: Receipt | null, why: string): AnswerVerdict {
  return { valid: false, receipt, covers: null, warnings: [], why };
}

function valuesFault({ columns, intervals }: AnswerFile, { body }: Receipt): string | null {
  const stated = body.answer;
  if (body.format === 'gauze-receipt-1') {
    if (intervals === null)
      return 'its receipt is of an earlier format, which vouches for values with their intervals; give the JSON answer';
    return digestOf(columns, intervals) === stated ? null : CHANGED;
  }
  const { digest, values } = (stated ?? {}) as { readonly digest?: unknown; readonly values?: unknown };
  if (valuesDigestOf(columns) !== values) return CHANGED;
  return intervals === null || digestOf(columns, intervals) === digest
    ? null
    : 'its intervals are not those that were released';
}

const CHANGED = 'its values are not those that were released';

function statementFault({ stated }: AnswerFile, { body }: Receipt): string | null {
  const { policy, answer } = body as {
    readonly policy?: { readonly digest?: unknown };
    readonly answer?: { readonly level?: unknown };
  };
  const signed: Readonly<Record<string, unknown>> = {
    policy: policy?.digest ?? body.policy,
    plan: body.plan,
    level: answer?.level === undefined ? stated.level : String(answer.level),
  };
  const other = Object.keys(stated).find((name) => stated[name] !== signed[name]);
  return other === undefined ? null : `it names another ${other} than its receipt`;
}
