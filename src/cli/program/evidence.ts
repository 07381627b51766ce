/** Commands about the records: checking them, and what is made of them for others. */
import type { Command } from 'commander';
import { evidence } from '../command/evidence.ts';
import { incident } from '../command/incident.ts';
import { transparency } from '../command/transparency.ts';
import { verify } from '../command/verify.ts';
import { asSomebody, formatOption, onPolicy, run } from './options.ts';

export function addEvidence(root: Command): void {
  root
    .command('verify <file>')
    .description('Check a receipt, an answer, a journal, its anchor or an exported incident, offline.')
    .option('--public-key <hex|file>', 'the data holder’s key, as published; without it the file’s own claim')
    .option('--receipt <file>', 'receipt of an answer that carries none')
    .option('--journal <file>', 'journal that a receipt or an export must stand in')
    .option('--anchor <file>', 'anchor that the journal must hold')
    .addOption(formatOption())
    .action((file: string, options) => run(verify(file, options)));
  asSomebody(root, 'evidence', 'Write an evidence pack for a period.')
    .option('--from <day>', 'first day or time, UTC; the journal’s beginning unless given')
    .option('--to <day>', 'last day or time, UTC; now unless given')
    .option('--output <folder>', 'folder for the files; the index goes to stdout without it')
    .action((options) => run(evidence(options)));
  asSomebody(root, 'incident', 'Export and seal the records around a span of time.')
    .requiredOption('--from <time>', 'first day or time, UTC')
    .requiredOption('--to <time>', 'last day or time, UTC')
    .option('--output <file>', 'a new file; stdout without it')
    .action((options) => run(incident(options)));
  onPolicy(root, 'transparency', 'Write a page for patients in plain words.')
    .option('--from <day>', 'first day, UTC; the journal’s beginning unless given')
    .option('--to <day>', 'last day, UTC; now unless given')
    .option('--output <file>', 'a new file, HTML where its name ends so; Markdown to stdout without it')
    .action((options) => run(transparency(options)));
}
