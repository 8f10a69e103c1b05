import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { scoreQuotes } from '../../../support/quote-scores.ts';

const read = (language: string) =>
  readFileSync(new URL(`../../../fixtures/quotes/${language}.txt`, import.meta.url), 'utf8');

/** What the hand-labelled quotations score today, less a few points: a rule that costs more has to say why. */
test.each([
  ['ar', 100, { precision: 0.92, recall: 0.92, speakers: 0.92 }],
  ['en', 18, { precision: 0.85, recall: 0.85, speakers: 0.85 }],
  ['fr', 12, { precision: 0.85, recall: 0.85, speakers: 0.85 }],
  ['es', 12, { precision: 0.85, recall: 0.85, speakers: 0.85 }],
])('quotations – %s: %i and more labelled by hand', (language, atLeast, floor) => {
  const { labelled, precision, recall, speakers } = scoreQuotes(read(language), language);
  expect(labelled).toBeGreaterThanOrEqual(atLeast);
  expect(precision).toBeGreaterThanOrEqual(floor.precision);
  expect(recall).toBeGreaterThanOrEqual(floor.recall);
  expect(speakers).toBeGreaterThanOrEqual(floor.speakers);
});
