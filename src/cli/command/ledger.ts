/** `gauze ledger anchor`: where the journal stands, to be kept elsewhere. */
import { GauzeError } from '../../errors.ts';
import { renewAnchors } from '../../govern/journal.node.ts';
import { placeForOfficer } from '../../index/place.node.ts';
import { type Format, fail, print } from '../output.ts';
import { checkNew, writeNew } from '../records.ts';
import { prose } from '../wrap.ts';

/** Writes the anchors of a journal anew, and a copy where one is wanted; exit code. */
export async function ledgerAnchor(flags: {
  readonly policy: string;
  readonly as?: string;
  readonly output?: string;
  readonly format: Format;
}): Promise<number> {
  try {
    const { policy, at } = placeForOfficer(flags, new Date());
    if (flags.output !== undefined) checkNew(flags.output);
    const text = await renewAnchors(policy, at);
    if (text === null) throw empty();
    if (flags.output !== undefined) writeNew(flags.output, text);
    const { body } = JSON.parse(text) as { readonly body: { readonly sequence: number; readonly hash: string } };
    if (flags.format === 'json') print([text.trimEnd()]);
    else {
      print(
        prose([
          `The journal stands at entry ${body.sequence + 1}, ${body.hash}.`,
          flags.output === undefined
            ? 'Write this down elsewhere, or give --output FILE: an older journal then gives itself away.'
            : `${flags.output} holds it: check a journal against it with gauze verify JOURNAL --anchor ${flags.output}`,
        ]),
      );
    }
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}

function empty(): GauzeError {
  return new GauzeError('USAGE', { message: 'The journal is empty.', next: 'Anchor it after the first charge.' });
}
