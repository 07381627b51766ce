/** Wrong usage in the words of every other error: what is wrong, and what to type instead. */
import type { Command, CommanderError } from 'commander';
import { GauzeError } from '../errors.ts';

/** One whole command line for each command; `--help` prints it, and errors point to it. */
export const EXAMPLES: Readonly<Record<string, string>> = {
  query: 'gauze query "SELECT COUNT(*) AS persons FROM person" --policy network.yaml --as dr-lee --epsilon 0.5',
  explain: 'gauze explain "SELECT COUNT(*) AS persons FROM person" --policy network.yaml --as dr-lee --epsilon 0.5',
  preview: 'gauze preview "SELECT COUNT(*) AS persons FROM person" --policy network.yaml --as dr-lee --epsilon 0.5',
  plan: 'gauze plan study.yaml --policy network.yaml --as dr-lee',
  'terms show': 'gauze terms show --policy network.yaml --as dr-lee',
  'terms accept': 'gauze terms accept dua-2026 --policy network.yaml --as dr-lee --key dr-lee.key',
  'budget show': 'gauze budget show --policy network.yaml',
  'budget history': 'gauze budget history --policy network.yaml --format csv',
  'budget set': 'gauze budget set --policy network.yaml --dataset network --principal dr-lee --epsilon 9',
  'policy check': 'gauze policy check network.yaml',
  'policy approve': 'gauze policy approve network.yaml --as dr-kim --key dr-kim.key',
  'policy adopt': 'gauze policy adopt network.yaml',
  freeze: 'gauze freeze network --policy network.yaml --reason "complaint 17"',
  unfreeze: 'gauze unfreeze network --policy network.yaml --reason "complaint 17 is settled"',
  'key new': 'gauze key new dr-lee.key',
  'key rotate': 'gauze key rotate --policy network.yaml',
  'key lost': 'gauze key lost --policy network.yaml',
  'ledger anchor': 'gauze ledger anchor --policy network.yaml --output network.anchor',
  archive: 'gauze archive journal-1 --policy network.yaml',
  backup: 'gauze backup safe --policy network.yaml',
  restore: 'gauze restore safe --policy network.yaml',
  verify: 'gauze verify answer.json --journal network.gauze/journal',
  evidence: 'gauze evidence --policy network.yaml --from 2026-01-01 --to 2026-03-31 --output pack',
  alerts: 'gauze alerts --policy network.yaml --since 2026-01-01',
  incident: 'gauze incident --policy network.yaml --from 2026-03-01 --to 2026-03-02 --output incident.json',
  transparency: 'gauze transparency --policy network.yaml --output page.html',
  init: 'gauze init network.duckdb --output first.yaml',
  register: 'gauze register --policy network.yaml',
  withdraw: 'gauze withdraw network --policy network.yaml --units withdrawn.txt',
  sample: 'gauze sample',
  demo: 'gauze demo',
};

/** A usage error of the parser as gauze's own. */
export function misused(error: CommanderError, root: Command, args: readonly string[]): GauzeError {
  const { path, command } = meant(root, args);
  const [what = '', guess] = error.message.replace(/^error: /, '').split('\n');
  return new GauzeError('USAGE', {
    message: error.code === 'commander.help' ? `gauze ${path}`.trim().concat(' needs a command.') : sentence(what),
    next: `${guess === undefined ? '' : `${sentence(guess.replace(/[()]/g, ''))} `}${adviceFor(error, path, command)}`,
  });
}

function adviceFor({ code }: CommanderError, path: string, command: Command): string {
  const example = EXAMPLES[path];
  if (code === 'commander.unknownCommand' || code === 'commander.help' || example === undefined) {
    const names = leavesOf(command, `gauze ${path}`.trim());
    return names.length === 1 ? `Write: ${names[0]}` : `Take one of: ${names.join(', ')}. gauze --help says more.`;
  }
  if (code === 'commander.excessArguments' && (path === 'query' || path === 'explain' || path === 'preview')) {
    return `Put the whole question in quotes. For example: ${example}`;
  }
  if (code === 'commander.unknownOption') return `gauze ${path} --help lists the options.`;
  return `For example: ${example}`;
}

/** The command that the arguments name, as far as they name one. */
function meant(root: Command, args: readonly string[]): { readonly path: string; readonly command: Command } {
  let command = root;
  const path: string[] = [];
  for (const arg of args) {
    const inner = command.commands.find((one) => one.name() === arg);
    if (inner === undefined) break;
    command = inner;
    path.push(arg);
  }
  return { path: path.join(' '), command };
}

/** Whole names of the commands below one. */
function leavesOf(command: Command, path: string): string[] {
  return command.commands.length === 0
    ? [path]
    : command.commands.flatMap((inner) => leavesOf(inner, `${path} ${inner.name()}`));
}

function sentence(text: string): string {
  const [first = '', ...rest] = text;
  return `${first.toUpperCase()}${rest.join('')}`.replace(/[^.?]$/, '$&.');
}
