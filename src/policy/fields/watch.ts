/** Keys of the watch: what raises an alert. */
import { USUAL_WATCH, type WatchRule } from '../watch-rules.ts';
import { type Fields, type FieldsOf, type JsonSchema, mapSchema, WHOLE } from './field.ts';

/** Largest number a rule takes; as much of the past is remembered, and no more. */
export const WATCH_MOST = 1000;

const number = (name: string, usual: number, description: string): Fields => ({
  [name]: {
    required: false,
    description: `${description} ${usual} unless said.`,
    example: `${name}: ${usual}`,
    schema: { ...WHOLE, maximum: WATCH_MOST, default: usual },
  },
});

/** Numbers of each rule. */
export const WATCH_NUMBERS: Readonly<Record<WatchRule, Fields>> = {
  burnRate: {
    ...number('percent', 50, 'Share of a limit, in percent, that may go within a day (UTC).'),
    ...number('days', 2, 'Days that a budget must last at the pace of the last seven days.'),
  },
  nearDuplicates: {
    ...number('questions', 10, 'Charged questions that differ in their constants alone.'),
    ...number('hours', 24, 'Hours they are counted over.'),
  },
  narrowing: {
    ...number('steps', 5, 'Times a condition only grew.'),
    ...number('hours', 24, 'Hours they are counted over.'),
  },
  refusals: {
    ...number('count', 10, 'Refusals of one principal.'),
    ...number('minutes', 15, 'Minutes they are counted over.'),
  },
  closedColumns: {
    ...number('count', 5, 'Refusals of one principal because of a column, a sensitive topic or a purpose.'),
    ...number('minutes', 60, 'Minutes they are counted over.'),
  },
  unfinished: number('minutes', 60, 'Minutes after which a charge without an outcome is told.'),
  acts: {},
};

const OFF: JsonSchema = { const: 'off' };
const rule = (name: WatchRule, description: string): FieldsOf<WatchRule>[WatchRule] => {
  const numbers = WATCH_NUMBERS[name];
  const said = Object.entries(USUAL_WATCH[name] ?? {}).map(([key, value]) => `${key}: ${value}`);
  return {
    required: false,
    description: `${description} \`off\`: never.`,
    example: `${name}: ${said.length === 0 ? 'off' : `{ ${said.join(', ')} }`}`,
    schema: said.length === 0 ? OFF : { anyOf: [OFF, mapSchema(numbers)] },
  };
};

export const WATCH_FIELDS: FieldsOf<WatchRule> = {
  burnRate: rule('burnRate', 'A budget goes fast.'),
  nearDuplicates: rule('nearDuplicates', 'One question again and again, with other constants.'),
  narrowing: rule('narrowing', 'A question whose condition only grows.'),
  refusals: rule('refusals', 'A burst of refusals.'),
  closedColumns: rule('closedColumns', 'A burst of refusals at closed columns, sensitive topics and purposes.'),
  unfinished: rule('unfinished', 'A charge that got no outcome.'),
  acts: rule('acts', 'Stops, a lost key, charges written off, wider rules, another watch.'),
};
