/** A study's file, YAML or JSON, checked whole. */
import type { ParameterValue } from '../ask/index.ts';
import { compare, decimal, type Rational, rational, toNumber } from '../dp/rational.ts';
import { isEmpty, kindOf, type PolicyNode } from '../policy/node.ts';
import { Problems } from '../policy/problems.ts';
import { type Found, readFields, readName } from '../policy/read-fields.ts';
import { readDecimal, readWhole } from '../policy/read-value.ts';
import { readWords } from '../policy/read-words.ts';
import { readYaml } from '../policy/read-yaml.ts';
import { QUESTION_FIELDS, STUDY_BUDGET_FIELDS, STUDY_FIELDS } from './fields.ts';
import type { Study, StudyQuestion } from './study.ts';

/** Where a study comes from; the name stands in messages. */
export interface StudyText {
  readonly file?: string;
}

/**
 * Reads a study written as YAML or JSON.
 *
 * @throws GauzeError USAGE with every problem and its place, and what to write instead
 */
export function parseStudy(text: string, { file }: StudyText = {}): Study {
  const content = text.startsWith('\ufeff') ? text.slice(1) : text;
  const problems = new Problems(file ?? null, content, { noun: 'study', code: 'USAGE' });
  const node = readYaml(content, problems);
  const study = node === null ? null : readStudy(node, problems);
  problems.throwIfAny();
  // Reading gives null only with a problem, and problems have thrown.
  return study as Study;
}

function readStudy(node: PolicyNode, problems: Problems): Study | null {
  const found = readFields(node, '', STUDY_FIELDS, problems);
  if (found === null) return null;
  const budget = found.budget === undefined ? null : readStudyBudget(found.budget, problems);
  const purpose = found.purpose === undefined ? null : readName(found.purpose, 'purpose', problems);
  const questions = found.questions === undefined ? [] : readQuestions(found.questions, problems);
  return budget === null ? null : { budget, ...(purpose === null ? {} : { purpose }), questions };
}

const ZERO = rational(0n);

function readStudyBudget(node: PolicyNode, problems: Problems): Study['budget'] | null {
  const found = readFields(node, 'budget', STUDY_BUDGET_FIELDS, problems);
  if (found?.epsilon === undefined) return null;
  const epsilon = positive(found.epsilon, 'budget.epsilon', 'epsilon: 1', problems);
  const delta = found.delta === undefined ? ZERO : fraction(found.delta, 'budget.delta', problems);
  return epsilon === null || delta === null ? null : { epsilon: decimal(epsilon), delta: decimal(delta) };
}

function readQuestions(node: PolicyNode, problems: Problems): readonly StudyQuestion[] {
  if (node.kind !== 'list' || node.items.length === 0) {
    problems.atKey(
      node,
      'questions',
      isEmpty(node) ? 'Nothing is written here.' : 'The questions are a list.',
      `Write ${STUDY_FIELDS.questions.example}.`,
    );
    return [];
  }
  const names = new Set<string>();
  return node.items.flatMap((item, index) => {
    const path = `questions[${index}]`;
    const question = readQuestion(item, path, problems);
    if (question === null) return [];
    if (names.has(question.name)) {
      problems.atValue(item, path, `A second question is called ${question.name}.`, 'Rename one of the two.');
    }
    names.add(question.name);
    return [question];
  });
}

function readQuestion(node: PolicyNode, path: string, problems: Problems): StudyQuestion | null {
  const found = readFields(node, path, QUESTION_FIELDS, problems);
  if (found?.name === undefined || found.sql === undefined) return null;
  const name = readName(found.name, `${path}.name`, problems);
  const sql = readWords(found.sql, `${path}.sql`, QUESTION_FIELDS.sql.example, problems);
  if (found.accuracy !== undefined && found.weight !== undefined) {
    problems.atKey(
      found.weight,
      `${path}.weight`,
      'A question states an accuracy or a weight, not both.',
      'Remove the weight: what an accuracy costs follows from it.',
    );
  }
  return name === null || sql === null ? null : { name, sql, ...readOptions(found, path, problems) };
}

function readOptions(
  found: Found<typeof QUESTION_FIELDS>,
  path: string,
  problems: Problems,
): Omit<StudyQuestion, 'name' | 'sql'> {
  const amount = (key: 'accuracy' | 'weight'): string | null => {
    const node = found[key];
    const read = node === undefined ? null : positive(node, `${path}.${key}`, QUESTION_FIELDS[key].example, problems);
    return read === null ? null : decimal(read);
  };
  const whole = (key: 'size' | 'groups' | 'rows'): number | null =>
    found[key] === undefined ? null : readWhole(found[key], `${path}.${key}`, QUESTION_FIELDS[key].example, problems);
  const options = {
    params: found.params === undefined ? null : readParams(found.params, `${path}.params`, problems),
    accuracy: amount('accuracy'),
    weight: amount('weight'),
    level: found.level === undefined ? null : readLevel(found.level, `${path}.level`, problems),
    delta: found.delta === undefined ? null : shown(fraction(found.delta, `${path}.delta`, problems)),
    size: whole('size'),
    groups: whole('groups'),
    rows: whole('rows'),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null));
}

function shown(value: Rational | null): string | null {
  return value === null ? null : decimal(value);
}

function readParams(node: PolicyNode, path: string, problems: Problems): StudyQuestion['params'] | null {
  if (node.kind === 'map') {
    return Object.fromEntries(
      node.entries.map(({ key, value }) => [key.text, readParam(value, `${path}.${key.text}`, problems)]),
    );
  }
  if (node.kind === 'list') return node.items.map((item, index) => readParam(item, `${path}[${index}]`, problems));
  problems.atKey(node, path, 'Parameters are a map by name, or a list.', `Write ${QUESTION_FIELDS.params.example}.`);
  return null;
}

/** A value as the command line reads it; quotes keep text text. Wrong ones are problems. */
function readParam(node: PolicyNode, path: string, problems: Problems): ParameterValue {
  const kind = node.kind === 'scalar' ? kindOf(node) : 'null';
  if (node.kind !== 'scalar' || kind === 'null') {
    problems.atKey(node, path, 'A parameter is one number, text or truth value.', 'Write for example year: 2024.');
    return '';
  }
  if (kind === 'text') return node.text;
  if (kind === 'boolean') return node.text.toLowerCase() === 'true';
  if (/^[-+]?\d{1,19}$/.test(node.text)) return BigInt(node.text);
  return Number(node.text);
}

function readLevel(node: PolicyNode, path: string, problems: Problems): number | null {
  const accepts = (value: Rational): boolean =>
    compare(value, rational(1n, 2n)) > 0 && compare(value, rational(1n)) < 0;
  const read = readDecimal(node, path, { wanted: 'a number between 0.5 and 1, such as 0.95', accepts }, problems);
  return read === null ? null : toNumber(read);
}

function positive(node: PolicyNode, path: string, example: string, problems: Problems): Rational | null {
  const accepts = (value: Rational): boolean => compare(value, ZERO) > 0 && value.denominator <= 10n ** 12n;
  return readDecimal(node, path, { wanted: `a number above 0, such as ${example}`, accepts }, problems);
}

function fraction(node: PolicyNode, path: string, problems: Problems): Rational | null {
  const accepts = (value: Rational): boolean =>
    compare(value, ZERO) >= 0 && compare(value, rational(1n)) < 0 && value.denominator <= 10n ** 18n;
  return readDecimal(node, path, { wanted: 'a number from 0 to below 1, such as 1e-6', accepts }, problems);
}
