/** Which engine a session in Node gets, and what it is told. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { openEngine } from '../../src/engine/open-engine.node.ts';
import { withNote } from '../../src/index/opening.ts';
import { open } from '../../src/index.node.ts';

const withoutBinary = (): Promise<never> => Promise.reject(new Error('no binary'));

async function nameOf(opening: Promise<{ engine: Engine; note: string | null }>): Promise<[string, string | null]> {
  const { engine, note } = await opening;
  await engine.close();
  return [engine.name, note];
}

test('native where it has a binary, wasm on request, without a word', async () => {
  expect(await nameOf(openEngine(null, '.'))).toEqual(['duckdb-native', null]);
  expect(await nameOf(openEngine('native', '.'))).toEqual(['duckdb-native', null]);
  expect(await nameOf(openEngine('wasm', '.'))).toEqual(['duckdb-wasm', null]);
});

test('wasm where native has no binary, and says so', async () => {
  const [name, note] = await nameOf(openEngine(null, '.', withoutBinary));
  expect(name).toBe('duckdb-wasm');
  expect(note).toMatch(/^The native DuckDB has no binary here/);
});

test('native that was asked for and is missing is an error with its next step', async () => {
  await expect(openEngine('native', '.', withoutBinary)).rejects.toMatchObject({
    code: 'ENGINE_UNAVAILABLE',
    next: expect.stringContaining('npm install @duckdb/node-api'),
  });
});

test('a session on wasm answers, remembers its budget in the next session, and says a note once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gauze-open-'));
  try {
    const rows = Array.from({ length: 200 }, (_, row) => `${row},${row % 2 === 0 ? 'F' : 'M'}`);
    writeFileSync(join(folder, 'patient.csv'), `patient_id,sex\n${rows.join('\n')}\n`);
    const policy = join(folder, 'clinic.yaml');
    writeFileSync(
      policy,
      `gauze: 1
datasets:
  clinic:
    unit: patient.patient_id
    contribution: { groups: 1, rows: 1 }
    tables:
      patient:
        file: patient.csv
        unit: patient_id
        unique: true
        columns: { sex: { type: text, values: [F, M] } }
principals:
  dr-lee: { budgets: [ { dataset: clinic, epsilon: 50 } ] }
`,
    );
    const first = withNote(await open({ policy, as: 'dr-lee', engine: 'wasm' }), 'wasm answered');
    const stages: string[] = [];
    const answer = await first.query('SELECT sex, count(*) AS n FROM patient GROUP BY sex', {
      epsilon: 20,
      onProgress: (stage) => stages.push(stage),
    });
    expect(stages).toEqual(['planned', 'charged', 'read', 'released']);
    // Truth 100 each; noise beyond 5 at ε = 20 has probability below e⁻¹⁰⁰.
    for (const n of answer.columns[1]?.values ?? []) expect(Math.abs(Number(n) - 100)).toBeLessThanOrEqual(5);
    expect(answer.notes).toContain('wasm answered');
    const again = await first.query('SELECT sex, count(*) AS n FROM patient GROUP BY sex', { epsilon: 20 });
    expect(again.notes).not.toContain('wasm answered');
    await first.close();
    // The data version that wasm registered is the one that native finds.
    const second = await open({ policy, as: 'dr-lee', engine: 'native' });
    const recalled = await second.query('SELECT sex, count(*) AS n FROM patient GROUP BY sex', { epsilon: 20 });
    expect({ cost: recalled.cost.epsilon, left: recalled.remaining?.epsilon }).toEqual({ cost: 0, left: 30 });
    await second.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
