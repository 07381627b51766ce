/** Commands of researchers. */
import type { Command } from 'commander';
import { ask } from '../command/query.ts';
import { termsAccept, termsShow } from '../command/terms.ts';
import { collect, decimal, engineOption, formatOption, onPolicy, run, wordsOption } from './options.ts';

export function addQuestions(root: Command): void {
  for (const name of ['query', 'explain'] as const) addQuestion(root, name);
  const terms = root.command('terms').description('Data-use terms.');
  onPolicy(terms, 'show', 'What a principal has to accept, and whether he has.', wordsOption())
    .requiredOption('--as <name>', 'principal')
    .action((options) => run(termsShow(options)));
  onPolicy(terms, 'accept <name>', 'Accept data-use terms, before the first question.', wordsOption())
    .requiredOption('--as <name>', 'principal who accepts')
    .option('--key <file>', 'his key, where the policy names its public half')
    .action((name: string, options) => run(termsAccept(name, options)));
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
    .option('--purpose <name>', 'what the answer is for, where the policy declares purposes')
    .option('--part <value>', 'ask about the units with this value of the disjoint column alone')
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

function epsilons(text: string, earlier: readonly string[] = []): readonly string[] {
  decimal(text.slice(text.lastIndexOf('=') + 1));
  return [...earlier, text];
}
