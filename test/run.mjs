// Runs everything `npm test` promises, in order, and closes with one line: N passed, N failed, N skipped.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bin = (name) => join('node_modules', '.bin', name);

function step(title, command, args) {
  console.log(`\n— ${title}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  return status === 0;
}

let passed = 0;
let failed = 0;
let skipped = 0;
for (const [title, command, args] of [
  ['types', bin('tsc'), ['-p', 'tsconfig.json']],
  ['lint', bin('biome'), ['check', '.']],
]) {
  if (step(title, command, args)) passed += 1;
  else failed += 1;
}

const folder = mkdtempSync(join(tmpdir(), 'gauze-test-'));
const report = join(folder, 'report.json');
const isClean = step('tests', bin('vitest'), [
  'run',
  '--config',
  'test/vitest.config.ts',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
]);
try {
  const result = JSON.parse(readFileSync(report, 'utf8'));
  passed += result.numPassedTests;
  // Errors outside tests and suites that do not load show in the exit status alone.
  failed += result.numFailedTests + (isClean || result.numFailedTests > 0 ? 0 : 1);
  skipped += result.numPendingTests + result.numTodoTests;
} catch {
  failed += 1;
}
rmSync(folder, { recursive: true, force: true });

if (skipped > 0 && process.env.GAUZE_NO_SKIPS === '1') {
  console.log(`\n${skipped} tests were skipped, and this run allows none.`);
  failed += 1;
}
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 ? 0 : 1);
