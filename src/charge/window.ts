/** Days and the windows that budgets renew in, UTC. */
import type { Renewal } from '../policy/policy.ts';

/** The day of an ISO time, `YYYY-MM-DD`. */
export function dayOf(time: string): string {
  return time.slice(0, 10);
}

/** First day of the window after the one that holds a day. */
export function nextWindow(day: string, renews: Renewal): string {
  const start = new Date(`${windowStart(day, renews)}T00:00:00Z`);
  if (renews === 'day') start.setUTCDate(start.getUTCDate() + 1);
  else start.setUTCMonth(start.getUTCMonth() + (renews === 'month' ? 1 : 3));
  return start.toISOString().slice(0, 10);
}

/** First day of the window that holds a day. */
export function windowStart(day: string, renews: Renewal): string {
  if (renews === 'day') return day;
  if (renews === 'month') return `${day.slice(0, 8)}01`;
  const month = Number(day.slice(5, 7));
  const first = month - ((month - 1) % 3);
  return `${day.slice(0, 5)}${String(first).padStart(2, '0')}-01`;
}
