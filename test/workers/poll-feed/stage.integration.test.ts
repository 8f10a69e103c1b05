import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectRedis } from '../../../src/queues/connection.ts';
import { pipeline } from '../../../src/queues/pipeline.ts';
import { Producer } from '../../../src/queues/producer.ts';
import { createWorker } from '../../../src/queues/worker.ts';
import { openDoor } from '../../../src/service.ts';
import { createLogger } from '../../../src/shared/logger.ts';
import { Metrics } from '../../../src/shared/metrics.ts';
import type { FeedRecord } from '../../../src/shared/model.ts';
import { closeAfterFile } from '../../support/closing.ts';
import { type Item, rss, sends } from '../../support/feed-site.ts';
import { type Handler, type MisbehavingSite, startMisbehavingSite } from '../../support/misbehaving-site.ts';
import { testRedisUrl, uniqueName } from '../../support/servers.ts';
import { type Bench, stageBench } from '../../support/stages.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let site: MisbehavingSite;
let bench: Bench;
beforeAll(async () => {
  site = await startMisbehavingSite();
  bench = await stageBench();
});
afterAll(() => site.close());

let made = 0;
/** A path of its own for each test, and a subscription to it. */
async function subscribe(handler: Handler): Promise<{ path: string; id: string }> {
  const path = `/feed-${++made}.xml`;
  site.route(path, handler);
  return { path, id: await subscribeTo(site.origin + path) };
}
async function subscribeTo(url: string): Promise<string> {
  await bench.deps.stores.feeds.add({ url, folders: [] }, bench.clock.now);
  return (await bench.deps.stores.feeds.find(url))?._id ?? '';
}
const poll = (id: string) => bench.run('poll-feed', { feedId: id });
async function read(id: string): Promise<FeedRecord> {
  const feed = await bench.deps.stores.feeds.get(id);
  if (!feed) throw new Error('the feed is gone');
  return feed;
}
const link = (name: string) => `${site.origin}/news/${name}-${made}.html`;
const requestsFor = (path: string) => site.seen.filter((request) => request.path === path);

test.each(['http://', 'mailto:desk@news.example', 'news:1', '//'])(
  'a link that leads nowhere, %s – costs its entry its page and the others nothing',
  async (bad) => {
    const { id } = await subscribe(
      sends(() =>
        rss([
          { title: 'خبر بلا صفحة', link: bad },
          { title: 'خبر له صفحة', link: link('has-page') },
        ]),
      ),
    );
    expect(await poll(id)).toMatchObject({ outcome: 'polled', facts: { fresh: 2 } });
    const { url } = await read(id);
    const { articles } = await bench.deps.stores.catalog.list({ limit: 200 }, bench.clock.now);
    const own = articles.filter(({ feeds }) => feeds[0]?.feedId === id);
    expect(own.map((article) => article.url).sort()).toEqual([link('has-page'), url].sort());
  },
);

test('a feed, and an entry, larger than the database takes – are cut, and cost the others nothing', async () => {
  const [huge, long] = ['خ'.repeat(800_000), 'خ'.repeat(100_000)];
  const items = [
    { id: '1', url: link('small'), title: 'خبر صغير' },
    { id: '2', url: link('large'), title: huge, summary: huge, tags: [huge], authors: [{ name: huge }] },
    { id: '3', url: `${link('long')}?${'x'.repeat(6_000_000)}`, title: 'خبر عنوانه طويل' },
  ];
  const { id } = await subscribe(
    sends(() => JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: long, language: long, items }), {
      'content-type': 'application/feed+json',
    }),
  );
  const { outcome, facts, emit = [] } = await poll(id);
  expect([outcome, facts?.fresh]).toEqual(['polled', 3]);
  const { title = '', language = '' } = await read(id);
  expect(Math.max(title.length, language.length)).toBeLessThanOrEqual(2_000);
  const article = await bench.deps.stores.articles.get(emit[0]?.articleId ?? '');
  expect(article?.source.name).toBe(title);
});

