/** Acts that somebody other than who did them should know of at once. */

import { accountName } from '../../charge/account.ts';
import { WATCH_RULES } from '../../policy/watch-rules.ts';
import type { Severity } from '../alert.ts';
import type { Entered, Finding, Rule } from './rule.ts';

/** Stops and their end, a lost key, charges written off, rules that let more be learnt, and another watch. */
export function acts(): Rule {
  return (entered) => {
    // Whoever turns the rule off is told of by it for the last time.
    const isOff = entered.before.governance.watch.acts === null && entered.policy.governance.watch.acts === null;
    return isOff ? [] : findingsOf(entered);
  };
}

function findingsOf({ content, policy, before }: Entered): readonly Finding[] {
  switch (content.kind) {
    case 'freeze':
      return [act(content.by, 'warning', `The data set ${content.dataset} was stopped.`, content.dataset)];
    case 'unfreeze':
      return [act(content.by, 'notice', `The data set ${content.dataset} answers again.`, content.dataset)];
    case 'key': {
      if (content.reason !== 'lost') return [];
      const message = 'The signing key was given up as lost; another one signs from here on.';
      return [act(content.by, 'critical', message)];
    }
    case 'write-off': {
      const accounts = content.charges.map(({ account }) =>
        accountName({ ...account, purpose: account.purpose ?? null }),
      );
      const whose = accounts.length === 0 ? '' : ` They count as spent: ${accounts.join(', ')}.`;
      const message = `Entries of the journal were lost.${whose}`;
      return [act(content.by, 'critical', message, null, { accounts: accounts.length })];
    }
    case 'policy': {
      const [wider, changed] = [content.widened.length, changedRules(before, policy)];
      const times = wider === 1 ? 'in one way' : `in ${wider} ways`;
      return [
        ...(wider === 0
          ? []
          : [
              act(content.by, 'warning', `The policy was widened ${times}: gauze budget history tells.`, null, {
                wider,
              }),
            ]),
        ...(changed === ''
          ? []
          : [act(content.by, 'warning', `The watch was changed: ${changed}.`, null, { rules: changed })]),
      ];
    }
    default:
      return [];
  }
}

function act(
  by: string | null,
  severity: Severity,
  message: string,
  dataset: string | null = null,
  fields: Finding['fields'] = {},
): Finding {
  return { severity, dataset, principal: by, purpose: null, message, fields };
}

function changedRules({ governance: was }: Entered['policy'], { governance: is }: Entered['policy']): string {
  const changed = WATCH_RULES.filter((rule) => JSON.stringify(was.watch[rule]) !== JSON.stringify(is.watch[rule]));
  return changed.map((rule) => (is.watch[rule] === null ? `${rule} off` : rule)).join(', ');
}
