/** A line on the terminal for work that takes more than two seconds. */
import type { QueryOptions } from '../options.ts';

const PATIENCE_MS = 2000;

/** What `onProgress` is given, and how the line goes away. Nothing is written where nobody looks. */
export interface Progress {
  readonly onProgress: NonNullable<QueryOptions['onProgress']>;
  end(): void;
}

const DOING = {
  planned: 'charging the budget',
  charged: 'charged; reading',
  read: 'read; adding noise',
  released: 'done',
} as const;

/** Shows the stage a question is in, once it has lasted two seconds. */
export function showProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  if (stream.isTTY !== true) return { onProgress: () => undefined, end: () => undefined };
  const start = Date.now();
  let doing: string = 'planning';
  let isShown = false;
  const timer = setInterval(() => {
    isShown = true;
    stream.write(`\r\u001b[K… ${doing} (${Math.round((Date.now() - start) / 1000)} s)`);
  }, PATIENCE_MS);
  timer.unref();
  return {
    onProgress: (stage) => {
      doing = DOING[stage];
    },
    end: () => {
      clearInterval(timer);
      if (isShown) stream.write('\r\u001b[K');
    },
  };
}
