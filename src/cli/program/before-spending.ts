/** Commands that look ahead: nothing is read, nothing is charged. */
import type { Command } from 'commander';
import { planFile } from '../command/plan.ts';
import { preview } from '../command/preview.ts';
import { collect, decimal, onPolicy, run } from './options.ts';

/** What `plan` reads: shown by its help. */
const STUDY = `
A study is a budget, and questions with a wanted half-width or a weight:

  budget: { epsilon: 1.5, delta: 1e-6 }
  questions:
    - name: sexes
      sql: SELECT sex, COUNT(*) AS persons FROM person GROUP BY sex
      accuracy: 8
    - name: births
      sql: SELECT AVG(birth_year) AS mean FROM person WHERE sex = $sex
      params: { sex: F }
      accuracy: 2
      size: 1000
    - name: surgical
      sql: SELECT COUNT(DISTINCT person_id) AS persons FROM visit WHERE ward = 'surgery'
      weight: 1`;

export function addBeforeSpending(root: Command): void {
  onPolicy(
    root,
    'preview <sql>',
    'What a question would tell, and what it would take; reads no data, needs no journal.',
  )
    .requiredOption('--as <name>', 'principal who would ask')
    .option('--purpose <name>', 'what the answer is for, where the policy declares purposes')
    .option('--part <value>', 'ask about the units with this value of the disjoint column alone')
    .option(
      '--epsilon <number>',
      'privacy loss; repeated, a curve; name=number, repeated, gives each output its own',
      collect,
    )
    .option('--delta <number>', 'delta to spend', decimal)
    .option('--accuracy <number>', 'wanted half-width: says the smallest epsilon for it', decimal)
    .option('--level <number>', 'confidence level of the intervals', decimal)
    .option('--param <name=value>', 'value of $name (of ? and $1: 1=value); repeat for more', collect)
    .option('--groups <number>', 'groups per person, below the policy’s', decimal)
    .option('--rows <number>', 'rows per person and group, below the policy’s', decimal)
    .option('--size <number>', 'supposed persons or rows in a group, for means and ratios; repeat for more', collect)
    .option('--from <file>', 'take sizes from a stored answer, of gauze query --format json')
    .option('--from-column <name>', 'the column of counts in it, where it has several')
    .option('--show <persons=chance>', 'says the smallest epsilon that shows such groups; repeat for more', collect)
    .action((sql: string, options) => run(preview(sql, { epsilon: [], param: [], size: [], show: [], ...options })));
  onPolicy(root, 'plan <file>', 'Split a study’s budget over its questions, by wanted accuracy; YAML or JSON.')
    .requiredOption('--as <name>', 'principal who would ask')
    .addHelpText('after', STUDY)
    .action((file: string, options) => run(planFile(file, options)));
}
