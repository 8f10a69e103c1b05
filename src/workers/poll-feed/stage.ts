import { createHash } from 'node:crypto';
import { z } from 'zod';
import { StageError } from '../../shared/errors.ts';
import type { Feed, FeedRecord } from '../../shared/model.ts';
import { defineStage, type StageContext, type StageResult } from '../../shared/stage.ts';
import type { Dependencies } from '../dependencies.ts';
import { learnPush } from './next-poll.ts';
import { settle, settleFailure } from './settle-poll.ts';
import { isSitemapIndex, readSitemapIndex } from './sitemap-index.ts';
import { scorePush } from './subscribe.ts';
import { type TakenEntries, takeEntries, VERSION } from './take-entries.ts';

/** Codes that mean "not now, and no fault of the feed": the job waits and the feed learns nothing from it. */
const NOT_YET = new Set(['HOST_BUSY', 'GATE_UNAVAILABLE', 'ROBOTS_UNREACHABLE', 'ABORTED']);

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
    trouble: taken.trouble,
    observation: {
      kind: 'document',
      total: taken.total,
      fresh: taken.news,
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
  const { news, created, trouble } = taken;
  if (news > 0) {
    const at = now();
    await stores.feeds.learnPush(
      feed._id,
      { lastNewAt: at, schedule: feed.schedule && learnPush(feed.schedule, news, at) },
      created,
    );
  }
  if (trouble) await stores.feeds.note(feed._id, trouble);
  await scorePush(feed, news, deps);
  if (parsed.truncated) await pollInstead(feed, pushId, deps);
  else await stores.pushes.remove(pushId);
  return { outcome: 'pushed', ...emitted(parsed, taken) };
}

async function pollInstead({ _id }: FeedRecord, pushId: string, { stores, now }: Dependencies): Promise<void> {
  await stores.feeds.makeDue(now(), _id);
  await stores.pushes.remove(pushId);
}

function emitted(
  parsed: Feed,
  { articleIds, fresh, changed, left }: TakenEntries,
): Pick<StageResult, 'emit' | 'facts'> {
  return {
    emit: articleIds.map((articleId) => ({ articleId })),
    facts: { entries: parsed.entries.length, fresh: fresh.length, changed, ...(left > 0 && { left }) },
  };
}
