/** `gauze budget show`. */
import { accountName, type Budget } from '../../charge/account.ts';
import { GauzeError } from '../../errors.ts';
import { type Standings, standingsOf } from '../../index/standings.node.ts';
import { type Format, fail, print } from '../output.ts';
import { type ListColumn, printList } from '../tabular.ts';
import { proseWidth, wrapped } from '../wrap.ts';

/** Limit, spent and remaining of every account of a policy; exit code. */
export async function budgetShow(flags: {
  readonly policy: string;
  /** How many units together are spoken of, such as a household. */
  readonly group?: string;
  readonly format: Format;
}): Promise<number> {
  try {
    const group = groupOf(flags.group);
    const standings = await standingsOf(flags.policy, new Date(), group);
    if (flags.format === 'json') print([JSON.stringify(standings)]);
    else {
      printList(columnsOf(standings.budgets, flags.format === 'table'), flags.format);
      for (const line of flags.format === 'table' ? notesOf(standings, group) : []) process.stderr.write(`${line}\n`);
    }
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}

function columnsOf(budgets: readonly Budget[], forPeople: boolean): ListColumn[] {
  const column = (name: string, title: string, pick: (budget: Budget) => string | number | null): ListColumn => ({
    name,
    title,
    values: budgets.map(pick),
  });
  const all = [
    column('principal', 'principal', ({ principal }) => principal ?? (forPeople ? '(everybody)' : null)),
    column('dataset', 'data set', ({ dataset }) => dataset ?? (forPeople ? '(all)' : null)),
    column('purpose', 'purpose', ({ purpose }) => purpose),
    ...(['epsilon', 'delta'] as const).flatMap((loss) => {
      const symbol = loss === 'epsilon' ? 'ε' : 'δ';
      return [
        column(`limit_${loss}`, `${symbol} limit`, ({ limit }) => limit[loss]),
        column(`spent_${loss}`, `${symbol} spent`, ({ spent }) => spent[loss]),
        column(`remaining_${loss}`, `${symbol} left`, ({ remaining }) => remaining[loss]),
      ];
    }),
    column('limit_rho', 'ρ limit', ({ limit }) => limit.rho),
    column('spent_rho', 'ρ spent', ({ limit, spent }) => (limit.rho === null ? null : spent.rho)),
    column('renews', 'renews', ({ renews }) => renews),
    column('lifetime_epsilon', 'ε ever', ({ renews, lifetime }) => (renews === null ? null : lifetime.epsilon)),
  ];
  // What no budget of this policy has is left out for people; programs find every column.
  return forPeople ? all.filter(({ values }) => values.some((value) => value !== null)) : all;
}

function groupOf(text: string | undefined): number {
  const group = Number(text ?? '1');
  if (Number.isSafeInteger(group) && group >= 1) return group;
  throw new GauzeError('USAGE', { message: 'A group has a whole number of units.', next: 'Write --group 4.' });
}

function notesOf({ budgets, unfinished, waits }: Standings, group: number): string[] {
  const lines = budgets.flatMap(({ soFar, ...id }) => {
    if (soFar === null || soFar.epsilon === 0) return [];
    const whom = group === 1 ? 'one unit' : `${group} units together`;
    return [`So far, whenever one looks: ${accountName(id)} may tell of ${whom} ε ${soFar.epsilon}, δ ${soFar.delta}.`];
  });
  if (waits)
    lines.push(
      'note: The policy file is not in force: officers have to bring it into force. These are the budgets that hold.',
    );
  if (unfinished.length > 0) {
    const entries = unfinished.map(({ sequence }) => sequence + 1).join(', ');
    lines.push(
      `note: ${unfinished.length} ${unfinished.length === 1 ? 'charge' : 'charges'} without an outcome (entry ${entries}): still running, or cut off by a crash. They count as spent.`,
    );
  }
  if (budgets.some(({ renews }) => renews !== null)) {
    lines.push('note: Budgets that renew let the loss of a person grow without end: “ever” is what was lost so far.');
  }
  return lines.flatMap((line) => wrapped(line, proseWidth(process.stderr), 2));
}
