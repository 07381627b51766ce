/** `gauze archive`: entries so far into a file of their own; the journal goes on behind them. */
import { archive } from '../../govern/archive.node.ts';
import { inOffice } from '../../index/office.node.ts';
import { type Format, fail, print } from '../output.ts';
import { prose } from '../wrap.ts';

/** Archives the journal of a policy; exit code. */
export async function archiving(
  file: string,
  flags: { readonly policy: string; readonly as?: string; readonly format: Format },
): Promise<number> {
  try {
    const made = await inOffice(flags, ['officer'], (office) => archive(office, file));
    const { digest, first, last, keepUntil } = made;
    if (flags.format === 'json') print([JSON.stringify({ ...made, file })]);
    else {
      print(
        prose([
          `${file} holds entries ${first} to ${last} of the journal.`,
          `Its SHA-256 is ${digest}.`,
          `What was spent goes on in the journal. Check both: gauze verify JOURNAL --archive ${file}`,
          `Keep it until ${keepUntil}, as the policy says. Without it single charges can no longer be shown; their sums can.`,
        ]),
      );
    }
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}
