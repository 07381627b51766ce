/** npm run bench: every measurement, as Markdown. Ratios name their floor; each case asserts its answer first. */
import { ledger } from './ledger.ts';
import { markdown } from './report.ts';
import { samplers } from './samplers.ts';

console.log(markdown([...(await samplers()), ...(await ledger())]));