describe('validators', () => {
  test('a 304 – nothing is read, the validators stay and the next poll is planned', async () => {
    const { path, id } = await subscribe((request, response) => {
      if (request.headers['if-none-match'] === '"one"') response.writeHead(304).end();
      else
        sends(() => rss([{ title: 'افتتاح المكتبة الجديدة', link: link('a') }]), {
          etag: '"one"',
          'last-modified': 'Mon, 01 Jun 2026 08:00:00 GMT',
        })(request, response, path);
    });
    expect(await poll(id)).toMatchObject({ outcome: 'polled', facts: { entries: 1, fresh: 1 } });
    bench.clock.advance(6 * HOUR);
    expect(await poll(id)).toMatchObject({ outcome: 'not-modified' });
    expect(requestsFor(path)[1]?.headers).toMatchObject({
      'if-none-match': '"one"',
      'if-modified-since': 'Mon, 01 Jun 2026 08:00:00 GMT',
    });
    const feed = await read(id);
    expect(feed).toMatchObject({ etag: '"one"', polls: 2, entriesSeen: 1, lastOutcome: 'not-modified' });
    expect(feed.nextPollAt.getTime()).toBeGreaterThan(bench.clock.now.getTime());
  });

  test('the same body without validators – unchanged, and no entry is looked at again', async () => {
    const { path, id } = await subscribe(sends(() => rss([{ title: 'خبر واحد', link: link('same') }])));
    expect((await poll(id)).outcome).toBe('polled');
    expect(await poll(id)).toMatchObject({ outcome: 'unchanged' });
    expect(requestsFor(path)[1]?.headers).not.toHaveProperty('if-none-match');
    expect(await read(id)).toMatchObject({ lastOutcome: 'unchanged', entriesSeen: 1 });
  });

  test('a document cut short – its whole entries are taken, but no ETag, so the rest is read next time', async () => {
    const first = { title: 'الخبر الأول في الصفحة', link: link('whole') };
    const second = { title: 'الخبر الثاني في الصفحة', link: link('cut') };
    let whole = false;
    const { path, id } = await subscribe((request, response) =>
      sends(() => (whole ? rss([first, second]) : rss([first], `<item><title>${second.title}`)), { etag: '"v1"' })(
        request,
        response,
        path,
      ),
    );
    expect(await poll(id)).toMatchObject({ outcome: 'polled', facts: { fresh: 1 } });
    const cut = await read(id);
    expect(cut.etag).toBeUndefined();
    expect(cut.bodyHash).toBeUndefined();
    whole = true;
    expect(await poll(id)).toMatchObject({ outcome: 'polled', facts: { entries: 2, fresh: 1 } });
    expect(requestsFor(path)[1]?.headers).not.toHaveProperty('if-none-match');
    expect(await read(id)).toMatchObject({ etag: '"v1"' });
  });

  test('a server that stops sending validators – the old ones are not sent for ever', async () => {
    let edition = 1;
    const { path, id } = await subscribe((request, response) =>
      sends(
        () => rss([{ title: `طبعة ${edition}`, link: link(`edition-${edition}`) }]),
        edition === 1 ? { etag: '"old"' } : {},
      )(request, response, path),
    );
    await poll(id);
    edition = 2;
    await poll(id);
    const feed = await read(id);
    expect(feed.etag).toBeUndefined();
    expect(feed.lastModified).toBeUndefined();
  });
});

