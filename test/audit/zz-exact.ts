import { ask } from '../../src/ask/index.ts';
import { makePlan } from '../../src/bound/planner.ts';
import { parametersOf } from '../../src/options.ts';
import { toNumber } from '../../src/dp/rational.ts';
import { makeNeighbour, CANARY_NAMES, policy } from './network.ts';
import { saltsOf, readAll } from './sampler.ts';
import { SCENARIOS } from './scenarios.ts';
const all: any = {};
for (const c of CANARY_NAMES) all[c] = await makeNeighbour(c);
const base = await makeNeighbour(null);
const salts = saltsOf('x', 12);
for (const s of SCENARIOS) {
  try {
    const ds = policy.datasets.get('network')!;
    const { plan } = makePlan(ask(s.sql, policy, {}), policy, parametersOf(s.options, ds, policy.principals.get('auditor')!.budgets.get('network')!), s.sql);
    const b = await readAll(base, plan, salts, {});
    for (const c of CANARY_NAMES) {
      const a = await readAll(all[c], plan, salts, {});
      let worst = 0, worstRho = 0;
      a.forEach((ra, i) => {
        let loss = 0, rho = 0;
        plan.questions.forEach((q, qi) => q.bounded.sets.forEach((_, si) => q.measurements[si]!.forEach((m, st) => {
          if (m === null) return;
          const get = (r: any) => { const set = r.questions[qi].sets[si]; const map = new Map<string, number>(); for (let g = 0; g < set.groups; g++) map.set(JSON.stringify(set.keys.map((k: any) => String(k[g]))), Number(set.statistics[st][g])); return map; };
          const x = get(ra), y = get(b[i]);
          let l1 = 0, l2 = 0;
          for (const k of new Set([...x.keys(), ...y.keys()])) { if (q.selection[si] && !(x.has(k) && y.has(k))) continue; const d = Math.abs((x.get(k) ?? 0) - (y.get(k) ?? 0)); l1 += d; l2 += d * d; }
          if (l1 > Number(m.sensitivity.l1) || l2 > Number(m.sensitivity.l2Squared)) console.log('   SENSITIVITY', s.name, c, st, l1, m.sensitivity);
          if (m.mechanism.kind === 'discrete-laplace') loss += l1 / toNumber(m.mechanism.scale); else rho += l2 / 2 / toNumber(m.mechanism.variance);
        })));
        worst = Math.max(worst, loss); worstRho = Math.max(worstRho, rho);
      });
      console.log(s.name.padEnd(40), c.padEnd(7), 'claim', toNumber(plan.cost.epsilon).toFixed(3), 'exact loss (same groups)', worst.toFixed(3), 'rho', worstRho.toFixed(4));
    }
  } catch (e: any) { console.log(s.name, 'ERROR', e.code, e.message, e.code ? '' : e.stack); }
}
await base.close(); for (const c of CANARY_NAMES) await all[c].close();
