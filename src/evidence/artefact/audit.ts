/** AUD: who asked what kind of question for which purpose, and what was refused. */
import { decimalsOf } from '../../charge/account.ts';
import type { ChargeEntry, RefuseEntry } from '../../charge/entry.ts';
import type { PrivacyEvent } from '../../dp/event.ts';
import { chargesOf, type Told, toldOf } from '../chronicle.ts';
import { type Artefact, type Facts, type Json, makeArtefact } from './artefact.ts';

export function audit(facts: Facts): Artefact {
  const { chronicle, period } = facts;
  const charges = chargesOf(chronicle, period);
  const refusals = toldOf(chronicle, 'refuse', period);
  return makeArtefact(facts, {
    id: 'AUD',
    title: 'Audit log',
    status: 'recorded',
    note: 'Questions are shown without their constants. Even so, what was asked may tell something: do not publish this piece.',
    content: {
      asked: charges.length,
      refused: refusals.length,
      askedFor: counted(charges.map(({ content }) => `${content.principal}, ${content.purpose ?? 'no purpose'}`)),
      refusedFor: counted(refusals.map(({ content }) => content.code)),
      questions: charges.map((told) => question(facts, told)),
      refusals: refusals.map(refusal),
      stops: [...toldOf(chronicle, 'freeze', period), ...toldOf(chronicle, 'unfreeze', period)]
        .sort((a, b) => a.entry - b.entry)
        .map(({ entry, content: { kind, dataset, by, reason, time } }) => ({ entry, kind, dataset, by, reason, time })),
      accepted: toldOf(chronicle, 'accept', period).map(({ entry, content }) => ({
        entry,
        principal: content.principal,
        terms: content.terms,
        signed: content.signature !== null,
        time: content.time,
      })),
      dataVersions: toldOf(chronicle, 'data', period).map(({ entry, content }) => ({
        entry,
        dataset: content.dataset,
        version: content.version,
        withdrawal: content.withdrawal,
        by: content.by,
        time: content.time,
      })),
    },
  });
}

function question({ chronicle }: Facts, { entry, hash, content }: Told<ChargeEntry>): Json {
  const { kind, principal, dataset, purpose, part, columns, spend, event, time, version, policy } = content;
  const amount = { epsilon: BigInt(spend.epsilon), delta: BigInt(spend.delta) };
  const outcome = kind === 'recharge' ? 'released before' : (chronicle.outcomes.get(hash) ?? 'not recorded');
  return {
    entry,
    time,
    principal,
    dataset,
    purpose: purpose ?? null,
    part: part === null || part === undefined ? null : `${part.table}.${part.column} = ${part.value}`,
    question: content.question === undefined || content.question === '' ? 'not recorded' : content.question,
    columns: columns ?? [],
    decision: 'allow',
    outcome,
    ...decimalsOf(amount),
    mechanisms: [...new Set(mechanisms(event))],
    version,
    policy,
  };
}

function refusal({ entry, content }: Told<RefuseEntry>): Json {
  const { principal, dataset, purpose, code, question: shape, time } = content;
  return { entry, time, principal, dataset, purpose, decision: 'deny', reason: code, question: shape };
}

function mechanisms(event: PrivacyEvent): string[] {
  return event.kind === 'composed' ? event.events.flatMap(mechanisms) : [event.kind];
}

/** How often each name comes. */
export function counted(names: readonly string[]): { readonly [name: string]: number } {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
