import type { AdmittedUnits } from '../ask/ir.ts';
import { literalText } from './literal-text.ts';

/** Which units a question is about, after "units": `that consented to research (consent.scope)`. */
export function admittedWords({ consent, part }: AdmittedUnits): string {
  return [
    ...(consent === null ? [] : [`that consented to ${consent.purpose} (${consent.table}.${consent.column})`]),
    ...(part === null ? [] : [`with ${part.table}.${part.column} = ${literalText(part.value)}`]),
  ].join(' and ');
}
