export type { SqlType, TypedValue, Value } from '../policy/value.ts';
