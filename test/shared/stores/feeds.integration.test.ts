import { describe, expect, test } from 'vitest';
import { FeedStore } from '../../../src/shared/stores/feeds.ts';
import { testDatabase } from '../../support/servers.ts';

const NOW = new Date('2026-03-01T10:00:00Z');
const TERM_MS = 60_000;
const plus = (ms: number) => new Date(NOW.getTime() + ms);

async function setup(count = 0) {
  const { db } = await testDatabase('feeds');
  const store = new FeedStore(db);
  await store.createIndexes();
  for (let i = 0; i < count; i++) await store.add({ url: `https://news.example/${i}.xml`, folders: [] }, NOW);
  return store;
}

describe('claimDue', () => {
  test('ten schedulers at once – every due feed is claimed by one of them', async () => {
    const store = await setup(30);
    const claims = await Promise.all(Array.from({ length: 10 }, () => store.claimDue(NOW, TERM_MS, 500)));
    expect(claims.flat()).toHaveLength(30);
    expect(new Set(claims.flat()).size).toBe(30);
  });

  test('a claim that is not settled in time – the feed is due again', async () => {
    const store = await setup(1);
    const [id] = await store.claimDue(NOW, TERM_MS, 10);
    expect(await store.claimDue(plus(TERM_MS - 1), TERM_MS, 10)).toEqual([]);
    expect(await store.claimDue(plus(TERM_MS), TERM_MS, 10)).toEqual([id]);
  });

  test('a settled claim – due when its schedule says', async () => {
    const store = await setup(1);
    const [id = ''] = await store.claimDue(NOW, TERM_MS, 10);
    await store.settle(id, { nextPollAt: plus(10 * TERM_MS), lastPolledAt: NOW }, { entries: 4 });
    expect(await store.claimDue(plus(9 * TERM_MS), TERM_MS, 10)).toEqual([]);
    expect(await store.claimDue(plus(10 * TERM_MS), TERM_MS, 10)).toEqual([id]);
    expect(await store.get(id)).toMatchObject({ polls: 1, entriesSeen: 4 });
  });

  test('a paused feed is not claimed, a resumed one at once', async () => {
    const store = await setup(1);
    const id = (await store.list())[0]?._id ?? '';
    await store.setStatus(id, 'paused', NOW);
    expect(await store.claimDue(plus(TERM_MS), TERM_MS, 10)).toEqual([]);
    await store.setStatus(id, 'active', NOW);
    expect(await store.claimDue(NOW, TERM_MS, 10)).toEqual([id]);
  });

  test('after Redis was lost – polls under way are due at once', async () => {
    const store = await setup(3);
    await store.claimDue(NOW, TERM_MS, 2);
    expect(await store.makeClaimedDue(plus(1000))).toBe(2);
    expect(await store.claimDue(plus(1000), TERM_MS, 10)).toHaveLength(3);
  });
});

test('learnPush – what a poll has saved meanwhile of failures stays', async () => {
  const store = await setup(1);
  const [id = ''] = await store.claimDue(NOW, TERM_MS, 10);
  const before = { intervalMs: 3_600_000, daily: [], failures: 0 };
  await store.settle(id, { schedule: { ...before, failures: 2 }, nextPollAt: plus(TERM_MS) });
  const daily = [{ day: '2026-03-01', entries: 3 }];
  await store.learnPush(id, { schedule: { ...before, intervalMs: 600_000, daily }, lastNewAt: NOW }, 3);
  expect((await store.get(id))?.schedule).toEqual({ intervalMs: 600_000, daily, failures: 2 });
});

describe('add', () => {
  test('the same URL twice – one subscription', async () => {
    const store = await setup();
    const feed = { url: 'https://news.example/feed', title: 'أخبار', folders: ['العربية'] };
    expect(
      await Promise.all([store.add(feed, NOW), store.add(feed, NOW)]).then((made) => made.filter(Boolean)),
    ).toHaveLength(1);
    expect(await store.list()).toEqual([expect.objectContaining({ ...feed, status: 'active', nextPollAt: NOW })]);
  });
});

describe('settle', () => {
  test('a move to an address that another subscription has – both stay, the operator is told', async () => {
    const store = await setup(2);
    const [first, second] = await store.list();
    await store.settle(first?._id ?? '', {}, { move: { to: second?.url ?? '' } });
    expect(await store.get(first?._id ?? '')).toMatchObject({ url: first?.url, proposedUrl: second?.url });
    await store.settle(first?._id ?? '', {}, { move: { to: 'https://news.example/new.xml' } });
    expect(await store.get(first?._id ?? '')).toMatchObject({ url: 'https://news.example/new.xml' });
  });
});
