import type { Entry, Feed, FeedRecord } from '../../shared/model.ts';
import { type KnownArticle, UNFINISHED } from '../../shared/stores/articles.ts';
import { canonicalizeUrl, registrableDomain } from '../../shared/url/index.ts';
import type { Dependencies } from '../dependencies.ts';
import { identifyEntries, type JudgedEntry, judgeEntries } from './entry-identity.ts';
import { entriesOn } from './next-poll.ts';

/** Of the stage; stands in the trace of articles whose entries have changed. */
export const VERSION = 1;

/**
 * Feeds that carry whole books as entries are cut; the page has the text. All of an entry together must stay below MongoDB's 16 MB, or none of its
 * document's entries could be stored.
 */
const MAX_ENTRY_HTML_CHARS = 500_000;
const MAX_LINE_CHARS = 2_000;
const MAX_LIST = 100;

/** An article whose entry has changed is fetched again at most once in this time, twice it after a look that was in vain, and so on. */
const REVISIT_MS = 3_600_000;
const LONGEST_REVISIT_MS = 7 * 86_400_000;
/** Of one poll. A feed with a new template changes every entry; its next polls take the others. */
const MAX_REVISITS = 20;

const NEVER = new Date(0);

/** What became of the entries of a document, by the time all of it is stored. */
export interface TakenEntries {
  total: number;
  fresh: Entry[];
  /** How many are new since the feed was last settled: with those that were stored then by a poll or push that did not live to settle. */
  news: number;
  /** Articles made of them. */
  created: number;
  /** Articles sent back to be fetched again. */
  changed: number;
  /** Some must wait for that, or for tomorrow, so the document has to be read again. */
  waits: boolean;
  /** New entries beyond what a feed may bring on one day: how many, told as the feed's trouble. */
  left: number;
  trouble?: FeedRecord['lastError'];
  unstableGuids: boolean;
  /** For the next stage. */
  articleIds: string[];
}

/** Turns the entries of a document into articles: new ones are made, those whose entry has changed are fetched again. */
export async function takeEntries(feed: FeedRecord, parsed: Feed, deps: Dependencies): Promise<TakenEntries> {
  const { stores, config } = deps;
  const judgement = await recognise(feed, parsed, deps);
  const now = deps.now();
  const unseen = judgement.entries.filter(({ verdict }) => verdict === 'new' || verdict === 'held');
  const taken = entriesOn(feed.schedule, now) + judgement.uncounted;
  const fresh = unseen.slice(0, Math.max(0, config.KHABAR_FEED_DAILY_ENTRIES - taken));
  const left = unseen.length - fresh.length;
  const sourceName = feed.title ?? shortLine(parsed.title) ?? new URL(feed.url).hostname;
  const created = await stores.articles.create(
    feed._id,
    fresh.map((judged) => discovery(feed, judged, sourceName)),
    now,
    new Date(now.getTime() + config.KHABAR_RECONCILE_AFTER_MS),
  );
  await stores.articles.addFeed(judgement.knownIds, feed._id, now);
  const { sent, waits } = await revisitChanged(feed, judgement, sourceName, deps);
  return {
    total: judgement.entries.length,
    fresh: fresh.map(({ entry }) => entry),
    news: fresh.length + judgement.uncounted,
    created: created.length + judgement.uncounted,
    changed: sent.length,
    waits: waits || left > 0,
    left,
    trouble: left > 0 ? tooMany(left, config.KHABAR_FEED_DAILY_ENTRIES, now) : undefined,
    unstableGuids: judgement.unstableGuids,
    articleIds: [...new Set([...created, ...sent, ...judgement.strandedIds])],
  };
}

function tooMany(left: number, limit: number, at: Date): FeedRecord['lastError'] {
  const message = `${left} new entries wait until tomorrow: a feed may bring ${limit} on one day`;
  return { code: 'TOO_MANY_ENTRIES', message, at };
}

