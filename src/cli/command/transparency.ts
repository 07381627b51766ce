/** `gauze transparency`: a page for patients, in plain words. */

import { GauzeError } from '../../errors.ts';
import { pageOf, printHtml, printMarkdown } from '../../evidence/page.ts';
import { type Transparency, transparencyOf } from '../../evidence/transparency.ts';
import { inOffice, type Office } from '../../index/office.node.ts';
import { type Format, fail, print } from '../output.ts';
import { checkNew, periodOf, recordsOf, writeNew } from '../records.ts';
import { prose, proseWidth, wrapped } from '../wrap.ts';

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
    if (flags.output !== undefined) checkPage(flags.output);
    const facts = await inOffice(flags, [], (office) => factsOf(office, flags));
    const isHtml = /\.html?$/i.test(flags.output ?? '');
    const text = (isHtml ? printHtml : printMarkdown)(pageOf(facts));
    if (flags.output !== undefined) writeNew(flags.output, text);
    if (flags.format === 'json') print([JSON.stringify({ output: flags.output ?? null, ...facts })]);
    else if (flags.output === undefined) print(shown(text.trimEnd()));
    else
      print(
        prose([`${flags.output} holds the page for ${facts.period.from} to ${facts.period.to}.`, ...unread(facts)]),
      );
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}

/** @throws GauzeError USAGE for a file that is there already, or is to be what no page can be */
function checkPage(file: string): void {
  checkNew(file);
  if (/\.(md|markdown|html?)$/i.test(file)) return;
  throw new GauzeError('USAGE', {
    message: `A page is written as Markdown or HTML, and ${file} is neither.`,
    next: 'Name a file that ends in .md or .html; a browser prints HTML as PDF.',
  });
}

/** Markdown within the terminal; a file or pipe gets each paragraph as one line. */
function shown(text: string): string[] {
  if (process.stdout.isTTY !== true) return [text];
  return text.split('\n').flatMap((line) => wrapped(line, proseWidth(), line.startsWith('- ') ? 2 : 0));
}

function unread({ archivedUntil }: Transparency): string[] {
  if (archivedUntil === null) return [];
  return [`Records until ${archivedUntil} lie in an archive and are not counted; --archive FILE counts them.`];
}

async function factsOf(office: Office, { from, to, archive }: TransparencyFlags): Promise<Transparency> {
  const { chronicle, rules } = await recordsOf(office, archive);
  return transparencyOf(chronicle, rules, periodOf(from, to, chronicle, office.now));
}
