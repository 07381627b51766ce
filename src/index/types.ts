/** Types that both faces speak of. */
export type { Query } from '../ask/builder.ts';
export type { Parameters, ParameterValue, Question } from '../ask/index.ts';
export type { Proof } from '../bound/proof.ts';
export type { Budget } from '../charge/account.ts';
export type { AccountId } from '../charge/account-id.ts';
export type { Amount } from '../charge/amount.ts';
export type { Standing, Store } from '../charge/ledger.ts';
export type { PrivacyEvent } from '../dp/event.ts';
export type { Engine } from '../engine/engine.ts';
export type { ErrorCode, ErrorParts, Position } from '../errors.ts';
export type { Decimal, ExplainOptions, QueryOptions, Stage } from '../options.ts';
export type { SqlType, Value } from '../policy/value.ts';
export type { ExpectedError } from '../release/preview.ts';
export type { Intervals, Receipt, Release, ReleasedColumn } from '../release/release.ts';
export type { Explanation, Session } from '../session.ts';
