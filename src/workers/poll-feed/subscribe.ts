import { StageError, ThrottledError } from '../../shared/errors.ts';
import type { Fetched } from '../../shared/http/index.ts';
import type { Entry, Feed, FeedRecord, Subscription } from '../../shared/model.ts';
import { isLive } from '../../shared/stores/subscriptions.ts';
import type { Dependencies } from '../dependencies.ts';
import {
  hubLinks,
  isSignedBy,
  judgeHub,
  NEW_HUB,
  renewalAt,
  scoreHub,
  subscriptionForm,
  verifyIntent,
} from './websub.ts';

/** Hubs of one feed that are considered. */
const MAX_HUBS = 4;
const MAX_URL_CHARS = 2_000;

/** A hub may take this long before an entry that a poll finds counts as missed. */
const HUB_DELAY_MS = 15 * 60_000;

/** A hub that has not confirmed so many hourly requests is given up for a month. */
const MAX_ATTEMPTS = 24;

/** Subscriptions tended in one pass, side by side. */
const PER_PASS = 20;

/** Documents of one feed that may wait to be read. Beyond it the feed is polled instead, once for all of them. */
const MAX_WAITING = 20;

/** What a poll has read. */
export interface PolledDocument {
  fetched: Fetched;
  parsed: Feed;
  /** Entries that no push brought before. */
  fresh: readonly Entry[];
}

/**
 * Keeps the feed subscribed where its document says, and the score of its hub. Whether that hub brings the feed's entries so
 * surely that polls need only check on it; without a document, as far as is known.
 */
export async function followHub(
  feed: FeedRecord,
  { stores: { subscriptions }, config, now }: Pick<Dependencies, 'stores' | 'config' | 'now'>,
  document?: PolledDocument,
): Promise<boolean> {
  if (config.KHABAR_PUBLIC_URL === undefined) return false;
  const at = now();
  const subscription = document
    ? await subscriptions.follow(feed._id, hubsOf(feed, document), at)
    : await subscriptions.ofFeed(feed._id);
  if (!subscription || !isLive(subscription, at)) return false;
  const missed = document ? countMissed(subscription, document.fresh, at) : 0;
  const score =
    missed > 0
      ? await subscriptions.changeScore(subscription._id, (before) => scoreHub(before, { missed }))
      : subscription.score;
  const judgement = judgeHub(score ?? NEW_HUB);
  if (judgement === 'useless')
    await subscriptions.leave(subscription, 'the hub misses what polls find', at, { avoid: true });
  return judgement === 'reliable';
}

/** What HTTP headers say outranks the document (W3C WebSub §4). */
function hubsOf(feed: FeedRecord, { fetched, parsed }: PolledDocument): { hubs: string[]; topic: string } {
  const links = hubLinks(fetched.headers.link, fetched.url);
  const hubs = links.hubs.length > 0 ? links.hubs : (parsed.hubs ?? []);
  const topic = [links.self, parsed.selfUrl].find((url) => url !== undefined && isWebUrl(url));
  return { hubs: hubs.filter(isWebUrl).slice(0, MAX_HUBS), topic: topic ?? feed.url };
}

