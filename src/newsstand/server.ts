import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { articleNumber, articlePath } from './addresses.ts';
import { buildCatalogue } from './catalogue.ts';
import { CONTENT_TYPES, renderFeed, renderOpml, summaryOf } from './feeds.ts';
import { type Carried, renderHome } from './home.ts';
import { type Case, createMisbehaving, type FeedCase, MISBEHAVING_OUTLET } from './misbehave.ts';
import type { Content, Edit, FeedFormat, Item, OutletSpec } from './model.ts';
import { renderAmp, renderArticle, renderFront } from './pages.ts';
import { ampPath, contentOf, furtherPaths, numberedPath, readRendition } from './renditions.ts';
import { encodeMarkup, type Reply, send } from './reply.ts';
import { loadSavedPages, type SavedPage } from './saved-pages.ts';

export interface NewsstandOptions {
  /** Port of the home page; the outlets take the ports after it. 0, the default: free ports for all. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Same seed, same generated articles. Default 1. */
  seed?: number;
  /** Generated articles beside the written ones. Default 0. */
  articles?: number;
  /** A folder whose *.html and *.html.gz files become the outlet `pages`. */
  pagesDir?: string;
  /** Adds the outlet `misbehaving`. */
  misbehave?: boolean;
  /** What articles are dated by. Default: the time of the call. */
  now?: Date;
  /** Told of every request answered. */
  log?: (line: { outletId: string; path: string; status: number }) => void;
}

export interface NewsstandOutlet {
  id: string;
  name: string;
  language: string;
  siteUrl: string;
  feedUrl: string;
  format: FeedFormat;
  encoding: string;
}

/** The truth about an article. Title, text and addresses are made on access and not kept. */
export interface NewsstandArticle {
  id: string;
  outletId: string;
  language: string;
  /** The event; copies, other texts on it and other languages share it. */
  storyId: string;
  /** Id of the article this one is a copy of, and how it was changed. */
  wireOf?: string;
  edit?: Edit;
  generated: boolean;
  /** ISO 8601. */
  publishedAt: string;
  /** As the feed links it. */
  readonly url: string;
  /** Without tracking parameters, as the page's own rel=canonical has it. */
  readonly canonicalUrl: string;
  readonly title: string;
  /** Paragraphs and cross-heads, one a line. */
  readonly text: string;
  /** Addresses beside its own that its text is spread over. */
  readonly furtherUrls: string[];
}

export interface NewsstandStats {
  requests: number;
  notModified: number;
  /** Requests by `<outletId><path and query>`; the home page's outlet id is `home`. */
  byPath: Record<string, number>;
}

export interface Newsstand {
  url: string;
  outlets: NewsstandOutlet[];
  articles: NewsstandArticle[];
  /** Saved pages, when a folder was given. */
  pages: { url: string; title: string; file: string }[];
  /** Cases of the outlet `misbehaving`, when asked for. */
  misbehaving?: { feedUrl: string; articles: Case[]; feeds: FeedCase[] };
  opml(): string;
  stats(): NewsstandStats;
  /** Requests for an address so far. */
  hits(url: string): number;
  close(): Promise<void>;
}

/** Answers a request, or says that there is nothing at its path. `hit` counts the path's requests, from 1. */
type Site = (request: IncomingMessage, response: ServerResponse, path: string, hit: number) => boolean;

const PAGES_OUTLET: OutletSpec = {
  id: 'pages',
  name: 'Saved pages',
  language: 'en',
  tagline: 'Pages of a folder',
  format: 'rss',
  encoding: 'utf-8',
  layout: 'article',
  addresses: 'numbered',
  utcOffset: '+00:00',
  menu: ['Pages'],
  colour: '#333333',
};

const HTML = 'text/html';

/** Articles on a home page or section front. */
const FRONT_ARTICLES = 30;

/**
 * A web of news outlets on loopback. Every outlet has a port, hence an origin, of its own, so that a crawler treats it
 * as a host of its own without any DNS.
 */
