/** Types that both faces speak of. */
export type { Query } from '../ask/builder.ts';
export type { Parameters, ParameterValue, Question } from '../ask/index.ts';
export type { Proof } from '../bound/proof.ts';
export type { Budget, Loss } from '../charge/account.ts';
export type { Account, AccountId, Part } from '../charge/account-id.ts';
export type { Amount, Limit, Spent } from '../charge/amount.ts';
export type * from '../charge/entry.ts';
export type { ReadEntry } from '../charge/journal.ts';
export type {
  Charge,
  ChargedTogether,
  Glance,
  Ledger,
  Reservation,
  Standing,
  Store,
  Unfinished,
  Verdict,
} from '../charge/ledger.ts';
export type { Place } from '../charge/place.ts';
export type { SigningKey, Verify } from '../crypto/sign.ts';
export type { PrivacyEvent } from '../dp/event.ts';
export type { Engine } from '../engine/engine.ts';
export type { Withdrawals } from '../engine/withdrawals.ts';
export type { ErrorCode, ErrorParts, Position } from '../errors.ts';
export type { AnswerOptions, AnswerVerdict } from '../evidence/answer.ts';
export type { ChainOptions, ChainVerdict } from '../evidence/chain.ts';
export type { Fault } from '../evidence/fault.ts';
export type { Bytes } from '../evidence/lines.ts';
export type { ChainKey } from '../evidence/signer.ts';
export type { TermsStanding } from '../govern/terms.ts';
export type { Decimal, ExplainOptions, QueryOptions, Stage } from '../options.ts';
export type { SqlType, Value } from '../policy/value.ts';
export type { WatchRule } from '../policy/watch-rules.ts';
export type { RegistrationStore } from '../registration.ts';
export type { ExpectedError } from '../release/preview.ts';
export type { AnswerStore } from '../release/recall.ts';
export type { Intervals, Receipt, Release, ReleasedColumn } from '../release/release.ts';
export type { BatchRelease, BatchResult } from '../session/batch.ts';
export type { BatchOptions, BatchQuestion } from '../session/batch-plan.ts';
export type { BatchExplanation } from '../session/explain-batch.ts';
export type { Notions } from '../session/notions.ts';
export type { Preview, PreviewedBy, PreviewedGroups, PreviewOptions } from '../session/preview/preview.ts';
export type { ReleasedAnswer, SupposedFrom } from '../session/preview/supposed-sizes.ts';
export type { PreviewedColumn, PreviewedColumns } from '../session/preview/widths.ts';
export type { Explanation, Session } from '../session.ts';
export type { StudyAdmission, StudyPrices } from '../study/prices.ts';
export type { StudyText } from '../study/read-study.ts';
export type { Study, StudyQuestion } from '../study/study.ts';
export type { StudyPlan } from '../study/study-plan.ts';
export type { Alert, Severity } from '../watch/alert.ts';
export type { OnAlert } from '../watch/watching.ts';
