/** What patients are told: which data, for what, with what protection, and how much was asked. */
import type { ChargeEntry } from '../charge/entry.ts';
import { toNumber } from '../dp/rational.ts';
import type { BudgetLimit, Dataset, Policy } from '../policy/policy.ts';
import { counted } from './artefact/audit.ts';
import { archivedUntil, type Chronicle, chargesOf, type Period, toldOf } from './chronicle.ts';

/** Facts of the page. All of it comes from the rules and from what was asked; none of it from patients' records. */
export interface Transparency {
  readonly period: Period;
  /** Until when entries lie in an archive that was not read, so that nothing here counts them; null where none do. */
  readonly archivedUntil: string | null;
  readonly contact: string | null;
  readonly datasets: readonly TransparentDataset[];
  readonly purposes: readonly {
    readonly name: string;
    readonly description: string | null;
    readonly questions: number;
  }[];
  /** Questions that were answered, and those that were refused, in the period. */
  readonly asked: number;
  /** Largest epsilon and largest delta that one question was charged in the period; null where none was asked. */
  readonly largest: { readonly epsilon: number; readonly delta: number } | null;
  readonly refused: number;
  readonly refusedFor: Readonly<Record<string, number>>;
  /** Changes of the rules in the period, and what they opened. */
  readonly changes: readonly { readonly time: string; readonly widened: readonly string[] }[];
  /** Times that all answers were stopped in the period. */
  readonly stops: number;
}

export interface TransparentDataset {
  readonly name: string;
  readonly columns: readonly string[];
  readonly purposes: readonly string[];
  readonly needsConsent: boolean;
  readonly questions: number;
  /** All that may ever be learnt, or within each window; null: no cap over everybody is set. */
  readonly cap: TransparentCap | null;
}

export interface TransparentCap {
  readonly epsilon: number | null;
  readonly rho: number | null;
  readonly delta: number;
  readonly renews: string | null;
}

/** Facts for a page about a period. */
export function transparencyOf(chronicle: Chronicle, policy: Policy, period: Period): Transparency {
  const charges = chargesOf(chronicle, period).map(({ content }) => content);
  const refusals = toldOf(chronicle, 'refuse', period);
  return {
    period,
    archivedUntil: archivedUntil(chronicle.told[0]?.content),
    contact: policy.governance.contact,
    datasets: [...policy.datasets.values()].map((dataset) => ({
      name: dataset.name,
      columns: protectedColumns(dataset),
      purposes: [...(dataset.purposes ?? policy.purposes).keys()],
      needsConsent: dataset.consent !== null,
      questions: charges.filter((charge) => charge.dataset === dataset.name).length,
      cap: capOf(dataset.budget),
    })),
    purposes: [...policy.purposes.values()].map(({ name, description }) => ({
      name,
      description,
      questions: charges.filter(({ purpose }) => purpose === name).length,
    })),
    asked: charges.length,
    largest: largestOf(charges),
    refused: refusals.length,
    refusedFor: counted(refusals.map(({ content }) => content.code)),
    changes: toldOf(chronicle, 'policy', period).map(({ content: { time, widened } }) => ({ time, widened })),
    stops: toldOf(chronicle, 'freeze', period).length,
  };
}

function largestOf(charges: readonly ChargeEntry[]): Transparency['largest'] {
  if (charges.length === 0) return null;
  return {
    epsilon: charges.reduce((most, { spend }) => Math.max(most, Number(spend.epsilon)), 0) / 1e12,
    delta: charges.reduce((most, { spend }) => Math.max(most, Number(spend.delta)), 0) / 1e18,
  };
}

function protectedColumns({ tables }: Dataset): string[] {
  return [...tables.values()]
    .filter((table) => !table.public)
    .flatMap((table) => [...table.columns.keys()].map((column) => `${table.name}: ${column}`));
}

function capOf(limit: BudgetLimit | null): TransparentCap | null {
  if (limit === null) return null;
  const { epsilon, rho, delta, renews } = limit;
  return {
    epsilon: epsilon === null ? null : toNumber(epsilon),
    rho: rho === null ? null : toNumber(rho),
    delta: toNumber(delta),
    renews,
  };
}