describe('failures', () => {
  test.each([
    ['/no-such-feed', 'failed', 'HTTP_404', 0.5],
    ['/gone', 'failed', 'HTTP_410', 1],
    ['/forbidden', 'failed', 'HTTP_403', 0.5],
    ['/unavailable', 'failed', 'HTTP_5XX', 0.25],
    ['/stalled-headers', 'failed', 'TIMEOUT', 0.25],
    ['/reset', 'failed', 'CONNECTION_RESET', 0.25],
    ['/redirect-loop', 'failed', 'REDIRECT_LOOP', 0.5],
    ['/redirect-metadata', 'failed', 'ADDRESS_FORBIDDEN', 1],
    ['/unknown-encoding', 'failed', 'UNKNOWN_ENCODING', 0.5],
    ['/news', 'failed', 'NOT_A_FEED', 1],
  ])('%s – %s, %s', async (path, outcome, code, weight) => {
    const id = await subscribeTo(site.origin + path);
    const { config, door } = bench.deps;
    const hasty = openDoor({ ...config, KHABAR_FETCH_DEADLINE_MS: 300 });
    if (code === 'TIMEOUT') bench.deps.door = hasty;
    expect(await poll(id)).toMatchObject({ outcome, facts: { code } });
    bench.deps.door = door;
    await hasty.close();
    const feed = await read(id);
    expect(feed).toMatchObject({
      status: 'active',
      lastOutcome: outcome,
      lastError: { code, message: expect.stringMatching(/./), at: bench.clock.now },
      schedule: { failures: weight },
      // Never read before: an hour, without jitter.
      nextPollAt: new Date(bench.clock.now.getTime() + HOUR),
    });
  });

  test('failures in a row – the feed waits longer each time, up to a day, and one answer makes it good again', async () => {
    let works = false;
    const { id } = await subscribe((request, response, path) =>
      works ? sends(() => rss([]))(request, response, path) : void response.writeHead(404).end(),
    );
    const waits: number[] = [];
    for (let i = 0; i < 60; i++) {
      await poll(id);
      const { nextPollAt } = await read(id);
      waits.push((nextPollAt.getTime() - bench.clock.now.getTime()) / HOUR);
      bench.clock.now = nextPollAt;
    }
    expect(waits.slice(0, 6)).toEqual([1, 1, 1.5, 2, 2.5, 3]);
    expect(Math.max(...waits)).toBe(24);
    works = true;
    expect((await poll(id)).outcome).toBe('polled');
    const feed = await read(id);
    expect(feed.lastError).toBeUndefined();
    expect(feed.schedule).toMatchObject({ failures: 0 });
    expect(feed.schedule?.failingSince).toBeUndefined();
  });

  test('429 with Retry-After – throttled, and not asked before the server says', async () => {
    const host = await startMisbehavingSite();
    closeAfterFile(() => host.close());
    host.route('/feed', (_request, response) => void response.writeHead(429, { 'retry-after': '7200' }).end());
    const id = await subscribeTo(`${host.origin}/feed`);
    expect(await poll(id)).toMatchObject({ outcome: 'throttled', facts: { code: 'HTTP_429' } });
    const feed = await read(id);
    expect(feed).toMatchObject({ lastOutcome: 'throttled', lastError: { code: 'HTTP_429' } });
    expect(feed.nextPollAt.getTime() - bench.clock.now.getTime()).toBe(2 * HOUR);
    // The whole host is left alone: the feed beside it waits, and that is no fault of its own.
    const beside = await subscribeTo(`${host.origin}/beside`);
    await expect(poll(beside)).rejects.toMatchObject({ code: 'HOST_BUSY' });
    expect(await read(beside)).not.toHaveProperty('lastError');
  });

  test('410 on three polls over three days – parked; when it comes back – active again', async () => {
    let gone = true;
    const { id } = await subscribe((request, response, path) =>
      gone
        ? void response.writeHead(410).end()
        : sends(() => rss([{ title: 'عدنا', link: link('back') }]))(request, response, path),
    );
    for (const days of [1.5, 1.5, 0]) {
      expect((await read(id)).status).toBe('active');
      await poll(id);
      bench.clock.advance(days * DAY);
    }
    expect(await read(id)).toMatchObject({ status: 'parked', lastError: { code: 'HTTP_410' } });
    expect((await read(id)).nextPollAt.getTime() - bench.clock.now.getTime()).toBe(7 * DAY);
    gone = false;
    bench.clock.advance(7 * DAY);
    expect((await poll(id)).outcome).toBe('polled');
    expect(await read(id)).toMatchObject({ status: 'active' });
  });

  test('an error nobody foresaw – kept on the feed through quarantine, and its claim ends', async () => {
    const broken = await stageBench();
    const { stores } = broken.deps;
    site.route(
      '/unforeseen',
      sends(() => rss([{ title: 'خبر' }])),
    );
    await stores.feeds.add({ url: `${site.origin}/unforeseen`, folders: [] }, broken.clock.now);
    const [feedId = ''] = await stores.feeds.claimDue(broken.clock.now, DAY, 10);
    let looks = 0;
    const now = () => {
      if (++looks === 1) throw new RangeError('a clock that is broken once');
      return broken.clock.now;
    };
    const connection = connectRedis(testRedisUrl(), 'worker');
    const prefix = uniqueName('poll');
    const producer = new Producer(connection, prefix, { 'poll-feed': 1 } as never, 50);
    const station = pipeline.find(({ stage }) => stage.name === 'poll-feed');
    if (!station) throw new Error('no poll-feed');
    const worker = createWorker({
      station,
      deps: { ...broken.deps, now },
      producer,
      connection,
      prefix,
      lockMs: 5_000,
      log: createLogger('silent'),
      metrics: new Metrics(),
    });
    const failed = once(worker, 'failed');
    await producer.enqueue('poll-feed', [{ feedId }]);
    await failed;
    const feed = await stores.feeds.get(feedId);
    expect(feed).toMatchObject({ lastOutcome: 'failed', lastError: { code: 'BUG' }, polls: 1 });
    expect(feed).not.toHaveProperty('claim');
    await worker.close();
    await producer.close();
    connection.disconnect();
  });
});

