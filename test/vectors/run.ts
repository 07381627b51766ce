/** npm run vectors -- FILE…: known answers against the implementation. */
import { readFileSync } from 'node:fs';
import { checkVectors } from './check.ts';

const files = process.argv.slice(2);
let passed = 0;
let failed = 0;
let skipped = 0;
for (const file of files.length === 0 ? ['test/vectors/dp-public.json'] : files) {
  const outcome = checkVectors(JSON.parse(readFileSync(file, 'utf8')).cases);
  for (const failure of outcome.failures) console.log(`FAILED ${failure}`);
  for (const [kind, count] of outcome.skipped) console.log(`skipped ${kind}: not built yet (${count})`);
  passed += outcome.passed;
  failed += outcome.failures.length;
  skipped += [...outcome.skipped.values()].reduce((sum, count) => sum + count, 0);
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 ? 0 : 1);
