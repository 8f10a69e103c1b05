import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../src/shared/model.ts';
import { chooseSitemaps, freshEntries } from '../../../src/workers/poll-feed/sitemap-index.ts';

const now = new Date('2026-06-10T12:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString();
const at = (path: string) => `https://paper.example/${path}`;

describe('chooseSitemaps', () => {
  const choose = (sitemaps: { url: string; updatedAt?: string }[], known: { url: string; updatedAt?: string }[] = []) =>
    chooseSitemaps(sitemaps, known, { indexUrl: at('sitemap.xml'), now }).map(({ url }) => new URL(url).pathname);

  test('the freshest first, those without a time last and in their order; four at most', () => {
    const sitemaps = [
      { url: at('pages-1.xml') },
      { url: at('posts-8.xml'), updatedAt: daysAgo(2) },
      { url: at('posts-9.xml'), updatedAt: daysAgo(1) },
      { url: at('pages-2.xml') },
      { url: at('pages-3.xml') },
    ];
    expect(choose(sitemaps)).toEqual(['/posts-9.xml', '/posts-8.xml', '/pages-1.xml', '/pages-2.xml']);
  });

  test('one of news among them – no other; one of old news is none', () => {
    const posts = { url: at('posts.xml'), updatedAt: daysAgo(0) };
    expect(choose([posts, { url: at('google-news.xml') }])).toEqual(['/google-news.xml']);
    expect(choose([posts, { url: at('news-2019.xml'), updatedAt: daysAgo(2_000) }])).toEqual(['/posts.xml']);
    // Not even when the news have not changed.
    const news = { url: at('news.xml'), updatedAt: daysAgo(1) };
    expect(choose([posts, news], [news])).toEqual([]);
  });

  test('a name in Arabic – news', () => {
    const name = `/${encodeURIComponent('خريطة-أخبار')}.xml`;
    expect(choose([{ url: at('posts.xml'), updatedAt: daysAgo(0) }, { url: at(name.slice(1)) }])).toEqual([name]);
  });

  test.each([
    ['the archive', { url: at('2019.xml'), updatedAt: daysAgo(8) }],
    ['fronts of sections', { url: at('category-sitemap.xml'), updatedAt: daysAgo(0) }],
    ['fronts of words', { url: at('post_tag-sitemap2.xml'), updatedAt: daysAgo(0) }],
    ['another site', { url: 'https://elsewhere.example/news.xml' }],
    ['unchanged since it was read', { url: at('known.xml'), updatedAt: daysAgo(1) }],
  ])('%s – left out', (_case, sitemap) => {
    expect(choose([sitemap], [{ url: at('known.xml'), updatedAt: daysAgo(1) }])).toEqual([]);
  });

  test.each([
    ['changed since', daysAgo(0.5)],
    ['no time to tell', undefined],
  ])('read before, %s – read again', (_case, updatedAt) => {
    const known = [{ url: at('known.xml'), updatedAt: daysAgo(1) }];
    expect(choose([{ url: at('known.xml'), ...(updatedAt && { updatedAt }) }], known)).toEqual(['/known.xml']);
  });
});

describe('freshEntries', () => {
  const entry = (name: string, part: Partial<Entry> = {}): Entry => ({
    link: at(name),
    authors: [],
    categories: [],
    enclosures: [],
    ...part,
  });
  const names = (...documents: Entry[][]) =>
    freshEntries(
      documents.map((entries) => ({ entries })),
      now,
    ).map(({ link = '' }) => new URL(link).pathname.slice(1));

  test('newest first; what is older than a week is the archive', () => {
    const documents = [
      [entry('old', { updatedAt: daysAgo(8) }), entry('b', { updatedAt: daysAgo(2) })],
      [entry('a', { publishedAt: daysAgo(1) })],
    ];
    expect(names(...documents)).toEqual(['a', 'b']);
  });

  test('without a date – taken from a sitemap of news only', () => {
    expect(names([entry('page')], [entry('story', { title: 'خبر' }), entry('other')])).toEqual(['story', 'other']);
  });

  test('one page in two sitemaps – once, as that of news tells it', () => {
    const plain = [entry('a', { updatedAt: daysAgo(1) })];
    const news = [entry('a', { title: 'خبر', publishedAt: daysAgo(1) })];
    for (const documents of [
      [plain, news],
      [news, plain],
    ]) {
      const found = freshEntries(
        documents.map((entries) => ({ entries })),
        now,
      );
      expect(found).toEqual(news);
    }
  });

  test('a thousand at most', () => {
    const many = Array.from({ length: 1_200 }, (_, i) => entry(`n${i}`, { updatedAt: daysAgo(i / 1_000) }));
    expect(names(many)).toHaveLength(1_000);
  });
});
