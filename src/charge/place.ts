/** Where an entry stands: its number, from 0, and its hash. */
export interface Place {
  readonly sequence: number;
  readonly hash: string;
}
