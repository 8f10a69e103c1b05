import { decodeBytes } from '../../shared/decode-bytes.ts';
import { FeedError, PermanentError, StageError } from '../../shared/errors.ts';
import type { Door, Fetched } from '../../shared/http/index.ts';
import type { Feed } from '../../shared/model.ts';
import { discoverFeedLinks, type FeedCandidate, sitemapsOfRobots, usualFeedUrls } from './discover-feeds.ts';
import { parseFeed } from './parse-feed.ts';
import { isSitemapIndex } from './sitemap-index.ts';

/** A feed that was fetched and read. */
export interface FoundFeed {
  url: string;
  title?: string;
  /** Of the pages it belongs to. */
  siteUrl?: string;
  kind: Feed['kind'];
  entries: number;
  /** `given`: the address itself was one. */
  source: FeedCandidate['source'] | 'given';
}

/** Feeds a page names are looked at up to this many; some sites declare one per section. */
const MAX_NAMED = 12;
const MAX_SITEMAPS = 4;

/**
 * The feeds behind an address, best first, each fetched and read: the address itself, else those its page names, else the
 * usual places (where robots.txt lets us look), else the news sitemaps that robots.txt names. Throws what the door throws
 * for the address itself, PermanentError HTTP_404 and the like, or PermanentError NO_FEED_FOUND.
 */
export async function findFeeds(url: string, door: Door, signal?: AbortSignal): Promise<FoundFeed[]> {
  const fetched = await door.fetch(url, { purpose: 'feed', ...(signal && { signal }) });
  if (fetched.status !== 200)
    throw new PermanentError(`HTTP_${fetched.status}`, `${url} answered with status ${fetched.status}`);
  const search = new Search(door, signal);
  const given = await readDocument(fetched);
  if (given && !isSitemapIndex(given)) return [describe(given, fetched, 'given')];
  if (given) {
    const parts = await search.readSitemaps(given, fetched.url);
    // Its sitemaps may have other names tomorrow, so it is the best of them; without a date it tells nothing apart.
    if (parts.length > 0 || (given.sitemaps ?? []).some(({ updatedAt }) => updatedAt)) {
      const entries = parts.reduce((sum, part) => sum + part.entries, 0);
      return [{ ...describe(given, fetched, 'given'), entries }, ...parts];
    }
    throw new PermanentError('NO_FEED_FOUND', `${url} is an index of sitemaps, and none of them is one of news`);
  }
  const page = decodeBytes(fetched.body, { kind: 'html', contentType: fetched.contentType }).text;
  const named = await search.readAll(discoverFeedLinks(page, fetched.url).slice(0, MAX_NAMED));
  if (named.length > 0) return named;
  const usual = await search.readFirst(usualFeedUrls(fetched.url));
  if (usual) return [usual];
  const sitemaps = await search.readSitemapsOfSite(fetched.url);
  if (sitemaps.length > 0) return sitemaps;
  throw new PermanentError(
    'NO_FEED_FOUND',
    `${url} is no feed, its page names none that can be read, and ${search.asked} usual places have none${search.trouble ? ` (the last trouble: ${search.trouble})` : ''}`,
  );
}

/** One search, with the addresses it has asked. */
class Search {
  asked = 0;
  /** Code of the latest candidate that could not be fetched or read. */
  trouble: string | undefined;
  readonly #door: Door;
  readonly #signal: AbortSignal | undefined;

  constructor(door: Door, signal: AbortSignal | undefined) {
    this.#door = door;
    this.#signal = signal;
  }

  /** Those that can be read, in their order; one whose redirects lead to another's address is left out. */
  async readAll(candidates: readonly FeedCandidate[]): Promise<FoundFeed[]> {
    const found = new Map<string, FoundFeed>();
    for (const candidate of candidates) {
      const feed = await this.#read(candidate);
      if (feed && !found.has(feed.url)) found.set(feed.url, feed);
    }
    return [...found.values()];
  }

  async readFirst(candidates: readonly FeedCandidate[]): Promise<FoundFeed | undefined> {
    for (const candidate of candidates) {
      const feed = await this.#read(candidate);
      if (feed) return feed;
    }
    return undefined;
  }

  /** News sitemaps only: others list the whole site, old and new. An index is looked into. */
  async readSitemapsOfSite(pageUrl: string): Promise<FoundFeed[]> {
    const named = await this.#try(() => this.#door.robots(pageUrl, this.#signal ? { signal: this.#signal } : {}));
    const found: FoundFeed[] = [];
    for (const candidate of newsFirst(named?.sitemaps ?? [], pageUrl)) {
      const got = await this.#fetch(candidate);
      if (!got) continue;
      const { document, answer } = got;
      if (isSitemapIndex(document)) found.push(...(await this.readSitemaps(document, answer.url)));
      else if (isNews(document)) found.push(describe(document, answer, 'robots'));
    }
    return found;
  }

  async readSitemaps({ sitemaps = [] }: Feed, indexUrl: string): Promise<FoundFeed[]> {
    return this.readAll(
      newsFirst(
        sitemaps.map(({ url }) => url),
        indexUrl,
      ),
    );
  }

  async #read(candidate: FeedCandidate): Promise<FoundFeed | undefined> {
    const got = await this.#fetch(candidate);
    return got && isNews(got.document) ? describe(got.document, got.answer, candidate.source) : undefined;
  }

  #fetch(candidate: FeedCandidate): Promise<{ document: Feed; answer: Fetched } | undefined> {
    return this.#try(async () => {
      this.asked++;
      const answer = await this.#door.fetch(candidate.url, {
        purpose: 'feed',
        ...(this.#signal && { signal: this.#signal }),
        // A guess is asked for by nobody, so the site's rules for robots hold.
        checkRobots: candidate.source === 'path',
      });
      if (answer.robotsDisallowed) return undefined;
      const document = answer.status === 200 ? await readDocument(answer) : undefined;
      if (document) return { document, answer };
      this.trouble = answer.status === 200 ? 'NOT_A_FEED' : `HTTP_${answer.status}`;
      return undefined;
    });
  }

  /** A candidate that fails says nothing about the next one. */
  async #try<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StageError) || this.#signal?.aborted) throw error;
      this.trouble = error.code;
      return undefined;
    }
  }
}

/** Undefined for a document that is no feed. */
async function readDocument({ body, url, contentType }: Fetched): Promise<Feed | undefined> {
  try {
    return await parseFeed(body, { url, ...(contentType && { contentType }) });
  } catch (error) {
    if (error instanceof FeedError && (error.code === 'NOT_A_FEED' || error.code === 'BAD_JSON')) return undefined;
    throw error;
  }
}

/** News sitemaps have titles (Google News); of the others no entry says what is new. */
function isNews({ kind, entries }: Feed): boolean {
  return kind !== 'sitemap' || entries.some(({ title }) => title);
}

function newsFirst(sitemaps: readonly string[], base: string): FeedCandidate[] {
  return sitemapsOfRobots(sitemaps.map((url) => `Sitemap: ${url}`).join('\n'), base).slice(0, MAX_SITEMAPS);
}

function describe({ title, link, kind, entries }: Feed, fetched: Fetched, source: FoundFeed['source']): FoundFeed {
  return {
    url: addressOf(fetched),
    ...(title && { title }),
    ...(link && { siteUrl: link }),
    kind,
    entries: entries.length,
    source,
  };
}

/** Permanent redirects are taken at their word for a new subscription; others may lead elsewhere tomorrow. */
function addressOf({ requestedUrl, url, redirects }: Fetched): string {
  return redirects.every(({ status }) => status === 301 || status === 308) ? url : requestedUrl;
}
