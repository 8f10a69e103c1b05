import { StageError } from '../../shared/errors.ts';
import type { Entry, Feed, FeedRecord, SitemapPart } from '../../shared/model.ts';
import { sameSite } from '../../shared/url/index.ts';
import type { Dependencies } from '../dependencies.ts';
import { isNewsAddress } from './discover-feeds.ts';
import { MAX_FEED_ENTRIES } from './parse-feed.ts';

/** Sitemaps of one index that are read at one poll; the next takes the others. */
const MAX_READ = 4;
/** Remembered as read. */
const MAX_PARTS = 50;
/** Older sitemaps and entries are the archive. */
const MAX_AGE_MS = 7 * 86_400_000;
/** A sitemap may list 50,000 pages, and many list the oldest first. */
const MAX_LISTED = 10_000;
/** The index has just had the site's turn, so each of its sitemaps waits for one: longer than any crawl-delay we obey. */
const PATIENCE_MS = 35_000;

/** What an index led to. */
export interface IndexReading {
  /** The fresh entries of its sitemaps as one feed; undefined when none of them has changed. */
  feed?: Feed;
  /** To be kept once the entries are stored. */
  parts: SitemapPart[];
}

export function isSitemapIndex({ kind, entries, sitemaps = [] }: Feed): boolean {
  return kind === 'sitemap' && entries.length === 0 && sitemaps.length > 0;
}

/** Fronts of sections, people and pictures change with every article and are none. Words of WordPress' and other systems' sitemaps. */
const NOT_ARTICLES =
  /(?:^|[/_.-])(?:categor(?:y|ies)|tags?|taxonom(?:y|ies)|authors?|users?|images?|videos?)(?:[/_.-]|$)/i;

/**
 * Which sitemaps of an index to read: those of news where there are any, by their time of change, newest first, those without one last.
 * Left out are those of another site, of the archive, of fronts, and those that have not changed since they were read.
 */
export function chooseSitemaps(
  sitemaps: NonNullable<Feed['sitemaps']>,
  known: readonly SitemapPart[],
  { indexUrl, now }: { indexUrl: string; now: Date },
): NonNullable<Feed['sitemaps']> {
  const current = sitemaps.filter(
    ({ url, updatedAt }) =>
      sameSite(url, indexUrl) &&
      !NOT_ARTICLES.test(new URL(url).pathname) &&
      (updatedAt === undefined || isFresh(updatedAt, now)),
  );
  const news = current.filter(({ url }) => isNewsAddress(url));
  const isUnchanged = ({ url, updatedAt }: SitemapPart) =>
    updatedAt !== undefined && known.some((part) => part.url === url && part.updatedAt === updatedAt);
  const time = ({ updatedAt }: SitemapPart) => (updatedAt ? Date.parse(updatedAt) : 0);
  return (news.length > 0 ? news : current)
    .filter((sitemap) => !isUnchanged(sitemap))
    .sort((a, b) => time(b) - time(a))
    .slice(0, MAX_READ);
}

/**
 * The entries that are news: dated within a week or, in a news sitemap (one with titles), without a date. Newest first, each page once.
 */
export function freshEntries(documents: readonly Pick<Feed, 'entries'>[], now: Date): Entry[] {
  const byLink = new Map<string, Entry>();
  for (const { entries } of documents) {
    const isNews = entries.some(({ title }) => title);
    for (const entry of entries) {
      const date = entry.publishedAt ?? entry.updatedAt;
      if (!entry.link || (date === undefined ? !isNews : !isFresh(date, now))) continue;
      const other = byLink.get(entry.link);
      // A page is also listed among all pages, where nothing but its address is said of it.
      if (!other || (!other.title && entry.title)) byLink.set(entry.link, entry);
    }
  }
  const time = ({ publishedAt, updatedAt }: Entry) => Date.parse(publishedAt ?? updatedAt ?? '') || now.getTime();
  return [...byLink.values()].sort((a, b) => time(b) - time(a)).slice(0, MAX_FEED_ENTRIES);
}

function isFresh(date: string, now: Date): boolean {
  return Date.parse(date) > now.getTime() - MAX_AGE_MS;
}

/**
 * Reads the sitemaps an index names, as far as they are news. One in trouble is a warning; when all are, the first one's error is
 * thrown.
 */
export async function readSitemapIndex(
  feed: Pick<FeedRecord, 'sitemaps' | 'unconditional'>,
  index: Feed,
  indexUrl: string,
  { door, tasks, config, now }: Pick<Dependencies, 'door' | 'tasks' | 'config' | 'now'>,
  signal: AbortSignal,
): Promise<IndexReading> {
  const { sitemaps = [] } = index;
  const known = feed.sitemaps ?? [];
  const believed = feed.unconditional ? [] : known;
  const parts = new Map(known.filter(({ url }) => sitemaps.some((s) => s.url === url)).map((part) => [part.url, part]));
  const documents: Feed[] = [];
  const warnings = [...index.warnings];
  let failure: StageError | undefined;
  let answered = 0;
  for (const { url, updatedAt } of chooseSitemaps(sitemaps, believed, { indexUrl, now: now() })) {
    try {
      const { etag, lastModified } = believed.find((part) => part.url === url) ?? {};
      const fetched = await door.fetch(url, {
        purpose: 'feed',
        signal,
        patienceMs: PATIENCE_MS,
        deadlineMs: PATIENCE_MS + config.KHABAR_FETCH_DEADLINE_MS,
        etag,
        lastModified,
      });
      if (fetched.notModified) {
        parts.set(url, { url, updatedAt, etag, lastModified });
        answered++;
        continue;
      }
      if (fetched.status !== 200)
        throw new StageError(`HTTP_${fetched.status}`, `the server answered with status ${fetched.status}`);
      const options = { url: fetched.url, contentType: fetched.contentType, maxEntries: MAX_LISTED };
      const document = await tasks.run('parseFeed', fetched.body, options);
      answered++;
      documents.push(document);
      warnings.push(...document.warnings.map((warning) => `${url}: ${warning}`));
      if (!document.truncated) {
        const { etag, 'last-modified': lastModified } = fetched.headers;
        parts.set(url, { url, updatedAt, etag, lastModified });
      }
    } catch (error) {
      if (!(error instanceof StageError) || signal.aborted) throw error;
      failure ??= error;
      warnings.push(`${url}: ${error.code}: ${error.message}`);
    }
  }
  if (failure && answered === 0) throw failure;
  const kept = [...parts.values()].slice(-MAX_PARTS);
  if (documents.length === 0) return { parts: kept };
  const [named] = documents.filter(({ title }) => title);
  return {
    parts: kept,
    feed: {
      kind: 'sitemap',
      title: named?.title,
      language: named?.language,
      entries: freshEntries(documents, now()),
      warnings,
    },
  };
}
