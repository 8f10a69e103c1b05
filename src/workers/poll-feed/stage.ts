import { createHash } from 'node:crypto';
import { z } from 'zod';
import { StageError, ThrottledError } from '../../shared/errors.ts';
import { cacheLifetimeSeconds, type Fetched } from '../../shared/http/index.ts';
import type { Entry, Feed, FeedRecord, SitemapPart } from '../../shared/model.ts';
import { defineStage, type StageContext, type StageResult } from '../../shared/stage.ts';
import { type KnownArticle, UNFINISHED } from '../../shared/stores/articles.ts';
import type { FeedMove } from '../../shared/stores/feeds.ts';
import { canonicalizeUrl, registrableDomain, sameSite } from '../../shared/url/index.ts';
import type { Dependencies } from '../dependencies.ts';
import { identifyEntries, type JudgedEntry, judgeEntries } from './entry-identity.ts';
import { gradeFailure, learnPush, type PollObservation, planNextPoll } from './next-poll.ts';
import { isSitemapIndex, readSitemapIndex } from './sitemap-index.ts';
import { followHub, scorePush } from './subscribe.ts';

const VERSION = 1;

/** Codes that mean "not now, and no fault of the feed": the job waits and the feed learns nothing from it. */
const NOT_YET = new Set(['HOST_BUSY', 'GATE_UNAVAILABLE', 'ROBOTS_UNREACHABLE', 'ABORTED']);

/** Feeds that carry whole books as entries are cut; the page has the text. */
const MAX_ENTRY_HTML_CHARS = 500_000;

/** An article whose entry has changed is fetched again at most once in this time, twice it after a look that was in vain, and so on. */
const REVISIT_MS = 3_600_000;
const LONGEST_REVISIT_MS = 7 * 86_400_000;
/** Of one poll. A feed with a new template changes every entry; its next polls take the others. */
const MAX_REVISITS = 20;

/**
 * feed → polled | pushed | not-modified | unchanged | failed | throttled | unsubscribed | paused | push-unreadable | push-taken. Turns new
 * entries into articles and plans the next poll; with `pushId`, those of a document that the feed's hub has pushed.
 * A failure that we foresee is kept on the feed with its code and graded by the schedule, which is what tries again.
 */
export const pollFeed = defineStage<{ feedId: string; pushId?: string | undefined }, Dependencies>({
  name: 'poll-feed',
  version: VERSION,
  payload: z.object({ feedId: z.string(), pushId: z.string().optional() }),
  async run({ feedId, pushId }, deps, context) {
    const feed = await deps.stores.feeds.get(feedId);
    if (!feed || feed.status === 'paused') {
      if (pushId !== undefined) await deps.stores.pushes.remove(pushId);
      return { outcome: feed ? 'paused' : 'unsubscribed' };
    }
    if (pushId !== undefined) return takePush(feed, pushId, deps, context);
    try {
      return await poll(feed, deps, context);
    } catch (error) {
      if (!(error instanceof StageError) || NOT_YET.has(error.code)) throw error;
      return settleFailure(feed, error, deps);
    }
  },
  async quarantine({ feedId, pushId }, { code, message }, deps) {
    const feed = await deps.stores.feeds.get(feedId);
    if (feed && pushId !== undefined) await pollInstead(feed, pushId, deps);
    else if (feed) await settleFailure(feed, new StageError(code, message), deps);
  },
});

