import type { Discovery } from '../../src/shared/stores/articles.ts';

let made = 0;

/** An entry as poll-feed hands it to the store; every call makes another one. */
export function makeDiscovery(overrides: Partial<Discovery> = {}): Discovery {
  const n = ++made;
  return {
    urlKey: `https://news.example/${n}`,
    url: `https://www.news.example/${n}?utm_source=rss`,
    entryKeys: [`feed g:${n}`],
    held: false,
    source: { name: 'أخبار المثال', domain: 'news.example' },
    entry: { title: `خبر ${n}`, authors: [], categories: [] },
    ...overrides,
  };
}
