import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDoor, createRobots, type Door } from '../../../src/shared/http/index.ts';
import { findFeeds } from '../../../src/workers/poll-feed/find-feeds.ts';
import { rss, sends } from '../../support/feed-site.ts';
import { type MisbehavingSite, startMisbehavingSite } from '../../support/misbehaving-site.ts';

const NEWS_SITEMAP = `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://news.example/1</loc><news:news><news:publication><news:name>الميناء</news:name><news:language>ar</news:language></news:publication><news:publication_date>2026-06-01</news:publication_date><news:title>افتتاح المكتبة</news:title></news:news></url></urlset>`;
const PLAIN_SITEMAP =
  '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://news.example/about</loc></url></urlset>';

let site: MisbehavingSite;
let door: Door;
beforeAll(() => {
  const userAgent = 'Khabar/0.1 (+https://khabar.example/bot)';
  door = createDoor({ userAgent, allowAddresses: ['127.0.0.1'], robots: createRobots({ userAgent }) });
});
afterAll(() => door.close());
// A site of its own for each test, for what robots.txt says is remembered.
beforeEach(async () => {
  site = await startMisbehavingSite();
  return () => site.close();
});

const feed = (title = 'خبر') => sends(() => rss([{ title, link: `${site.origin}/1` }]));
const page = (path: string, head: string, body = '') =>
  site.route(path, (_request, response) =>
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      .end(`<!doctype html><html><head><title>الميناء</title>${head}</head><body>${body}</body></html>`),
  );
const asked = () => site.seen.map(({ path }) => path);

test('a feed – itself, and nothing else is asked', async () => {
  site.route('/feed', feed());
  expect(await findFeeds(`${site.origin}/feed`, door)).toEqual([
    { url: `${site.origin}/feed`, title: 'أخبار الميناء', kind: 'rss', entries: 1, source: 'given' },
  ]);
  expect(asked()).toEqual(['/feed']);
});

test.each([
  [301, '/feed'],
  [302, '/old-feed'],
])('a feed behind a %d – subscribed as %s', async (status, path) => {
  site.route('/feed', feed());
  site.route('/old-feed', (_request, response) => void response.writeHead(status, { location: '/feed' }).end());
  expect(await findFeeds(`${site.origin}/old-feed`, door)).toMatchObject([{ url: site.origin + path }]);
});

test('a page that names its feeds – those that can be read, comments last', async () => {
  page(
    '/',
    `<link rel="alternate" type="application/rss+xml" title="تعليقات" href="/comments/feed">
     <link rel="alternate" type="application/rss+xml" href="/broken">
     <link rel="alternate" type="application/rss+xml" href="/dead">
     <link rel="alternate" type="application/rss+xml" title="الأخبار" href="/news.rss">
     <link rel="alternate" type="application/rss+xml" href="/sport.rss">`,
  );
  site.route('/comments/feed', feed());
  site.route('/broken', (_request, response) => void response.writeHead(500).end());
  site.route('/news.rss', feed());
  site.route('/sport.rss', feed());
  const found = await findFeeds(`${site.origin}/`, door);
  expect(found.map(({ url }) => url)).toEqual(
    ['/news.rss', '/sport.rss', '/comments/feed'].map((path) => site.origin + path),
  );
  expect(found[0]).toMatchObject({ source: 'link', entries: 1 });
});

describe('a page that names none', () => {
  test('the usual place where one is – found there', async () => {
    page('/', '');
    site.route('/rss.xml', feed());
    expect(await findFeeds(`${site.origin}/`, door)).toMatchObject([{ url: `${site.origin}/rss.xml`, source: 'path' }]);
    expect(asked()).not.toContain('/atom.xml');
  });

  test('a usual place that robots.txt forbids – not asked', async () => {
    page('/', '');
    site.route(
      '/robots.txt',
      (_request, response) => void response.writeHead(200).end('User-agent: *\nDisallow: /feed\n'),
    );
    site.route('/feed', feed());
    await expect(findFeeds(`${site.origin}/`, door)).rejects.toMatchObject({ code: 'NO_FEED_FOUND' });
    expect(asked()).not.toContain('/feed');
  });

  test('news sitemaps of robots.txt – found through an index, a plain one is left out', async () => {
    page('/', '');
    site.route(
      '/robots.txt',
      (_request, response) =>
        void response
          .writeHead(200)
          .end(`User-agent: *\nAllow: /\nSitemap: ${site.origin}/map.xml\nSitemap: ${site.origin}/index.xml.gz`),
    );
    site.route(
      '/map.xml',
      sends(() => PLAIN_SITEMAP),
    );
    site.route(
      '/index.xml.gz',
      sends(
        () =>
          `<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>${site.origin}/map.xml</loc></sitemap><sitemap><loc>${site.origin}/news-map.xml</loc></sitemap></sitemapindex>`,
      ),
    );
    site.route(
      '/news-map.xml',
      sends(() => NEWS_SITEMAP),
    );
    expect(await findFeeds(`${site.origin}/`, door)).toMatchObject([
      { url: `${site.origin}/news-map.xml`, kind: 'sitemap', entries: 1, source: 'robots' },
    ]);
    // Asked for by its own address, the index is the feed.
    expect(await findFeeds(`${site.origin}/index.xml.gz`, door)).toMatchObject([
      { url: `${site.origin}/index.xml.gz`, kind: 'sitemap', entries: 1, source: 'given' },
      { url: `${site.origin}/news-map.xml`, source: 'robots' },
    ]);
  });

  test('nothing anywhere – NO_FEED_FOUND says what was tried', async () => {
    page('/about', '');
    await expect(findFeeds(`${site.origin}/about`, door)).rejects.toMatchObject({
      code: 'NO_FEED_FOUND',
      message: expect.stringContaining('HTTP_404'),
    });
  });
});

test.each([
  ['/nowhere', 'HTTP_404'],
  ['/unavailable', 'HTTP_5XX'],
  ['/throttled', 'HTTP_429'],
  ['/redirect-loop', 'REDIRECT_LOOP'],
  ['/redirect-metadata', 'ADDRESS_FORBIDDEN'],
  ['/reset', 'CONNECTION_RESET'],
])('an address that cannot be had, %s – %s', async (path, code) => {
  await expect(findFeeds(site.origin + path, door)).rejects.toMatchObject({ code });
});