export async function startNewsstand(options: NewsstandOptions = {}): Promise<Newsstand> {
  const { port = 0, host = '127.0.0.1', seed = 1, articles: count = 0, now = new Date() } = options;
  const catalogue = buildCatalogue({ seed, count, now });
  const servers: Server[] = [];
  const hits = new Map<string, number>();
  let requests = 0;
  let notModified = 0;

  /** Opens the next port for a site that is made once its address is known. */
  const open = async (outletId: string, makeSite: (siteUrl: string) => Site): Promise<string> => {
    let site: Site | undefined;
    const server = createServer((request, response) => {
      const path = request.url ?? '/';
      const hit = (hits.get(outletId + path) ?? 0) + 1;
      hits.set(outletId + path, hit);
      requests++;
      response.on('finish', () => {
        if (response.statusCode === 304) notModified++;
        options.log?.({ outletId, path, status: response.statusCode });
      });
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        send(request, response, { status: 405, contentType: 'text/plain', body: Buffer.from('GET or HEAD only') });
      } else if (!site?.(request, response, path, hit)) {
        send(request, response, { status: 404, contentType: 'text/plain', body: Buffer.from('Not found') });
      }
    });
    await listen(server, port === 0 ? 0 : port + servers.length, host);
    servers.push(server);
    const siteUrl = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}/`;
    site = makeSite(siteUrl);
    return siteUrl;
  };

  const outlets: NewsstandOutlet[] = [];
  const articles: NewsstandArticle[] = [];
  const addOutlet = (spec: OutletSpec, siteUrl: string, feedUrl: string) => {
    const { id, name, language, format, encoding } = spec;
    outlets.push({ id, name, language, siteUrl, feedUrl, format, encoding });
  };
  let pages: SavedPage[] = [];
  let pagesUrl = '';
  let misbehaving: ReturnType<typeof createMisbehaving> | undefined;

  try {
    const url = await open('home', () => (request, response, path) => {
      const reply = homeReply(path);
      if (reply) send(request, response, reply);
      return reply !== undefined;
    });
    for (const spec of catalogue.outlets) {
      const items = catalogue.items.get(spec.id) ?? [];
      const siteUrl = await open(spec.id, (address) => outletSite(spec, address, items));
      addOutlet(spec, siteUrl, feedAddress(spec, siteUrl));
      for (const item of items) articles.push(tell(spec, siteUrl, item));
    }
    if (options.pagesDir !== undefined) {
      pages = loadSavedPages(options.pagesDir);
      pagesUrl = await open('pages', (address) => savedPagesSite(address, pages));
      addOutlet(PAGES_OUTLET, pagesUrl, feedAddress(PAGES_OUTLET, pagesUrl));
    }
    if (options.misbehave) {
      const siteUrl = await open('misbehaving', (address) => {
        const made = createMisbehaving(address, seed, now);
        misbehaving = made;
        return (request, response, path, hit) => {
          const route = made.routes.get(path);
          route?.(request, response, hit);
          return route !== undefined;
        };
      });
      addOutlet(MISBEHAVING_OUTLET, siteUrl, feedAddress(MISBEHAVING_OUTLET, siteUrl));
    }

    const opml = () =>
      renderOpml('Newsstand', [
        ...outlets,
        ...(misbehaving?.feeds ?? []).map(({ name, url }) => ({
          name: `${MISBEHAVING_OUTLET.name}: ${name}`,
          language: 'en',
          siteUrl: new URL('/', url).href,
          feedUrl: url,
        })),
      ]);

    function homeReply(path: string): Reply | undefined {
      switch (path) {
        case '/': {
          const carried = new Map<string, Carried>([
            ['pages', { count: pages.length, newest: pages[0]?.title }],
            ['misbehaving', { count: misbehaving?.articles.length ?? 0 }],
          ]);
          for (const [id, items] of catalogue.items) {
            carried.set(id, { count: items.length, newest: items[0]?.content().title });
          }
          return { contentType: 'text/html; charset=utf-8', body: Buffer.from(renderHome(outlets, carried)) };
        }
        case '/feeds.opml':
          return { contentType: 'text/x-opml; charset=utf-8', body: Buffer.from(opml()) };
        case '/truth.jsonl':
          return {
            contentType: 'application/jsonl; charset=utf-8',
            body: Buffer.concat(articles.map((article) => Buffer.from(`${JSON.stringify(article)}\n`))),
          };
        default:
          return undefined;
      }
    }

    return {
      url,
      outlets,
      articles,
      pages: pages.map(({ path, title, file }) => ({ url: new URL(path, pagesUrl).href, title, file })),
      ...(misbehaving && {
        misbehaving: { feedUrl: misbehaving.feedUrl, articles: misbehaving.articles, feeds: misbehaving.feeds },
      }),
      opml,
      stats: () => ({ requests, notModified, byPath: Object.fromEntries(hits) }),
      hits: (address) => {
        const { origin, pathname, search } = new URL(address);
        const outletId = outlets.find(({ siteUrl }) => siteUrl === `${origin}/`)?.id ?? 'home';
        return hits.get(outletId + pathname + search) ?? 0;
      },
      close: () => closeAll(servers),
    };
  } catch (error) {
    await closeAll(servers);
    throw error;
  }
}

// --- the sites -------------------------------------------------------------------------------------------------------

function outletSite(spec: OutletSpec, siteUrl: string, items: readonly Item[]): Site {
  const byNumber = new Map(items.map((item, index) => [item.number, index]));
  const feedUrl = feedAddress(spec, siteUrl);
  const feedPath = new URL(feedUrl).pathname;
  const newest = items[0]?.publishedAt;
  const linkTo = (item: Item) => ({
    title: item.content().title,
    url: new URL(articlePath(spec, item), siteUrl).href,
  });
  const feed = memo(() => renderFeedOf(spec, siteUrl, items));

  const reply = (path: string): Reply | undefined => {
    if (path === feedPath) {
      return { contentType: feedType(spec), body: feed(), ...(newest && { lastModified: newest }) };
    }
    if (path === '/robots.txt') return robots();
    const image = /^\/images\/(\d+)\.svg$/.exec(path);
    if (image) return picture(Number(image[1]), spec.colour);
    const section = path === '/' ? undefined : spec.menu[Number(/^\/section\/(\d+)$/.exec(path)?.[1]) - 1];
    if (path === '/' || section !== undefined) {
      const listed = items.slice(0, FRONT_ARTICLES).filter((item) => !section || item.content().section === section);
      const cards = listed.map((item) => ({ ...linkTo(item), lead: summaryOf(item.content()) }));
      const front = renderFront(spec, { siteUrl, feedUrl }, section, cards);
      return { contentType: HTML, body: encodeMarkup(front, spec.encoding), ...(newest && { lastModified: newest }) };
    }
    const rendition = readRendition(path.replace(/[?&]utm_.*$/, ''));
    const index = byNumber.get(articleNumber(rendition.path) ?? -1);
    const item = index === undefined ? undefined : items[index];
    if (index === undefined || !item || articlePath(spec, item) !== rendition.path) return undefined;
    const content = contentOf(item.content(), rendition);
    if (!content) return undefined;
    const address = (relative: string) => new URL(relative, siteUrl).href;
    const html = (rendition.amp ? renderAmp : renderArticle)({
      outlet: spec,
      siteUrl,
      feedUrl,
      url: linkTo(item).url,
      imageUrl: address(`/images/${item.number}.svg`),
      content,
      pages: Array.from({ length: content.pages ?? 1 }, (_, n) => address(numberedPath(rendition.path, n + 1))),
      page: rendition.page,
      ampUrl: content.ampOnly ? address(ampPath(rendition.path)) : undefined,
      publishedAt: item.publishedAt,
      related: neighbours(items, index).map(linkTo),
      mostRead: items.slice(0, 5).map(linkTo),
    });
    return { contentType: htmlType(spec), body: encodeMarkup(html, spec.encoding), lastModified: item.publishedAt };
  };
  return (request, response, path) => {
    const found = reply(path);
    if (found) send(request, response, found);
    return found !== undefined;
  };
}

function savedPagesSite(siteUrl: string, pages: readonly SavedPage[]): Site {
  const byPath = new Map(pages.map((page) => [page.path, page]));
  const feedUrl = feedAddress(PAGES_OUTLET, siteUrl);
  const feedItems = pages.map(({ file, path, title, savedAt }) => {
    const content: Content = { title, tags: [], body: [] };
    return { id: file, url: new URL(path, siteUrl).href, publishedAt: savedAt, content };
  });
  const feed = memo(() => Buffer.from(renderFeed({ outlet: PAGES_OUTLET, siteUrl, feedUrl, items: feedItems })));
  return (request, response, path) => {
    const page = byPath.get(path);
    if (page) {
      // Sent without a charset: the reader has to find it in the bytes, as it does in the wild.
      send(request, response, { contentType: HTML, body: page.read(), lastModified: page.savedAt });
      return true;
    }
    if (path === new URL(feedUrl).pathname) {
      send(request, response, { contentType: feedType(PAGES_OUTLET), body: feed() });
      return true;
    }
    if (path === '/robots.txt') {
      send(request, response, robots());
      return true;
    }
    if (path !== '/') return false;
    const cards = feedItems.map(({ url, content }) => ({ title: content.title, url, lead: '' }));
    send(request, response, {
      contentType: 'text/html; charset=utf-8',
      body: Buffer.from(renderFront(PAGES_OUTLET, { siteUrl, feedUrl }, undefined, cards)),
    });
    return true;
  };
}

function renderFeedOf(spec: OutletSpec, siteUrl: string, items: readonly Item[]): Buffer {
  const feed = renderFeed({
    outlet: spec,
    siteUrl,
    feedUrl: feedAddress(spec, siteUrl),
    items: items.map((item) => ({
      id: item.id,
      url: linkInFeed(spec, siteUrl, item),
      publishedAt: item.publishedAt,
      content: item.content(),
    })),
  });
  return spec.format === 'json' ? Buffer.from(feed) : encodeMarkup(feed, spec.encoding);
}

function tell(spec: OutletSpec, siteUrl: string, item: Item): NewsstandArticle {
  const { id, outletId, language, storyId, wireOf, edit, generated } = item;
  return {
    id,
    outletId,
    language,
    storyId,
    ...(wireOf !== undefined && { wireOf }),
    ...(edit !== undefined && { edit }),
    generated,
    publishedAt: item.publishedAt.toISOString(),
    get url() {
      return linkInFeed(spec, siteUrl, item);
    },
    get canonicalUrl() {
      return new URL(articlePath(spec, item), siteUrl).href;
    },
    get title() {
      return item.content().title;
    },
    get furtherUrls() {
      return furtherPaths(articlePath(spec, item), item.content()).map((path) => new URL(path, siteUrl).href);
    },
    get text() {
      return item
        .content()
        .body.map((block) => block.text)
        .join('\n');
    },
  };
}

function linkInFeed(spec: OutletSpec, siteUrl: string, item: Item): string {
  const url = new URL(articlePath(spec, item), siteUrl);
  if (spec.trackedLinks) {
    url.searchParams.set('utm_source', 'rss');
    url.searchParams.set('utm_medium', 'feed');
  }
  return url.href;
}

function feedAddress(spec: OutletSpec, siteUrl: string): string {
  const name = { rss: 'feed.xml', atom: 'atom.xml', rdf: 'index.rdf', json: 'feed.json' }[spec.format];
  return new URL(name, siteUrl).href;
}

/** Old sites name no charset in HTTP: it stands in the document alone. */
function htmlType(spec: OutletSpec): string {
  return spec.layout === 'legacy' ? HTML : `${HTML}; charset=${spec.encoding}`;
}

function feedType(spec: OutletSpec): string {
  return spec.encoding === 'utf-8' || spec.format === 'json'
    ? `${CONTENT_TYPES[spec.format]}; charset=utf-8`
    : CONTENT_TYPES[spec.format];
}

function robots(): Reply {
  return {
    contentType: 'text/plain; charset=utf-8',
    body: Buffer.from('User-agent: *\nDisallow: /search\nDisallow: /ads/\n'),
  };
}

/** A picture nobody needs a licence for: two hills and a sun whose places depend on `number`. */
function picture(number: number, colour: string): Reply {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 405"><rect width="720" height="405" fill="#dfe8ee"/>
<circle cx="${90 + (number % 540)}" cy="${70 + (number % 60)}" r="38" fill="#f2c14e"/>
<path d="M0 405 L${120 + (number % 160)} 170 L460 405Z" fill="${colour}"/><path d="M240 405 L${480 + (number % 140)} 220 L720 405Z" fill="${colour}" opacity=".65"/></svg>`;
  return { contentType: 'image/svg+xml', body: Buffer.from(svg) };
}

/** Up to four articles around one of a list. */
function neighbours<T>(items: readonly T[], index: number): T[] {
  const around = [1, 2, 3, 4].map((step) => (index + step) % items.length);
  return [...new Set(around)].filter((other) => other !== index).map((other) => items[other] as T);
}

/** Keeps bytes zipped: a newsstand of 100,000 articles has a hundred feeds of a megabyte. */
function memo(make: () => Buffer): () => Buffer {
  let kept: Buffer | undefined;
  return () => {
    kept ??= gzipSync(make(), { level: 1 });
    return gunzipSync(kept);
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    ),
  );
}
