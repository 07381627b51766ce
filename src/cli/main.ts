#!/usr/bin/env node
/** `gauze`: argument parsing and exit codes. Results on stdout, everything else on stderr. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { budgetShow } from './command/budget.ts';
import { demo } from './command/demo.ts';
import { init } from './command/init.ts';
import { policyCheck } from './command/policy.ts';
import { ask } from './command/query.ts';
import { register } from './command/register.ts';
import { sample } from './command/sample.ts';
import { FORMATS, fail } from './output.ts';
import { EXAMPLES, misused } from './usage.ts';

function program(): Command {
  const root = new Command('gauze')
    .description('Private answers from health data: SQL in, differentially private figures out.')
    .version(version(), '--version')
    .exitOverride()
    // Usage errors are printed below, where all others are.
    .configureOutput({ outputError: () => undefined, writeErr: () => undefined });
  for (const name of ['query', 'explain'] as const) addQuestion(root, name);
  const budget = root.command('budget').description('Budgets.');
  budget
    .command('show')
    .description('Limit, spent and remaining of every budget.')
    .requiredOption('--policy <file>', 'policy file')
    .addOption(formatOption())
    .action((options) => run(budgetShow(options)));
  root
    .command('init <path>')
    .description('Write a commented first policy for a DuckDB, Parquet or CSV file, or a folder of them.')
    .option('--output <file>', 'where to write; "-" for stdout')
    .action((path: string, options) => run(init(path, options)));
  const policy = root.command('policy').description('Policies.');
  policy
    .command('check <file>')
    .description('Read a policy and say what is weak in it.')
    .addOption(formatOption())
    .action((file: string, options) => run(policyCheck(file, options)));
  root
    .command('register')
    .description('Check what the policy declares and record the data version; the data holder’s own act.')
    .requiredOption('--policy <file>', 'policy file')
    .addOption(engineOption())
    .addOption(formatOption())
    .action((options) => run(register(options)));
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
  addExamples(root, '');
  return root;
}

/** The options of `query` and `explain`; a receipt comes with an answer alone. */
function addQuestion(root: Command, name: 'query' | 'explain'): void {
  const command = root
    .command(`${name} <sql>`)
    .description(
      name === 'query'
        ? 'Ask a question; "-" reads it from stdin.'
        : 'What a question would cost and why it is private; reads no protected data.',
    )
    .requiredOption('--policy <file>', 'policy file')
    .requiredOption('--as <name>', 'principal who asks')
    .option('--epsilon <number>', 'privacy loss to spend; name=number, repeated, gives each output its own', epsilons)
    .option('--delta <number>', 'delta to spend', decimal)
    .option('--accuracy <number>', 'wanted half-width of the intervals, instead of epsilon', decimal)
    .option('--level <number>', 'confidence level of the intervals', decimal)
    .option('--param <name=value>', 'value of $name (of ? and $1: 1=value); repeat for more', collect)
    .option('--joint', 'intervals hold all together, not each by itself')
    .option('--clip', 'clip negative counts at zero')
    .option('--groups <number>', 'groups per person, below the policy’s', decimal)
    .option('--rows <number>', 'rows per person and group, below the policy’s', decimal)
    .option('--timeout <ms>', 'give up reading after so many milliseconds', decimal);
  if (name === 'query') command.option('--receipt <file>', 'write the signed receipt of the answer to a new file');
  command
    .addOption(engineOption())
    .addOption(formatOption())
    .action((sql: string, options) => run(ask(name, sql, { epsilon: [], param: [], ...options })));
}

function addExamples(command: Command, path: string): void {
  const example = EXAMPLES[path];
  if (example !== undefined) command.addHelpText('after', `\nExample:\n  ${example}`);
  for (const inner of command.commands) addExamples(inner, `${path} ${inner.name()}`.trim());
}

function engineOption(): Option {
  return new Option('--engine <name>', 'DuckDB’s binary, or duckdb-wasm').choices(['native', 'wasm']);
}

function formatOption(): Option {
  return new Option('--format <format>', 'output; json for tools, errors included').choices(FORMATS).default('table');
}

function epsilons(text: string, earlier: readonly string[] = []): readonly string[] {
  decimal(text.slice(text.lastIndexOf('=') + 1));
  return [...earlier, text];
}

/** Numbers stay text: the decimal typed is the decimal meant. */
function decimal(text: string): string {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) throw new InvalidArgumentError('This is not a number.');
  return text;
}

function collect(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text];
}

function version(): string {
  const { version: written } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return written;
}

/** Tools that ask for JSON get their usage errors in it, too. */
function wantsJson(): boolean {
  const { argv } = process;
  return argv.includes('--format=json') || argv[argv.indexOf('--format') + 1] === 'json';
}

/** A question may open with a comment, which reads like an option; behind `--` it does not. */
function questionLast(args: readonly string[]): string[] {
  const [command, question, ...rest] = args;
  const commented = (command === 'query' || command === 'explain') && /^--?[^=\s]*\s/.test(question ?? '');
  return commented ? [command, ...rest, '--', question as string] : [...args];
}

async function run(command: Promise<number>): Promise<void> {
  process.exitCode = await command;
}

const args = questionLast(process.argv.slice(2));
const root = program();
try {
  await root.parseAsync(args, { from: 'user' });
} catch (error) {
  const isDone = error instanceof CommanderError && error.exitCode === 0;
  const known = error instanceof CommanderError ? misused(error, root, args) : error;
  process.exitCode = isDone ? 0 : fail(known, null, wantsJson() ? 'json' : 'table');
}