describe('permanent redirects', () => {
  test('a 301 chain – saved after five polls over two days, not before', async () => {
    site.route(
      '/moved-to.xml',
      sends(() => rss([{ title: 'خبر من العنوان الجديد', link: link('moved') }])),
    );
    site.route(
      '/moved-half.xml',
      (_request, response) => void response.writeHead(308, { location: '/moved-to.xml' }).end(),
    );
    const { id, path } = await subscribe(
      (_request, response) => void response.writeHead(301, { location: '/moved-half.xml' }).end(),
    );
    for (let i = 0; i < 5; i++) {
      expect((await read(id)).url).toBe(site.origin + path);
      await poll(id);
      bench.clock.advance(12 * HOUR);
    }
    const feed = await read(id);
    expect(feed).toMatchObject({ url: `${site.origin}/moved-to.xml`, lastOutcome: 'unchanged' });
    expect(feed.schedule?.moved).toBeUndefined();
  });

  test('a temporary redirect in the chain – nothing is saved', async () => {
    site.route(
      '/now-here.xml',
      sends(() => rss([])),
    );
    const { id, path } = await subscribe(
      (_request, response) => void response.writeHead(302, { location: '/now-here.xml' }).end(),
    );
    for (let i = 0; i < 7; i++) {
      await poll(id);
      bench.clock.advance(DAY);
    }
    const feed = await read(id);
    expect(feed.url).toBe(site.origin + path);
    expect(feed.schedule?.moved).toBeUndefined();
  });

  test('a move to an address that is subscribed already – proposed, not saved', async () => {
    const target = `${site.origin}/both.xml`;
    site.route(
      '/both.xml',
      sends(() => rss([])),
    );
    await subscribeTo(target);
    const { id, path } = await subscribe(
      (_request, response) => void response.writeHead(301, { location: '/both.xml' }).end(),
    );
    for (let i = 0; i < 6; i++) {
      await poll(id);
      bench.clock.advance(12 * HOUR);
    }
    expect(await read(id)).toMatchObject({ url: site.origin + path, proposedUrl: target });
  });
});

describe('an index of sitemaps', () => {
  const day = (ago: number) => new Date(bench.clock.now.getTime() - ago * DAY).toISOString();
  const xml = (root: string, parts: string[]) =>
    `<?xml version="1.0"?><${root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">${parts.join('')}</${root}>`;
  const story = (name: string, ago: number) =>
    `<url><loc>${link(name)}</loc><news:news><news:publication><news:name>جريدة الميناء</news:name></news:publication><news:publication_date>${day(ago)}</news:publication_date><news:title>خبر ${name}</news:title></news:news></url>`;

  test('its fresh sitemaps are read as one feed, and again only when they have changed', async () => {
    const { path, id } = await subscribe((_request, response) => void response.end(xml('sitemapindex', index)));
    const part = (name: string) => `${path}-${name}`;
    const named = (name: string, updatedAt?: string) =>
      `<sitemap><loc>${site.origin}${part(name)}</loc>${updatedAt ? `<lastmod>${updatedAt}</lastmod>` : ''}</sitemap>`;
    let index = [named('posts', day(1)), named('archive', day(400)), named('broken', day(2)), named('daily')];
    let stories = [story('one', 0.1)];
    site.route(part('daily'), (request, response) => {
      const etag = `"${stories.length}"`;
      if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
      else response.writeHead(200, { etag }).end(xml('urlset', stories));
    });
    site.route(
      part('posts'),
      sends(() =>
        xml('urlset', [
          `<url><loc>${link('post')}</loc><lastmod>${day(1)}</lastmod></url>`,
          `<url><loc>${link('long-ago')}</loc><lastmod>${day(300)}</lastmod></url>`,
        ]),
      ),
    );

    expect(await poll(id)).toMatchObject({ outcome: 'polled', facts: { entries: 2, fresh: 2 } });
    expect(requestsFor(part('archive'))).toEqual([]);
    const feed = await read(id);
    expect(feed).toMatchObject({ title: 'جريدة الميناء', entriesSeen: 2 });
    expect(feed.sitemaps?.map(({ url }) => url)).toEqual([part('posts'), part('daily')].map((p) => site.origin + p));
    expect(feed).not.toHaveProperty('bodyHash');

    expect(await poll(id)).toMatchObject({ outcome: 'unchanged' });
    expect([requestsFor(part('posts')).length, requestsFor(part('daily')).length]).toEqual([1, 2]);

    stories = [story('two', 0), ...stories];
    expect(await poll(id)).toMatchObject({ outcome: 'polled', facts: { entries: 2, fresh: 1 } });

    index = [named('broken')];
    expect(await poll(id)).toMatchObject({ outcome: 'failed', facts: { code: 'HTTP_404' } });
  });
});

