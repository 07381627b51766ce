import { makeNeighbour, CANARY_NAMES } from './network.ts';
import { BUGS } from './bugs.ts';
import { makeAudit, line } from './hunt.ts';
const N = Number(process.argv[2] ?? 3000);
const all: any = {};
for (const c of CANARY_NAMES) all[c] = await makeNeighbour(c);
const base = await makeNeighbour(null);
for (const b of BUGS) {
  const t = performance.now();
  try {
  const run = await makeAudit({ base, canary: all[b.canary] }, b, 'x', b.seams);
  const v = await run({ runs: N, seed: null });
  console.log(v.broken ? 'found ' : 'MISSED', line(b.name, b.canary, v), ((performance.now()-t)/1000).toFixed(1)+'s');
  } catch (e: any) { console.log(b.name, e.stack); }
}
await base.close(); for (const c of CANARY_NAMES) await all[c].close();