/** Which entries are new, by one look into the store. */
async function recognise(feed: FeedRecord, parsed: Feed, { stores }: Dependencies) {
  const identified = identifyEntries(parsed, { unstableGuids: feed.unstableGuids });
  const prefix = `${feed._id} `;
  const articles = await stores.articles.findKnown(
    identified.flatMap(({ urlKey }) => urlKey ?? []),
    identified.flatMap(({ keys }) => keys.map((key) => prefix + key)),
  );
  const known = articles.map(({ entryKeys, urlKeys, entry }) => ({
    keys: entryKeys.flatMap((key) => (key.startsWith(prefix) ? key.slice(prefix.length) : [])),
    urlKeys,
    fingerprint: entry.fingerprint,
  }));
  const { entries, unstableGuids } = judgeEntries(identified, known, {
    lastNewAt: feed.lastNewAt,
    unstableGuids: feed.unstableGuids,
  });
  return {
    entries,
    articles,
    unstableGuids,
    knownIds: articles.filter(({ feeds }) => feeds.every(({ feedId }) => feedId !== feed._id)).map(({ _id }) => _id),
    // What has been counted is older than the feed's last news, since settling comes after storing.
    uncounted: articles.filter(
      ({ outcome, feeds: [origin] }) =>
        outcome !== 'held' && origin?.feedId === feed._id && origin.firstSeenAt > (feed.lastNewAt ?? NEVER),
    ).length,
    // A crash between saving and enqueuing leaves them; the next poll makes it good before the reconciler would.
    strandedIds: articles.filter(({ state }) => state === 'discovered').map(({ _id }) => _id),
  };
}

/**
 * Sends articles whose entries have changed back to be fetched again. `waits`: some of them must wait for it, so this
 * document has to be read again.
 */
async function revisitChanged(
  feed: FeedRecord,
  { entries, articles }: Awaited<ReturnType<typeof recognise>>,
  sourceName: string,
  { stores, now, config }: Dependencies,
): Promise<{ sent: string[]; waits: boolean }> {
  const at = now();
  const sent: string[] = [];
  let waits = false;
  for (const judged of entries) {
    const article = judged.verdict === 'changed' && judged.known !== undefined ? articles[judged.known] : undefined;
    if (!article) continue;
    const when = timeToRevisit(article, at);
    if (when === 'later' || (when === 'now' && sent.length >= MAX_REVISITS)) waits = true;
    else if (when === 'now') {
      const line = { stage: 'poll-feed', outcome: 'changed', ms: 0, version: VERSION, at };
      const dueBy = new Date(at.getTime() + config.KHABAR_RECONCILE_AFTER_MS);
      const { entry } = discovery(feed, judged, sourceName);
      if (await stores.articles.revisit(article, entry, { line, dueBy })) sent.push(article._id);
      else waits = true;
    }
  }
  return { sent, waits };
}

/** `never`: put aside, or changing for no reason that its page would show; then only a further change brings it up again. */
function timeToRevisit({ state, outcome, revisited }: KnownArticle, now: Date): 'now' | 'later' | 'never' {
  if (state === 'quarantined' || outcome === 'held') return 'never';
  if (UNFINISHED.includes(state)) return 'later';
  if (!revisited) return 'now';
  const { at, fruitless } = revisited;
  if (now.getTime() - at.getTime() >= Math.min(REVISIT_MS * 2 ** fruitless, LONGEST_REVISIT_MS)) return 'now';
  return fruitless > 0 ? 'never' : 'later';
}

function discovery(feed: FeedRecord, { entry, urlKey, keys, fingerprint, verdict }: JudgedEntry, sourceName: string) {
  // Feeds also link to `http://`, `mailto:` and scripts: nothing to fetch, or to show anybody as a link.
  const url = entry.link && canonicalizeUrl(entry.link) ? entry.link : feed.url;
  return {
    // An entry without a page of its own is known by its key in the feed, and its text in the feed is the article.
    urlKey: urlKey ?? `entry:${feed._id} ${keys[0]}`,
    url,
    entryKeys: keys.map((key) => `${feed._id} ${key}`),
    held: verdict === 'held',
    source: { name: sourceName, domain: registrableDomain(url) ?? new URL(url).host },
    entry: {
      title: shortLine(entry.title),
      summary: entry.summary?.slice(0, MAX_ENTRY_HTML_CHARS),
      contentHtml: entry.contentHtml?.slice(0, MAX_ENTRY_HTML_CHARS),
      publishedAt: entry.publishedAt,
      authors: shortList(entry.authors),
      categories: shortList(entry.categories),
      point: entry.point,
      fingerprint,
      ...(urlKey === undefined && { unlinked: true }),
    },
  };
}

/** A title, a name: as much of it as is kept. */
export function shortLine(text: string | undefined): string | undefined {
  return text?.slice(0, MAX_LINE_CHARS);
}

function shortList(values: readonly string[]): string[] {
  return values.slice(0, MAX_LIST).map((value) => value.slice(0, MAX_LINE_CHARS));
}
