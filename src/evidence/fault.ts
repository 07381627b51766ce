/** The first entry that does not hold, counted from 1, and why. */
export interface Fault {
  readonly entry: number;
  readonly why: string;
}
