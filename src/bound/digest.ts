/** Digest of what is measured: the same figures asked with the same noise are one plan, whatever the words around them. */
import { canonical } from '../ask/canonical.ts';
import { canonicalBytes, sha256Hex } from '../crypto/canonical.ts';
import type { PlannedQuestion } from './plan.ts';

/**
 * SHA-256 (hex) over the canonical trees of the bounded questions, their statistics and mechanisms, and the declarations of
 * the data sets.
 * Names of outputs, ordering and later arithmetic are not part of it: they are post-processing of the same release.
 */
export function planDigest(questions: readonly PlannedQuestion[], dataDigest: string): string {
  return sha256Hex(canonicalBytes({ data: dataDigest, questions: questions.map(describe) }));
}

function describe(question: PlannedQuestion): unknown {
  const { bounded } = question;
  const place = new Map(bounded.source.columns.map((column, index) => [column.id, index]));
  const text = JSON.stringify(
    {
      sets: bounded.sets,
      groups: bounded.groups,
      path: bounded.path,
      minimumUnits: bounded.minimumUnits,
      keys: bounded.keys.map((key) => ({ at: place.get(key.column), domain: domainText(key.domain) })),
      statistics: bounded.statistics.map((statistic) => ({
        ...statistic,
        ...('where' in statistic && statistic.where !== null ? { where: place.get(statistic.where) } : {}),
        ...('input' in statistic ? { input: place.get(statistic.input) } : {}),
      })),
      measurements: question.measurements,
      ...(question.vectors.length > 0 ? { vectors: question.vectors } : {}),
      selection: question.selection,
    },
    (_, value) => (typeof value === 'bigint' ? `${value}n` : value),
  );
  return { source: canonical(bounded.source), rest: text };
}

function domainText(domain: PlannedQuestion['bounded']['keys'][number]['domain']): unknown {
  return domain?.kind === 'relation' ? { kind: 'relation', relation: canonical(domain.relation) } : domain;
}
