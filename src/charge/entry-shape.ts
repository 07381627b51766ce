/** What an entry must look like to be replayed, whoever wrote it. */
import type { Content, Entry } from './entry.ts';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const textOrNull = orNull(text);
const amount: Check = (value) => typeof value === 'string' && /^\d+$/.test(value);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const shaped =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isRecord(value) && Object.entries(fields).every(([name, check]) => check(value[name]));

const ACCOUNT = shaped({ dataset: textOrNull, principal: textOrNull, purpose: optional(textOrNull) });
/** An amount is never negative, so no entry can give back. */
const SPEND = shaped({ epsilon: amount, delta: amount, rho: amount, rhoDelta: amount });
const PART = shaped({ table: text, column: text, value: text });
const CHARGE = shaped({
  accounts: listOf(ACCOUNT),
  spend: SPEND,
  event: isRecord,
  plan: text,
  plans: optional(listOf(text)),
  version: text,
  part: optional(orNull(PART)),
  time: text,
});

/** Shape of all that a replay reads. */
const SHAPES: Readonly<Record<Content['kind'], Check>> = {
  reserve: CHARGE,
  recharge: CHARGE,
  settle: shaped({ reservation: text }),
  policy: shaped({ digest: text, text, by: textOrNull, widened: listOf(text), time: text }),
  approve: shaped({ digest: text, officer: text, signature: text, time: text }),
  refuse: shaped({ code: text, principal: text, dataset: textOrNull, question: text, time: text }),
  freeze: shaped({ dataset: text, reason: text, time: text }),
  unfreeze: shaped({ dataset: text, reason: text, time: text }),
  accept: shaped({ principal: text, terms: text, digest: text, signature: textOrNull, time: text }),
  data: shaped({ dataset: text, version: text, time: text }),
  key: shaped({ publicKey: text, reason: (value) => value === 'first' || value === 'rotated' || value === 'lost' }),
  'write-off': shaped({ charges: listOf(shaped({ account: ACCOUNT, spend: SPEND })), reason: text, time: text }),
  export: shaped({ what: text, digest: text, time: text }),
  checkpoint: (value) => CHECKPOINT(value),
};

const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const hash: Check = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const PLACE = { sequence: count, hash };
const of =
  (...kinds: readonly Content['kind'][]): Check =>
  (value) =>
    kinds.some((kind) => isRecord(value) && value.kind === kind && SHAPES[kind](value));
const SUMS = shaped({ whole: SPEND, parts: listOf((part) => PART(part) && shaped({ spend: SPEND })(part)) });
const CHECKPOINT = shaped({
  state: shaped({
    losses: listOf(shaped({ account: ACCOUNT, lifetime: SUMS, days: listOf(shaped({ day: text, sums: SUMS })) })),
    payments: listOf(shaped({ ...PLACE, plan: text, version: text, accounts: listOf(count) })),
    unsettled: listOf(shaped({ ...PLACE, entry: of('reserve') })),
    records: shaped({
      policy: orNull(shaped({ ...PLACE, version: count, entry: of('policy') })),
      key: orNull(of('key')),
      latest: text,
      lost: (value) => typeof value === 'boolean',
      writtenOff: listOf(text),
      approvals: listOf(of('approve')),
      frozen: listOf(of('freeze')),
      accepted: listOf(of('accept')),
      data: listOf(of('data')),
    }),
  }),
  by: textOrNull,
  time: text,
});

/** Whether a value is an entry that can be replayed. */
export function isEntry(value: unknown): value is Entry {
  if (!isRecord(value) || !isRecord(value.content)) return false;
  const { kind } = value.content;
  return typeof kind === 'string' && Object.hasOwn(SHAPES, kind) && SHAPES[kind as Content['kind']](value.content);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
