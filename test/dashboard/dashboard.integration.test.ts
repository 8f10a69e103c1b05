import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { articleQuery } from '../../src/dashboard/api.ts';
import { type Dashboard, startDashboard } from '../../src/dashboard/index.ts';
import type { Service } from '../../src/service.ts';
import { insertArticle as insert } from '../support/insert-article.ts';
import { testService } from '../support/service.ts';

const TOKEN = 'a-secret-of-the-desk';
const NOW = new Date();

describe('on loopback', () => {
  let service: Service;
  let dashboard: Dashboard;
  let arabic: string;
  const get = (path: string, init?: RequestInit) => fetch(dashboard.url + path, init);
  const getJson = async (path: string) =>
    (await (await get(path)).json()) as { articles: Record<string, unknown>[]; next?: string };
  beforeAll(async () => {
    service = await testService();
    dashboard = await startDashboard(service);
    arabic = await insert(service, 'published', {
      title: 'افتتاح مكتبة <b>جديدة</b> في الميناء',
      text: 'النص',
      body: [
        { type: 'p', text: 'الفقرة الأولى & الثانية' },
        { type: 'h2', text: 'عنوان فرعي' },
        { type: 'list', text: 'أول\nثان' },
      ],
      lang: 'ar',
      dir: 'rtl',
      seq: 1,
      storedAt: new Date(NOW.getTime() - 60_000),
      publishedAt: NOW,
    });
    await insert(service, 'duplicate', {
      title: 'A copy',
      lang: 'en',
      dir: 'ltr',
      dup: { of: arabic, kind: 'near', score: 0.87, method: 'shingles' },
    });
    const stuck = await insert(service, 'fetched', { title: 'Broken page', lang: 'en' });
    await service.stores.articles.quarantine(
      stuck,
      { stage: 'extract-article', code: 'TOO_DEEP', message: 'nested too deeply' },
      NOW,
    );
    await service.stores.feeds.add({ url: 'https://news.example/feed.xml', title: 'أخبار المثال', folders: [] }, NOW);
    const [feed] = await service.stores.feeds.list();
    await service.stores.feeds.settle(feed?._id ?? '', {
      lastPolledAt: NOW,
      lastError: { code: 'HTTP_404', message: 'gone?', at: NOW },
    });
  });
  afterAll(() => dashboard.close());

  test('the overview – every stage, totals, the newest articles in their own direction, failing feeds', async () => {
    const page = await (await get('/')).text();
    for (const stage of [
      'poll-feed',
      'fetch-article',
      'extract-article',
      'dedupe',
      'extract-entities',
      'publish-article',
    ])
      expect(page).toContain(`>${stage}</a>`);
    expect(page).toContain('<li dir="rtl">');
    expect(page).toContain('<bdi dir="rtl" lang="ar">');
    expect(page).toContain('HTTP_404');
    expect(page).not.toContain('<b>جديدة</b>');
  });

  test('the overview – a site whose pages are read worse than before', async () => {
    expect(await (await get('/overview')).text()).toContain('None: extraction is as sure of every site as it was.');
    for (let i = 0; i < 40; i++)
      await service.stores.sites.learn('changed.example', { method: 'article', score: i < 30 ? 0.9 : 0.4 }, NOW);
    const page = await (await get('/overview')).text();
    expect(page).toMatch(/changed\.example[\s\S]*40 % sure, was 90 %/);
  });

  test('an article – text in its direction, escaped, with its copies and its trace', async () => {
    const response = await get(`/articles/${arabic}`);
    const page = await response.text();
    expect(page).toContain('<article class="reader" dir="rtl" lang="ar">');
    expect(page).toContain('الفقرة الأولى &#38; الثانية');
    expect(page).toContain('<li>أول</li><li>ثان</li>');
    expect(page).toContain('A copy');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test.each([
    '/feeds',
    '/articles',
    '/articles?state=published&lang=ar',
    '/quarantine',
    '/queues/',
    '/assets/style.css',
    '/assets/live.js',
  ])('%s answers', async (path) => {
    expect((await get(path)).status).toBe(200);
  });

  test('/api/articles – by language and state, without texts, and one whole', async () => {
    const { articles } = await getJson('/api/articles?lang=ar&state=published');
    expect(articles).toEqual([expect.objectContaining({ id: arabic, lang: 'ar', dir: 'rtl' })]);
    expect(articles[0]).not.toHaveProperty('text');
    const whole = await (await get(`/api/articles/${arabic}`)).json();
    expect(whole).toMatchObject({ text: 'النص', copies: [expect.objectContaining({ title: 'A copy' })] });
  });

  test('/api/articles?since – follows the order of publication and always says where to go on', async () => {
    const first = await getJson('/api/articles?since=0');
    expect(first.articles).toHaveLength(1);
    const second = await getJson(`/api/articles?${first.next}`);
    expect(second).toEqual({ articles: [], next: first.next });
  });

  test.each([
    ['/api/articles?limit=5000', 400, 'BAD_QUERY'],
    ['/api/articles?state=lost', 400, 'BAD_QUERY'],
    ['/api/articles?before=x', 400, 'BAD_QUERY'],
    ['/api/articles?from=yesterday', 400, 'BAD_QUERY'],
    ['/api/articles/nobody', 404, 'NOT_FOUND'],
  ])('%s – %i %s', async (path, status, code) => {
    const response = await get(path);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
  });

  test.each(['/feeds/nobody', '/quarantine'])(
    'POST %s with nothing, or with an operator of MongoDB in it – changes nothing',
    async (path) => {
      const send = (body?: string) =>
        get(path, {
          method: 'POST',
          redirect: 'manual',
          headers: body === undefined ? {} : { 'content-type': 'application/json' },
          body,
        });
      expect((await send()).status).toBe(path === '/quarantine' ? 303 : 400);
      expect((await send('{"action":{"$gt":""},"id":{"$gt":""}}')).status).toBe(400);
    },
  );

  test('a moment without a zone – is one of UTC, wherever the server stands', () => {
    expect(articleQuery.parse({ from: '2026-03-01T10:00', to: '2026-03-02' })).toMatchObject({
      from: '2026-03-01T10:00Z',
      to: '2026-03-02',
    });
  });

  test('what is not there – told as a page to a browser and as JSON to a program', async () => {
    const page = await get('/nowhere', { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-security-policy')]).toEqual([
      404,
      expect.stringContaining("default-src 'none'"),
    ]);
    expect(await page.text()).toContain('<h1>Not found</h1>');
    const answer = await get('/api/nowhere');
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'NOT_FOUND' } }]);
  });

  test('/metrics – one registry with the age of the oldest job', async () => {
    const text = await (await get('/metrics')).text();
    expect(text).toMatch(/^khabar_oldest_waiting_seconds\{stage="dedupe"\} 0$/m);
    expect(text).toMatch(/^khabar_articles\{state="published"\} 1$/m);
    expect(text).toContain('process_cpu_seconds_total');
    expect(text.endsWith('\n')).toBe(true);
  });

  test('/healthz and /readyz – both stores take a write', async () => {
    expect(await (await get('/healthz')).json()).toMatchObject({ status: 'ok' });
    expect(await (await get('/readyz')).json()).toEqual({ status: 'ready', redis: 'ok', mongodb: 'ok' });
  });

  test('a page of another site – cannot press our buttons, nor reach us by a name of its own', async () => {
    const [feed] = await service.stores.feeds.list();
    const press = (headers: Record<string, string>) =>
      get(`/feeds/${feed?._id}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: 'action=pause',
      });
    expect((await press({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await press({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await press({ origin: 'null' })).status).toBe(403);
    expect((await service.stores.feeds.list())[0]?.status).toBe('active');
    expect((await press({ 'sec-fetch-site': 'same-origin' })).status).toBe(303);
    expect((await service.stores.feeds.list())[0]?.status).toBe('paused');
    const { port } = new URL(dashboard.url);
    const { request } = await import('node:http');
    const status = await new Promise((resolve) =>
      request({ host: '127.0.0.1', port, path: '/', headers: { host: 'evil.example' } }, (r) =>
        resolve(r.resume().statusCode),
      ).end(),
    );
    expect(status).toBe(421);
  });

  test('a quarantined article – put back by its button, and by the one for all', async () => {
    const [before] = await service.stores.catalog.quarantined({ limit: 1 });
    for (const body of [`id=${before?._id}`, 'action=retry-all']) {
      await get('/quarantine', {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      });
      expect(await service.stores.catalog.quarantined({ limit: 1 })).toEqual([]);
      const reason = { stage: 'fetch-article', code: 'TIMEOUT', message: '' };
      await service.stores.articles.quarantine(before?._id ?? '', reason, new Date());
      expect(await service.stores.catalog.quarantined({ limit: 1 })).toHaveLength(1);
    }
  });
});

describe('with a token', () => {
  let dashboard: Dashboard;
  beforeAll(async () => {
    dashboard = await startDashboard(await testService({ KHABAR_TOKEN: TOKEN }));
  });
  afterAll(() => dashboard.close());

  test.each([
    '/',
    '/overview',
    '/articles',
    '/feeds',
    '/quarantine',
    '/queues/',
    '/queues/api/queues',
    '/metrics',
    '/healthz',
    '/readyz',
    '/api/articles',
    '/api/overview',
    '/nowhere',
  ])('%s needs it', async (path) => {
    expect((await fetch(dashboard.url + path)).status).toBe(401);
    expect((await fetch(dashboard.url + path, { headers: { authorization: 'Bearer wrong-wrong-wrong' } })).status).toBe(
      401,
    );
    expect((await fetch(dashboard.url + path, { headers: { authorization: `Bearer ${TOKEN}` } })).status).not.toBe(401);
  });

  test('a browser signs in once', async () => {
    const form = (token: string) =>
      fetch(`${dashboard.url}/login`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ token }).toString(),
      });
    const asked = await fetch(dashboard.url, { headers: { accept: 'text/html' } });
    const page = await asked.text();
    expect(page).toContain('Sign in');
    for (const [, asset] of page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g))
      expect((await fetch(dashboard.url + asset)).status, asset).toBe(200);
    expect((await form('wrong')).status).toBe(401);
    const signedIn = await form(TOKEN);
    expect(signedIn.status).toBe(303);
    const cookie = signedIn.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect((await fetch(dashboard.url, { headers: { cookie: cookie.split(';')[0] ?? '' } })).status).toBe(200);
  });
});
