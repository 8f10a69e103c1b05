import { expect, test } from 'vitest';
import { SiteStore } from '../../../src/shared/stores/sites.ts';
import { testDatabase } from '../../support/servers.ts';

const NOW = new Date('2026-03-01T10:00:00Z');
const LATER = new Date('2026-03-02T10:00:00Z');

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
