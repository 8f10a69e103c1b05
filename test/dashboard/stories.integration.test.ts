import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Dashboard, startDashboard } from '../../src/dashboard/index.ts';
import type { Service } from '../../src/service.ts';
import type { Article } from '../../src/shared/model.ts';
import { openStories, storyArticle } from '../../src/workers/dedupe/place-story.ts';
import { insertArticle as insert } from '../support/insert-article.ts';
import { testService } from '../support/service.ts';

const HOUR_MS = 3_600_000;
const START = Date.now() - 24 * HOUR_MS;

let service: Service;
let dashboard: Dashboard;
let lead: string;
let second: string;
let copy: string;
let english: string;
const get = (path: string) => fetch(dashboard.url + path);
const getJson = async (path: string) =>
  (await (await get(path)).json()) as { stories: { id: string }[]; sources: unknown[]; next?: string };

/** An original that has been placed in its story. */
async function addOriginal(hour: number, set: Partial<Article>): Promise<string> {
  const { stores } = service;
  const id = await insert(service, 'published', { publishedAt: new Date(START + hour * HOUR_MS), ...set });
  const { storyId } = await openStories(stores).place(storyArticle((await stores.articles.get(id)) as Article));
  await stores.clusters.moveToStory([id], storyId);
  return id;
}

beforeAll(async () => {
  service = await testService();
  dashboard = await startDashboard(service);
  const rtl = { lang: 'ar', dir: 'rtl' } as const;
  lead = await addOriginal(1, {
    ...rtl,
    title: 'افتتاح مكتبة الميناء الجديدة في مدينة الساحل',
    text: 'افتتح محافظ الساحل مكتبة الميناء الجديدة التي تضم ثمانين ألف كتاب وقاعة للأطفال.',
    source: { name: 'صحيفة الأفق', domain: 'horizon.example' },
    entities: [{ id: 'place:coast', type: 'location', name: 'الساحل', names: {}, roles: [], mentions: [] }],
  });
  second = await addOriginal(3, {
    ...rtl,
    title: 'محافظ الساحل يفتتح مكتبة الميناء الجديدة',
    text: 'قال محافظ الساحل إن مكتبة الميناء الجديدة تضم ثمانين ألف كتاب وتفتح أبوابها للأطفال كل يوم.',
    source: { name: 'إذاعة <المرفأ>', domain: 'port.example' },
  });
  copy = await insert(service, 'duplicate', {
    ...rtl,
    title: 'مكتبة الميناء',
    publishedAt: new Date(START + 2 * HOUR_MS),
    source: { name: 'بوابة النقل', domain: 'reprint.example' },
    storyId: lead,
    dup: { of: lead, kind: 'contained', score: 0.91, method: 'shingles' },
    reprint: { of: lead, kept: 0.92, added: 0.03, credit: 'رويترز' },
  });
  await service.stores.clusters.setOrigin(lead, undefined, copy);
  english = await addOriginal(20, {
    title: 'Ferry between the islands stops for repairs',
    text: 'The ferry between the two islands stops for a week while its engine is repaired.',
    lang: 'en',
    dir: 'ltr',
    source: { name: 'Island Gazette', domain: 'island.example' },
  });
  const why = { score: 9.5, names: ['place:coast', 'country:YE'], numbers: ['80000'], daysApart: 0.7 };
  await service.stores.stories.setLinks(lead, [{ id: english, language: 'en', ...why }]);
});
afterAll(() => dashboard.close());

test('/api/stories – by size or freshness, of a language, page by page', async () => {
  const ids = async (query: string) => (await getJson(`/api/stories?${query}`)).stories.map(({ id }) => id);
  expect(await ids('')).toEqual([english, lead]);
  expect(await ids('order=size')).toEqual([lead, english]);
  expect(await ids('lang=AR')).toEqual([lead]);
  expect(await ids('min=2')).toEqual([lead]);
  expect(await ids('lang=fr')).toEqual([]);
  const first = await getJson('/api/stories?order=size&limit=1');
  expect(first).toMatchObject({
    stories: [{ id: lead, articles: 2, language: 'ar', sources: ['صحيفة الأفق', 'إذاعة <المرفأ>'] }],
  });
  expect(first.stories[0]).not.toHaveProperty('centroid');
  const last = await getJson(`/api/stories?${first.next}`);
  expect(last).toMatchObject({ stories: [{ id: english }] });
  expect(last).not.toHaveProperty('next');
});

test('/api/stories/:id – the timeline, copies with their original, every outlet', async () => {
  const story = await getJson(`/api/stories/${lead}`);
  expect(story).toMatchObject({
    id: lead,
    firstAt: new Date(START + HOUR_MS).toISOString(),
    lastAt: new Date(START + 3 * HOUR_MS).toISOString(),
    timeline: [
      { id: lead, copies: [{ id: copy, dup: { kind: 'contained' }, reprint: { kept: 0.92 } }] },
      { id: second, copies: [] },
    ],
  });
  expect(story.sources).toHaveLength(3);
});

test('the same event in other languages – in the API and on the page, with what both say', async () => {
  expect(await getJson(`/api/stories/${lead}`)).toMatchObject({
    links: [
      { id: english, language: 'en', title: 'Ferry between the islands stops for repairs', articles: 1, score: 9.5 },
    ],
  });
  expect(await getJson(`/api/stories/${english}`)).toMatchObject({ links: [] });
  const page = await (await get(`/stories/${lead}`)).text();
  expect(page).toMatch(
    /In other languages<\/h2><ul class="list"><li dir="ltr">\s*<a class="title" href="\/stories\/\w+"><bdi dir="ltr" lang="en">Ferry/,
  );
  expect(page).toMatch(
    /both say: <a href="\/entities\/place%3Acoast"><bdi dir="auto">الساحل<\/bdi><\/a>, <bdi>80000<\/bdi>/,
  );
  expect(await (await get(`/stories/${english}`)).text()).not.toContain('In other languages');
});

test.each([
  ['/api/stories/nothing', 404, 'NOT_FOUND'],
  ['/api/stories?order=colour', 400, 'BAD_QUERY'],
  ['/api/stories?offset=-1', 400, 'BAD_QUERY'],
])('%s – %i %s', async (path, status, code) => {
  const response = await get(path);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error: { code } });
});

test('the pages – titles in their own direction, escaped, linked both ways', async () => {
  const list = await (await get('/stories')).text();
  expect(list).toMatch(/<li dir="rtl">\s*<a [^>]*><bdi dir="rtl" lang="ar">[^<]*مكتبة/);
  expect(list).toContain('<li dir="ltr">');
  expect(list).toContain('<bdi>2 articles</bdi> · <bdi>2 sources</bdi>');
  expect(list).toContain('<bdi>1 article</bdi>');
  const story = await (await get(`/stories/${lead}`)).text();
  expect(story).toContain('<h1 dir="rtl"><bdi dir="rtl" lang="ar">');
  expect(story).toContain('إذاعة &#60;المرفأ&#62;');
  const change =
    /contained copy, 91 %<\/bdi> · <bdi dir="ltr">kept 92 %, added 3 %<\/bdi> · credits <bdi dir="auto">رويترز/;
  for (const page of [story, await (await get(`/articles/${lead}`)).text()]) {
    expect(page).toMatch(change);
    expect(page).toContain('<span class="tag good">origin<');
  }
  for (const id of [lead, second, copy]) {
    expect(story).toContain(`/articles/${id}`);
    expect(await (await get(`/articles/${id}`)).text()).toContain(`href="/stories/${lead}"`);
  }
  expect((await get('/stories/nothing')).status).toBe(404);
});
