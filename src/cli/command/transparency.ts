/** `gauze transparency`: a page for patients, in plain words. */
import { pageOf, printHtml, printMarkdown } from '../../evidence/page.ts';
import { type Transparency, transparencyOf } from '../../evidence/transparency.ts';
import { inOffice, type Office } from '../../index/office.node.ts';
import { type Format, fail, print } from '../output.ts';
import { periodOf, recordsOf, writeNew } from '../records.ts';

/** Options as commander hands them over. */
export interface TransparencyFlags {
  readonly policy: string;
  readonly from?: string;
  readonly to?: string;
  /** What was put away of the journal. */
  readonly archive?: readonly string[];
  /** A new file, HTML where its name ends so; without it Markdown goes to stdout. */
  readonly output?: string;
  readonly format: Format;
}

/** Writes the page; exit code. It says nothing that is computed from patients' records, so nobody need be named. */
export async function transparency(flags: TransparencyFlags): Promise<number> {
  try {
    const facts = await inOffice(flags, [], (office) => factsOf(office, flags));
    const isHtml = /\.html?$/i.test(flags.output ?? '');
    const text = (isHtml ? printHtml : printMarkdown)(pageOf(facts));
    if (flags.output !== undefined) writeNew(flags.output, text);
    if (flags.format === 'json') print([JSON.stringify({ output: flags.output ?? null, ...facts })]);
    else if (flags.output === undefined) print([text.trimEnd()]);
    else print([`${flags.output} holds the page for ${facts.period.from} to ${facts.period.to}.`]);
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}

async function factsOf(office: Office, { from, to, archive }: TransparencyFlags): Promise<Transparency> {
  const { chronicle, rules } = await recordsOf(office, archive);
  return transparencyOf(chronicle, rules, periodOf(from, to, chronicle, office.now));
}
