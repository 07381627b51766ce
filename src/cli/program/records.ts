/** Commands of auditors, and of whoever checks afterwards. */
import type { Command } from 'commander';
import { alerts } from '../command/alerts.ts';
import { evidence } from '../command/evidence.ts';
import { incident } from '../command/incident.ts';
import { transparency } from '../command/transparency.ts';
import { verify } from '../command/verify.ts';
import { asSomebody, collect, onPolicy, run, wordsOption } from './options.ts';

export function addRecords(root: Command): void {
  root
    .command('verify <file>')
    .description('Check a receipt, an answer, a journal or an incident, offline; exit code 5 where it does not hold.')
    .option('--public-key <hex>', 'whose signature it must be, or a file that holds the key')
    .option('--receipt <file>', 'receipt of an answer')
    .option('--anchor <file>', 'where the journal is known to have stood')
    .option('--archive <file>', 'what was put away of the journal; repeat for more', collect)
    .option('--journal <file>', 'journal that a receipt or an incident must be part of')
    .addOption(wordsOption())
    .action((file: string, options) => run(verify(file, options)));
  asSomebody(root, 'evidence', 'Write an evidence pack of a period for auditors.', wordsOption())
    .option('--from <date>', 'first day')
    .option('--to <date>', 'last day')
    .option('--archive <file>', 'what was put away of the journal; repeat for more', collect)
    .option('--output <folder>', 'where to write it')
    .action((options) => run(evidence(options)));
  asSomebody(root, 'alerts', 'What the watch finds in the journal.')
    .option('--since <time>', 'day or time, UTC')
    .option('--rule <name>', 'one rule of the watch')
    .action((options) => run(alerts(options)));
  asSomebody(root, 'incident', 'Export and seal the records around an incident.', wordsOption())
    .requiredOption('--from <time>', 'begin, ISO 8601')
    .requiredOption('--to <time>', 'end')
    .option('--output <file>', 'a new file')
    .action((options) => run(incident(options)));
  onPolicy(root, 'transparency', 'Write a page for patients, in plain words.', wordsOption())
    .option('--from <date>', 'first day')
    .option('--to <date>', 'last day')
    .option('--archive <file>', 'what was put away of the journal; repeat for more', collect)
    .option('--output <file>', 'a new file, .md or .html')
    .action((options) => run(transparency(options)));
}
