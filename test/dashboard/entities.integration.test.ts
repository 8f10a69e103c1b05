import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Dashboard, startDashboard } from '../../src/dashboard/index.ts';
import type { Service } from '../../src/service.ts';
import type { Article, Entity, EntityType } from '../../src/shared/model.ts';
import { insertArticle } from '../support/insert-article.ts';
import { testService } from '../support/service.ts';

const NOW = new Date();
const DAY = 86_400_000;
const ago = (days: number) => new Date(NOW.getTime() - days * DAY);

/** An entity with every place where the text has one of its spellings. */
function entity(id: string, type: EntityType, text: string, spellings: string[], more: Partial<Entity> = {}): Entity {
  const mentions = spellings.flatMap((word) => {
    const start = text.indexOf(word);
    return start < 0 ? [] : [{ text: word, start, end: start + word.length }];
  });
  return { id, type, name: spellings[0] ?? '', names: {}, roles: [], mentions, ...more };
}

const aden = (text: string) =>
  entity('city:عدن', 'location', text, ['عدن', 'بعدن'], {
    names: { ar: 'عدن', en: 'Aden' },
    country: 'YE',
    lat: 12.8,
    lon: 45,
  });
const salma = (text: string) => entity('person:سلمى <الهادي>', 'person', text, ['سلمى القذافي', 'القذافي']);
const council = (text: string) => entity('org:un', 'organization', text, ['مجلس الأمن']);

let service: Service;
let dashboard: Dashboard;
let first: string;
beforeAll(async () => {
  service = await testService();
  dashboard = await startDashboard(service);
  const add = async (text: string, entities: Entity[], days: number, set: Partial<Article> = {}) => {
    await service.stores.entities.learn(entities, ago(days));
    const storedAt = ago(days);
    return insertArticle(service, 'published', {
      title: text.slice(0, 20),
      text,
      body: text.split('\n\n').map((line) => ({ type: 'p', text: line })),
      entities,
      lang: 'ar',
      dir: 'rtl',
      storedAt,
      publishedAt: storedAt,
      ...set,
    });
  };
  const text = 'عدن – قالت سلمى القذافي إن "العمل <بدأ> اليوم".\n\nوأشاد مجلس الأمن بذلك.';
  const start = text.indexOf('العمل');
  const quote = text.slice(start, text.indexOf('"', start));
  const people = [aden(text), salma(text), council(text)];
  first = await add(text, people, 1, {
    dateline: { text: 'عدن –', start: 0, end: 5, places: ['عدن'], agency: 'سبأ' },
    quotes: [
      {
        text: quote,
        start,
        end: start + quote.length,
        speaker: 'سلمى القذافي',
        speakerEntityId: 'person:سلمى <الهادي>',
        direct: true,
      },
    ],
  });
  await add('احتفال بعدن', [aden('احتفال بعدن')], 2);
  await add('عدن قبل شهرين', [aden('عدن قبل شهرين')], 60);
});
afterAll(() => dashboard.close());

const get = (path: string) => fetch(dashboard.url + path, { headers: { accept: 'text/html' } });
const page = async (path: string) => (await get(path)).text();
const path = (id: string) => encodeURIComponent(id);

describe('/api/entities', () => {
  const found = async (query: Record<string, string>) => {
    const response = await get(`/api/entities?${new URLSearchParams(query)}`);
    const { entities } = (await response.json()) as { entities: { id: string; articles: number }[] };
    return entities.map(({ id, articles }) => [id, articles]);
  };

  test('most mentioned lately, of all and of one type', async () => {
    expect(await found({})).toEqual([
      ['city:عدن', 2],
      ['person:سلمى <الهادي>', 1],
      ['org:un', 1],
    ]);
    expect(await found({ type: 'organization' })).toEqual([['org:un', 1]]);
    expect(await found({ days: '90', limit: '1' })).toEqual([['city:عدن', 3]]);
  });

  test.each([
    ['القذافى', 'person:سلمى <الهادي>'],
    ['سلمي', 'person:سلمى <الهادي>'],
    ['الأمن', 'org:un'],
    ['ade', 'city:عدن'],
  ])('by a name in another spelling, or the beginning of it: %s', async (q, id) => {
    expect((await found({ q }))[0]?.[0]).toBe(id);
  });

  test('a name that nobody has – none', async () => {
    expect(await found({ q: 'زنجبار' })).toEqual([]);
    expect(await found({ q: '.*' })).toEqual([]);
  });

  test('one – names, articles by day, names beside it, newest articles', async () => {
    const one = (await (await get(`/api/entities/${path('city:عدن')}`)).json()) as {
      days: { day: string; articles: number }[];
    };
    expect(one).toMatchObject({
      id: 'city:عدن',
      type: 'location',
      names: { ar: 'عدن', en: 'Aden' },
      aliases: expect.arrayContaining(['عدن', 'بعدن']),
      country: 'YE',
      beside: [
        { id: 'person:سلمى <الهادي>', articles: 1 },
        { id: 'org:un', articles: 1 },
      ],
    });
    expect(one).not.toHaveProperty('keys');
    expect(one.days).toHaveLength(30);
    expect(one.days.filter(({ articles }) => articles > 0).map(({ day }) => day)).toEqual(
      [ago(2), ago(1)].map((date) => date.toISOString().slice(0, 10)),
    );
  });

  test('what is not there, and what cannot be asked', async () => {
    expect((await get('/api/entities/nobody')).status).toBe(404);
    expect((await get('/entities/nobody')).status).toBe(404);
    expect((await get(`/entities/${path('x'.repeat(1500))}`)).status).toBe(404);
    expect((await get('/api/entities?type=planet')).status).toBe(400);
  });
});

