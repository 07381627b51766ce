/** `gauze budget show`. */
import { numberOf } from '../../charge/account.ts';
import { openLedgerOf } from '../../index.node.ts';
import { type Format, textTable } from '../output.ts';
import { fail, print } from './query.ts';

/** Limit, spent and remaining of every account of a policy; exit code. */
export async function budgetShow(flags: { readonly policy: string; readonly format: Format }): Promise<number> {
  try {
    const { standings, close } = await openLedgerOf(flags.policy);
    const budgets = (await standings()).map(({ id, limit, spent, remaining }) => ({
      principal: id.principal,
      dataset: id.dataset,
      limit: numberOf(limit),
      spent: numberOf(spent),
      remaining: numberOf(remaining),
    }));
    await close();
    if (flags.format === 'json') {
      print([JSON.stringify({ budgets })]);
      return 0;
    }
    const column = (title: string, cells: readonly (string | number)[]) => ({
      title,
      cells: cells.map(String),
      right: title !== 'principal' && title !== 'data set',
    });
    print(
      textTable([
        column(
          'principal',
          budgets.map((one) => one.principal ?? '(everybody)'),
        ),
        column(
          'data set',
          budgets.map((one) => one.dataset),
        ),
        column(
          'ε limit',
          budgets.map((one) => one.limit.epsilon),
        ),
        column(
          'ε spent',
          budgets.map((one) => one.spent.epsilon),
        ),
        column(
          'ε left',
          budgets.map((one) => one.remaining.epsilon),
        ),
        column(
          'δ limit',
          budgets.map((one) => one.limit.delta),
        ),
        column(
          'δ left',
          budgets.map((one) => one.remaining.delta),
        ),
      ]),
    );
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}
