/** Who may ask about what: pure rules over a policy, decided before anything is planned. */
import { canonicalBytes, sha256Hex } from '../crypto/canonical.ts';
import { GauzeError, type Span, SpannedError } from '../errors.ts';
import { nearest } from './nearest.ts';
import type { ColumnName, Dataset, Policy, PolicyColumn, Principal, Purpose, SensitiveTopic, Terms } from './policy.ts';

/** A column that a question uses, and where it does so first. */
export interface UsedColumn extends ColumnName {
  readonly span: Span;
}

/** Somebody who wants to ask. */
export interface Access {
  readonly policy: Policy;
  readonly principal: string;
  /** What the answer is for; null where the question names nothing. */
  readonly purpose: string | null;
  /** Today, ISO, UTC: `2026-11-25`. */
  readonly day: string;
}

/**
 * Checks that somebody may ask for these columns. Rules, in order: his role, his last day, the purpose, his terms, then
 * each column: closed to him, closed to the purpose, of a topic that the purpose does not permit. Columns of public
 * tables need no access.
 *
 * @param dataset - the data set that the question reads; null where it reads public tables alone
 * @throws GauzeError POLICY_PRINCIPAL, POLICY_ROLE, POLICY_PURPOSE, POLICY_TERMS
 * @throws SpannedError POLICY_COLUMN, POLICY_PURPOSE, POLICY_SENSITIVE at the column
 */
export function checkMayAsk(access: Access, dataset: Dataset | null, columns: readonly UsedColumn[]): void {
  const { policy, day } = access;
  const principal = policy.principals.get(access.principal);
  if (principal === undefined) throw unknownPrincipal();
  checkRole(principal);
  checkUntil(principal, day);
  const purpose = purposeOf(access, principal, dataset);
  checkTerms(policy, principal, purpose, day);
  for (const used of columns) checkColumn(access, principal, dataset, purpose, used);
}

/**
 * The terms that somebody must have accepted to ask for a purpose: those of his that cover it. For terms that cover it not,
 * or that have ended, `checkMayAsk` refuses the question; whether he accepted these the journal tells.
 */
export function termsOf(policy: Policy, principal: string, purpose: string | null): readonly Terms[] {
  return allTerms(policy, policy.principals.get(principal)).filter((terms) => covers(terms, purpose));
}

/** SHA-256 (hex) of all that terms say: what is signed when they are accepted. Changed terms are to be accepted anew. */
export function termsDigest(terms: Terms): string {
  const purposes = terms.purposes === null ? null : [...terms.purposes].sort();
  return sha256Hex(canonicalBytes({ ...terms, purposes }));
}

/** Bytes that a recipient signs (Ed25519) to accept terms; the first line keeps the signature from meaning anything else. */
export function signedText(digest: string): Uint8Array {
  return new TextEncoder().encode(`gauze terms v1\n${digest}`);
}

/** A column as `dataset.table.column`. */
export function columnPath({ dataset, table, column }: ColumnName): string {
  return `${dataset}.${table}.${column}`;
}

/**
 * Columns that a policy allows and nobody used: what data minimisation would leave out. Columns of public tables and
 * those that only join tables are not counted.
 *
 * @param principal - whose access is looked at; null: anybody's
 * @param used - columns of past questions, as `columnPath` writes them
 */
export function unusedColumns(policy: Policy, principal: string | null, used: Iterable<string>): readonly ColumnName[] {
  const known = new Set(used);
  const who = principal === null ? [...policy.principals.values()] : [policy.principals.get(principal)];
  const found: ColumnName[] = [];
  for (const dataset of policy.datasets.values()) {
    for (const table of dataset.tables.values()) {
      if (table.public) continue;
      for (const column of table.columns.values()) {
        const name = { dataset: dataset.name, table: table.name, column: column.name };
        if (column.use === 'join' || known.has(columnPath(name))) continue;
        const isAllowed = who.some((one) => one !== undefined && mayUse(policy, one, dataset, name, column));
        if (isAllowed) found.push(name);
      }
    }
  }
  return found;
}

function mayUse(policy: Policy, who: Principal, dataset: Dataset, name: ColumnName, column: PolicyColumn): boolean {
  if (!who.roles.has('researcher') || !who.budgets.has(dataset.name) || isDenied(who, name)) return false;
  if (policy.purposes.size === 0) return column.sensitive === null;
  return purposesFor(policy, who, dataset).some((purpose) => permits(purpose, column));
}

function permits(purpose: Purpose, { purposes, sensitive }: PolicyColumn): boolean {
  return (purposes?.has(purpose.name) ?? true) && (sensitive === null || purpose.sensitive.has(sensitive));
}

function isDenied({ deny }: Principal, name: ColumnName): boolean {
  return deny.some((one) => one.dataset === name.dataset && one.table === name.table && one.column === name.column);
}

/** Purposes that somebody may name for a data set, in the policy's order. */
function purposesFor(policy: Policy, who: Principal, dataset: Dataset | null): readonly Purpose[] {
  return [...policy.purposes.values()].filter(
    ({ name }) => (who.purposes?.has(name) ?? true) && (dataset?.purposes?.has(name) ?? true),
  );
}

function checkRole({ name, roles }: Principal): void {
  if (roles.has('researcher')) return;
  throw new GauzeError('POLICY_ROLE', {
    message: `${name} is no researcher, and only researchers ask questions.`,
    next: 'Ask as a principal whose roles include researcher, or have the privacy officer add that role.',
    fields: { principal: name, roles: [...roles].sort().join(', ') },
  });
}

