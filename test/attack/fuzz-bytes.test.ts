/**
 * 60,000 questions with bytes damaged, and 500 sound ones, through whole sessions on neighbouring databases: equal status
 * and text, no failure, no word of an engine, no canary. What is accepted is read, unless its plan was answered before.
 * GAUZE_FUZZ sets how many rounds of as many texts are asked, each with its own seed (1 unless set).
 */
import { expect, it } from 'vitest';
import { askAll, damagedBytes, openPairs, ROUNDS, validQuestions } from './fuzz.ts';

it.each(ROUNDS)(
  'questions with bytes damaged, seed %i',
  async (seed) => {
    const pairs = await openPairs();
    try {
      const { asked, accepted, read, faults } = await askAll(pairs, damagedBytes(seed, 60_000));
      expect(faults).toEqual([]);
      expect(asked).toBe(60_000);
      expect(accepted).toBeGreaterThan(800);
      expect(read).toBeGreaterThan(600);
    } finally {
      await pairs.close();
    }
  },
  900_000,
);

it.each(ROUNDS)(
  'sound questions, seed %i',
  async (seed) => {
    const pairs = await openPairs();
    try {
      const { accepted, read, faults } = await askAll(pairs, validQuestions(seed, 500));
      expect(faults).toEqual([]);
      expect(accepted).toBe(500);
      expect(read).toBeGreaterThan(400);
    } finally {
      await pairs.close();
    }
  },
  900_000,
);
