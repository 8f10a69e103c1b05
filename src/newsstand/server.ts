import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { feedAddress } from './addresses.ts';
import { buildCatalogue } from './catalogue.ts';
import { renderOpml } from './feeds.ts';
import { type Carried, renderHome } from './home.ts';
import { type Case, createMisbehaving, type FeedCase, MISBEHAVING_OUTLET } from './misbehave.ts';
import type { FeedFormat, OutletSpec } from './model.ts';
import { type Reply, send } from './reply.ts';
import { loadSavedPages, type SavedPage } from './saved-pages.ts';
import { outletSite, PAGES_OUTLET, type Site, savedPagesSite } from './sites.ts';
import { type NewsstandArticle, truthOf } from './truth.ts';

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
      for (const item of items) articles.push(truthOf(spec, siteUrl, item));
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
