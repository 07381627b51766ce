/** `gauze freeze` and `gauze unfreeze`: all answers of a data set stop at once, or go on. */
import { freeze } from '../../govern/acts.ts';
import { inOffice } from '../../index/office.node.ts';
import { type Format, fail, print } from '../output.ts';

/** Stops a data set, or lets it go on; exit code. */
export async function freezing(
  kind: 'freeze' | 'unfreeze',
  dataset: string,
  flags: { readonly policy: string; readonly as?: string; readonly reason: string; readonly format: Format },
): Promise<number> {
  try {
    const entry = await inOffice(flags, ['officer'], (office) => freeze(office, dataset, flags.reason, kind));
    const frozen = kind === 'freeze';
    if (flags.format === 'json') print([JSON.stringify({ dataset, frozen, entry })]);
    else if (entry === null) print([`${dataset}: was ${frozen ? 'stopped' : 'answering'} already; nothing changed.`]);
    else
      print([`${dataset}: ${frozen ? 'all answers are stopped' : 'answers go on'}, from entry ${entry.sequence + 1}.`]);
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}
