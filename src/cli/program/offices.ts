/** Commands of officers: budgets, policies, stops, keys, and the journal itself. */
import { type Command, Option } from 'commander';
import { policyAdopt, policyApprove } from '../command/approve.ts';
import { archiving } from '../command/archive.ts';
import { backup, restoring } from '../command/backup.ts';
import { budgetShow } from '../command/budget.ts';
import { budgetHistory } from '../command/budget-history.ts';
import { budgetSet } from '../command/budget-set.ts';
import { freezing } from '../command/freeze.ts';
import { keyLost, keyNew, keyRotate } from '../command/key.ts';
import { ledgerAnchor } from '../command/ledger.ts';
import { policyCheck } from '../command/policy.ts';
import { asSomebody, decimal, formatOption, onPolicy, run, wordsOption } from './options.ts';

export function addOffices(root: Command): void {
  const budget = root.command('budget').description('Budgets.');
  onPolicy(budget, 'show', 'Limit, spent and remaining of every budget.')
    .option(
      '--group <number>',
      'how many units together, such as a household, what was lost so far is said of',
      decimal,
    )
    .action((options) => run(budgetShow(options)));
  asSomebody(budget, 'history', 'Every charge and every change of rules, oldest first.').action((options) =>
    run(budgetHistory(options)),
  );
  asSomebody(budget, 'set', 'Change one limit in the policy file, comments kept, and record the new version.')
    .option('--dataset <name>', 'data set; without it the cap over all')
    .option('--principal <name>', 'principal of that data set')
    .option('--purpose <name>', 'purpose of that data set')
    .option('--epsilon <number>', 'limit on epsilon', decimal)
    .option('--rho <number>', 'limit on rho, instead of epsilon', decimal)
    .option('--delta <number>', 'limit on delta', decimal)
    .addOption(new Option('--renews <when>', 'when it starts anew').choices(['day', 'month', 'quarter', 'never']))
    .option('--remove', 'take the limit away')
    .action((options) => run(budgetSet(options)));
  const policy = root.command('policy').description('Policies.');
  policy
    .command('check <file>')
    .description('Read a policy and say what is weak in it.')
    .addOption(formatOption())
    .action((file: string, options) => run(policyCheck(file, options)));
  policy
    .command('approve <file>')
    .description('Sign a policy that widens what may be learnt; two officers bring it into force.')
    .requiredOption('--as <name>', 'officer who signs')
    .requiredOption('--key <file>', 'his key')
    .addOption(wordsOption())
    .action((file: string, options) => run(policyApprove(file, options)));
  policy
    .command('adopt <file>')
    .description('Bring a changed policy into force, as an officer.')
    .option('--as <name>', 'officer')
    .addOption(wordsOption())
    .action((file: string, options) => run(policyAdopt(file, options)));
  for (const [kind, what] of [
    ['freeze', 'Stop all answers of a data set at once.'],
    ['unfreeze', 'Let a stopped data set answer again.'],
  ] as const) {
    asSomebody(root, `${kind} <dataset>`, what, wordsOption())
      .option('--reason <text>', 'why, for the record', '')
      .action((dataset: string, options) => run(freezing(kind, dataset, options)));
  }
  addKeys(root);
  addJournal(root);
}

function addKeys(root: Command): void {
  const key = root.command('key').description('Keys that sign.');
  key
    .command('new <file>')
    .description('Make a key of one’s own; its public half goes into the policy.')
    .addOption(wordsOption())
    .action((file: string, options) => run(keyNew(file, options)));
  asSomebody(key, 'rotate', 'Sign the journal with a new key, which the old one vouches for.', wordsOption()).action(
    (options) => run(keyRotate(options)),
  );
  asSomebody(key, 'lost', 'Go on with a new key after the old one was lost or stolen.', wordsOption()).action(
    (options) => run(keyLost(options)),
  );
}

function addJournal(root: Command): void {
  const ledger = root.command('ledger').description('The journal.');
  asSomebody(ledger, 'anchor', 'Say where the journal stands, to be kept elsewhere.', wordsOption())
    .option('--output <file>', 'a new file to write it to')
    .action((options) => run(ledgerAnchor(options)));
  asSomebody(
    root,
    'archive <file>',
    'Put the entries so far into a new file; the journal goes on with their sums.',
    wordsOption(),
  ).action((file: string, options) => run(archiving(file, options)));
  asSomebody(
    root,
    'backup <folder>',
    'Copy journal, keys, data versions and stored answers into a new folder.',
    wordsOption(),
  ).action((folder: string, options) => run(backup(folder, options)));
  asSomebody(
    root,
    'restore <folder>',
    'Bring the state back from a backup; never lowers what was spent.',
    wordsOption(),
  ).action((folder: string, options) => run(restoring(folder, options)));
}
