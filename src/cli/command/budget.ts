/** `gauze budget show`. */
import type { Budget } from '../../charge/account.ts';
import { budgetsOf } from '../../index/standings.node.ts';
import { type Format, fail, print } from '../output.ts';
import { type ListColumn, printList } from '../tabular.ts';

/** Limit, spent and remaining of every account of a policy; exit code. */
export async function budgetShow(flags: { readonly policy: string; readonly format: Format }): Promise<number> {
  try {
    const budgets = await budgetsOf(flags.policy);
    if (flags.format === 'json') print([JSON.stringify({ budgets })]);
    else printList(columnsOf(budgets, flags.format === 'table'), flags.format);
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}

function columnsOf(budgets: readonly Budget[], forPeople: boolean): ListColumn[] {
  const numbers = (['epsilon', 'delta'] as const).flatMap((loss) =>
    (['limit', 'spent', 'remaining'] as const).map((part): ListColumn => {
      const values = budgets.map((budget) => budget[part][loss]);
      const title = `${loss === 'epsilon' ? 'ε' : 'δ'} ${part === 'remaining' ? 'left' : part}`;
      return { name: `${part}_${loss}`, title, values };
    }),
  );
  const principals = budgets.map(({ principal }) => principal ?? (forPeople ? '(everybody)' : null));
  return [
    { name: 'principal', values: principals },
    { name: 'dataset', title: 'data set', values: budgets.map(({ dataset }) => dataset) },
    ...numbers,
  ];
}
