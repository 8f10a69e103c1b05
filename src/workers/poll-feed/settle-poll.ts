import { type StageError, ThrottledError } from '../../shared/errors.ts';
import { cacheLifetimeSeconds, type Fetched } from '../../shared/http/index.ts';
import type { Entry, Feed, FeedRecord, SitemapPart } from '../../shared/model.ts';
import type { StageResult } from '../../shared/stage.ts';
import type { FeedMove } from '../../shared/stores/feeds.ts';
import { sameSite } from '../../shared/url/index.ts';
import type { Dependencies } from '../dependencies.ts';
import { gradeFailure, type PollObservation, planNextPoll } from './next-poll.ts';
import { followHub } from './subscribe.ts';
import { shortLine } from './take-entries.ts';

/** What a poll saw. */
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
  /** What an operator should know, though the poll went well. */
  trouble?: FeedRecord['lastError'];
}

/** Saves what a poll learnt. Validators are kept only here, after the entries are safe, and not for a document to be read again. */
export async function settle(
  feed: FeedRecord,
  fetched: Fetched,
  deps: Dependencies,
  settlement: Settlement,
): Promise<StageResult> {
  const { parsed, outcome, fresh = 0, freshEntries = [], whole = true, trouble } = settlement;
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
      lastError: trouble,
      ...(plan.proposeMove && { proposedUrl: plan.proposeMove }),
      ...(parsed && {
        title: feed.title ?? shortLine(parsed.title),
        siteUrl: feed.siteUrl ?? parsed.link,
        language: shortLine(parsed.language),
        unstableGuids: settlement.unstableGuids,
      }),
      ...(fresh > 0 && { lastNewAt: now }),
      sitemaps: settlement.sitemaps,
      ...validators,
    },
    {
      unset: [
        ...(trouble ? [] : (['lastError'] as const)),
        ...dropped,
        ...(plan.schedule.moved ? [] : (['proposedUrl'] as const)),
      ],
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

/** Keeps the failure on the feed with its code, and plans when to try again. */
export async function settleFailure(
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
