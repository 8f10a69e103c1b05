import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Dashboard, startDashboard } from '../../src/dashboard/index.ts';
import type { Service } from '../../src/service.ts';
import { searchText } from '../../src/shared/arabic/search-text.ts';
import type { Article, Entity } from '../../src/shared/model.ts';
import { insertArticle as insert } from '../support/insert-article.ts';
import { testService } from '../support/service.ts';

const NOW = new Date();

let service: Service;
let dashboard: Dashboard;
beforeAll(async () => {
  service = await testService();
  dashboard = await startDashboard(service);
});
afterAll(() => dashboard.close());

const get = (path: string) => fetch(dashboard.url + path);
const getJson = async (path: string) =>
  (await (await get(path)).json()) as { articles: Record<string, unknown>[]; next?: string };

const entity = (id: string, name: string): Entity => ({
  id,
  type: 'location',
  name,
  names: { ar: name },
  roles: [],
  mentions: [],
});

test('/api/articles?q – words in any of their forms, phrases, filters', async () => {
  const texts: [title: string, text: string, set: Partial<Article>][] = [
    ['الحكومة في عدن', 'قدمت دعماً لليمن في مجلس الأمن الدولي', { source: { name: 'صحيفة', domain: 'a.example' } }],
    [
      'اشتباكات بأبين',
      'سيطر مسلحون على مواقع في ابين بعد نظام القذافي',
      { publishedAt: new Date('2026-01-05T20:00:00Z') },
    ],
    ['مجلس محلي', 'ناقش الأمن في اليمن', { lang: 'fa', entities: [entity('country:YE', 'اليمن')] }],
  ];
  const ids = [];
  for (const [title, text, set] of texts) {
    const norm = { title: searchText(title), text: searchText(text) };
    ids.push(await insert(service, 'published', { title, text, norm, lang: 'ar', publishedAt: NOW, ...set }));
  }
  const [aden, abyan, council] = ids;
  const found = async (query: Record<string, string>) => {
    const { articles } = await getJson(`/api/articles?${new URLSearchParams(query)}`);
    return articles.map(({ id }) => id);
  };
  expect((await found({ q: 'اليمن' })).sort()).toEqual([aden, council].sort());
  expect(await found({ q: 'أبين' })).toEqual([abyan]);
  expect(await found({ q: 'القذافى' })).toEqual([abyan]);
  expect(await found({ q: '"مجلس الأمن"' })).toEqual([aden]);
  expect(await found({ q: 'اليمن -عدن' })).toEqual([council]);
  expect(await found({ q: 'اليمن', entity: 'country:YE' })).toEqual([council]);
  expect(await found({ q: 'اليمن source:a.example' })).toEqual([aden]);
  expect(await found({ q: 'اليمن', source: 'صحيفة' })).toEqual([aden]);
  expect(await found({ q: 'lang:fa' })).toEqual([council]);
  expect(await found({ entity: 'country:YE' })).toEqual([council]);
  expect(await found({ from: '2026-01-05', to: '2026-01-05' })).toEqual([abyan]);
  expect(await found({ q: 'اليمن', state: 'ended' })).toEqual([]);
  expect(await found({ q: 'زنجبار' })).toEqual([]);
});

test('/api/articles?q – a word in the title counts more, news more than archive, page by page', async () => {
  const add = (title: string, text: string, publishedAt: Date) =>
    insert(service, 'published', { norm: { title: searchText(title), text: searchText(text) }, publishedAt });
  const old = await add('a quiet day', 'the harbour reopened', new Date('2020-01-01'));
  const fresh = await add('a quiet day', 'the harbour reopened', NOW);
  const title = await add('harbour reopened', 'a quiet day', NOW);
  const first = await getJson('/api/articles?q=harbour&limit=2');
  expect(first.articles.map(({ id }) => id)).toEqual([title, fresh]);
  expect(first.articles[0]).not.toHaveProperty('norm');
  const second = await getJson(`/api/articles?${first.next}`);
  expect(second.articles.map(({ id }) => id)).toEqual([old]);
  expect(second.next).toBeUndefined();
});

test('the search box – keeps what was asked, escaped', async () => {
  const page = await (await get(`/articles?q=${encodeURIComponent('harbour "<b>"')}`)).text();
  expect(page).toContain('value="harbour &#34;&#60;b&#62;&#34;"');
  expect(page).toContain('/articles/');
  expect(await (await get('/articles?q=زنجبار')).text()).toContain('Nothing found.');
});
