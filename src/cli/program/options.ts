/** Options that several commands share, and what they accept. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { FORMATS, WORD_FORMATS } from '../output.ts';

/** A subcommand that reads a policy and prints a list, in every format, or says something, in words or JSON. */
export function onPolicy(
  parent: Command,
  usage: string,
  description: string,
  format: Option = formatOption(),
): Command {
  return parent
    .command(usage)
    .description(description)
    .requiredOption('--policy <file>', 'policy file')
    .addOption(format);
}

/** As `onPolicy`, for acts of somebody with a role. */
export function asSomebody(
  parent: Command,
  usage: string,
  description: string,
  format: Option = formatOption(),
): Command {
  return onPolicy(parent, usage, description, format).option('--as <name>', 'who acts, where the policy says who may');
}

export function engineOption(): Option {
  return new Option('--engine <name>', 'DuckDB’s binary, or duckdb-wasm').choices(['native', 'wasm']);
}

export function formatOption(): Option {
  return new Option('--format <format>', 'output; json for tools, errors included').choices(FORMATS).default('table');
}

/** Of commands that print no list: CSV and Arrow would have nothing to hold. */
export function wordsOption(): Option {
  return new Option('--format <format>', 'output; json for tools, errors included')
    .choices(WORD_FORMATS)
    .default('table');
}

/** Numbers stay text: the decimal typed is the decimal meant. */
export function decimal(text: string): string {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) throw new InvalidArgumentError('This is not a number.');
  return text;
}

export function collect(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text];
}

/** Runs a command; its exit code is the process's. */
export async function run(command: Promise<number>): Promise<void> {
  process.exitCode = await command;
}
