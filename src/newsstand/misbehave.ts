import type { IncomingMessage, ServerResponse } from 'node:http';
import { CONTENT_TYPES, type FeedItem, renderFeed } from './feeds.ts';
import { writeArticle } from './generate.ts';
import { type Grammar, loadGrammar } from './grammar.ts';
import type { Content, OutletSpec } from './model.ts';
import { renderArticle, renderFront } from './pages.ts';
import { randomFrom } from './random.ts';
import { encodeMarkup, type Reply, send } from './reply.ts';

/** `hit` counts the requests of this path, from 1. */
export type Route = (request: IncomingMessage, response: ServerResponse, hit: number) => void;

/**
 * What a well-behaved reader makes of a case: `article` (it is read in the end), `gone`, `missing`, `forbidden` (never
 * asked for), `not-an-article`, `too-large`, or `unreadable` (given up after retries).
 */
export type Expectation = 'article' | 'gone' | 'missing' | 'forbidden' | 'not-an-article' | 'too-large' | 'unreadable';

export interface Case {
  name: string;
  url: string;
  expect: Expectation;
}

/** A feed that misbehaves; `entries` are the article addresses a reader finds in it in the end. */
export interface FeedCase {
  name: string;
  url: string;
  entries: string[];
}

export interface Misbehaving {
  outlet: OutletSpec;
  /** The feed that lists every misbehaving article. */
  feedUrl: string;
  articles: Case[];
  feeds: FeedCase[];
  routes: Map<string, Route>;
}

export const MISBEHAVING_OUTLET: OutletSpec = {
  id: 'misbehaving',
  name: 'The Unreliable Mercury',
  language: 'en',
  tagline: 'Every trouble a crawler meets, on one site',
  format: 'rss',
  encoding: 'utf-8',
  layout: 'article',
  addresses: 'numbered',
  utcOffset: '+00:00',
  menu: ['Trouble', 'More trouble'],
  colour: '#555555',
};

/** Requests that `throttled` and `flaky` refuse before they answer. */
const REFUSALS = { throttled: 2, flaky: 1 } as const;

/** Seconds named by Retry-After. */
const RETRY_AFTER_SECONDS = 1;

const HUGE_PAGE_BYTES = 12 * 1024 * 1024;

const HTML = 'text/html; charset=utf-8';
const ROBOTS = 'User-agent: *\nDisallow: /private/\n';

