/** The policy of the documentation, verbatim (as .txt, so that no formatter touches it), and ways to break it. */
import { readFileSync } from 'node:fs';
import { GauzeError } from '../../src/errors.ts';
import { parsePolicy } from '../../src/policy/index.ts';

export const NETWORK: string = readFileSync(new URL('network.yaml.txt', import.meta.url), 'utf8');

/** The policy with one place rewritten; the place must be there, once. */
export function rewritten(from: string, to: string, text: string = NETWORK): string {
  if (text.split(from).length !== 2) throw new Error(`"${from}" must stand in the policy exactly once.`);
  return text.replace(from, () => to);
}

/** The error a policy is refused with. */
export function refusal(text: string): GauzeError {
  try {
    parsePolicy(text, { file: 'network.yaml' });
  } catch (error) {
    if (error instanceof GauzeError) return error;
    throw error;
  }
  throw new Error('The policy was accepted.');
}
