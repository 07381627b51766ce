/** Slow answers that share nothing with the plans measured: a window over pairs, exact integers, and a χ² of the choice. */
import type { Plan } from '../src/bound/plan.ts';
import { subtractedFrom } from '../src/bound/vector.ts';
import { Sealed } from '../src/engine/sealed.ts';
import type { Policy } from '../src/policy/policy.ts';
import { type Floor, planOf, type Reader, SALT } from './reader.ts';

const GROUPS = 4;
const ROWS_PER_PAIR = 20;
const Z_HIGH = 30_000;
const Z_MIDDLE = 15_000;

/** Rows of `key, COUNT(*), SUM(v), count of v, centred sum of v for AVG, units`, as the policy bounds them. */
function referenceSql(key: string | null, unit: string): string {
  const k = key ?? '0';
  const rows = unit === 'rid' ? 1 : ROWS_PER_PAIR;
  return `WITH z AS (
      SELECT ${unit}::BIGINT u, ${k}::BIGINT k,
        CASE WHEN isnan(v) THEN NULL WHEN v > 300 THEN ${Z_HIGH} WHEN v < 0 THEN 0
             ELSE round(v / 0.01::DOUBLE)::BIGINT END z FROM t),
    pairs AS (SELECT u, k, count(*) c, sum(z) s, count(z) n, sum(z - ${Z_MIDDLE}) m FROM z GROUP BY u, k),
    ranked AS (SELECT *, row_number() OVER (PARTITION BY u ORDER BY
      hash(hash(${SALT}::UBIGINT, u${key === null ? '' : ', k'})) >> 1) r FROM pairs)
    SELECT k, sum(least(c, ${rows}))::BIGINT, sum(CASE WHEN n > 0 THEN least(s, ${Z_HIGH * rows}) ELSE 0 END)::BIGINT,
      sum(least(n, ${rows}))::BIGINT,
      coalesce(sum(CASE WHEN n > ${rows} THEN (m * ${rows}) // n ELSE m END), 0)::BIGINT, count(*)
    FROM ranked WHERE r <= ${GROUPS} GROUP BY k`;
}

/** @throws Error when a group's exact statistics differ from the reference */
export async function assertBounded(
  plan: Plan,
  reader: Reader,
  floor: Floor,
  key: string | null,
  unit: 'unit_id' | 'rid',
): Promise<void> {
  const exact = Sealed.unseal(await reader.run(plan, await reader.warrant(plan)));
  const set = exact.questions[0]?.sets[0];
  const derived = plan.questions[0]?.derived ?? [];
  if (set === undefined) throw new Error('A plan over protected rows has a question.');
  const expected = new Map((await floor.rows(referenceSql(key, unit))).map(([k, ...rest]) => [String(k), rest]));
  if (set.groups !== expected.size) throw new Error(`${key}: ${set.groups} groups, not ${expected.size}.`);
  for (let row = 0; row < set.groups; row++) {
    const name = key === null ? '0' : String(set.keys[0]?.[row]);
    const [rows, sum, values, centred, units] = expected.get(name) ?? [];
    const at = (index: number): bigint => BigInt(set.statistics[index]?.[row] ?? 0n);
    const total = (statistics: readonly number[]): bigint =>
      statistics.reduce((all, index) => {
        const less = subtractedFrom(plan.questions[0]?.vectors ?? [], index);
        return all + at(index) - (less === null ? 0n : at(less));
      }, 0n);
    const formulas = derived.flatMap((one) => (one.kind === 'by-key' ? one.of.map(({ formula }) => formula) : [one]));
    const got = formulas.flatMap((one) =>
      one.kind === 'mean' ? [total(one.count), total([one.sum])] : [total(one.statistics)],
    );
    const wanted = [rows, sum, values, centred, units].slice(0, got.length);
    if (got.join() !== wanted.join()) throw new Error(`${key} = ${name}: ${got.join()}, not ${wanted.join()}.`);
  }
}

/** Critical value of χ² with 9 degrees of freedom at 10⁻⁹. */
const CHI2_9 = 61;

/** @throws Error when units that touch all ten groups do not keep each equally often */
export async function assertUniform(reader: Reader, policy: Policy, floor: Floor): Promise<void> {
  const all = 'SELECT unit_id FROM visits.t GROUP BY unit_id HAVING COUNT(DISTINCT g10) = 10';
  const plan = planOf(
    `SELECT g10, COUNT(DISTINCT unit_id) FROM visits.t WHERE unit_id IN (${all}) GROUP BY g10`,
    policy,
  );
  const set = Sealed.unseal(await reader.run(plan, await reader.warrant(plan))).questions[0]?.sets[0];
  const kept = Array.from(set?.statistics[0] ?? [], Number);
  const [[units] = []] = await floor.rows(`SELECT count(*) FROM (${all.replace('visits.', '')})`);
  const share = (Number(units) * GROUPS) / 10;
  // Four of ten without replacement: the variance of a cell is 0.24 n, and cells are correlated by −1/9.
  const chi2 = kept.reduce((sum, n) => sum + (n - share) ** 2, 0) / ((Number(units) * 0.24 * 10) / 9);
  const total = kept.reduce((sum, n) => sum + n, 0);
  if (kept.length !== 10 || total !== Number(units) * GROUPS || chi2 > CHI2_9) {
    throw new Error(`Groups of ${units} units are not chosen evenly: χ² ${chi2}, kept ${total}.`);
  }
}
