/** Who may act, and how much each may learn. */
import { type Declared, KNOWN_ROLES } from './declared.ts';
import { PRINCIPAL_BUDGET_FIELDS } from './fields/limit.ts';
import { PRINCIPAL_FIELDS } from './fields/principal.ts';
import type { PolicyNode } from './node.ts';
import type { BudgetLimit, Dataset, Principal, Role } from './policy.ts';
import type { Problems } from './problems.ts';
import { readDeny } from './read-deny.ts';
import { type Found, type Named, printName, readFields } from './read-fields.ts';
import { readKnown, readKnownList } from './read-known.ts';
import { readLimit } from './read-limit.ts';
import { readDay } from './read-words.ts';

/** Reads a principal; `datasets` by name, null for those with problems. */
export function readPrincipal(
  named: Named,
  declared: Declared,
  datasets: ReadonlyMap<string, Dataset | null>,
  problems: Problems,
): Principal | null {
  const { value: node, path, name } = named;
  const found = readFields(node, path, PRINCIPAL_FIELDS, problems);
  if (found === null) return null;
  const { purposes, terms, until } = found;
  return {
    name,
    roles: readRoles(found, path, problems),
    budgets:
      found.budgets === undefined ? new Map() : readBudgets(found.budgets, declared, `${path}.budgets`, problems),
    purposes:
      purposes === undefined
        ? null
        : readKnownList(purposes, declared.purposes, `${path}.purposes`, PRINCIPAL_FIELDS.purposes.example, problems),
    deny: found.deny === undefined ? [] : readDeny(found.deny, datasets, `${path}.deny`, problems),
    terms: [
      ...((terms === undefined
        ? null
        : readKnownList(terms, declared.terms, `${path}.terms`, PRINCIPAL_FIELDS.terms.example, problems)) ?? []),
    ],
    key: found.key === undefined ? null : readKey(found.key, `${path}.key`, problems),
    until: until === undefined ? null : readDay(until, `${path}.until`, PRINCIPAL_FIELDS.until.example, problems),
  };
}

const RESEARCHER: ReadonlySet<Role> = new Set(['researcher']);

function readRoles(
  { roles: node }: Found<typeof PRINCIPAL_FIELDS>,
  path: string,
  problems: Problems,
): ReadonlySet<Role> {
  if (node === undefined) return RESEARCHER;
  const roles = readKnownList(node, KNOWN_ROLES, `${path}.roles`, PRINCIPAL_FIELDS.roles.example, problems);
  if (node.kind === 'list' && node.items.length === 0) {
    problems.atKey(
      node,
      `${path}.roles`,
      'A principal has at least one role.',
      `Write ${PRINCIPAL_FIELDS.roles.example}, or remove the principal.`,
    );
  }
  return roles ?? RESEARCHER;
}

/** Hex digits are compared, so that they are kept in one case. */
function readKey(node: PolicyNode, path: string, problems: Problems): string | null {
  const text = node.kind === 'scalar' ? node.text : '';
  if (/^[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase();
  problems.atKey(
    node,
    path,
    'A public key is 64 hex digits.',
    'Write the Ed25519 public key of the principal, never the secret one.',
  );
  return null;
}

function readBudgets(
  node: PolicyNode,
  declared: Declared,
  path: string,
  problems: Problems,
): ReadonlyMap<string, BudgetLimit> {
  const budgets = new Map<string, BudgetLimit>();
  if (node.kind !== 'list') {
    problems.atKey(node, path, 'Budgets are a list.', `Write ${PRINCIPAL_FIELDS.budgets.example}.`);
    return budgets;
  }
  const seen = new Set<string>();
  node.items.forEach((item, index) => {
    const at = `${path}[${index}]`;
    const before = problems.count;
    const found = readFields(item, at, PRINCIPAL_BUDGET_FIELDS, problems);
    if (found === null) return;
    const limit = readLimit(item, found, at, problems.count > before, problems);
    const dataset =
      found.dataset === undefined ? null : readKnown(found.dataset, declared.datasets, `${at}.dataset`, problems);
    if (dataset === null || found.dataset === undefined) return;
    if (seen.has(dataset)) {
      problems.atValue(
        found.dataset,
        `${at}.dataset`,
        `${printName(dataset)} has a budget for this principal already.`,
        'Keep one budget for each data set.',
      );
    } else if (limit !== null) budgets.set(dataset, limit);
    seen.add(dataset);
  });
  return budgets;
}