async function poll(feed: FeedRecord, deps: Dependencies, { signal, log }: StageContext): Promise<StageResult> {
  const { door, tasks } = deps;
  const conditional = feed.unconditional ? {} : { etag: feed.etag, lastModified: feed.lastModified };
  const fetched = await door.fetch(feed.url, { purpose: 'feed', signal, ...conditional });
  if (fetched.notModified)
    return settle(feed, fetched, deps, { observation: { kind: 'not-modified' }, outcome: 'not-modified' });
  if (fetched.status !== 200)
    throw new StageError(`HTTP_${fetched.status}`, `the server answered with status ${fetched.status}`);
  const bodyHash = createHash('sha1').update(fetched.body).digest('base64');
  if (bodyHash === feed.bodyHash)
    return settle(feed, fetched, deps, { observation: { kind: 'not-modified' }, outcome: 'unchanged', bodyHash });

  const document = await tasks.run('parseFeed', fetched.body, { url: fetched.url, contentType: fetched.contentType });
  // Its sitemaps change while an index stays as it is, so it is read at every poll.
  const index = isSitemapIndex(document)
    ? await readSitemapIndex(feed, document, fetched.url, deps, signal)
    : undefined;
  if (index && !index.feed) {
    const observation = { kind: 'not-modified' as const };
    return settle(feed, fetched, deps, { observation, outcome: 'unchanged', whole: false, sitemaps: index.parts });
  }
  const parsed = index?.feed ?? document;
  for (const warning of parsed.warnings) log.debug({ warning }, 'feed repaired');
  const taken = await takeEntries(feed, parsed, deps);
  const result = await settle(feed, fetched, deps, {
    outcome: 'polled',
    bodyHash,
    parsed,
    whole: !parsed.truncated && !taken.waits && !index,
    ...(index && !taken.waits && { sitemaps: index.parts }),
    unstableGuids: taken.unstableGuids,
    fresh: taken.created,
    freshEntries: taken.fresh,
    observation: {
      kind: 'document',
      total: taken.total,
      fresh: taken.fresh.length,
      publishedAt: parsed.entries.flatMap(({ publishedAt }) => Date.parse(publishedAt ?? '') || []),
      ttlMinutes: parsed.ttlMinutes,
      skipHours: parsed.skipHours,
      skipDays: parsed.skipDays,
    },
  });
  return { ...result, ...emitted(parsed, taken) };
}

/**
 * Takes in what the feed's hub has pushed: the whole feed, or its new entries only, so it says nothing about validators and the next
 * poll. What cannot be read, or not wholly, makes the feed due instead.
 */
async function takePush(
  feed: FeedRecord,
  pushId: string,
  deps: Dependencies,
  { log }: StageContext,
): Promise<StageResult> {
  const { stores, tasks, now } = deps;
  const push = await stores.pushes.get(pushId);
  if (!push) return { outcome: 'push-taken' };
  let parsed: Feed;
  try {
    parsed = await tasks.run('parseFeed', push.body, { url: push.url, contentType: push.contentType });
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    await pollInstead(feed, pushId, deps);
    return { outcome: 'push-unreadable', facts: { code: error.code, error: error.message } };
  }
  for (const warning of parsed.warnings) log.debug({ warning }, 'push repaired');
  const taken = await takeEntries(feed, parsed, deps);
  const fresh = taken.fresh.length;
  if (fresh > 0) {
    const at = now();
    await stores.feeds.learnPush(
      feed._id,
      { lastNewAt: at, schedule: feed.schedule && learnPush(feed.schedule, fresh, at) },
      taken.created,
    );
  }
  await scorePush(feed, fresh, deps);
  if (parsed.truncated) await pollInstead(feed, pushId, deps);
  else await stores.pushes.remove(pushId);
  return { outcome: 'pushed', ...emitted(parsed, taken) };
}

async function pollInstead({ _id }: FeedRecord, pushId: string, { stores, now }: Dependencies): Promise<void> {
  await stores.feeds.makeDue(now(), _id);
  await stores.pushes.remove(pushId);
}

/** What became of the entries of a document, by the time all of it is stored. */
interface TakenEntries {
  total: number;
  fresh: Entry[];
  /** Articles made. */
  created: number;
  /** Articles sent back to be fetched again. */
  changed: number;
  /** Some must wait for that, so the document has to be read again. */
  waits: boolean;
  unstableGuids: boolean;
  /** For the next stage. */
  articleIds: string[];
}

async function takeEntries(feed: FeedRecord, parsed: Feed, deps: Dependencies): Promise<TakenEntries> {
  const { stores, config } = deps;
  const judgement = await recognise(feed, parsed, deps);
  const fresh = judgement.entries.filter(({ verdict }) => verdict === 'new' || verdict === 'held');
  const now = deps.now();
  const sourceName = feed.title ?? parsed.title ?? new URL(feed.url).hostname;
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
    created: created.length,
    changed: sent.length,
    waits,
    unstableGuids: judgement.unstableGuids,
    articleIds: [...new Set([...created, ...sent, ...judgement.strandedIds])],
  };
}

function emitted(parsed: Feed, { articleIds, fresh, changed }: TakenEntries): Pick<StageResult, 'emit' | 'facts'> {
  return {
    emit: articleIds.map((articleId) => ({ articleId })),
    facts: { entries: parsed.entries.length, fresh: fresh.length, changed },
  };
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
      title: entry.title,
      summary: entry.summary?.slice(0, MAX_ENTRY_HTML_CHARS),
      contentHtml: entry.contentHtml?.slice(0, MAX_ENTRY_HTML_CHARS),
      publishedAt: entry.publishedAt,
      authors: entry.authors,
      categories: entry.categories,
      point: entry.point,
      fingerprint,
      ...(urlKey === undefined && { unlinked: true }),
    },
  };
}

