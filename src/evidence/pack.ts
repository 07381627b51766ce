/** An evidence pack: every piece, what it speaks to, and one digest over all of it. */
import type { Place } from '../charge/place.ts';
import { canonicalBytes, sha256Hex } from '../crypto/canonical.ts';
import type { SigningKey, Verify } from '../crypto/sign.ts';
import { SOFTWARE } from '../release/software.ts';
import { absent } from './artefact/absent.ts';
import { accessReview } from './artefact/access-review.ts';
import type { Artefact, ArtefactId, Facts, Status } from './artefact/artefact.ts';
import { audit } from './artefact/audit.ts';
import { incidentIndex } from './artefact/incident-index.ts';
import { keyRecord } from './artefact/key-record.ts';
import { ledgerRecord } from './artefact/ledger-record.ts';
import { policyRecord } from './artefact/policy-record.ts';
import { transparencyRecord } from './artefact/transparency-record.ts';
import { archiveNote, headOf, type Period } from './chronicle.ts';
import { type MappedRequirement, requirementsOf } from './requirement.ts';
import { type Sealed, seal, sealFault } from './sealed.ts';

/** What a pack says of itself. */
export interface PackIndex {
  readonly format: 'gauze-evidence-1';
  readonly software: string;
  readonly time: string;
  readonly by: string | null;
  readonly period: Period;
  /** Digest of the rules in force. */
  readonly policy: string;
  /** The newest entry it was made from. */
  readonly head: Place | null;
  readonly chainValid: boolean;
  readonly artefacts: readonly {
    readonly id: ArtefactId;
    readonly title: string;
    readonly status: Status;
    readonly sha256: string;
  }[];
  readonly map: readonly MappedRequirement[];
  readonly notes: readonly string[];
}

export interface Pack {
  /** Signed with the journal's key. */
  readonly index: Sealed<PackIndex>;
  readonly artefacts: readonly Artefact[];
}

const NOTES: readonly string[] = [
  'Evidence supports somebody’s finding; it is none by itself. An organisation meets a rule, software does not.',
  'enforced: no way through this software goes around it; whoever reads the data files without it does. recorded: written down only, or the rules lack what would enforce it. attested: a person stated it. out-of-scope: other means must serve. absent: there is no such piece.',
  'A chain of hashes proves order and integrity after writing. That nothing is missing only an anchor kept by another party shows.',
  'Questions are kept without their constants; who asked what is still to be handled with care.',
];

/** A period's evidence. */
export function makePack(facts: Facts, by: string | null, key: SigningKey): Pack {
  const artefacts = [
    policyRecord(facts),
    audit(facts),
    ledgerRecord(facts),
    transparencyRecord(facts),
    incidentIndex(facts),
    accessReview(facts),
    keyRecord(facts),
    ...absent(facts),
  ];
  const { chronicle, period, policy, time } = facts;
  const unread = archiveNote(chronicle);
  const index: PackIndex = {
    format: 'gauze-evidence-1',
    software: SOFTWARE,
    time,
    by,
    period,
    policy: policy.digest,
    head: headOf(chronicle),
    chainValid: chronicle.verdict.valid,
    artefacts: artefacts.map(({ id, title, status, sha256 }) => ({ id, title, status, sha256 })),
    map: requirementsOf(facts, artefacts),
    notes: unread === null ? NOTES : [unread, ...NOTES],
  };
  return { index: seal('evidence', index, key), artefacts };
}

/**
 * Why the index of a pack, or a piece of it, is not what was sealed; null where they are. A piece that is not given is not
 * missed.
 */
export function packFault(
  sealed: Sealed<PackIndex>,
  pieces: readonly Artefact[],
  publicKey: string | null,
  verify: Verify,
): string | null {
  const fault = sealFault('evidence', sealed, publicKey, verify);
  if (fault !== null) return fault;
  const changed = pieces.find((piece) => !isPieceOf(sealed.body, piece));
  return changed === undefined ? null : `its piece ${changed.id} was changed`;
}

function isPieceOf({ artefacts }: PackIndex, { sha256, ...said }: Artefact): boolean {
  try {
    const isWhole = sha256Hex(canonicalBytes(said)) === sha256;
    return isWhole && artefacts.some((piece) => piece.id === said.id && piece.sha256 === sha256);
  } catch {
    return false;
  }
}
