/** The governed policy of the documentation, verbatim (as .txt, so that no formatter touches it). */
import { readFileSync } from 'node:fs';
import { rewritten } from './network.ts';

export const GOVERNED: string = readFileSync(new URL('governed.yaml.txt', import.meta.url), 'utf8');

/** The policy with one place rewritten; the place must be there, once. */
export function governed(from: string, to: string): string {
  return rewritten(from, to, GOVERNED);
}
