import { expect, test } from 'vitest';
import { extractArticle } from '../../../src/workers/extract-article/index.ts';
import { readPage } from '../../../src/workers/extract-article/read-page.ts';
import { type KnownPage, makePages } from '../../support/page-kinds.ts';

const NOW = new Date('2026-03-18T14:00:00Z');
const judged = makePages().map((page) => ({ page, found: extractArticle(page.html, { url: page.url, now: NOW }) }));
const isArticle = ({ found }: (typeof judged)[number]) => found.isArticle !== false;
const name = ({ kind, language, style }: KnownPage) => `${kind}, ${language}, ${style}`;

test('pages that are no articles – told by the page alone, precision at least .96 and recall .97', () => {
  const refused = judged.filter((one) => !isArticle(one));
  const right = refused.filter(({ page }) => !page.isArticle).length;
  expect(right / refused.length).toBeGreaterThanOrEqual(0.96);
  expect(right / judged.filter(({ page }) => !page.isArticle).length).toBeGreaterThanOrEqual(0.97);
});

test('pages with metadata – every kind is told in every language', () => {
  const modern = judged.filter(({ page }) => page.style === 'modern' && page.kind !== 'league table');
  const wrong = modern.filter((one) => isArticle(one) !== one.page.isArticle);
  expect(wrong.map(({ page }) => name(page))).toEqual([]);
});

test('articles of more than a flash – none is refused, whatever the page is made of', () => {
  const kinds = new Set(['report', 'report without a date', 'photo gallery', 'live blog']);
  const refused = judged.filter((one) => kinds.has(one.page.kind) && !isArticle(one));
  expect(refused.map(({ page }) => name(page))).toEqual([]);
});

test('short articles that a feed has announced – refused only where no text was found', () => {
  const short = judged.filter(({ page }) => /flash|video|paywalled/.test(page.kind));
  const refused = short.filter(({ page, found }) => {
    const entry = { title: found.title };
    const { extracted } = readPage(Buffer.from(page.html), { url: page.url, now: NOW, entry, minTextChars: 60 });
    return extracted.isArticle === false && extracted.text.length >= 60;
  });
  expect(refused.map(({ page }) => name(page))).toEqual([]);
});

test('live blogs and teasers of paid articles – kept, and flagged', () => {
  // In tables the time of an update is the beginning of its text.
  const live = judged.filter(({ page }) => page.kind === 'live blog' && page.style !== 'tables');
  expect(live.filter(({ found }) => !found.liveBlog).map(({ page }) => name(page))).toEqual([]);
  const others = judged.filter(({ page }) => page.isArticle && page.kind !== 'live blog');
  expect(others.filter(({ found }) => found.liveBlog).map(({ page }) => name(page))).toEqual([]);
  const paid = judged.filter(({ page }) => page.kind === 'paywalled teaser');
  expect(paid.filter(({ found }) => found.paywalled).length / paid.length).toBeGreaterThanOrEqual(0.9);
});
