/** `gauze verify`: receipts, answers, journals and exports, offline, with the public key alone. */
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { hexToBytes } from '@noble/hashes/utils.js';
import { readAnchor } from '../../charge/anchor.ts';
import type { ReadEntry } from '../../charge/journal.ts';
import { nativeKey, nativeVerify } from '../../crypto/sign.node.ts';
import { GauzeError } from '../../errors.ts';
import { claimed, verifyAnswer } from '../../evidence/answer.ts';
import type { Artefact } from '../../evidence/artefact/artefact.ts';
import { type ChainVerdict, verifyChain } from '../../evidence/chain.ts';
import { IncidentPlaces, type SealedIncident, verifyIncident } from '../../evidence/incident.ts';
import { type PackIndex, packFault } from '../../evidence/pack.ts';
import { ReceiptPlaces } from '../../evidence/receipt-place.ts';
import { receiptOf } from '../../evidence/receipt-shape.ts';
import { recognise } from '../../evidence/recognise.ts';
import type { Sealed } from '../../evidence/sealed.ts';
import { verifyReceipt } from '../../release/receipt.ts';
import type { Receipt } from '../../release/release.ts';
import { archivesInOrder } from '../archives.ts';
import { checkNotEmpty, headOf, jsonIn, keyOf, textIn, unchecked, unknown } from '../checked-file.ts';
import { EMPTY, fromChain, type Report, reportLines } from '../checked-report.ts';
import { type Format, fail, print } from '../output.ts';

/** Options as commander hands them over. */
export interface VerifyFlags {
  /** Hex, or a file that holds it. */
  readonly publicKey?: string;
  readonly receipt?: string;
  readonly anchor?: string;
  readonly journal?: string;
  readonly archive?: readonly string[];
  readonly format: Format;
}

const INVALID = 5;