/** A site on which every feed and article has a trouble of its own. Texts come from the generator. */
export function createMisbehaving(siteUrl: string, seed: number, now: Date): Misbehaving {
  const outlet = MISBEHAVING_OUTLET;
  const grammars = { en: loadGrammar('en'), ar: loadGrammar('ar') };
  const routes = new Map<string, Route>();
  const at = (path: string) => new URL(path, siteUrl).href;
  const publishedAt = new Date(now.getTime() - 2 * 3_600_000);
  const site = { siteUrl, feedUrl: at('/feed.xml') };

  const write = (name: string, language: 'en' | 'ar' = 'en'): Content =>
    writeArticle(grammars[language] as Grammar, language, publishedAt, randomFrom(seed, 'misbehaving', name));
  const page = (path: string, content: Content, encoding = 'utf-8', language: 'en' | 'ar' = 'en'): Buffer =>
    encodeMarkup(
      renderArticle({
        ...site,
        outlet: { ...outlet, encoding, language },
        url: at(path),
        imageUrl: at('/images/1.svg'),
        content,
        publishedAt,
        related: [],
        mostRead: [],
        pages: [],
        page: 1,
      }),
      encoding,
    );
  const html = (path: string, content: Content): Reply => ({ contentType: HTML, body: page(path, content) });
  const item = (path: string, content: Content): FeedItem => ({ id: path, url: at(path), publishedAt, content });
  const feed = (items: readonly FeedItem[], encoding = 'utf-8'): Reply => ({
    contentType: `${CONTENT_TYPES.rss}; charset=utf-8`,
    body: encodeMarkup(renderFeed({ ...site, outlet: { ...outlet, encoding }, items }), encoding),
    lastModified: publishedAt,
  });
  const always =
    (make: () => Reply): Route =>
    (request, response) =>
      send(request, response, make());

  routes.set(
    '/robots.txt',
    always(() => plain(200, ROBOTS)),
  );

  // --- articles ---
  const listed: FeedItem[] = [];
  const articles: Case[] = [];
  const addArticle = (
    name: string,
    expect: Expectation,
    route: (path: string, content: Content) => Route,
    { path = `/story/${name}`, content = write(name) }: { path?: string; content?: Content } = {},
  ) => {
    routes.set(path, route(path, content));
    listed.push(item(path, content));
    articles.push({ name, url: at(path), expect });
  };
  const target = (path: string, content: Content, status: number): Route => {
    routes.set(
      `${path}-here`,
      always(() => html(`${path}-here`, content)),
    );
    return redirect(status, `${path}-here`);
  };
  const arabic = write('wrong-charset', 'ar');

  addArticle('plain', 'article', (path, content) => always(() => html(path, content)));
  addArticle('moved', 'article', (path, content) => target(path, content, 301));
  addArticle('found', 'article', (path, content) => target(path, content, 302));
  addArticle('gone', 'gone', () => always(() => plain(410, 'Gone')));
  addArticle('missing', 'missing', () => always(() => plain(404, 'Not found')));
  addArticle('throttled', 'article', (path, content) => throttled(() => html(path, content)));
  addArticle('flaky', 'article', (path, content) => flaky(() => html(path, content)));
  addArticle('stalled', 'unreadable', (path, content) => stalled(HTML, page(path, content)));
  addArticle('endless', 'too-large', (path, content) => endless(HTML, page(path, content)));
  addArticle('loop', 'unreadable', (path) => {
    routes.set(`${path}-back`, redirect(302, path));
    return redirect(302, `${path}-back`);
  });
  addArticle(
    'wrong-charset',
    'article',
    (path, content) => always(() => ({ contentType: HTML, body: page(path, content, 'windows-1256', 'ar') })),
    { content: arabic },
  );
  addArticle('forbidden', 'forbidden', (path, content) => always(() => html(path, content)), {
    path: '/private/forbidden',
  });
  addArticle('section-front', 'not-an-article', () =>
    always(() => ({
      contentType: HTML,
      body: Buffer.from(
        renderFront(
          outlet,
          site,
          'More trouble',
          listed.map(({ url, content }) => ({ url, title: content.title, lead: '' })),
        ),
      ),
    })),
  );
  addArticle('huge', 'too-large', (path, content) =>
    always(() => ({ contentType: HTML, body: pad(page(path, content), HUGE_PAGE_BYTES) })),
  );
  routes.set(
    '/feed.xml',
    always(() => feed(listed)),
  );

  // --- feeds, each with two articles of its own ---
  const feeds: FeedCase[] = [];
  const addFeed = (name: string, route: (path: string, items: FeedItem[]) => Route, read: 'all' | 'first' | 'none') => {
    const items = [1, 2].map((number) => {
      const path = `/story/of-${name}-${number}`;
      const content = write(`${name}-${number}`, name === 'wrong-charset' ? 'ar' : 'en');
      routes.set(
        path,
        always(() => html(path, content)),
      );
      return item(path, content);
    });
    const path = `/feeds/${name}.xml`;
    routes.set(path, route(path, items));
    const found = read === 'all' ? items : read === 'first' ? items.slice(0, 1) : [];
    feeds.push({ name, url: at(path), entries: found.map(({ url }) => url) });
  };
  const movedFeed =
    (status: number) =>
    (path: string, items: FeedItem[]): Route => {
      const here = path.replace('.xml', '-here.xml');
      routes.set(
        here,
        always(() => feed(items)),
      );
      return redirect(status, here);
    };
  const XML = CONTENT_TYPES.rss;

  addFeed('moved', movedFeed(301), 'all');
  addFeed('found', movedFeed(302), 'all');
  addFeed('gone', () => always(() => plain(410, 'Gone')), 'none');
  addFeed('missing', () => always(() => plain(404, 'Not found')), 'none');
  addFeed('throttled', (_path, items) => throttled(() => feed(items)), 'all');
  addFeed('flaky', (_path, items) => flaky(() => feed(items)), 'all');
  addFeed('stalled', (_path, items) => stalled(XML, feed(items).body), 'none');
  addFeed('endless', (_path, items) => endless(XML, feed(items).body), 'none');
  addFeed(
    'loop',
    (path) => {
      const back = path.replace('.xml', '-back.xml');
      routes.set(back, redirect(302, path));
      return redirect(302, back);
    },
    'none',
  );
  addFeed('wrong-charset', (_path, items) => always(() => feed(items, 'windows-1256')), 'all');
  addFeed('truncated', (_path, items) => always(() => cutInLastItem(feed(items))), 'first');
  addFeed(
    'html',
    () => always(() => ({ contentType: HTML, body: Buffer.from(renderFront(outlet, site, undefined, [])) })),
    'none',
  );
  addFeed(
    'duplicates',
    // Both entries twice, and all four under one guid: links, not guids, must tell them apart.
    (_path, items) => always(() => feed([...items, ...items].map((entry) => ({ ...entry, id: 'the-same-guid' })))),
    'all',
  );

  return { outlet, feedUrl: site.feedUrl, articles, feeds, routes };
}

function plain(status: number, text: string): Reply {
  return { status, contentType: 'text/plain; charset=utf-8', body: Buffer.from(text) };
}

function redirect(status: number, location: string): Route {
  return (request, response) => send(request, response, { ...plain(status, ''), headers: { location } });
}

function throttled(make: () => Reply): Route {
  return (request, response, hit) =>
    send(
      request,
      response,
      hit <= REFUSALS.throttled
        ? { ...plain(429, 'Too many requests'), headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } }
        : make(),
    );
}

function flaky(make: () => Reply): Route {
  return (request, response, hit) =>
    send(request, response, hit <= REFUSALS.flaky ? plain(500, 'Internal error') : make());
}

/** Sends the first half, then nothing, and never ends. */
function stalled(contentType: string, body: Buffer): Route {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': contentType });
    response.write(body.subarray(0, Math.floor(body.length / 2)));
  };
}

/** Sends `body`, then blank lines for as long as the client reads. */
function endless(contentType: string, body: Buffer): Route {
  const filler = Buffer.alloc(64 * 1024, '\n');
  return (_request, response) => {
    response.writeHead(200, { 'content-type': contentType });
    const more = () => {
      if (!response.destroyed) response.write(filler, () => setImmediate(more));
    };
    response.write(body, more);
  };
}

function cutInLastItem(reply: Reply): Reply {
  return { ...reply, body: reply.body.subarray(0, reply.body.lastIndexOf('<description>') + 40) };
}

/** `html` made `bytes` long by a script of data before `</body>`, as pages with inlined state are. */
function pad(html: Buffer, bytes: number): Buffer {
  const end = html.lastIndexOf('</body>');
  const open = Buffer.from('<script type="application/json">"');
  const close = Buffer.from('"</script>');
  const filler = Buffer.alloc(bytes - html.length - open.length - close.length, 'x');
  return Buffer.concat([html.subarray(0, end), open, filler, close, html.subarray(end)]);
}
