/** A receipt as a file holds it. What is signed by whatever key may still be no receipt. */
import type { Receipt } from '../release/release.ts';

/** A whole receipt of any format; null for anything else. */
export function receiptOf(value: unknown): Receipt | null {
  if (!isRecord(value) || !isRecord(value.body)) return null;
  const { body, publicKey, signature } = value;
  if (typeof publicKey !== 'string' || typeof signature !== 'string') return null;
  return isBody(body) ? { body, publicKey, signature } : null;
}

function isBody(body: Readonly<Record<string, unknown>>): boolean {
  const texts = [body.time, body.principal, body.dataset, body.version, body.plan];
  const { cost } = body;
  const isPriced = isRecord(cost) && isDecimal(cost.epsilon) && isDecimal(cost.delta);
  if (!isPriced || !texts.every((text) => typeof text === 'string')) return false;
  if (body.format === 'gauze-receipt-1') return typeof body.entry === 'string' && typeof body.answer === 'string';
  const { charge, policy, head, answer, event } = body;
  return (
    body.format === 'gauze-receipt-2' &&
    isRecord(charge) &&
    isPlace(charge.entry) &&
    isPlace(head) &&
    isRecord(policy) &&
    (policy.entry === null || isPlace(policy.entry)) &&
    isRecord(answer) &&
    isRecord(event)
  );
}

function isPlace(value: unknown): boolean {
  return isRecord(value) && Number.isSafeInteger(value.sequence) && typeof value.hash === 'string';
}

/** Receipts of the first format print small costs as JavaScript does. */
function isDecimal(value: unknown): boolean {
  return typeof value === 'string' && /^\d+(\.\d+)?(e-\d+)?$/.test(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
