/** Noisy statistics that were released before, by plan digest and data version: asking again is post-processing. */

/** Keys are SHA-256, hex; bodies are text. */
export interface AnswerStore {
  find(key: string): Promise<string | null>;
  /** Durable when it resolves. The first body kept under a key stays. */
  keep(key: string, body: string): Promise<void>;
}

/** Answers that live with the process. */
export function memoryAnswers(): AnswerStore {
  const answers = new Map<string, string>();
  return {
    find: async (key) => answers.get(key) ?? null,
    keep: async (key, body) => {
      if (!answers.has(key)) answers.set(key, body);
    },
  };
}
