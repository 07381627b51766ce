/** What commands about the records share: the journal as evidence reads it, spans of time, and files that are new. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountsOf, type Budget, budgetOf } from '../charge/account.ts';
import { type Anchor, readAnchor } from '../charge/anchor.ts';
import type { Content } from '../charge/entry.ts';
import { nativeVerify } from '../crypto/sign.node.ts';
import { GauzeError } from '../errors.ts';
import { archivedUntil, type Chronicle, chronicleOf, type Period } from '../evidence/chronicle.ts';
import { policyInForce } from '../govern/in-force.ts';
import { officersAnchor } from '../govern/journal.node.ts';
import type { Office } from '../index/office.node.ts';
import type { Policy } from '../policy/policy.ts';
import { archivesInOrder } from './archives.ts';

/** The journal of an office, and the rules it has in force. */
export interface OfficeRecords {
  readonly lines: readonly Uint8Array[];
  readonly chronicle: Chronicle;
  readonly rules: Policy;
  readonly budgets: readonly Budget[];
  readonly anchor: Anchor | null;
}

/** Reads and checks all of it, with the archives that are given. @throws GauzeError USAGE, LEDGER_* */
export async function recordsOf(office: Office, archives: readonly string[] = []): Promise<OfficeRecords> {
  const { store, ledger, policy, now } = office;
  const lines = await store.exclusively(() => store.read(0));
  const rules = policyInForce(await ledger.records()) ?? policy;
  const time = now.toISOString();
  const standings = await Promise.all(accountsOf(rules).map((account) => ledger.standing(account, time)));
  return {
    lines,
    chronicle: await chronicleOf(lines, null, nativeVerify, await archivesInOrder(archives)),
    rules,
    budgets: standings.map(budgetOf),
    anchor: anchorOf(rules, office),
  };
}

function anchorOf(rules: Policy, office: Office): Anchor | null {
  const path = officersAnchor(rules, office);
  return path !== null && existsSync(path) ? readAnchor(readFileSync(path, 'utf8')).anchor : null;
}

/**
 * A span of days or times, both ends in it, UTC; without ends it begins with the first entry and ends now.
 *
 * @throws GauzeError USAGE
 */
export function periodOf(
  from: string | undefined,
  to: string | undefined,
  chronicle: Chronicle | null,
  now: Date,
): Period {
  const period = {
    from: from === undefined ? (chronicle?.told[0]?.content.time ?? now.toISOString()) : timeOf(from, 'T00:00:00.000Z'),
    to: to === undefined ? now.toISOString() : timeOf(to, 'T23:59:59.999Z'),
  };
  if (chronicle !== null && from !== undefined) checkKept(period, chronicle.told[0]?.content);
  if (period.from <= period.to) return period;
  throw new GauzeError('USAGE', {
    message: `The span ends before it begins: ${period.from} to ${period.to}.`,
    next: 'Give --from before --to, such as --from 2026-01-01 --to 2026-03-31.',
  });
}

/**
 * Whether a span lies in the entries that are there: what lies in an archive must not look as if it had never been.
 *
 * @param first - the first entry
 * @throws GauzeError USAGE
 */
export function checkKept({ from }: Period, first: Content | undefined): void {
  const until = archivedUntil(first);
  if (until === null || from > until) return;
  throw new GauzeError('USAGE', {
    message: `Entries until ${until} lie in an archive, and the span begins before.`,
    next: 'Begin later with --from, or, for evidence and transparency, give the archive: --archive FILE.',
  });
}

function timeOf(text: string, ofDay: string): string {
  const whole = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}${ofDay}` : text;
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/.test(whole) && !Number.isNaN(Date.parse(whole));
  // A day that the calendar lacks would become another one.
  if (isTime && new Date(whole).toISOString().slice(0, 10) === whole.slice(0, 10)) return new Date(whole).toISOString();
  throw new GauzeError('USAGE', {
    message: `${text} is no day and no time.`,
    next: 'Write 2026-03-31, or a time in UTC such as 2026-03-31T14:30:00Z.',
  });
}

/** Writes files into a new or empty place; none is ever overwritten. @throws GauzeError USAGE */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    throw unwritable(folder);
  }
  for (const [name, text] of Object.entries(files)) writeNew(join(folder, name), text);
}

/** Writes one new file. @throws GauzeError USAGE where it is there already, or cannot be written */
export function writeNew(file: string, text: string): void {
  checkNew(file);
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  } catch {
    throw unwritable(file);
  }
}

/** @throws GauzeError USAGE where the file is there already */
export function checkNew(file: string): void {
  if (!existsSync(file)) return;
  throw new GauzeError('USAGE', {
    message: `${file} exists already.`,
    next: 'Name another with --output; nothing is overwritten.',
  });
}

/** The refusal of a place that cannot be written. */
export function unwritable(path: string): GauzeError {
  return new GauzeError('USAGE', {
    message: `${path} cannot be written.`,
    next: 'Name a place that you may write to with --output.',
  });
}
