#!/usr/bin/env node
/** `gauze`: argument parsing and exit codes. Results on stdout, everything else on stderr. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { fail } from './output.ts';
import { addBeforeSpending } from './program/before-spending.ts';
import { addData } from './program/data.ts';
import { addOffices } from './program/offices.ts';
import { addQuestions } from './program/questions.ts';
import { addRecords } from './program/records.ts';
import { EXAMPLES, misused } from './usage.ts';

function program(): Command {
  const root = new Command('gauze')
    .description('Private answers from health data: SQL in, differentially private figures out.')
    .version(version(), '--version')
    .exitOverride()
    // Usage errors are printed below, where all others are.
    .configureOutput({ outputError: () => undefined, writeErr: () => undefined });
  addQuestions(root);
  addBeforeSpending(root);
  addOffices(root);
  addRecords(root);
  addData(root);
  addExamples(root, '');
  return root;
}

function addExamples(command: Command, path: string): void {
  const example = EXAMPLES[path];
  if (example !== undefined) command.addHelpText('after', `\nExample:\n  ${example}`);
  for (const inner of command.commands) addExamples(inner, `${path} ${inner.name()}`.trim());
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
  const commented = ['query', 'explain', 'preview'].includes(command ?? '') && /^--?[^=\s]*\s/.test(question ?? '');
  return commented ? [command as string, ...rest, '--', question as string] : [...args];
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
