/** `gauze evidence`: a pack for a period, as Markdown and JSON. */
import { join } from 'node:path';
import { archiveNote } from '../../evidence/chronicle.ts';
import { makePack, type Pack } from '../../evidence/pack.ts';
import { printArtefact, printIndex } from '../../evidence/pack-markdown.ts';
import { noteExport } from '../../govern/acts.ts';
import { inOffice, type Office } from '../../index/office.node.ts';
import { type Format, fail, print } from '../output.ts';
import { checkNew, periodOf, recordsOf, writeFiles } from '../records.ts';
import { prose } from '../wrap.ts';

/** Options as commander hands them over. */
export interface EvidenceFlags {
  readonly policy: string;
  readonly as?: string;
  readonly from?: string;
  readonly to?: string;
  /** What was put away of the journal. */
  readonly archive?: readonly string[];
  /** Folder for the files; without it the index goes to stdout. */
  readonly output?: string;
  readonly format: Format;
}

const INVALID = 5;

/** Makes an evidence pack and notes it in the journal; exit code: 0, or 5 where the journal does not verify. */
export async function evidence(flags: EvidenceFlags): Promise<number> {
  try {
    const { pack, unread } = await inOffice(flags, ['officer', 'auditor'], (office) => packOf(office, flags));
    const { body, digest } = pack.index;
    if (flags.format === 'json') print([JSON.stringify({ output: flags.output ?? null, ...pack })]);
    else if (flags.output === undefined) print([printIndex(pack)]);
    else
      print([
        `${flags.output} holds the evidence of ${body.period.from} to ${body.period.to}; begin with README.md.`,
        `Digest ${digest}`,
        ...(unread === null ? [] : prose([`note: ${unread}`, 'Give it with --archive FILE.'])),
      ]);
    if (body.chainValid) return 0;
    process.stderr.write('The journal does not verify: LED says where.\n');
    return INVALID;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}

async function packOf(
  office: Office,
  { from, to, output, archive }: EvidenceFlags,
): Promise<{ readonly pack: Pack; readonly unread: string | null }> {
  if (output !== undefined) checkNew(join(output, 'README.md'));
  const { chronicle, rules, budgets, anchor } = await recordsOf(office, archive);
  const period = periodOf(from, to, chronicle, office.now);
  const time = office.now.toISOString();
  const facts = { chronicle, policy: rules, budgets, period, time, anchor, where: 'host' } as const;
  const pack = makePack(facts, office.by, office.keys.signing);
  if (output !== undefined) writeFiles(output, filesOf(pack));
  await noteExport(office, 'evidence', pack.index.digest, period);
  return { pack, unread: archiveNote(chronicle) };
}

function filesOf(pack: Pack): Record<string, string> {
  const pieces = pack.artefacts.flatMap((piece): [string, string][] => [
    [`${piece.id}.json`, `${JSON.stringify(piece, null, 1)}\n`],
    [`${piece.id}.md`, printArtefact(piece)],
  ]);
  return {
    'README.md': printIndex(pack),
    'index.json': `${JSON.stringify(pack.index, null, 1)}\n`,
    ...Object.fromEntries(pieces),
  };
}
