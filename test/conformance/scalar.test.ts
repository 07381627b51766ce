/** Every scalar on hostile cells: native and wasm give bit for bit what the tree means, and nothing ever raises. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Column, Expr, Relation } from '../../src/ask/ir.ts';
import { HOSTILE_COLUMNS, hostileWorld } from './hostile.ts';
import { interpret } from './interpreter/relation.ts';
import { anyExpression } from './scalar-grammar.ts';
import { valueText } from './statistics.ts';
import { item, project, table } from './tree.ts';
import { openWorld, type World } from './world.ts';

/** Expressions per statement, and statements by depth. */
const BATCH = 25;
const EFFORT = Number(process.env.GAUZE_EFFORT ?? 1);
const RUNS = [
  [1, 40],
  [2, 40],
  [3, 40],
] as const;

let world: World;
beforeAll(async () => {
  world = await openWorld(hostileWorld());
});
afterAll(() => world.close());

const hostile = table('net', 'hostile', HOSTILE_COLUMNS);
const columns: readonly Column[] = hostile.columns;

/** Values of expressions by row: what the interpreter says and what an engine says where it differs. */
async function differences(exprs: readonly Expr[]): Promise<readonly string[]> {
  const relation: Relation = project(
    hostile,
    exprs.map((expr, index) => item(`e${index}`, expr)),
  );
  const expected = interpret(relation, world.database);
  const found: string[] = [];
  for (const engine of world.engines) {
    const { values } = await engine.readPublic(relation, {});
    exprs.forEach((_, index) => {
      expected.forEach((row, at) => {
        const [wanted, got] = [valueText(row[index] ?? null), valueText(values[index]?.[at] ?? null)];
        if (wanted !== got) found.push(`${engine.name}, expression ${index}, row ${at}: ${got}, not ${wanted}`);
      });
    });
  }
  return found;
}

for (const [depth, runs] of RUNS) {
  it(`expressions of depth ${depth}`, { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyExpression(depth, columns), { minLength: BATCH, maxLength: BATCH }),
        async (exprs) => {
          expect(await differences(exprs)).toEqual([]);
        },
      ),
      { numRuns: runs * EFFORT },
    );
  });
}