/** Checks one file; exit code: 0 valid, 5 invalid. */
export async function verify(file: string, flags: VerifyFlags): Promise<number> {
  try {
    const publicKey = flags.publicKey === undefined ? undefined : keyOf(flags.publicKey);
    const report = await reportOf(file, flags, publicKey);
    if (!report.valid && publicKey !== undefined) await checkPublic(file, flags, publicKey);
    if (flags.format === 'json') print([JSON.stringify({ file, ...report })]);
    else print(reportLines(file, report));
    return report.valid ? 0 : INVALID;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}

function reportOf(file: string, flags: VerifyFlags, publicKey: string | undefined): Report | Promise<Report> {
  const kind = recognise(headOf(file), () => jsonIn(file));
  switch (kind) {
    case 'journal':
      return journalReport(file, flags, publicKey);
    case 'receipt':
      return receiptReport(jsonIn(file), 'receipt', flags, publicKey);
    case 'answer':
      return answerReport(file, flags, publicKey);
    case 'incident':
      return incidentReport(jsonIn(file) as SealedIncident, flags, publicKey);
    case 'evidence':
      return evidenceReport(file, flags, publicKey);
    case 'anchor':
      return anchorReport(file, flags, publicKey);
    case null:
      throw unchecked(file);
  }
}

/**
 * A key that does not fit may be the secret half of the one that does: that must not look like a changed file.
 *
 * @throws GauzeError USAGE
 */
async function checkPublic(file: string, flags: VerifyFlags, given: string): Promise<void> {
  const { valid, publicKeys } = await reportOf(file, flags, undefined);
  const half = nativeKey(hexToBytes(given)).publicKey;
  const isNamedSo = valid && basename(flags.publicKey ?? '') === 'key';
  if (!publicKeys.includes(half) && !isNamedSo) return;
  throw new GauzeError('USAGE', {
    message: 'What was given as the public key is the secret half of a key: it signs, and nobody else may have it.',
    next: `Give the public half: --public-key ${half}`,
  });
}

async function journalReport(file: string, flags: VerifyFlags, publicKey: string | undefined): Promise<Report> {
  return { ...EMPTY, kind: 'journal', ...fromChain(await chainOf(file, flags, publicKey)) };
}

async function receiptReport(
  value: unknown,
  kind: 'receipt' | 'answer',
  flags: VerifyFlags,
  publicKey: string | undefined,
): Promise<Report> {
  const receipt = receiptOf(value);
  const isSigned = receipt !== null && verifyReceipt(receipt, publicKey ?? receipt.publicKey);
  if (!isSigned) {
    const isOther = receipt !== null && publicKey !== undefined && verifyReceipt(receipt);
    const why = isOther ? 'the receipt is signed with another key' : 'the receipt is not signed, or was changed';
    return { ...EMPTY, kind, why };
  }
  const report: Report = {
    ...EMPTY,
    kind,
    valid: true,
    facts: factsOf(receipt),
    warnings: claimed(receipt, publicKey),
    publicKeys: [receipt.publicKey],
  };
  return flags.journal === undefined
    ? { ...report, limits: [UNCHAINED] }
    : inJournal(report, receipt, flags, publicKey);
}

async function answerReport(file: string, flags: VerifyFlags, publicKey: string | undefined): Promise<Report> {
  const given = flags.receipt === undefined ? null : receiptOf(jsonIn(flags.receipt));
  if (flags.receipt !== undefined && given === null) throw unknown(flags.receipt);
  const verdict = verifyAnswer(readFileSync(file), {
    ...(given === null ? {} : { receipt: given }),
    ...(publicKey === undefined ? {} : { publicKey }),
  });
  const { valid, receipt, covers, warnings, why } = verdict;
  if (!valid || receipt === null) return { ...EMPTY, kind: 'answer', why };
  const report = await receiptReport(receipt, 'answer', flags, publicKey);
  return {
    ...report,
    facts: [`The ${covers} are those that were released.`, ...report.facts],
    warnings: [...new Set([...warnings, ...report.warnings])],
  };
}

/** Checks the journal, and that what a receipt names stands in it. */
async function inJournal(
  report: Report,
  receipt: Receipt,
  flags: VerifyFlags,
  publicKey: string | undefined,
): Promise<Report> {
  const places = new ReceiptPlaces(receipt);
  const chain = fromChain(await chainOf(flags.journal as string, flags, publicKey, (read) => places.see(read)));
  const why = chain.valid ? places.fault() : `the journal does not verify: ${chain.why}`;
  return {
    ...report,
    ...chain,
    valid: why === null,
    why,
    facts: [...report.facts, ...(why === null ? ['Its entries stand in the journal.'] : []), ...chain.facts],
    warnings: [...report.warnings, ...chain.warnings],
  };
}

async function incidentReport(
  sealed: SealedIncident,
  flags: VerifyFlags,
  publicKey: string | undefined,
): Promise<Report> {
  const { valid, entries, firstBad, warnings } = verifyIncident(sealed, publicKey ?? null, nativeVerify);
  const report: Report = {
    ...EMPTY,
    kind: 'incident',
    valid,
    entries,
    firstBad,
    why: firstBad?.why ?? null,
    warnings,
    publicKeys: [sealed.publicKey],
  };
  if (!valid || flags.journal === undefined) return { ...report, limits: [UNCHAINED] };
  const places = new IncidentPlaces(sealed);
  const chain = fromChain(await chainOf(flags.journal, flags, publicKey, (read) => places.see(read)));
  const why = chain.valid ? places.fault() : `the journal does not verify: ${chain.why}`;
  const facts = why === null ? ['Its entries stand in the journal as they are here.', places.note, ...chain.facts] : [];
  return { ...report, ...chain, valid: why === null, why, facts, warnings: [...warnings, ...chain.warnings] };
}

/** The index of a pack, and the pieces that lie beside it. */
async function evidenceReport(file: string, flags: VerifyFlags, publicKey: string | undefined): Promise<Report> {
  const sealed = jsonIn(file) as Sealed<PackIndex>;
  const listed = packFault(sealed, [], publicKey ?? null, nativeVerify) === null ? sealed.body.artefacts : [];
  const pieces = listed
    .map(({ id }) => join(dirname(file), `${id}.json`))
    .filter((path) => existsSync(path))
    .map((path) => jsonIn(path) as Artefact);
  const why = packFault(sealed, pieces, publicKey ?? null, nativeVerify);
  const report: Report = {
    ...EMPTY,
    kind: 'evidence',
    valid: why === null,
    why,
    facts: why === null ? [`${pieces.length} pieces beside it are those of the pack.`] : [],
    warnings:
      publicKey === undefined
        ? [`The key is the file’s own claim: ${sealed.publicKey}. Compare it with the published one.`]
        : [],
    publicKeys: [sealed.publicKey],
  };
  if (why !== null || flags.journal === undefined) return { ...report, limits: [UNCHAINED] };
  let noted: number | null = null;
  const chain = fromChain(
    await chainOf(flags.journal, flags, publicKey, ({ entry: { sequence, content } }) => {
      if (content.kind === 'export' && content.digest === sealed.digest) noted = sequence + 1;
    }),
  );
  const missing = chain.valid && noted === null ? 'no entry of the journal says that this pack was made' : chain.why;
  const facts = missing === null ? [`Entry ${noted} of the journal says that this pack was made.`, ...chain.facts] : [];
  return {
    ...report,
    ...chain,
    valid: missing === null,
    why: missing,
    facts: [...report.facts, ...facts],
    warnings: [...report.warnings, ...chain.warnings],
  };
}

async function anchorReport(file: string, flags: VerifyFlags, publicKey: string | undefined): Promise<Report> {
  const { anchor, publicKey: signer } = readAnchor(textIn(file));
  const isOther = publicKey !== undefined && signer !== publicKey;
  const report: Report = {
    ...EMPTY,
    kind: 'anchor',
    valid: !isOther,
    why: isOther ? 'the anchor is not signed with the key that was given' : null,
    facts: [`It has seen ${anchor.sequence + 1} entries, the newest with the hash ${anchor.hash}.`],
    publicKeys: signer === null ? [] : [signer],
  };
  if (isOther || flags.journal === undefined) return report;
  const chain = fromChain(await chainOf(flags.journal, { ...flags, anchor: file }, publicKey));
  return { ...report, ...chain, facts: [...report.facts, ...chain.facts] };
}

const UNCHAINED = 'Whether its entries stand in the journal: give the journal with --journal.';

async function chainOf(
  journal: string,
  flags: VerifyFlags,
  publicKey: string | undefined,
  seen: (read: ReadEntry) => void = () => undefined,
): Promise<ChainVerdict> {
  const anchor = flags.anchor === undefined ? {} : { anchor: textIn(flags.anchor) };
  checkNotEmpty(journal);
  const archives = await archivesInOrder(flags.archive);
  return verifyChain(createReadStream(journal), {
    ...keyed(publicKey),
    ...anchor,
    archives,
    verify: nativeVerify,
    seen,
  });
}

function keyed(publicKey: string | undefined): { readonly publicKey?: string } {
  return publicKey === undefined ? {} : { publicKey };
}

function factsOf({ body }: Receipt): string[] {
  const { dataset, principal, time, cost } = body as Readonly<Record<string, unknown>>;
  const { epsilon, delta } = cost as { readonly epsilon: string; readonly delta: string };
  return [`${principal} asked ${dataset}; signed ${time}; epsilon ${epsilon}, delta ${delta}.`];
}
