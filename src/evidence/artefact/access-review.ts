/** ACC: who may do what, who did it, and which columns nobody needed. */
import type { Content } from '../../charge/entry.ts';
import { columnPath, unusedColumns } from '../../policy/access.ts';
import type { Principal } from '../../policy/policy.ts';
import { chargesOf } from '../chronicle.ts';
import { type Artefact, type Facts, type Json, makeArtefact } from './artefact.ts';

export function accessReview(facts: Facts): Artefact {
  const { chronicle, policy } = facts;
  const used = (who: string | null): string[] =>
    chargesOf(chronicle)
      .filter(({ content }) => who === null || content.principal === who)
      .flatMap(({ content: { dataset, columns = [] } }) => columns.map((column) => `${dataset}.${column}`));
  return makeArtefact(facts, {
    id: 'ACC',
    title: 'Access review',
    status: 'recorded',
    note: 'A person must review this; the sign-off is absent until somebody adds it.',
    content: {
      reviewedBy: 'absent',
      principals: [...policy.principals.values()].map((principal) => reviewed(facts, principal)),
      neverUsedColumns: unusedColumns(policy, null, used(null)).map(columnPath),
      neverUsedColumnsByPrincipal: Object.fromEntries(
        [...policy.principals.values()]
          .filter(({ roles }) => roles.has('researcher'))
          .map(({ name }) => [name, unusedColumns(policy, name, used(name)).map(columnPath)]),
      ),
    },
  });
}

function reviewed(facts: Facts, principal: Principal): Json {
  const { chronicle, budgets, period } = facts;
  const { name, roles, until } = principal;
  const acts = chronicle.told.filter(({ content }) => actorOf(content) === name);
  const last = acts.at(-1)?.content.time ?? null;
  const asked = new Set(
    chargesOf(chronicle).flatMap(({ content }) => (content.principal === name ? [content.dataset] : [])),
  );
  const unasked = [...principal.budgets.keys()].filter((dataset) => !asked.has(dataset));
  const isResearcher = roles.has('researcher');
  const flags = [
    ...(last === null || last < period.from ? ['stale: no act in this period'] : []),
    ...(until !== null && until < period.to.slice(0, 10) ? [`ended: could act until ${until}`] : []),
    ...(isResearcher ? unasked.map((dataset) => `over-privileged: a budget for ${dataset}, never asked`) : []),
    ...(roles.has('officer') && isResearcher ? ['over-privileged: sets budgets and spends them'] : []),
  ];
  return {
    principal: name,
    roles: [...roles].sort(),
    until,
    lastUse: last,
    actsInPeriod: acts.filter(({ content }) => content.time >= period.from && content.time <= period.to).length,
    budgets: budgets
      .filter((budget) => budget.principal === name)
      .map(({ dataset, limit, lifetime, remaining }) => ({
        dataset,
        limit,
        lifetime: { ...lifetime },
        remaining: { ...remaining },
      })),
    flags,
  };
}

function actorOf(content: Content): string | null {
  switch (content.kind) {
    case 'reserve':
    case 'recharge':
    case 'refuse':
    case 'accept':
      return content.principal;
    case 'approve':
      return content.officer;
    case 'settle':
      return null;
    default:
      return content.by;
  }
}
