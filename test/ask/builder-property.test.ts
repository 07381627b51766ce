/** Random questions: what is built means what is written by hand, values stay out of the text, and most can be resolved. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Question } from '../../src/ask/index.ts';
import { SpannedError } from '../../src/errors.ts';
import { type Asked, cohorts, groups } from './builder-arbitrary.ts';
import { meaning } from './builder-policy.ts';

/** The tree of a question, or the code it is refused with. */
function outcome(question: Question): string {
  try {
    return meaning(question);
  } catch (error) {
    if (error instanceof SpannedError) return error.code;
    throw error;
  }
}

it.each([
  ['groups', groups, 0.9],
  ['cohorts', cohorts, 0.9],
] as const)('%s', (_, questions: fc.Arbitrary<Asked>, share) => {
  let [asked, resolved] = [0, 0];
  fc.assert(
    fc.property(questions, ({ built, sql }) => {
      const found = outcome(built);
      expect(found).toBe(outcome(sql));
      expect(built.sql.replaceAll(/'(year|quarter|month|week|day)'/g, '')).not.toContain("'");
      asked += 1;
      if (found.startsWith('(answer')) resolved += 1;
    }),
    { numRuns: 200 },
  );
  // Equal refusals alone would prove little.
  expect(resolved / asked).toBeGreaterThan(share);
});
