import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { showProgress } from '../../src/cli/progress.ts';

let written: string[] = [];
const stream = (isTTY: boolean): NodeJS.WriteStream =>
  ({ isTTY, write: (text: string) => written.push(text) }) as unknown as NodeJS.WriteStream;

beforeEach(() => {
  written = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

it('says after two seconds what is being done, and leaves nothing behind', () => {
  const progress = showProgress(stream(true));
  progress.onProgress('charged');
  vi.advanceTimersByTime(1500);
  expect(written).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(written.join('')).toContain('charged; reading (2 s)');
  progress.end();
  expect(written.at(-1)).toBe('\r\u001b[K');
  vi.advanceTimersByTime(10_000);
  expect(written).toHaveLength(2);
});

it('writes nothing where nobody looks', () => {
  const progress = showProgress(stream(false));
  progress.onProgress('charged');
  vi.advanceTimersByTime(10_000);
  progress.end();
  expect(written).toEqual([]);
});
