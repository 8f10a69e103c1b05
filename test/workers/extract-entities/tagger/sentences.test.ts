import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../src/shared/seeded-random.ts';
import { namesFor } from '../../../../src/tools/name-lists.ts';
import { spansOf } from '../../../../src/workers/extract-entities/tagger/labels.ts';
import { fillPattern, patternsOf } from '../../../../src/workers/extract-entities/tagger/sentences.ts';

const LISTS = { given: ['Ana'], family: ['Kovac'], place: ['New Lisbon'], company: ['Dunol AG'], job: ['head'] };
const first = () => 0;
const filled = (pattern: string) => {
  const { words, labels } = fillPattern(pattern, LISTS, first);
  const names = spansOf(labels).map(({ type, start, end }) => `${type} ${words.slice(start, end).join(' ')}`);
  return [words.join(' '), ...names];
};

describe('fillPattern', () => {
  test.each([
    ['[person], {job} of [company].', ['Ana Kovac , head of Dunol AG .', 'PER Ana Kovac', 'ORG Dunol AG']],
    ['TENNIS - [SURNAME] WINS IN [CITY]', ['TENNIS - KOVAC WINS IN NEW LISBON', 'PER KOVAC', 'LOC NEW LISBON']],
    ['The [ORG Bank of {place}] rose.', ['The Bank of New Lisbon rose .', 'ORG Bank of New Lisbon']],
    ['The {place} Agreement', ['The New Lisbon Agreement']],
    ['[surname]’s son', ['Kovac ’s son', 'PER Kovac']],
  ])('%s', (pattern, expected) => {
    expect(filled(pattern)).toEqual(expected);
  });

  test.each(['{ship} sailed', '[ship] sailed', '[XYZ {given}] sailed'])('%s – refused', (pattern) => {
    expect(() => fillPattern(pattern, LISTS, first)).toThrow(/there is no/);
  });

  test.each(['en', 'ar'] as const)('every pattern of %s can be filled, the same with the same numbers', (language) => {
    const text = readFileSync(new URL(`../../../../data/training/sentences-${language}.txt`, import.meta.url), 'utf8');
    const patterns = patternsOf(text);
    expect(patterns.length).toBeGreaterThan(100);
    const all = () => {
      const random = seededRandom(3);
      const names = namesFor(language, random);
      return patterns.map((pattern) => fillPattern(pattern, names, random));
    };
    const [one, other] = [all(), all()];
    expect(one).toEqual(other);
    patterns.forEach((pattern, i) => {
      const { labels } = one[i] as (typeof one)[number];
      expect(spansOf(labels), pattern).toHaveLength(pattern.match(/\[/g)?.length ?? 0);
    });
  });
});
