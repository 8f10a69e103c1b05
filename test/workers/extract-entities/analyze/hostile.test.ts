import { expect, test } from 'vitest';
import { analyzeArticle } from '../../../../src/workers/extract-entities/analyze/index.ts';

/** Enough for a quadratic rule to run into the time limit of the test, little enough for linear ones not to. */
const LENGTH = 30_000;
const fill = (piece: string) => piece.repeat(Math.ceil(LENGTH / piece.length)).slice(0, LENGTH);

test.each([
  ['one letter', fill('ب')],
  ['quotation marks', fill('"')],
  ['opened and never closed', fill(' "قال')],
  ['verbs of saying', fill('قال إن ')],
  ['titles', fill('الرئيس ')],
  ['place heads', fill('مدينة "')],
  ['conjunctions', fill('و ')],
  ['numbers', fill('24 ')],
  ['months', fill('مايو/')],
  ['organisation heads', fill('وزارة الدفاع ')],
  ['one family name', fill('الرئيس باراك أوباما ')],
  ['commas', fill('قال محمد علي، ')],
  ['no sentence end', fill('وأكد المصدر أن الجيش ')],
  ['dashes', fill('- ')],
  ['republics', fill('جمهورية اليمن ')],
  ['replies', fill('ورد عليه ')],
  ['lineage', fill('محمد بن ')],
  ['spelt letters', fill('إل أو إن ')],
  ['names in brackets', fill('Rivers Institute (NARI) ')],
  ['bodies of bodies', fill('حزب حركة ')],
  ['Latin quotations', fill('"a b c d," he said ')],
  ['words that objects have of their own', fill('The constructor, the valueOf and the __proto__ of الفريق ')],
])(
  'analyzeArticle – hostile text: %s',
  (_case, text) => {
    for (const language of ['ar', 'en']) {
      const { entities, quotes } = analyzeArticle({ text, language, publishedAt: '2012-05-13T18:00:00Z' });
      const spans = [...quotes, ...entities.flatMap(({ mentions }) => mentions)];
      expect(spans.every(({ start, end }) => start >= 0 && start <= end && end <= text.length)).toBe(true);
    }
  },
  20_000,
);

test.each(['', ' ', '\n\n', '\u200f', '«»', '"', '--', '(CNN) --', 'ال', 'و', '\ud800', '0', '﷽'])(
  'analyzeArticle – next to nothing: %j',
  (text) => {
    for (const language of ['ar', 'en', 'fr', 'zh', 'und', 'xx']) {
      expect(analyzeArticle({ text, language, publishedAt: 'never' })).toMatchObject({ language });
    }
  },
);
