/**
 * npm run bench: every measurement, as Markdown. Ratios name their floor; each case asserts its answer first. Arguments
 * choose among samplers, ledger, accountant, questions, scans and wasm; `GAUZE_BENCH_ROWS=10000000` sets the rows of the scans.
 */
import { accountant } from './accountant.ts';
import { ledger } from './ledger.ts';
import { questions } from './question.ts';
import { type Figure, markdown } from './report.ts';
import { samplers } from './samplers.ts';
import { scans } from './scan.ts';
import { wasm } from './wasm.ts';

const parts: Readonly<Record<string, () => Promise<Figure[]>>> = {
  samplers,
  ledger,
  accountant,
  questions,
  scans,
  wasm,
};
const chosen = process.argv.slice(2);
const figures: Figure[] = [];
for (const [name, part] of Object.entries(parts)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const measured = await part();
  console.error(markdown(measured));
  figures.push(...measured);
}
console.log(markdown(figures));