function checkUntil({ name, until }: Principal, day: string): void {
  if (until === null || day <= until) return;
  throw new GauzeError('POLICY_PRINCIPAL', {
    message: `The access of ${name} ended with ${until}.`,
    next: 'Ask the privacy officer to renew it: until, under the principal in the policy.',
    fields: { principal: name, until },
  });
}

/** The purpose named; null where the policy declares none. */
function purposeOf({ policy, purpose }: Access, who: Principal, dataset: Dataset | null): Purpose | null {
  if (policy.purposes.size === 0) {
    if (purpose === null) return null;
    throw new GauzeError('POLICY_PURPOSE', {
      message: 'A purpose is named, and the policy declares none.',
      next: 'Leave the purpose out, or have the privacy officer declare purposes in the policy.',
    });
  }
  const open = purposesFor(policy, who, dataset).map(({ name }) => name);
  const choice = open.length === 0 ? 'No purpose is open to you here: ask the privacy officer.' : choose(open);
  if (purpose === null) {
    throw refusedPurpose('The policy asks what every question is for, and this one names no purpose.', choice, null);
  }
  const found = policy.purposes.get(purpose);
  if (found === undefined) {
    const meant = nearest(purpose, open);
    throw refusedPurpose(
      `The policy declares no purpose ${JSON.stringify(purpose.slice(0, 64))}.`,
      meant === null ? choice : `Did you mean ${meant}?`,
      null,
    );
  }
  if (!(who.purposes?.has(purpose) ?? true)) {
    throw refusedPurpose(`${who.name} may not ask for the purpose ${purpose}.`, choice, purpose);
  }
  if (!(dataset?.purposes?.has(purpose) ?? true)) {
    throw refusedPurpose(`The data set ${dataset?.name} may not be asked for the purpose ${purpose}.`, choice, purpose);
  }
  return found;
}

function choose(open: readonly string[]): string {
  return open.length === 1 ? `Name the purpose ${open[0]}.` : `Name one of ${open.join(', ')}.`;
}

function refusedPurpose(message: string, next: string, purpose: string | null): GauzeError {
  return new GauzeError('POLICY_PURPOSE', { message, next, fields: { purpose } });
}

function allTerms(policy: Policy, who: Principal | undefined): readonly Terms[] {
  return (who?.terms ?? []).flatMap((name) => policy.terms.get(name) ?? []);
}

function covers({ purposes }: Terms, purpose: string | null): boolean {
  return purposes === null || (purpose !== null && purposes.has(purpose));
}

function checkTerms(policy: Policy, who: Principal, purpose: Purpose | null, day: string): void {
  for (const terms of allTerms(policy, who)) {
    const { name, expires, purposes } = terms;
    if (day > expires) {
      throw new GauzeError('POLICY_TERMS', {
        message: `The terms ${name} ended with ${expires}.`,
        next: 'Ask the privacy officer to renew the agreement and its terms in the policy.',
        fields: { terms: name, expires },
      });
    }
    if (!covers(terms, purpose?.name ?? null)) {
      throw new GauzeError('POLICY_TERMS', {
        message: `The terms ${name} do not cover ${purpose === null ? 'a question without a purpose' : `the purpose ${purpose.name}`}.`,
        next: `They cover ${[...(purposes ?? [])].join(', ') || 'none'}: ask for such a purpose, or have the agreement widened.`,
        fields: { terms: name, purpose: purpose?.name ?? null },
      });
    }
  }
}

function checkColumn(
  { policy }: Access,
  who: Principal,
  dataset: Dataset | null,
  purpose: Purpose | null,
  used: UsedColumn,
): void {
  const table = policy.datasets.get(used.dataset)?.tables.get(used.table);
  if (table?.public === true) return;
  const shown = `${used.table}.${used.column}`;
  const fields = { column: columnPath(used), purpose: purpose?.name ?? null };
  if (isDenied(who, used)) {
    throw new SpannedError('POLICY_COLUMN', used.span, {
      message: `${shown} is closed to ${who.name}.`,
      next: 'Leave the column out, or ask the privacy officer to open it: deny, under the principal in the policy.',
      fields,
    });
  }
  const column = table?.columns.get(used.column);
  if (column === undefined || (purpose === null ? column.sensitive === null : permits(purpose, column))) return;
  const better = purposesFor(policy, who, dataset).filter((one) => permits(one, column));
  if (purpose !== null && !(column.purposes?.has(purpose.name) ?? true)) {
    throw new SpannedError('POLICY_PURPOSE', used.span, {
      message: `${shown} may not be used for the purpose ${purpose.name}.`,
      next: advice(better),
      fields,
    });
  }
  throw sensitive(shown, column.sensitive as SensitiveTopic, purpose, better, used.span, fields);
}

function sensitive(
  shown: string,
  topic: SensitiveTopic,
  purpose: Purpose | null,
  better: readonly Purpose[],
  span: Span,
  fields: Readonly<Record<string, string | null>>,
): SpannedError {
  const rule = `sensitive: ${topic}`;
  const why =
    purpose === null
      ? 'the policy declares no purpose that permits it'
      : `the purpose ${purpose.name} does not permit it`;
  return new SpannedError('POLICY_SENSITIVE', span, {
    message: `${shown} is specially protected (${rule}), and ${why}.`,
    next: advice(better),
    fields: { ...fields, rule },
  });
}

function advice(better: readonly Purpose[]): string {
  return better.length === 0
    ? 'Leave the column out; no purpose that is open to you permits it.'
    : `Leave the column out, or, if that is what you ask for, name the purpose ${better.map(({ name }) => name).join(' or ')}.`;
}

function unknownPrincipal(): GauzeError {
  return new GauzeError('POLICY_PRINCIPAL', {
    message: 'The policy names no such principal.',
    next: 'Ask as one of the principals of the policy, or have yourself added to it.',
  });
}
