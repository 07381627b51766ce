/** When the watch over the journal raises an alert. */

/**
 * Numbers of each rule; null: that rule is off. Times are told by the journal.
 *
 * - `burnRate`: `percent` of a limit spent within one day (UTC), or a budget that lasts less than `days` at the pace of the
 *   last seven days
 * - `nearDuplicates`: `questions` of one shape within `hours`
 * - `narrowing`: a question whose condition only grew, `steps` times within `hours`
 * - `refusals`: that many refusals of one principal within `minutes`
 * - `closedColumns`: that many refusals of one principal because of a column, topic or purpose within `minutes`
 * - `unfinished`: a charge without an outcome for `minutes`
 * - `acts`: stops, lost keys, write-offs, wider policies
 */
export interface WatchRules {
  readonly burnRate: { readonly percent: number; readonly days: number } | null;
  readonly nearDuplicates: { readonly questions: number; readonly hours: number } | null;
  readonly narrowing: { readonly steps: number; readonly hours: number } | null;
  readonly refusals: { readonly count: number; readonly minutes: number } | null;
  readonly closedColumns: { readonly count: number; readonly minutes: number } | null;
  readonly unfinished: { readonly minutes: number } | null;
  readonly acts: Readonly<Record<never, never>> | null;
}

export type WatchRule = keyof WatchRules;

/** What holds where a policy says nothing: a busy month of ordinary work stays below it. */
export const USUAL_WATCH: WatchRules = {
  burnRate: { percent: 50, days: 2 },
  nearDuplicates: { questions: 10, hours: 24 },
  narrowing: { steps: 5, hours: 24 },
  refusals: { count: 10, minutes: 15 },
  closedColumns: { count: 5, minutes: 60 },
  unfinished: { minutes: 60 },
  acts: {},
};

export const WATCH_RULES: readonly WatchRule[] = Object.keys(USUAL_WATCH) as WatchRule[];
