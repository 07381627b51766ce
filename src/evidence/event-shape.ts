/** Whether what an entry says was run is something that can be priced at all. */
import type { PrivacyEvent } from '../dp/event.ts';

/**
 * Whether a value is a privacy event with parameters in their ranges. Anything else, a kind of a later version included,
 * has no price here: a negative movement or scale would make a charge look cheaper than it was.
 */
export function isEvent(value: unknown): value is PrivacyEvent {
  if (typeof value !== 'object' || value === null) return false;
  const event = value as Record<string, unknown>;
  switch (event.kind) {
    case 'discrete-laplace':
      return (
        isPositiveFraction(event.scale) &&
        isPositive(event.l1) &&
        [event.lInf, event.l0].every((bound) => bound === undefined || isPositive(bound))
      );
    case 'discrete-gaussian':
      return isPositiveFraction(event.variance) && isPositive(event.l2Squared);
    case 'partition-selection':
      return isPositiveFraction(event.epsilon) && isFraction(event.delta) && isCount(event.groups);
    case 'threshold':
      return isFraction(event.delta) && isCount(event.groups);
    case 'composed':
      return Array.isArray(event.events) && event.events.every(isEvent);
    default:
      return false;
  }
}

function isWhole(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,4000}$/.test(value);
}

function isPositive(value: unknown): boolean {
  return isWhole(value) && BigInt(value) > 0n;
}

function isFraction(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && isWhole(value[0]) && isPositive(value[1]);
}

function isPositiveFraction(value: unknown): boolean {
  return isFraction(value) && isPositive((value as readonly unknown[])[0]);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}
