/** POL: the rules, every version of them, and who signed them. */

import { toldOf } from '../chronicle.ts';
import type { Artefact, Facts, Json } from './artefact.ts';
import { makeArtefact } from './artefact.ts';

export function policyRecord(facts: Facts): Artefact {
  const { chronicle, policy, period } = facts;
  const versions = toldOf(chronicle, 'policy').map(({ entry, content }, index) => ({
    version: index + 1,
    entry,
    time: content.time,
    digest: content.digest,
    by: content.by,
    widened: content.widened,
    inPeriod: content.time >= period.from && content.time <= period.to,
  }));
  const { contact, retentionYears, secondOfficer, consistentAnswers, anchor } = policy.governance;
  return makeArtefact(facts, {
    id: 'POL',
    title: 'Policy',
    status: 'enforced',
    note: versions.length === 0 ? 'The journal holds no policy yet; what stands here is the file of today.' : null,
    content: {
      inForce: policy.digest,
      versions,
      text: toldOf(chronicle, 'policy').at(-1)?.content.text ?? null,
      approvals: toldOf(chronicle, 'approve', period).map(({ entry, content }) => ({
        entry,
        time: content.time,
        digest: content.digest,
        officer: content.officer,
      })),
      purposes: [...policy.purposes.values()].map(({ name, description }) => ({ name, description })),
      terms: [...policy.terms.values()].map(({ name, recipient, expires, agreement }) => ({
        name,
        recipient,
        expires,
        agreement,
      })),
      governance: { contact, retentionYears, secondOfficer, consistentAnswers, anchored: anchor !== null },
      datasets: datasetsOf(facts),
    },
  });
}

/** Whom the guarantee protects, and what may enter an answer. */
function datasetsOf({ policy }: Facts): Json {
  return [...policy.datasets.values()].map(({ name, unit, contribution, minimumUnits, tables }) => ({
    name,
    unit: `${unit.table}.${unit.column}`,
    neighbours: 'two data sets that differ in all rows of one unit',
    groupsPerUnit: contribution.groups,
    rowsPerUnitAndGroup: contribution.rows,
    minimumUnits,
    columns: [...tables.values()].flatMap((table) =>
      [...table.columns.keys()].map((column) => `${table.name}.${column}`),
    ),
  }));
}