interface Settlement {
  observation: PollObservation;
  outcome: string;
  bodyHash?: string;
  parsed?: Feed;
  /** False when the next poll must read the same document again. */
  whole?: boolean;
  unstableGuids?: boolean;
  sitemaps?: SitemapPart[];
  /** Articles made. */
  fresh?: number;
  freshEntries?: Entry[];
}

/** Saves what a poll learnt. Validators are kept only here, after the entries are safe, and not for a document to be read again. */
async function settle(
  feed: FeedRecord,
  fetched: Fetched,
  deps: Dependencies,
  settlement: Settlement,
): Promise<StageResult> {
  const { parsed, outcome, fresh = 0, freshEntries = [], whole = true } = settlement;
  const now = deps.now();
  const cacheSeconds = cacheLifetimeSeconds(fetched.headers, now.getTime());
  const push = await followHub(feed, deps, parsed && { fetched, parsed, fresh: freshEntries });
  const plan = planNextPoll(
    feed.schedule,
    { ...settlement.observation, ...movedTo(feed, fetched), ...(cacheSeconds && { cacheMs: cacheSeconds * 1000 }) },
    { now, random: deps.random, push },
  );
  const validators =
    whole && outcome !== 'not-modified'
      ? {
          bodyHash: settlement.bodyHash,
          etag: fetched.headers.etag,
          lastModified: fetched.headers['last-modified'],
        }
      : {};
  // What the server has stopped sending would be sent back to it for ever.
  const dropped = (['etag', 'lastModified'] as const).filter((key) => key in validators && !validators[key]);
  const move: FeedMove | undefined = plan.moveTo ? { to: plan.moveTo } : undefined;
  await deps.stores.feeds.settle(
    feed._id,
    {
      schedule: plan.schedule,
      nextPollAt: plan.nextPollAt,
      unconditional: plan.unconditional,
      // Never from `paused`: the operator may have paused it while this poll was under way.
      ...(feed.status === 'parked' && { status: 'active' }),
      lastPolledAt: now,
      lastOutcome: outcome,
      ...(plan.proposeMove && { proposedUrl: plan.proposeMove }),
      ...(parsed && {
        title: feed.title ?? parsed.title,
        siteUrl: feed.siteUrl ?? parsed.link,
        language: parsed.language,
        unstableGuids: settlement.unstableGuids,
      }),
      ...(fresh > 0 && { lastNewAt: now }),
      sitemaps: settlement.sitemaps,
      ...validators,
    },
    {
      unset: ['lastError', ...dropped, ...(plan.schedule.moved ? [] : (['proposedUrl'] as const))],
      entries: fresh,
      move,
    },
  );
  return { outcome };
}

function movedTo(feed: FeedRecord, { redirects, url }: Fetched): Pick<PollObservation, 'movedTo'> {
  const permanent = redirects.length > 0 && redirects.every(({ status }) => status === 301 || status === 308);
  return permanent ? { movedTo: { url, sameSite: sameSite(feed.url, url) } } : {};
}

async function settleFailure(
  feed: FeedRecord,
  error: StageError,
  { stores, now, random }: Dependencies,
): Promise<StageResult> {
  const { code, message } = error;
  const at = now();
  const status = Number(/^HTTP_(\d{3})$/.exec(code)?.[1]) || undefined;
  const throttled = error instanceof ThrottledError;
  const plan = planNextPoll(
    feed.schedule,
    {
      kind: 'failed',
      grade: gradeFailure({ status, code }),
      gone: status === 410,
      throttled,
      ...(throttled && { retryAfterMs: error.retryAfterMs }),
    },
    { now: at, random },
  );
  await stores.feeds.settle(feed._id, {
    schedule: plan.schedule,
    nextPollAt: plan.nextPollAt,
    ...(plan.park && { status: 'parked' }),
    lastPolledAt: at,
    lastOutcome: throttled ? 'throttled' : 'failed',
    lastError: { code, message, at },
  });
  return { outcome: throttled ? 'throttled' : 'failed', facts: { code, error: message, nextPollAt: plan.nextPollAt } };
}
