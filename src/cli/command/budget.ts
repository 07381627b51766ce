/** `gauze budget show`. */
import { numberOf } from '../../charge/account.ts';
import { openLedgerOf } from '../../index.node.ts';
import type { Format } from '../output.ts';
import { type ListColumn, printList } from '../tabular.ts';
import { fail, print } from './query.ts';

type Loss = Readonly<Record<'epsilon' | 'delta', number>>;

/** `principal` null: the cap over everybody. */
interface Budget {
  readonly principal: string | null;
  readonly dataset: string;
  readonly limit: Loss;
  readonly spent: Loss;
  readonly remaining: Loss;
}

/** Limit, spent and remaining of every account of a policy; exit code. */
export async function budgetShow(flags: { readonly policy: string; readonly format: Format }): Promise<number> {
  try {
    const { standings, close } = await openLedgerOf(flags.policy);
    const budgets = (await standings()).map(
      ({ id, limit, spent, remaining }): Budget => ({
        principal: id.principal,
        dataset: id.dataset,
        limit: numberOf(limit),
        spent: numberOf(spent),
        remaining: numberOf(remaining),
      }),
    );
    await close();
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
