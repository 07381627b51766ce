import fc from 'fast-check';
import { expect, test } from 'vitest';
import { endOfDay, parseIsoDate, parseIsoTimestamp, startOfDay } from '../../src/policy/iso.ts';

const DAY = 86_400_000;

test('every day from 0001 to 9999 is read as JavaScript counts it', () => {
  const [first, last] = [new Date('0001-01-01').getTime() / DAY, new Date('9999-12-31').getTime() / DAY];
  fc.assert(
    fc.property(fc.integer({ min: first, max: last }), (days) => {
      expect(parseIsoDate(new Date(days * DAY).toISOString().slice(0, 10))).toBe(days);
    }),
    { numRuns: 2000 },
  );
});

test('days that do not exist are none', () => {
  for (const text of [
    '2025-02-29',
    '1900-02-29',
    '2025-04-31',
    '2025-13-01',
    '2025-00-10',
    '2025-01-00',
    '0000-01-01',
    '2025-1-1',
    '20250101',
    '',
  ]) {
    expect(parseIsoDate(text), text).toBeNull();
  }
  expect(parseIsoDate('2000-02-29')).toBe(11016);
});

test('timestamps, to the microsecond', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
      const text = date.toISOString().slice(0, -1);
      expect(parseIsoTimestamp(text)).toBe(BigInt(date.getTime()) * 1000n);
      expect(parseIsoTimestamp(text.replace('T', ' '))).toBe(BigInt(date.getTime()) * 1000n);
    }),
  );
  expect(parseIsoTimestamp('1970-01-01T00:00:00.000001')).toBe(1n);
  for (const text of [
    '2025-01-01',
    '2025-01-01T24:00',
    '2025-01-01T00:60',
    '2025-01-01T00:00:60',
    '2025-01-01T00:00Z',
    '2025-02-30T00:00',
  ]) {
    expect(parseIsoTimestamp(text), text).toBeNull();
  }
});

test('a day ends a microsecond before the next begins', () => {
  expect(endOfDay(0) + 1n).toBe(startOfDay(1));
});
