import { makeNeighbour } from './network.ts';
import { makeSampler } from './sampler.ts';
const n = await makeNeighbour('heavy');
for (const sql of ['SELECT ward, COUNT(*) AS n FROM visit GROUP BY ward','SELECT AVG(cost) AS n FROM visit','SELECT COUNT(DISTINCT start_date) AS n FROM visit'])
 await makeSampler(n, {sql, options:{epsilon:1}}, [7n], {statement: (s)=>{console.log(s,'\n'); return s;}});
await n.close();
