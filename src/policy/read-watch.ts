/** What raises an alert. */
import { WATCH_FIELDS, WATCH_MOST, WATCH_NUMBERS } from './fields/watch.ts';
import type { PolicyNode } from './node.ts';
import type { Problems } from './problems.ts';
import { readFields } from './read-fields.ts';
import { readWhole } from './read-value.ts';
import { USUAL_WATCH, WATCH_RULES, type WatchRule, type WatchRules } from './watch-rules.ts';

/** Reads the watch; rules and numbers that are not written are as usual. */
export function readWatch(node: PolicyNode | undefined, problems: Problems): WatchRules {
  const found = (node === undefined ? null : readFields(node, 'watch', WATCH_FIELDS, problems)) ?? {};
  const read = WATCH_RULES.map((rule) => [rule, readRule(rule, found[rule], problems)] as const);
  return Object.freeze(Object.fromEntries(read)) as unknown as WatchRules;
}

function readRule(rule: WatchRule, node: PolicyNode | undefined, problems: Problems): Record<string, number> | null {
  const usual = USUAL_WATCH[rule] as Record<string, number>;
  if (node === undefined) return usual;
  if (node.kind === 'scalar' && node.text === 'off') return null;
  const path = `watch.${rule}`;
  const numbers = WATCH_NUMBERS[rule];
  if (Object.keys(numbers).length === 0) {
    problems.atValue(node, path, 'This rule has no numbers: it is there, or off.', 'Write off, or leave it out.');
    return usual;
  }
  const found = readFields(node, path, numbers, problems) ?? {};
  const read = Object.entries(usual).map(([name, value]): [string, number] => {
    const written = found[name];
    const whole =
      written === undefined ? null : readWhole(written, `${path}.${name}`, String(value), problems, WATCH_MOST);
    return [name, whole ?? value];
  });
  return Object.freeze(Object.fromEntries(read));
}
