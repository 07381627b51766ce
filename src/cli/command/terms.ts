/** `gauze terms show` and `gauze terms accept`: data-use terms, read and accepted before the first question. */
import { keyIn } from '../../crypto/keys.node.ts';
import { GauzeError } from '../../errors.ts';
import { accept } from '../../govern/acts.ts';
import { inOffice } from '../../index/office.node.ts';
import { termsDigest } from '../../policy/access.ts';
import type { Terms } from '../../policy/policy.ts';
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
    const terms = await inOffice(flags, [], async ({ policy, ledger, by }) => {
      const records = await ledger.records();
      const names = policy.principals.get(by ?? '')?.terms;
      if (names === undefined) throw unknown(flags.as);
      return names.flatMap((name) => {
        const one = policy.terms.get(name);
        if (one === undefined) return [];
        return [{ ...one, accepted: records.acceptanceOf(flags.as, termsDigest(one))?.time ?? null }];
      });
    });
    if (flags.format === 'json') print([JSON.stringify({ terms: terms.map(jsonOf) })]);
    else if (terms.length === 0) print([`The policy asks ${flags.as} to accept nothing.`]);
    else print(terms.flatMap((one) => linesOf(one, one.accepted)));
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

function jsonOf({ purposes, ...terms }: Terms & { readonly accepted: string | null }): unknown {
  return { ...terms, purposes: purposes === null ? null : [...purposes] };
}

function linesOf(terms: Terms, accepted: string | null): string[] {
  const { name, recipient, purposes, expires, agreement, text } = terms;
  const about = [
    `Recipient: ${recipient}.`,
    `Purposes: ${purposes === null ? 'all of the policy' : [...purposes].join(', ')}.`,
    `Until ${expires}${agreement === null ? '' : `, agreement ${agreement}`}.`,
    'Nobody may be re-identified, and no attempt at it made.',
    ...(text === null ? [] : [text]),
    accepted === null ? 'Not accepted yet.' : `Accepted ${accepted}.`,
  ];
  return [name, ...about.flatMap((line) => wrapped(`  ${line}`, proseWidth()))];
}

function unknown(principal: string): GauzeError {
  return new GauzeError('POLICY_PRINCIPAL', {
    message: `The policy names no principal ${principal}.`,
    next: 'Give one of its principals: --as NAME',
  });
}
