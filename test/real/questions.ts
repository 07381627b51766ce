import type { RealQuestion } from './question.ts';
import { ENCOUNTER_QUESTIONS } from './questions-encounters.ts';
import { OMOP_QUESTIONS } from './questions-omop.ts';
import { SINGLE_ROW_QUESTIONS } from './questions-single.ts';

/** All questions, by data set. */
export const QUESTIONS: readonly RealQuestion[] = [...ENCOUNTER_QUESTIONS, ...OMOP_QUESTIONS, ...SINGLE_ROW_QUESTIONS];