describe('pages', () => {
  test('an article – its names marked where they stand, linked and escaped', async () => {
    const shown = await page(`/articles/${first}`);
    expect(shown).toContain(`<a class="entity location" href="/entities/${path('city:عدن')}" title="عدن">عدن</a>`);
    expect(shown).toContain(
      `<a class="entity person" href="/entities/${path('person:سلمى <الهادي>')}" title="سلمى القذافي">سلمى القذافي</a> إن &#34;العمل &#60;بدأ&#62; اليوم&#34;.`,
    );
    expect(shown).toContain('<h2>Dateline</h2>');
    expect(shown).toContain('سبأ');
    expect(shown).toMatch(/<strong><a href="[^"]+"><bdi[^>]*>سلمى القذافي<\/bdi><\/a><\/strong>/);
    expect(shown).not.toContain('<بدأ>');
  });

  test('an entity – its names, a chart that is said in words too, names beside it, articles', async () => {
    const shown = await page(`/entities/${path('city:عدن')}`);
    expect(shown).toContain('<bdi dir="auto" lang="en">Aden</bdi>');
    expect(shown).toContain('aria-label="2 in 30 days, most on');
    expect(shown).toContain(`href="/entities/${path('org:un')}"`);
    expect(shown).toContain(`href="/articles/${first}"`);
    expect(await page('/articles?entity=org%3Aun')).toContain(`/articles/${first}`);
  });

  test('the list – filters kept and escaped', async () => {
    const shown = await page('/entities?q=%3Cb%3E&type=person');
    expect(shown).toContain('value="&#60;b&#62;"');
    expect(shown).toContain('<option value="person" selected>');
    expect(await page('/entities')).toContain(path('person:سلمى <الهادي>'));
  });
});

describe('decisions', () => {
  const post = (path: string, body: Record<string, unknown>) =>
    fetch(dashboard.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'manual',
    });
  const submit = (id: string, fields: [string, string][], headers: Record<string, string> = {}) =>
    fetch(`${dashboard.url}/entities/${path(id)}`, {
      method: 'POST',
      headers,
      body: new URLSearchParams(fields),
      redirect: 'manual',
    });
  const SALMA = 'person:سلمى <الهادي>';

  test('a merge by its form – the old address leads to the new one, articles and lists follow, and back', async () => {
    const merged = await submit(SALMA, [
      ['kind', 'merge'],
      ['into', 'مجلس الأمن'],
    ]);
    expect([merged.status, merged.headers.get('location')]).toEqual([303, '/entities/org%3Aun']);
    expect((await fetch(`${dashboard.url}/entities/${path(SALMA)}`, { redirect: 'manual' })).status).toBe(302);
    const shown = await page(`/entities/${path(SALMA)}`);
    expect(shown).toContain('<h2>Decisions</h2>');
    expect(shown).toContain('person:سلمى &#60;الهادي&#62;');
    const one = await (await get(`/api/entities/${path(SALMA)}`)).json();
    expect(one).toMatchObject({ id: 'org:un', aliases: expect.arrayContaining(['القذافي']), decisions: [{ n: 1 }] });
    expect(await page(`/articles?entity=${path(SALMA)}`)).toContain(`/articles/${first}`);
    expect(await (await get(`/api/articles/${first}`)).json()).not.toHaveProperty('asFound');
    const undone = await submit('org:un', [
      ['kind', 'undo'],
      ['of', '1'],
    ]);
    expect(undone.status).toBe(303);
    expect(await (await get(`/api/entities/${path(SALMA)}`)).json()).toMatchObject({ id: SALMA, decisions: [] });
  });

  test('a split and a rename by their forms', async () => {
    await submit('city:عدن', [
      ['kind', 'split'],
      ['names', 'بعدن'],
      ['name', ''],
    ]);
    await submit('city:عدن', [
      ['kind', 'rename'],
      ['name', 'مدينة عدن'],
      ['lang', ''],
    ]);
    const shown = await page(`/entities/${path('city:عدن')}`);
    expect(shown).toMatch(/<h1><bdi[^>]*>مدينة عدن<\/bdi><\/h1>/);
    expect(shown).not.toContain('value="بعدن"');
  });

  test('over the API – the log, and what cannot be decided', async () => {
    const made = await post('/api/entity-decisions', { kind: 'rename', from: 'org:un', name: 'الأمم المتحدة' });
    expect(await made.json()).toMatchObject({ decision: { n: 5, kind: 'rename', lang: 'ar' }, articles: 1 });
    const { decisions } = (await (await get('/api/entity-decisions')).json()) as { decisions: unknown[] };
    expect(decisions).toMatchObject([{ n: 1, undone: true }, { kind: 'undo' }, { kind: 'split' }, { n: 4 }, { n: 5 }]);
    for (const [body, code] of [
      [{ kind: 'merge', from: 'org:un' }, 'BAD_DECISION'],
      [{ kind: 'marry', from: 'org:un' }, 'BAD_DECISION'],
      [{ kind: 'merge', from: 'org:un', into: 'org:none' }, 'NO_SUCH_ENTITY'],
    ] as const) {
      const refused = await post('/api/entity-decisions', body);
      expect([refused.status, await refused.json()]).toMatchObject([400, { error: { code } }]);
    }
  });

  test('from a page that is not ours – refused', async () => {
    const foreign = await submit('org:un', [['kind', 'undo']], { 'sec-fetch-site': 'cross-site' });
    expect(foreign.status).toBe(403);
  });
});
