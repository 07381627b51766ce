/** `gauze alerts`: what the watch finds in the whole journal. */
import { GauzeError } from '../../errors.ts';
import { inOffice, type Office } from '../../index/office.node.ts';
import { WATCH_RULES, type WatchRule } from '../../policy/watch-rules.ts';
import type { Alert } from '../../watch/alert.ts';
import { makeWatch } from '../../watch/watch.ts';
import { type Format, fail, print } from '../output.ts';
import { periodOf, recordsOf } from '../records.ts';
import { printList } from '../tabular.ts';
import { proseWidth, wrapped } from '../wrap.ts';

/** Options as commander hands them over. */
export interface AlertsFlags {
  readonly policy: string;
  readonly as?: string;
  /** Day or time, UTC, from which on alerts are listed; the whole journal is read all the same. */
  readonly since?: string;
  readonly rule?: string;
  readonly format: Format;
}

/** Lists alerts, oldest first; exit code. That there are some is no error. */
export async function alerts(flags: AlertsFlags): Promise<number> {
  try {
    const rule = ruleOf(flags.rule);
    const all = await inOffice(flags, ['officer', 'auditor'], (office) => alertsOf(office, flags.since));
    const found = all.filter((one) => rule === null || one.rule === rule);
    if (flags.format === 'json') print([JSON.stringify({ alerts: found })]);
    else if (flags.format === 'table') print(found.length === 0 ? ['Nothing to look at.'] : found.flatMap(linesOf));
    else printList(columnsOf(found), flags.format);
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}

async function alertsOf(office: Office, since: string | undefined): Promise<readonly Alert[]> {
  const { chronicle, rules } = await recordsOf(office);
  const { from } = periodOf(since, undefined, chronicle, office.now);
  const found: Alert[] = [];
  const seen = makeWatch(rules, (alert) => found.push(alert));
  for (const { entry, hash, content } of chronicle.told) seen(content, { sequence: entry - 1, hash });
  return since === undefined ? found : found.filter(({ time }) => time >= from);
}

function ruleOf(name: string | undefined): WatchRule | null {
  const known = WATCH_RULES.find((rule) => rule === name);
  if (name === undefined || known !== undefined) return known ?? null;
  throw new GauzeError('USAGE', {
    message: `The watch has no rule ${name}.`,
    next: `Its rules are ${WATCH_RULES.join(', ')}.`,
  });
}

/** An alert in a terminal; entries count from 1 there. */
function linesOf({ time, severity, rule, entry, message }: Alert): readonly string[] {
  const head = `${time.slice(0, 19).replace('T', ' ')}  ${severity}  ${rule}, entry ${entry.sequence + 1}`;
  return [head, ...wrapped(`  ${message}`, proseWidth(process.stdout), 2)];
}

function columnsOf(found: readonly Alert[]): Parameters<typeof printList>[0] {
  const column = (name: string, value: (alert: Alert) => string | number | null) => ({
    name,
    values: found.map(value),
  });
  return [
    column('entry', ({ entry }) => entry.sequence + 1),
    column('time', ({ time }) => time),
    column('severity', ({ severity }) => severity),
    column('rule', ({ rule }) => rule),
    column('dataset', ({ dataset }) => dataset),
    column('who', ({ principal }) => principal),
    column('purpose', ({ purpose }) => purpose),
    column('message', ({ message }) => message),
  ];
}
