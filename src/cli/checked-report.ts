/** What a check of a file says, and how it is told. */
import type { ChainVerdict } from '../evidence/chain.ts';
import type { Fault } from '../evidence/fault.ts';
import type { FileKind } from '../evidence/recognise.ts';
import { prose } from './wrap.ts';

/** What is printed; `firstBad.entry` counts from 1, and is 0 for what is no entry. */
export interface Report {
  readonly kind: FileKind;
  readonly valid: boolean;
  readonly why: string | null;
  readonly firstBad: Fault | null;
  /** What was checked, in words. */
  readonly facts: readonly string[];
  readonly warnings: readonly string[];
  readonly limits: readonly string[];
  readonly entries: number | null;
  readonly publicKeys: readonly string[];
}

/** Of a file of which nothing is known yet. */
export const EMPTY: Omit<Report, 'kind'> = {
  valid: false,
  why: null,
  firstBad: null,
  facts: [],
  warnings: [],
  limits: [],
  entries: null,
  publicKeys: [],
};

/** What the check of a journal says. */
export function fromChain(verdict: ChainVerdict): Omit<Report, 'kind'> {
  const { valid, entries, archived, publicKeys, warnings, limits, firstBad } = verdict;
  const counted = archived === 0 ? `${entries} entries` : `Entries ${archived + 1} to ${entries}`;
  return {
    valid,
    why: firstBad?.why ?? null,
    firstBad,
    facts: valid
      ? [`${counted} follow each other, are signed as the journal says, and are within the rules it records.`]
      : [],
    warnings,
    limits,
    entries,
    publicKeys: publicKeys.map((key) => key.publicKey),
  };
}

/** In a terminal. */
export function reportLines(file: string, report: Report): string[] {
  const { kind, valid, why, firstBad, facts, warnings, limits } = report;
  const named = firstBad === null || firstBad.entry === 0 ? '' : ` at entry ${firstBad.entry}`;
  return prose([
    valid ? `${file}: ${kind}, valid` : `${file}: ${kind}, INVALID${named}: ${why}.`,
    ...facts.map((fact) => `  ${fact}`),
    ...warnings.map((warning) => `note: ${warning}`),
    ...(limits.length > 0 ? ['Not shown by this:', ...limits.map((limit) => `  ${limit}`)] : []),
  ]);
}
