import { audit } from '../../src/dp/simulation/auditor.ts';
import { systemBits } from '../../src/crypto/entropy.ts';
import { makeNeighbour, CANARY_NAMES } from './network.ts';
import { makeSampler, saltsOf } from './sampler.ts';
import { SCENARIOS } from './scenarios.ts';
import { isValue } from './observe.ts';
const N = Number(process.argv[2] ?? 1500);
const only = process.argv[3];
const all: any = {};
for (const c of CANARY_NAMES) all[c] = await makeNeighbour(c);
const base = await makeNeighbour(null);
const salts = saltsOf('x', 16);
const bits = systemBits();
for (const s of SCENARIOS) {
  if (only && s.name !== only) continue;
  const t = performance.now();
  try {
    const b = await makeSampler(base, s, salts);
    for (const c of s.canaries) {
      const a = await makeSampler(all[c], s, salts);
      const x = await a.sample(N, bits); const y = await b.sample(N, bits);
      const t2 = performance.now();
      const f = audit(x, y, { alpha: 1e-8, delta: a.claim.delta, events: 4, together: isValue });
      const flag = f.epsilon > a.claim.epsilon ? '  !!!!!!' : '';
      console.log(s.name.padEnd(36), c.padEnd(7), a.claim.epsilon.toFixed(3), a.claim.delta, f.epsilon.toFixed(3), f.event?.feature.replace(/\n/g,'|').slice(0,60), f.event?.relation, String(f.event?.value).slice(0,30), f.likelierOnFirst, f.hits, 'audit ms', (performance.now()-t2).toFixed(0), flag);
    }
  } catch (e: any) { console.log(s.name, 'ERROR', e.code, e.message, e.next, e.code? '' : e.stack); }
  console.log('   ', ((performance.now() - t)/1000).toFixed(1), 's');
}
await base.close(); for (const c of CANARY_NAMES) await all[c].close();
