/** YAML of the documentation: whole policies, or a part put where it belongs. */
import { GauzeError } from '../../src/errors.ts';
import { parsePolicy } from '../../src/policy/index.ts';

const indented = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by));

/** A policy around a part of one. */
const AROUND: Readonly<Record<string, (text: string) => string>> = {
  policy: (text) => text,
  dataset: (text) => `gauze: 1\ndatasets:\n${indented(text, 2)}\n`,
  table: (text) => `${network}    tables:\n      person: { unit: person_id, unique: true }\n${indented(text, 6)}\n`,
  column: (text) =>
    `${network}    tables:\n      person:\n        unit: person_id\n        columns:\n${indented(text, 10)}\n`,
  principals: (text) => `${network}    tables:\n      person: { unit: person_id }\nprincipals:\n${indented(text, 2)}\n`,
};

const network =
  'gauze: 1\ndatasets:\n  network:\n    source: network.duckdb\n    unit: person.person_id\n    contribution: { groups: 4, rows: 20 }\n';

/** Why a block is no policy, as `gauze policy check` prints it; null when it is one. */
export function policyProblem(text: string, part: string): string | null {
  const around = AROUND[part];
  if (around === undefined) throw new Error(`no rule for yaml ${part}`);
  try {
    parsePolicy(around(text), { file: 'network.yaml' });
    return null;
  } catch (error) {
    if (error instanceof GauzeError) return error.message;
    throw error;
  }
}
