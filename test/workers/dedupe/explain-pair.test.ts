import { expect, test } from 'vitest';
import { explainPair } from '../../../src/workers/dedupe/explain-pair.ts';
import { TermCounts } from '../../../src/workers/dedupe/term-statistics.ts';
import { rewritten, story, words } from './texts.ts';

const article = (text: string, more = {}) => ({
  id: 'a',
  title: words(3, 5).join(' '),
  text,
  language: 'ar',
  seenAt: 0,
  at: 0,
  ...more,
});
const DAY_MS = 86_400_000;
const numbered = (a: number) => `${story(5)} ${a} ${words(6, 9).join(' ')} ${a + 1} ${words(7, 9).join(' ')} ${a + 2}`;

test.each([
  ['equal texts', article(story(1)), article(story(1)), true, ['equal-texts']],
  ['a rewritten text', article(story(1)), article(rewritten(story(1), 6)), true, ['enough-shared']],
  [
    'other texts',
    article(story(1)),
    article(story(2)),
    false,
    ['too-few-shared-hashes', 'too-little-shared', 'gap-too-wide'],
  ],
  [
    'two issues of one report',
    article(numbered(10)),
    article(numbered(50)),
    false,
    ['enough-shared', 'numbers-differ'],
  ],
  [
    'another language',
    article(story(1)),
    article(story(1), { language: 'fa' }),
    false,
    ['other-language', 'equal-texts'],
  ],
  [
    'outside the window',
    article(story(1)),
    article(rewritten(story(1), 6), { seenAt: 8 * DAY_MS }),
    false,
    ['outside-window', 'enough-shared'],
  ],
])('explainPair – %s', (_case, a, b, isCopy, reasons) => {
  const { copy } = explainPair(a, b, new TermCounts());
  expect(copy).toMatchObject({ isCopy, reasons });
  expect(copy.comparison.containment).toBeGreaterThanOrEqual(0);
});

test('explainPair – a story fades with the days between', () => {
  const same = explainPair(article(story(1)), article(story(1), { at: DAY_MS }), new TermCounts()).story;
  const later = explainPair(article(story(1)), article(story(1), { at: 6 * DAY_MS }), new TermCounts()).story;
  expect(same.cosine).toBeCloseTo(1);
  expect(same).toMatchObject({ joins: true });
  expect(later.cosine).toBeCloseTo(same.cosine);
  expect(later.decay).toBeCloseTo(Math.exp(-36 / 18));
  expect(later).toMatchObject({ joins: false });
});
