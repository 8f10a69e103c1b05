import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';
import { articleNumber, articlePath, feedAddress, linkInFeed } from './addresses.ts';
import { CONTENT_TYPES, renderFeed, summaryOf } from './feeds.ts';
import type { Content, Item, OutletSpec } from './model.ts';
import { renderAmp, renderArticle, renderFront } from './pages.ts';
import { ampPath, contentOf, numberedPath, readRendition } from './renditions.ts';
import { encodeMarkup, type Reply, send } from './reply.ts';
import type { SavedPage } from './saved-pages.ts';

/** Answers a request, or says that there is nothing at its path. `hit` counts the path's requests, from 1. */
export type Site = (request: IncomingMessage, response: ServerResponse, path: string, hit: number) => boolean;

/** The outlet that serves a folder of saved pages. */
export const PAGES_OUTLET: OutletSpec = {
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

/** An outlet: its fronts, feed, pictures and articles in all their renditions. */
export function outletSite(spec: OutletSpec, siteUrl: string, items: readonly Item[]): Site {
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

/** Saved pages, each at its path, with a front and a feed that list them. */
export function savedPagesSite(siteUrl: string, pages: readonly SavedPage[]): Site {
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
