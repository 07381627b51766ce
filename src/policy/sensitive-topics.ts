/** Topics that the law protects specially: 42 CFR Part 2, state law on mental health and HIV, reproductive care, GINA. */
import type { SensitiveTopic } from './policy.ts';

export const SENSITIVE_TOPICS: readonly SensitiveTopic[] = [
  'substance-use',
  'mental-health',
  'hiv',
  'reproductive',
  'genetic',
];