describe('a feed that has changed while its job waited', () => {
  test('unsubscribed – nothing is fetched', async () => {
    const { id, path } = await subscribe(sends(() => rss([])));
    await bench.deps.stores.feeds.remove(id, bench.clock.now);
    expect(await poll(id)).toEqual({ outcome: 'unsubscribed' });
    expect(requestsFor(path)).toEqual([]);
  });

  test('paused – nothing is fetched, and it stays paused', async () => {
    const { id, path } = await subscribe(sends(() => rss([])));
    await bench.deps.stores.feeds.setStatus(id, 'paused', bench.clock.now);
    expect(await poll(id)).toEqual({ outcome: 'paused' });
    expect(requestsFor(path)).toEqual([]);
    expect(await read(id)).toMatchObject({ status: 'paused', polls: 0 });
  });

  test('paused while its poll was under way – it stays paused', async () => {
    const { id } = await subscribe((request, response, path) => {
      void bench.deps.stores.feeds
        .setStatus(id, 'paused', bench.clock.now)
        .then(() => sends(() => rss([]))(request, response, path));
    });
    await poll(id);
    expect(await read(id)).toMatchObject({ status: 'paused', polls: 1 });
  });
});

describe('entries', () => {
  test('a poll that ends between storing and settling – the next one counts what it stored, once', async () => {
    const items = [1, 2, 3].map((n) => ({ title: `خبر من الميناء رقم ${n}`, link: link(`uncounted-${n}`) }));
    const { id } = await subscribe(sends(() => rss(items)));
    const { random } = bench.deps;
    bench.deps.random = () => {
      throw new Error('ends while the next poll is planned');
    };
    await expect(poll(id)).rejects.toThrow('ends while');
    bench.deps.random = random;
    bench.clock.advance(MINUTE);
    const { facts, emit } = await poll(id);
    expect([facts?.fresh, emit?.length]).toEqual([0, 3]);
    expect(await read(id)).toMatchObject({ entriesSeen: 3, lastNewAt: bench.clock.now });
    bench.clock.advance(MINUTE);
    items.push({ title: 'خبر رابع من الميناء', link: link('uncounted-4') });
    await poll(id);
    expect(await read(id)).toMatchObject({ entriesSeen: 4 });
  });

  test('an entry without a link – published from its own text', async () => {
    const text = 'افتتحت المدينة مكتبتها الجديدة في الميناء القديم بحضور جمع كبير من القراء. '.repeat(4);
    const { id } = await subscribe(
      sends(() =>
        rss([
          {
            title: 'افتتاح المكتبة الجديدة في الميناء',
            guid: 'entry-without-a-page',
            text: `&lt;p&gt;${text}&lt;/p&gt;`,
          },
        ]),
      ),
    );
    expect(await bench.runOn('poll-feed', { feedId: id })).toEqual([
      'poll-feed polled',
      'fetch-article fetched',
      'extract-article extracted',
      'dedupe unique',
      'extract-entities enriched',
      'publish-article published',
    ]);
    const article = await bench.deps.stores.articles.find(`entry:${id} g:entry-without-a-page`);
    expect(article).toMatchObject({ state: 'published', title: 'افتتاح المكتبة الجديدة في الميناء', lang: 'ar' });
    expect(article?.text).toContain('بحضور جمع كبير من القراء');
  });

  test('more new entries than a feed may bring on one day – the others wait for the next, and the feed says so', async () => {
    const { config } = bench.deps;
    bench.deps.config = { ...config, KHABAR_FEED_DAILY_ENTRIES: 3 };
    const flood = Array.from({ length: 5 }, (_, n) => ({
      title: `خبر من سيل الأخبار ${n}`,
      link: link(`flood-${n}`),
      at: bench.clock.now,
    }));
    const { id } = await subscribe(sends(() => rss(flood), { etag: '"flood"' }));
    const message = expect.stringMatching(/^2 new entries wait/);
    try {
      expect(await poll(id)).toMatchObject({ outcome: 'polled', facts: { entries: 5, fresh: 3, left: 2 } });
      expect(await read(id)).toMatchObject({
        lastOutcome: 'polled',
        lastError: { code: 'TOO_MANY_ENTRIES', message },
        entriesSeen: 3,
      });
      expect(await poll(id)).toMatchObject({ outcome: 'polled', facts: { fresh: 0, left: 2 } });
      expect(await read(id)).toMatchObject({ lastError: { code: 'TOO_MANY_ENTRIES' }, entriesSeen: 3 });
      bench.clock.advance(DAY);
      expect(await poll(id)).toMatchObject({ outcome: 'polled', facts: { fresh: 2 } });
      expect(await read(id)).toMatchObject({ entriesSeen: 5, etag: '"flood"' });
      expect(await read(id)).not.toHaveProperty('lastError');
    } finally {
      bench.deps.config = config;
    }
  });

  test('two feeds with one entry – one article that names both', async () => {
    const shared = { title: 'خبر في صفحتين من الموقع', link: link('shared') };
    const { id: first } = await subscribe(sends(() => rss([shared])));
    const { id: second } = await subscribe(
      sends(() => rss([{ ...shared, link: `${shared.link}?utm_source=rss`, title: 'عنوان آخر للخبر نفسه' }])),
    );
    const { emit } = await poll(first);
    expect(emit).toHaveLength(1);
    // Not fetched yet, so the second feed's poll enqueues it as well; the queue drops the repeat.
    expect((await poll(second)).emit).toEqual(emit);
    const article = await bench.deps.stores.articles.get(emit?.[0]?.articleId ?? '');
    expect(article?.feeds.map(({ feedId }) => feedId)).toEqual([first, second]);
    expect(await read(second)).toMatchObject({ entriesSeen: 0 });
  });

  test('a feed that gives everything new names and addresses – held, and only the news is fetched', async () => {
    const day = (n: number) => new Date(bench.clock.now.getTime() - n * DAY);
    const entry = (n: number, style: string) => ({
      title: `الخبر رقم ${'ابجدهوزحطيكلمنسعفصقر'[n]} من الأرشيف ${style}`,
      link: link(`${style}-${n}`),
      guid: `${style}-${n}`,
      at: day(n + 2),
    });
    let items: Item[] = Array.from({ length: 20 }, (_, n) => entry(n, 'قديم'));
    const { id } = await subscribe(sends(() => rss(items)));
    expect((await poll(id)).emit).toHaveLength(20);
    bench.clock.advance(HOUR);
    items = [
      { title: 'خبر جديد حقا من هذا الصباح', link: link('today'), guid: 'today', at: bench.clock.now },
      ...Array.from({ length: 20 }, (_, n) => entry(n, 'مجدد')),
    ];
    const { emit = [] } = await poll(id);
    const news = await bench.deps.stores.articles.get(emit[0]?.articleId ?? '');
    expect(news?.entry.title).toBe('خبر جديد حقا من هذا الصباح');
    const held = await Promise.all(
      items.slice(1).map(({ link }) => bench.deps.stores.articles.find(link?.replace('http:', 'https:') ?? '')),
    );
    expect(emit.filter(({ articleId }) => held.some((article) => article?._id === articleId))).toEqual([]);
  });
});
