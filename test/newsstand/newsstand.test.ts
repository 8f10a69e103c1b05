import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Newsstand, startNewsstand } from '../../src/newsstand/index.ts';

let newsstand: Newsstand;
beforeAll(async () => {
  newsstand = await startNewsstand({ articles: 60 });
});
afterAll(() => newsstand.close());

test('newsstand – every article is served at the address its feed links', async () => {
  for (const article of newsstand.articles) {
    const response = await fetch(article.url);
    expect(response.status, article.url).toBe(200);
    await response.arrayBuffer();
    expect(newsstand.hits(article.url)).toBe(1);
  }
});

test('newsstand – a page not carried is 404', async () => {
  const response = await fetch(new URL('/no-such-page', newsstand.outlets[0]?.siteUrl));
  expect(response.status).toBe(404);
});
