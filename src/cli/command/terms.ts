/** `gauze terms show` and `gauze terms accept`: data-use terms, read and accepted before the first question. */
import { keyIn } from '../../crypto/keys.node.ts';
import { accept } from '../../govern/acts.ts';
import { type TermsStanding, termsOf } from '../../govern/terms.ts';
import { inOffice } from '../../index/office.node.ts';
import { type Format, fail, print } from '../output.ts';
import { proseWidth, wrapped } from '../wrap.ts';

interface TermsFlags {
  readonly policy: string;
  readonly as: string;
  readonly format: Format;
}

/** Prints the terms of a principal, and whether he has accepted them; exit code. */
export async function termsShow(flags: TermsFlags): Promise<number> {
  try {
    const { terms, today } = await inOffice(flags, [], async ({ policy, ledger, now }) => ({
      terms: termsOf(await ledger.records(), policy, flags.as),
      today: now.toISOString().slice(0, 10),
    }));
    if (flags.format === 'json') print([JSON.stringify({ terms: terms.map((one) => jsonOf(one, today)) })]);
    else if (terms.length === 0) print([`The policy asks ${flags.as} to accept nothing.`]);
    else print(terms.flatMap((one) => linesOf(one, today)));
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}

/** Accepts terms in the name of a principal; exit code. */
export async function termsAccept(name: string, flags: TermsFlags & { readonly key?: string }): Promise<number> {
  try {
    const key = flags.key === undefined ? null : keyIn(flags.key);
    const entry = await inOffice(flags, [], (office) => accept(office, name, key));
    if (flags.format === 'json') print([JSON.stringify({ terms: name, principal: flags.as, entry })]);
    else
      print([
        entry === null ? `${name}: accepted before.` : `${name}: accepted by ${flags.as}, entry ${entry.sequence + 1}.`,
      ]);
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}

function jsonOf({ purposes, ...terms }: TermsStanding, today: string): unknown {
  return { ...terms, purposes: purposes === null ? null : [...purposes], ended: hasEnded(terms, today) };
}

/** Terms hold through their last day, UTC. */
function hasEnded({ expires }: Pick<TermsStanding, 'expires'>, today: string): boolean {
  return today > expires;
}

function linesOf(terms: TermsStanding, today: string): string[] {
  const { name, recipient, purposes, expires, agreement, text, accepted } = terms;
  const ended = hasEnded(terms, today);
  const about = [
    `Recipient: ${recipient}.`,
    `Purposes: ${purposes === null ? 'all of the policy' : [...purposes].join(', ')}.`,
    `${ended ? 'Ended on' : 'Until'} ${expires}${agreement === null ? '' : `, agreement ${agreement}`}.`,
    'Nobody may be re-identified, and no attempt at it made.',
    ...(text === null ? [] : [text]),
    ...(accepted === null ? (ended ? [] : ['Not accepted yet.']) : [`Accepted ${accepted}.`]),
    ...(ended
      ? ['They can no longer be accepted, and allow no question; an officer writes new ones into the policy.']
      : []),
  ];
  return [name, ...about.flatMap((line) => wrapped(`  ${line}`, proseWidth()))];
}
