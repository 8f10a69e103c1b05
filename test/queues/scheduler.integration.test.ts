import { Redis } from 'ioredis';
import { describe, expect, test, vi } from 'vitest';
import { ATTEMPTS } from '../../src/queues/pipeline.ts';
import { Producer } from '../../src/queues/producer.ts';
import { Scheduler } from '../../src/queues/scheduler.ts';
import { createLogger } from '../../src/shared/logger.ts';
import { openStores } from '../../src/shared/stores/database.ts';
import { closeAfterFile } from '../support/closing.ts';
import { makeDiscovery } from '../support/make.ts';
import { forgetKeys, testMongoUri, testRedisUrl, uniqueName } from '../support/servers.ts';

const RECONCILE_MS = 60_000;
/** As long as a poll may take before it counts as lost, and more than RECONCILE_MS. */
const CLAIM_TERM_MS = 15 * 60_000;
const START = new Date('2026-03-01T10:00:00Z');

async function setup({
  prefix = uniqueName('scheduler'),
  repair = async () => {},
}: {
  prefix?: string;
  repair?: () => Promise<void>;
} = {}) {
  const redis = new Redis(testRedisUrl());
  const stores = await openStores(testMongoUri(), prefix);
  const producer = new Producer(redis, prefix, ATTEMPTS, 50);
  let now = START;
  let emptied = 0;
  const scheduler = new Scheduler({
    stores,
    producer,
    redis,
    prefix,
    reconcileAfterMs: RECONCILE_MS,
    onRedisEmptied: async () => {
      emptied++;
    },
    repair,
    tendSubscriptions: async () => 0,
    now: () => now,
    log: createLogger('silent'),
  });
  closeAfterFile(async () => {
    await producer.close();
    await stores.close();
    redis.disconnect();
  });
  return {
    stores,
    producer,
    scheduler,
    emptied: () => emptied,
    repairLock: () => redis.pttl(`${prefix}:repair`),
    pass: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
    /** Removes every key of this test, as FLUSHALL would, without touching the tests beside it. */
    emptyRedis: () => forgetKeys(redis, prefix),
    /** A queue's list of waiting jobs is lost, and nothing else. */
    loseWaiting: (stage: Parameters<Producer['queue']>[0]) => redis.del(`${prefix}:${stage}:wait`),
    waiting: async (stage: Parameters<Producer['queue']>[0]) =>
      (await producer.queue(stage).getWaiting()).map(({ data }) => data.articleId ?? data.feedId).sort(),
  };
}

