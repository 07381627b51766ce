/** Commands of data holders: first policies, data versions, samples. */
import type { Command } from 'commander';
import { demo } from '../command/demo.ts';
import { init } from '../command/init.ts';
import { register } from '../command/register.ts';
import { sample } from '../command/sample.ts';
import { withdrawing } from '../command/withdraw.ts';
import { asSomebody, decimal, engineOption, run, wordsOption } from './options.ts';

export function addData(root: Command): void {
  root
    .command('init <path>')
    .description('Write a commented first policy for a DuckDB, Parquet or CSV file, or a folder of them.')
    .option('--output <file>', 'where to write; "-" for stdout')
    .action((path: string, options) => run(init(path, options)));
  asSomebody(root, 'register', 'Check what the policy declares and record the data version; the data holder’s own act.')
    .addOption(engineOption())
    .action((options) => run(register(options)));
  asSomebody(root, 'withdraw <dataset>', 'Leave units out from now on; a new data version begins.', wordsOption())
    .requiredOption('--units <file>', 'who withdraws, one unit a line; "-" for stdin')
    .addOption(engineOption())
    .action((dataset: string, options) => run(withdrawing(dataset, options)));
  root
    .command('sample [folder]')
    .description('Write the made-up network of the documentation and its policy, to try every line of it.')
    .addOption(engineOption())
    .action((folder: string | undefined, options) => run(sample(folder ?? '.', options)));
  root
    .command('demo')
    .description('Questions over a synthetic hospital network.')
    .option('--persons <number>', 'size of the network', decimal)
    .addOption(engineOption())
    .action((options) => run(demo(options)));
}