function isWebUrl(url: string): boolean {
  return url.length <= MAX_URL_CHARS && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** Entries without a date say nothing: they may be older than the subscription, or seconds old. */
function countMissed({ activeSince }: Subscription, fresh: readonly Entry[], now: Date): number {
  const since = activeSince?.getTime() ?? Number.POSITIVE_INFINITY;
  return fresh.filter(({ publishedAt = '' }) => {
    const at = Date.parse(publishedAt);
    return at >= since && at < now.getTime() - HUB_DELAY_MS;
  }).length;
}

/** A push has been taken in, with so many entries that no poll had found before. */
export async function scorePush(
  feed: FeedRecord,
  pushed: number,
  { stores: { subscriptions }, now }: Pick<Dependencies, 'stores' | 'now'>,
): Promise<void> {
  const subscription = await subscriptions.ofFeed(feed._id);
  if (subscription) await subscriptions.changeScore(subscription._id, (before) => scoreHub(before, { pushed }), now());
}

/** Asks hubs to subscribe, to renew and to unsubscribe, where that is due. Returns how many were asked. */
export async function tendSubscriptions(
  deps: Pick<Dependencies, 'stores' | 'door' | 'config' | 'now'>,
): Promise<number> {
  const { subscriptions } = deps.stores;
  const base = deps.config.KHABAR_PUBLIC_URL;
  if (base === undefined) return 0;
  await subscriptions.adoptBase(base, deps.now());
  const asked: Promise<void>[] = [];
  while (asked.length < PER_PASS) {
    const subscription = await subscriptions.claimDue(deps.now());
    if (!subscription) break;
    const asking = askHub(subscription, deps);
    asking.catch(() => {}); // told below; until then the next one is looked for, and nobody would hear it
    asked.push(asking);
  }
  await Promise.all(asked);
  return asked.length;
}

async function askHub(
  subscription: Subscription,
  { stores: { subscriptions, feeds }, door, now }: Pick<Dependencies, 'stores' | 'door' | 'now'>,
): Promise<void> {
  const { _id, feedId, hub, state, attempts, base = '' } = subscription;
  if (state === 'denied') return subscriptions.remove(_id);
  if (state !== 'leaving') {
    // A poll that was under way while its feed was removed or paused has subscribed it again.
    const feed = await feeds.get(feedId);
    if (!feed || feed.status === 'paused')
      return subscriptions.leave(subscription, feed?.status ?? 'unsubscribed', now());
  }
  if (attempts > MAX_ATTEMPTS) return giveUp(subscription, subscriptions, now());
  const mode = state === 'leaving' ? 'unsubscribe' : 'subscribe';
  try {
    const { status } = await door.fetch(hub, {
      purpose: 'hub',
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: subscriptionForm(mode, subscription, callbackUrl(base, _id)),
    });
    if (status < 200 || status > 299) throw new StageError(`HTTP_${status}`, `the hub answered with status ${status}`);
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    const { code, message } = error;
    if (error instanceof ThrottledError)
      await subscriptions.postpone(subscription, new Date(now().getTime() + error.retryAfterMs));
    else await subscriptions.failed(subscription, { code, message, at: now() });
  }
}

/** Where the hub calls, below the public address with its path. */
function callbackUrl(base: string, id: string): string {
  return new URL(`websub/${id}`, base.endsWith('/') ? base : `${base}/`).href;
}

/** The end of a subscription. A hub that was useless or never answered is not asked again at the next poll. */
async function giveUp(
  { _id, state, reason = '', avoid }: Subscription,
  subscriptions: Dependencies['stores']['subscriptions'],
  now: Date,
): Promise<void> {
  if (state !== 'leaving') await subscriptions.deny(_id, 'the hub does not confirm the subscription', now);
  else if (avoid) await subscriptions.deny(_id, reason, now);
  else await subscriptions.remove(_id);
}

/** Answers a hub that asks whether a request was ours (W3C WebSub §5.3), or says that it is denied. */
export async function answerHub(
  subscription: Subscription,
  query: Readonly<Record<string, string | undefined>>,
  { stores: { subscriptions } }: Pick<Dependencies, 'stores'>,
  now: Date,
): Promise<{ status: 200 | 404; body: string }> {
  const { _id: id } = subscription;
  const { status, body, change } = verifyIntent(subscription, query, now);
  if (change?.to === 'denied') await subscriptions.deny(id, `the hub says: ${query['hub.reason'] || 'no'}`, now);
  if (change?.to === 'ended') await giveUp(subscription, subscriptions, now);
  if (change?.to === 'active') {
    const { leaseEndsAt } = change;
    const kept = await subscriptions.activate(id, { leaseEndsAt, nextAt: renewalAt(now, leaseEndsAt) }, now);
    if (!kept) return { status: 404, body: '' };
  }
  return { status, body };
}

/**
 * Keeps a document that a hub has pushed, and returns the payload of the job that takes it in; undefined when there is none to do, because
 * the document is not from the hub, not wanted any more, or the feed is polled instead.
 */
export async function receivePush(
  { feedId, topic, secret, state }: Subscription,
  { body, contentType, signature }: { body: Uint8Array; contentType?: string; signature?: string },
  { stores, config, now }: Pick<Dependencies, 'stores' | 'config' | 'now'>,
): Promise<{ feedId: string; pushId: string } | undefined> {
  if (!isSignedBy(secret, body, signature) || (state !== 'requested' && state !== 'active')) return undefined;
  const receivedAt = now();
  if ((await stores.pushes.countWaiting(feedId)) >= MAX_WAITING) {
    await stores.feeds.makeDue(receivedAt, feedId);
    return undefined;
  }
  const dueBy = new Date(receivedAt.getTime() + config.KHABAR_RECONCILE_AFTER_MS);
  return { feedId, pushId: await stores.pushes.put({ feedId, url: topic, contentType, body, receivedAt }, dueBy) };
}
