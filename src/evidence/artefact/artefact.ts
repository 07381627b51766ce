/** One piece of evidence: what it says, how far it can be relied on, and its digest. */

import type { Budget } from '../../charge/account.ts';
import type { Anchor } from '../../charge/anchor.ts';
import { canonicalBytes, sha256Hex } from '../../crypto/canonical.ts';
import type { Policy } from '../../policy/policy.ts';
import { SOFTWARE } from '../../release/software.ts';
import { archiveNote, type Chronicle, type Period } from '../chronicle.ts';

/** Stable names of the pieces. */
export type ArtefactId = 'POL' | 'AUD' | 'LED' | 'TRN' | 'INC' | 'ACC' | 'KEY' | 'VAL' | 'DID' | 'RSK' | 'SDC';

/**
 * `enforced`: no way through the library goes around it; `recorded`: written down only; `attested`: a named person stated
 * it; `absent`: there is none.
 */
export type Status = 'enforced' | 'recorded' | 'attested' | 'out-of-scope' | 'absent';

/** Plain data, as JSON holds it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

export interface Artefact {
  readonly id: ArtefactId;
  readonly schema: 1;
  readonly title: string;
  readonly status: Status;
  readonly period: Period;
  readonly time: string;
  readonly software: string;
  /** Digest of the policy in force. */
  readonly policy: string;
  /** Null where the piece is absent; `note` says why. */
  readonly content: { readonly [name: string]: Json } | null;
  readonly note: string | null;
  /** SHA-256, hex, over the canonical JSON of all the rest. */
  readonly sha256: string;
}

/** What evidence is made of. */
export interface Facts {
  readonly chronicle: Chronicle;
  /** The rules in force. */
  readonly policy: Policy;
  readonly budgets: readonly Budget[];
  readonly period: Period;
  readonly time: string;
  /** What was last noted of the journal elsewhere; null where nothing is known of it. */
  readonly anchor: Anchor | null;
  /**
   * Where questions are answered: `host`, by software that holds the data and the journal; `page`, in a browser, whose user
   * could change it, so that nothing is more than recorded.
   */
  readonly where: 'host' | 'page';
}

/** A piece with its digest. */
export function makeArtefact(
  facts: Facts,
  piece: Pick<Artefact, 'id' | 'title' | 'status' | 'content' | 'note'>,
): Artefact {
  const { period, time, policy, where, chronicle } = facts;
  const status = where === 'page' && piece.status === 'enforced' ? 'recorded' : piece.status;
  const missing = piece.content === null ? null : archiveNote(chronicle);
  const note = [piece.note, missing].filter((one) => one !== null).join(' ') || null;
  const said = { ...piece, status, note, schema: 1, period, time, software: SOFTWARE, policy: policy.digest } as const;
  return { ...said, sha256: sha256Hex(canonicalBytes(said)) };
}
