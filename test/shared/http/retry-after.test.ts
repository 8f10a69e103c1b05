import { expect, test } from 'vitest';
import { parseRetryAfter } from '../../../src/shared/http/index.ts';

const now = Date.UTC(2026, 10, 22, 12, 0, 0);

test.each([
  ['120', 120_000],
  [' 7 ', 7_000],
  ['1.5', 1_500],
  ['0', 0],
  ['999999999999', 86_400_000],
  ['Sun, 22 Nov 2026 12:01:00 GMT', 60_000],
  ['Sunday, 22-Nov-26 12:01:00 GMT', 60_000],
  ['Sun Nov 22 12:01:00 2026', 60_000],
  ['Sun, 22 Nov 2026 15:01:00 +0300', 60_000],
  ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
  ['Fri, 01 Jan 2100 00:00:00 GMT', 86_400_000],
  ['', undefined],
  ['-5', undefined],
  ['soon', undefined],
  ['بعد قليل', undefined],
  [undefined, undefined],
])('parseRetryAfter – %j', (value, expected) => {
  expect(parseRetryAfter(value, now)).toBe(expected);
});
