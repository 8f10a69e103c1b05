import { expect, test } from 'vitest';
import { KEPT_PAGES } from '../../../src/shared/furniture.ts';
import { type SiteRecord, SiteStore } from '../../../src/shared/stores/sites.ts';
import { testDatabase } from '../../support/servers.ts';

// The database forgets sites by its own clock.
const NOW = new Date();
const LATER = new Date(NOW.getTime() + 86_400_000);

test('a host that is read worse than before – flagged once, and no more when it recovers', async () => {
  const { db } = await testDatabase('sites');
  const store = new SiteStore(db);
  await store.createIndexes();
  const learn = async (n: number, score: number, at: Date) => {
    const begun = [];
    for (let i = 0; i < n; i++) begun.push(await store.learn('news.example', { method: 'article', score }, at));
    return begun.filter(Boolean).length;
  };
  await store.learn('steady.example', { method: 'article', score: 0.9 }, NOW);
  expect(await learn(40, 0.9, NOW)).toBe(0);
  expect(await store.drifting(10)).toEqual([]);
  expect(await learn(10, 0.3, LATER)).toBe(1);
  const [site, ...others] = await store.drifting(10);
  expect(others).toEqual([]);
  expect(site).toMatchObject({ _id: 'news.example', drift: { since: LATER } });
  expect(site?.drift?.recent).toBeCloseTo(0.3);
  await learn(80, 0.9, LATER);
  expect(await store.drifting(10)).toEqual([]);
  const stored = await db.collection<{ _id: string; scores: number[] }>('sites').findOne({ _id: 'news.example' });
  expect(stored?.scores).toHaveLength(80);
});

test('lines that recur on the pages of a host – counted once per article, also when deliveries race', async () => {
  const { db } = await testDatabase('sites');
  const store = new SiteStore(db);
  const lines = (n: number) => ({
    id: `article ${n}`,
    at: new Date(NOW.getTime() + n * 86_400_000),
    title: `title ${n}`,
    gist: [`gist ${n}`],
    closing: ['sign-off'],
    inner: [`line ${n}`],
  });
  const learn = (n: number, host = 'news.example') =>
    store.learn(host, { method: 'blocks', score: 0.9, lines: lines(n) }, NOW);
  expect(await store.furnitureOf('news.example')).toEqual(new Set());
  // The first delivery makes the host's record, the others meet it or race for it.
  await Promise.all([1, 2, 3, 3, 2, 1].map((n) => learn(n)));
  await learn(3);
  const stored = await db.collection<SiteRecord>('sites').findOne({ _id: 'news.example' });
  expect(stored?.pages?.map(({ id }) => id).sort()).toEqual(['article 1', 'article 2', 'article 3']);
  expect(stored?.scores).toHaveLength(3);
  expect(await store.furnitureOf('news.example')).toEqual(new Set());
  await learn(4);
  expect(await store.furnitureOf('news.example')).toEqual(new Set(['sign-off']));
  // Answers that come in another order than the pages were learnt take nothing back.
  await Promise.all([1, 2, 3, 4, 5, 6].map((n) => learn(n, 'busy.example')));
  expect(await store.furnitureOf('busy.example')).toEqual(new Set(['sign-off']));
  // Another process asks the database once.
  const other = new SiteStore(db);
  expect(await other.furnitureOf('news.example')).toEqual(new Set(['sign-off']));
  await db.collection<SiteRecord>('sites').deleteMany({});
  expect(await other.furnitureOf('news.example')).toEqual(new Set(['sign-off']));
});

test('pages of a host – only the latest are remembered, and old furniture with them forgotten', async () => {
  const { db } = await testDatabase('sites');
  const store = new SiteStore(db);
  for (let n = 0; n < KEPT_PAGES + 5; n++) {
    const at = new Date(NOW.getTime() + n * 3_600_000 * 4);
    const lines = { id: `${n}`, at, title: `${n}`, gist: [], closing: n < 8 ? ['old line'] : [`${n}`], inner: [] };
    await store.learn('news.example', { method: 'blocks', score: 0.9, lines }, NOW);
    if (n === 7) expect(await store.furnitureOf('news.example')).toEqual(new Set(['old line']));
  }
  expect(await store.furnitureOf('news.example')).toEqual(new Set());
  const stored = await db.collection<SiteRecord>('sites').findOne({ _id: 'news.example' });
  expect(stored?.pages).toHaveLength(KEPT_PAGES);
});
