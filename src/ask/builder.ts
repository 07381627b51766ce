/** A typed way to write a question: the same SQL, with names and types checked by TypeScript. */
import type { Parameters } from './resolve.ts';

/** A built question: its SQL, and the values of its parameters. */
export interface Query {
  readonly sql: string;
  readonly parameters: Parameters;
}
