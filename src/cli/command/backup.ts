/** `gauze backup` and `gauze restore`. */
import { backUp } from '../../govern/backup.node.ts';
import { type Restored, restore } from '../../govern/restore.node.ts';
import { inOffice } from '../../index/office.node.ts';
import { placeForOfficer } from '../../index/place.node.ts';
import { type Format, fail, print } from '../output.ts';
import { prose } from '../wrap.ts';

interface BackupFlags {
  readonly policy: string;
  readonly as?: string;
  readonly format: Format;
}

/** Copies the state of a policy into a new folder; exit code. */
export async function backup(folder: string, flags: BackupFlags): Promise<number> {
  try {
    const manifest = await inOffice(flags, ['officer', 'steward'], (office) =>
      backUp(office, office.store, office.folder, folder),
    );
    const { files, head, time } = manifest;
    if (flags.format === 'json') print([JSON.stringify({ folder, head, time, files: Object.keys(files).length })]);
    else {
      const entries = head === null ? 0 : head.sequence + 1;
      print(
        prose([
          `${folder} holds journal (${entries} entries), keys, data versions and stored answers.`,
          'It holds the keys: keep it as safe as the state folder itself.',
        ]),
      );
    }
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}

const OUTCOMES: Readonly<Record<Restored, string>> = {
  kept: 'The journal here is at least as new as the backup, and stays. What else was missing is back.',
  restored: 'The journal is back. The anchor shows that nothing is missing.',
  'written-off':
    'The journal is back. What the backup does not know of counts as spent, and all data sets are stopped: see what was lost, then gauze unfreeze.',
  closed:
    'The journal is back. Without an anchor nobody can know what was charged since the backup, so no budget is left, for good; stored answers stay. All data sets are stopped: gauze unfreeze. To ask anew, give the data set another name, as a decision of its own. An anchor (ledger: { anchor: FILE } in the policy) avoids this.',
};

/** Brings the state of a policy back; never lowers what was spent; exit code. */
export async function restoring(folder: string, flags: BackupFlags): Promise<number> {
  try {
    const now = new Date();
    const { policy, at, by } = placeForOfficer(flags, now);
    const outcome = await restore(policy, at, folder, by, now);
    if (flags.format === 'json') print([JSON.stringify({ outcome })]);
    else print(prose([OUTCOMES[outcome]]));
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}