describe('scheduler', () => {
  test('a feed that is due – one poll, however often it ticks', async () => {
    const { stores, scheduler, waiting } = await setup();
    await stores.feeds.add({ url: 'https://news.example/feed', folders: [] }, START);
    await scheduler.tick();
    await scheduler.tick();
    const [feed] = await stores.feeds.list();
    expect(await waiting('poll-feed')).toEqual([feed?._id]);
  });

  test('an article that has not moved – enqueued again at the stage it waits for', async () => {
    const { stores, scheduler, pass, waiting } = await setup();
    await scheduler.tick();
    const dueBy = new Date(START.getTime() + RECONCILE_MS);
    const [a = '', b = ''] = await stores.articles.create('feed', [makeDiscovery(), makeDiscovery()], START, dueBy);
    await stores.articles.advance(b, 'discovered', 'unique', {
      line: { stage: 'test', outcome: 'unique', ms: 0, version: 1, at: START },
      dueBy,
    });
    await scheduler.tick();
    expect(await waiting('fetch-article')).toEqual([]);
    pass(RECONCILE_MS);
    await scheduler.tick();
    expect(await waiting('fetch-article')).toEqual([a]);
    expect(await waiting('extract-entities')).toEqual([b]);
    await scheduler.tick();
    expect(await waiting('fetch-article')).toEqual([a]);
  });

  test('a pushed document whose job is lost – enqueued again, at once after Redis was emptied', async () => {
    const { stores, producer, scheduler, pass, emptyRedis } = await setup();
    await scheduler.tick();
    const push = { feedId: 'a', url: 'https://news.example/feed', body: new Uint8Array([1]), receivedAt: START };
    const pushId = await stores.pushes.put(push, new Date(START.getTime() + RECONCILE_MS));
    const waiting = async () => (await producer.queue('poll-feed').getWaiting()).map(({ data }) => data);
    await scheduler.tick();
    expect(await waiting()).toEqual([]);
    pass(RECONCILE_MS);
    await scheduler.tick();
    expect(await waiting()).toEqual([{ v: 1, feedId: 'a', pushId }]);
    await emptyRedis();
    await scheduler.tick();
    expect(await waiting()).toEqual([{ v: 1, feedId: 'a', pushId }]);
  });

  test('an article whose job is still there – waits as long as it must', async () => {
    const { stores, scheduler, pass, waiting } = await setup();
    const [id = ''] = await stores.articles.create('feed', [makeDiscovery()], START, START);
    for (let i = 0; i < 25; i++) {
      await scheduler.tick();
      pass(RECONCILE_MS);
    }
    expect(await stores.articles.get(id)).toMatchObject({ state: 'discovered', reconciled: 1 });
    expect(await waiting('fetch-article')).toEqual([id]);
  });

  test('a job that Redis remembers but has in no list – does not keep its article or feed out of the queue', async () => {
    const { stores, scheduler, pass, waiting, loseWaiting } = await setup();
    await stores.feeds.add({ url: 'https://news.example/feed', folders: [] }, START);
    const [id = ''] = await stores.articles.create('feed', [makeDiscovery()], START, START);
    await scheduler.tick();
    await loseWaiting('fetch-article');
    await loseWaiting('poll-feed');
    pass(CLAIM_TERM_MS);
    await scheduler.tick();
    expect(await waiting('fetch-article')).toEqual([id]);
    expect(await waiting('poll-feed')).toHaveLength(1);
    expect(await stores.articles.get(id)).toMatchObject({ reconciled: 2 });
  });

  test('a long backlog – looked through in pages, and only what is in none of them counts as lost', async () => {
    const { producer } = await setup();
    const queue = producer.queue('fetch-article');
    const payloads = Array.from({ length: 11_000 }, (_, i) => ({ articleId: `a${i}` }));
    await producer.enqueue('fetch-article', payloads);
    await producer.enqueue('fetch-article', [{ articleId: 'replayed' }], { replay: true });
    const read = vi.spyOn(queue, 'getRanges');
    const asked = ['a10999', 'unknown', 'a0', 'replayed'].map((articleId) => ({ articleId }));
    expect(await producer.enqueueLost('fetch-article', asked)).toEqual([{ articleId: 'unknown' }]);
    expect(read).toHaveBeenCalled();
    for (const [, start = 0, end = 0] of read.mock.calls) {
      expect(end).toBeGreaterThanOrEqual(start);
      expect(end - start).toBeLessThan(5_000);
    }
  });

  test('an article whose job is lost again and again – put aside as STUCK, not enqueued for ever', async () => {
    const { stores, scheduler, pass, loseWaiting } = await setup();
    const [id = ''] = await stores.articles.create('feed', [makeDiscovery()], START, START);
    for (let i = 0; i < 6; i++) {
      await scheduler.tick();
      await loseWaiting('fetch-article');
      pass(RECONCILE_MS);
    }
    expect(await stores.articles.get(id)).toMatchObject({
      state: 'quarantined',
      quarantine: { code: 'STUCK', stage: 'fetch-article', from: 'discovered' },
    });
  });

  test('Redis emptied – the index is rebuilt, unfinished articles and polls come back at once', async () => {
    const { stores, scheduler, emptyRedis, emptied, waiting } = await setup();
    await scheduler.tick();
    expect(emptied()).toBe(1);
    await stores.feeds.add({ url: 'https://news.example/feed', folders: [] }, START);
    await scheduler.tick();
    const ids = await stores.articles.create(
      'feed',
      [makeDiscovery(), makeDiscovery()],
      START,
      new Date(START.getTime() + RECONCILE_MS),
    );
    await emptyRedis();
    expect(await waiting('poll-feed')).toEqual([]);
    await scheduler.tick();
    expect(emptied()).toBe(2);
    expect(await waiting('fetch-article')).toEqual(ids.sort());
    expect(await waiting('poll-feed')).toHaveLength(1);
  });

  test('stories – repaired by one process at a time, beside the ticks, and not twice within the interval', async () => {
    const prefix = uniqueName('scheduler');
    const passes = [0, 0];
    let fail = (_error: Error) => {};
    const underWay = new Promise<void>((_, reject) => {
      fail = reject;
    });
    const first = await setup({
      prefix,
      repair: () => {
        passes[0] = (passes[0] ?? 0) + 1;
        return underWay;
      },
    });
    const second = await setup({
      prefix,
      repair: async () => {
        passes[1] = (passes[1] ?? 0) + 1;
      },
    });
    await first.scheduler.tick();
    await second.scheduler.tick();
    await first.scheduler.tick();
    expect(passes).toEqual([1, 0]);
    expect(await first.repairLock()).toBeGreaterThan(0);
    fail(new Error('the store went away'));
    await first.scheduler.stop();
    await second.scheduler.tick();
    expect(passes).toEqual([1, 0]);
    await first.emptyRedis();
    await second.scheduler.tick();
    expect(passes).toEqual([1, 1]);
  });
});
