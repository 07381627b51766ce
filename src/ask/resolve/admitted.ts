/** Whose rows a question is about: those who consented to its purpose, and those of the part that it names. */
import { type Span, SpannedError } from '../../errors.ts';
import type { Dataset } from '../../policy/policy.ts';
import { castToText } from '../evaluate/cast.ts';
import type { AdmittedUnits, ConsentCondition, PartCondition } from '../ir.ts';
import { quoteText } from '../sql/refuse.ts';
import type { Value } from '../types.ts';
import type { Meant } from './environment.ts';

/**
 * Units of a data set that a question may look at; null where these are all.
 *
 * @throws SpannedError POLICY_PURPOSE where nobody can have consented, QUERY_PARAMETER for a part that there is not
 */
export function admittedUnits(dataset: Dataset, meant: Meant, span: Span): AdmittedUnits | null {
  const consent = consentFor(dataset, meant.purpose, span);
  const part = meant.part === null ? null : partNamed(dataset, meant.part);
  return consent === null && part === null ? null : { consent, part };
}

function consentFor({ name, consent }: Dataset, purpose: string | null, span: Span): ConsentCondition | null {
  if (consent === null) return null;
  const permits = purpose === null ? undefined : consent.purposes.get(purpose);
  const asked = [...consent.purposes.keys()].join(', ');
  if (purpose === null || permits === undefined) {
    throw new SpannedError('POLICY_PURPOSE', span, {
      message:
        purpose === null
          ? `${name} holds only what people consented to, and no purpose is named.`
          : `Nobody in ${name} was asked to consent to the purpose ${purpose.slice(0, 64)}.`,
      next: `Name a purpose that consent is recorded for: ${asked}.`,
      fields: { dataset: name, purpose },
    });
  }
  const { table, column, refusals } = consent;
  return { purpose, table, column, permits: present(permits), refusals: present(refusals) };
}

/** NULL is neither consent nor refusal. */
function present(values: readonly Value[]): readonly Value[] {
  return values.filter((value) => value !== null);
}

function partNamed({ name, disjoint, tables }: Dataset, part: string): PartCondition {
  const column = disjoint === null ? undefined : tables.get(disjoint.table)?.columns.get(disjoint.column);
  if (disjoint === null || column === undefined) {
    throw new SpannedError('QUERY_PARAMETER', null, {
      message: `A part is named, and ${name} has no column that splits its units into parts.`,
      next: 'Leave the part out and write a condition, or have the privacy officer declare disjoint: table.column.',
      fields: { dataset: name },
    });
  }
  const parts = (column.values ?? []).filter((value) => value !== null);
  const texts = parts.map((one) => castToText(one, column.type) ?? '');
  const value = parts[texts.indexOf(part)];
  if (value === undefined) {
    throw new SpannedError('QUERY_PARAMETER', null, {
      message: `${quoteText(part)} is no public value of ${disjoint.table}.${disjoint.column}.`,
      next: `Name one of ${listed(texts)}.`,
      fields: { dataset: name },
    });
  }
  return { ...disjoint, value: { type: column.type, value } };
}

const LISTED_MAX = 12;

function listed(values: readonly string[]): string {
  const more = values.length > LISTED_MAX ? ', …' : '';
  return `${values.slice(0, LISTED_MAX).map(quoteText).join(', ')}${more}`;
}
