/** Keys of a study's plan. */
import { type FieldsOf, LIST_OF_NAMES, NAME, NUMBER, WHOLE, WORDS } from '../policy/fields/field.ts';

export const STUDY_FIELDS: FieldsOf<'budget' | 'purpose' | 'questions'> = {
  budget: {
    required: true,
    description: 'What the study may spend in all.',
    example: 'budget: { epsilon: 1, delta: 1e-6 }',
    schema: { type: 'object' },
  },
  purpose: {
    required: false,
    description: 'What the answers are for: one of the policy’s purposes.',
    example: 'purpose: research',
    schema: NAME,
  },
  questions: {
    required: true,
    description: 'The questions, each with a name of its own.',
    example: 'questions: [ { name: persons, sql: SELECT COUNT(*) AS n FROM person, accuracy: 10 } ]',
    schema: LIST_OF_NAMES,
  },
};

export const STUDY_BUDGET_FIELDS: FieldsOf<'epsilon' | 'delta'> = {
  epsilon: { required: true, description: 'Total ε of the study.', example: 'epsilon: 1', schema: NUMBER },
  delta: {
    required: false,
    description: 'Total δ of the study; none unless given.',
    example: 'delta: 1e-6',
    schema: NUMBER,
  },
};

type QuestionKey = 'name' | 'sql' | 'params' | 'accuracy' | 'weight' | 'level' | 'delta' | 'size' | 'groups' | 'rows';

export const QUESTION_FIELDS: FieldsOf<QuestionKey> = {
  name: { required: true, description: 'How the plan calls it.', example: 'name: persons', schema: NAME },
  sql: {
    required: true,
    description: 'The question.',
    example: 'sql: SELECT COUNT(*) AS n FROM person',
    schema: WORDS,
  },
  params: {
    required: false,
    description: 'Values of its parameters: a map by name, or a list for ?.',
    example: 'params: { year: 2024 }',
    schema: { type: ['object', 'array'] },
  },
  accuracy: {
    required: false,
    description: 'Wanted half-width of every interval, in the answer’s units.',
    example: 'accuracy: 10',
    schema: NUMBER,
  },
  weight: {
    required: false,
    description: 'Without accuracy: its part of what the others leave, 1 unless given.',
    example: 'weight: 2',
    schema: NUMBER,
  },
  level: {
    required: false,
    description: 'Confidence level, 0.95 unless given.',
    example: 'level: 0.95',
    schema: NUMBER,
  },
  delta: {
    required: false,
    description: 'δ for private keys or Gaussian noise.',
    example: 'delta: 1e-7',
    schema: NUMBER,
  },
  size: {
    required: false,
    description: 'Supposed persons or rows in every group, for means and ratios.',
    example: 'size: 1000',
    schema: WHOLE,
  },
  groups: {
    required: false,
    description: 'Groups per person, below the policy’s.',
    example: 'groups: 1',
    schema: WHOLE,
  },
  rows: {
    required: false,
    description: 'Rows per person and group, below the policy’s.',
    example: 'rows: 5',
    schema: WHOLE,
  },
};
