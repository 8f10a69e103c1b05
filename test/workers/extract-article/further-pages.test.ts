import { expect, test } from 'vitest';
import { extractArticle } from '../../../src/workers/extract-article/index.ts';

const TEXT = 'عاد الماء إلى الساقية القديمة بعد أربعين عاماً من الجفاف، وتجمع الأهالي منذ الفجر لسماع صوته الأول.';

function furtherOf(url: string, links: string, head = '') {
  const html = `<html lang="ar"><head><title>عودة الماء إلى الساقية القديمة</title>${head}</head><body><article><h1>عودة الماء إلى الساقية القديمة</h1><p>${TEXT}</p><p>${TEXT} ثانية.</p></article>${links}</body></html>`;
  return extractArticle(html, { url }).furtherPages;
}
const a = (href: string, text = 'التالي') => `<a href="${href}">${text}</a>`;

test.each([
  [
    'a page parameter',
    '/story?id=7',
    a('?id=7&page=2', '2') + a('?id=7&page=3', '3'),
    ['?id=7&page=2', '?id=7&page=3'],
  ],
  [
    'a number behind the path',
    '/2026/story',
    a('/2026/story/2') + a('/2026/story/3/'),
    ['/2026/story/2', '/2026/story/3/'],
  ],
  ['page/2', '/2026/story/', a('/2026/story/page/2/'), ['/2026/story/page/2/']],
  ['_2.html', '/a/story.html', a('story_2.html'), ['/a/story_2.html']],
  ['on the first page by its number', '/story?page=1', a('?page=2'), ['?page=2']],
  ['tracking on the address', '/story?utm_source=rss', a('/story?page=2'), ['?page=2']],
  ['the next only, in the head', '/story', '', ['?page=2'], '<link rel="next" href="/story?page=2">'],
  ['up to the first gap', '/story', a('?page=2') + a('?page=9', 'الأخيرة'), ['?page=2']],
])('further pages – %s', (_case, path, links, expected, head = '') => {
  const url = `https://falaj.example${path}`;
  const base = url.replace(/\?.*$/, '');
  expect(furtherOf(url, links, head)).toEqual({ next: expected.map((href) => new URL(href, base).href) });
});

test.each([
  ['rel=next of a weblog names the next story', '/2026/story/', '', '<link rel="next" href="/2026/other-story/">'],
  ['pages of the comments', '/story', `<div id="comments">${a('?page=2')}</div>`],
  ['pages of a list of other stories', '/story', `<div class="related-posts">${a('/story?page=2')}</div>`],
  ['another story by number', '/news/4', a('/news/5')],
  ['another site', '/story', a('https://other.example/story?page=2')],
  ['a page of the front page', '/', a('/?page=2')],
  ['a year', '/archive-of-water', a('/archive-of-water/2024')],
  ['beyond what is read', '/story', a('?page=11')],
  ['the page before', '/story?page=2', a('?page=1')],
])('further pages – none: %s', (_case, path, links, head = '') => {
  expect(furtherOf(`https://falaj.example${path}`, links, head)).toBeUndefined();
});

test('further pages – the whole on one page, where there are several', () => {
  const url = 'https://falaj.example/story';
  expect(furtherOf(url, a('?page=all'))).toBeUndefined();
  expect(furtherOf(url, a('?page=2') + a('?page=all', 'عرض الكل'))).toEqual({
    next: [`${url}?page=2`],
    single: `${url}?page=all`,
  });
});

test.each([
  ['https://amp.falaj.example/story', true],
  ['/story/amp', true],
  ['https://cdn.ampproject.example/c/falaj.example/story', false],
  ['https://falaj.example/story', false],
])('further pages – AMP at %s', (href, believed) => {
  const url = 'https://falaj.example/story';
  const named = furtherOf(url, '', `<link rel="amphtml" href="${href}">`);
  expect(named).toEqual(believed ? { next: [], amp: new URL(href, url).href } : undefined);
});
