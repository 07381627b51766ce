/** Purposes, terms, and the rules about the rules. */
import type { Declared } from './declared.ts';
import { KNOWN_TOPICS } from './declared.ts';
import {
  ANSWERS_FIELDS,
  APPROVAL_FIELDS,
  LEDGER_FIELDS,
  POLICY_FIELDS,
  PURPOSE_FIELDS,
  RETENTION_FIELDS,
  RETENTION_YEARS,
  TERMS_FIELDS,
} from './fields/policy.ts';
import { isEmpty, type PolicyNode } from './node.ts';
import type { Governance, Purpose, Terms } from './policy.ts';
import type { Problems } from './problems.ts';
import { type Found, type Named, readFields } from './read-fields.ts';
import { readKnownList } from './read-known.ts';
import { readPath } from './read-path.ts';
import { readFlag, readWhole } from './read-value.ts';
import { readWatch } from './read-watch.ts';
import { readDay, readWords } from './read-words.ts';

/** Reads a purpose; null, with problems, when it is no map. Nothing behind its name is a purpose without words. */
export function readPurpose({ name, value: node, path }: Named, problems: Problems): Purpose | null {
  if (isEmpty(node)) return { name, description: null, sensitive: new Set() };
  const found = readFields(node, path, PURPOSE_FIELDS, problems);
  if (found === null) return null;
  const { description, sensitive } = found;
  return {
    name,
    description:
      description === undefined
        ? null
        : readWords(description, `${path}.description`, PURPOSE_FIELDS.description.example, problems),
    sensitive:
      (sensitive === undefined
        ? null
        : readKnownList(sensitive, KNOWN_TOPICS, `${path}.sensitive`, PURPOSE_FIELDS.sensitive.example, problems)) ??
      new Set(),
  };
}

/** Reads data-use terms; null, with problems, when a part without which they bind nobody is wrong. */
export function readTerms({ name, value: node, path }: Named, declared: Declared, problems: Problems): Terms | null {
  const found = readFields(node, path, TERMS_FIELDS, problems);
  if (found === null) return null;
  const words = (key: 'recipient' | 'agreement' | 'text'): string | null =>
    found[key] === undefined ? null : readWords(found[key], `${path}.${key}`, TERMS_FIELDS[key].example, problems);
  const recipient = words('recipient');
  const expires =
    found.expires === undefined
      ? null
      : readDay(found.expires, `${path}.expires`, TERMS_FIELDS.expires.example, problems);
  const purposes =
    found.purposes === undefined
      ? null
      : readKnownList(found.purposes, declared.purposes, `${path}.purposes`, TERMS_FIELDS.purposes.example, problems);
  const [agreement, text] = [words('agreement'), words('text')];
  return recipient === null || expires === null ? null : { name, recipient, purposes, expires, agreement, text };
}

/** Reads the rules about the rules; what is not written is as it always was. */
export function readGovernance(found: Found<typeof POLICY_FIELDS>, problems: Problems): Governance {
  const approval = within(found.approval, 'approval', APPROVAL_FIELDS, problems);
  const answers = within(found.answers, 'answers', ANSWERS_FIELDS, problems);
  const retention = within(found.retention, 'retention', RETENTION_FIELDS, problems);
  const ledger = within(found.ledger, 'ledger', LEDGER_FIELDS, problems);
  const years =
    retention.years === undefined
      ? null
      : readWhole(retention.years, 'retention.years', '6', problems, RETENTION_YEARS.most);
  return {
    secondOfficer: readFlag(approval.secondOfficer, false, 'approval.secondOfficer', problems),
    consistentAnswers: readFlag(answers.consistent, true, 'answers.consistent', problems),
    retentionYears: years ?? RETENTION_YEARS.usual,
    anchor: ledger.anchor === undefined ? null : readPath(ledger.anchor, 'ledger.anchor', problems, ANCHOR_EXAMPLE),
    contact:
      found.contact === undefined ? null : readWords(found.contact, 'contact', POLICY_FIELDS.contact.example, problems),
    watch: readWatch(found.watch, problems),
  };
}

const ANCHOR_EXAMPLE = '../safe/network.anchor';

function within<F extends Parameters<typeof readFields>[2]>(
  node: PolicyNode | undefined,
  path: string,
  fields: F,
  problems: Problems,
): Found<F> {
  return (node === undefined ? null : readFields(node, path, fields, problems)) ?? {};
}
