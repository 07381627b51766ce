/**
 * The policy room's face.
 *
 * @module gauze/policy
 */

export type { JsonSchema } from './fields/field.ts';
export { type DraftCatalog, type DraftOptions, type DraftTable, draftPolicy } from './init.ts';
export type {
  BoundsInput,
  ColumnInput,
  ConsentInput,
  DatasetInput,
  LimitInput,
  NumberInput,
  PolicyInput,
  PrincipalInput,
  PurposeInput,
  TableInput,
  TermsInput,
  TopicInput,
  ValueInput,
  WatchInput,
} from './input.ts';
export type { LintCode } from './lint/finding.ts';
export { type LintFinding, lintPolicy } from './lint.ts';
export { findTable, type TableMatch } from './names.ts';
export { type ParseOptions, parsePolicy, policyFromObject } from './parse.ts';
export type {
  Bounds,
  BudgetLimit,
  ColumnName,
  Consent,
  Contribution,
  Dataset,
  Governance,
  Policy,
  PolicyColumn,
  Principal,
  Purpose,
  Renewal,
  Role,
  SensitiveTopic,
  Table,
  TableUnit,
  Terms,
} from './policy.ts';
export { policySchema } from './schema.ts';
export type { SqlType, TypedValue, Value } from './value.ts';
export type { WatchRules } from './watch-rules.ts';
