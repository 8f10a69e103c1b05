import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import type { Article } from '../../../src/shared/model.ts';
import { electOrigin } from '../../../src/workers/dedupe/elect-origin.ts';
import { createMemoryIndex } from '../../../src/workers/dedupe/memory-index.ts';
import { createRedisIndex } from '../../../src/workers/dedupe/redis-index.ts';
import { insertArticle } from '../../support/insert-article.ts';
import { forgetKeys, testRedisUrl, uniqueName } from '../../support/servers.ts';
import { stageBench } from '../../support/stages.ts';
import { rewritten, story } from './texts.ts';

const DAY_MS = 86_400_000;
const at = (hour: number) => new Date(Date.now() - DAY_MS + hour * 3_600_000);
const bench = await stageBench();
const { stores } = bench.deps;

/** A report of text `n` that was extracted, and its way through the stage. */
async function arrive(n: number, set: Partial<Article>): Promise<string> {
  const article = { title: `خبر ${n}`, text: story(n), lang: 'ar', ...set };
  const id = await insertArticle(bench.deps, 'extracted', article);
  await bench.run('dedupe', { articleId: id });
  return id;
}

const originOf = async (id: string) => (await stores.articles.get(id))?.origin;

test('a copy that was published earlier – is the origin, and the published article stays what it is', async () => {
  const first = await arrive(1, { publishedAt: at(5) });
  const later = await arrive(1, { publishedAt: at(6) });
  expect(await originOf(first)).toBeUndefined();
  const earlier = await arrive(1, { publishedAt: at(2) });
  expect(await originOf(first)).toBe(earlier);
  expect(await stores.articles.get(first)).toMatchObject({ state: 'unique' });
  expect(await stores.articles.get(first)).not.toHaveProperty('dup');
  for (const id of [later, earlier])
    expect(await stores.articles.get(id)).toMatchObject({ state: 'duplicate', dup: { of: first } });

  const agency = await arrive(1, { publishedAt: at(8), url: 'https://www.reuters.com/world/x' });
  expect(await originOf(first)).toBe(agency);
  await arrive(1, { publishedAt: at(1) });
  expect(await originOf(first)).toBe(agency);
});

test('a later copy – the origin when it credits an agency by name, and not for a general "agencies"', async () => {
  const first = await arrive(4, { publishedAt: at(2) });
  const general = await arrive(4, { publishedAt: at(3), agency: 'وكالات' });
  expect(await stores.articles.get(general)).toMatchObject({ dup: { of: first } });
  expect(await originOf(first)).toBeUndefined();
  const named = await arrive(4, { publishedAt: at(4), agency: 'رويترز' });
  expect(await originOf(first)).toBe(named);
});

test('copies that join at once, and again – elect the same', async () => {
  const first = await arrive(2, { publishedAt: at(9) });
  const ids = await Promise.all(
    [4, 2, 6, 3].map((hour) =>
      insertArticle(bench.deps, 'extracted', { title: 'خبر', text: story(2), lang: 'ar', publishedAt: at(hour) }),
    ),
  );
  const copies = (await Promise.all(ids.map((id) => stores.articles.get(id)))) as Article[];
  await Promise.all([...copies, ...copies].map((copy) => electOrigin(stores, first, copy)));
  expect(await originOf(first)).toBe(ids[1]);
});

test('an origin whose date was wrong – gives the title back', async () => {
  const first = await arrive(3, { publishedAt: at(4) });
  const copy = await arrive(3, { publishedAt: at(1) });
  expect(await originOf(first)).toBe(copy);
  const corrected = { ...((await stores.articles.get(copy)) as Article), publishedAt: at(5) };
  await electOrigin(stores, first, corrected);
  expect(await originOf(first)).toBeUndefined();
});

test('every copy – says how much it changed of the text whose it is, and is measured anew when that turns out another', async () => {
  const text = story(5);
  const [opening = ''] = text.split('\n');
  const first = await arrive(5, { publishedAt: at(4), text: `${text}\n${story(6, 40)}` });
  const excerpt = await arrive(5, { publishedAt: at(5), text: `${opening}\n${story(5).split('\n')[1]}` });
  const reprintOf = async (id: string) => (await stores.articles.get(id))?.reprint;
  expect(await reprintOf(excerpt)).toEqual({ of: first, kept: 0.375, added: 0 });
  expect(await reprintOf(first)).toBeUndefined();

  const wire = await arrive(5, { publishedAt: at(6), text, agency: 'رويترز' });
  expect(await originOf(first)).toBe(wire);
  expect(await reprintOf(wire)).toBeUndefined();
  expect(await reprintOf(first)).toEqual({ of: wire, kept: 1, added: 0.25 });
  expect(await reprintOf(excerpt)).toEqual({ of: wire, kept: 0.5, added: 0 });
  const source = { name: 'صحيفة أخرى', domain: 'another.example' };
  const credited = await arrive(5, { publishedAt: at(7), source, text: `${text}\n(رويترز)` });
  expect(await reprintOf(credited)).toMatchObject({ of: wire, kept: 1, credit: 'Reuters' });
});

test('a replay – decides about a copy anew, and gives what it was to those that stay', async () => {
  const first = await arrive(7, { publishedAt: at(4) });
  const excerpt = await arrive(7, { publishedAt: at(5), text: story(7).split('\n').slice(0, 2).join('\n') });
  const wrong = await arrive(7, { publishedAt: at(2) });
  expect(await originOf(first)).toBe(wrong);
  // As a better extractor would leave it.
  const line = { stage: 'test', outcome: 'replayed', ms: 0, version: 1, at: new Date() };
  await stores.articles.advance(wrong, 'duplicate', 'extracted', { line, set: { text: story(8) } });
  expect((await bench.run('dedupe', { articleId: wrong }, 'replay')).outcome).toBe('unique');
  const alone = await stores.articles.get(wrong);
  expect(alone).not.toHaveProperty('dup');
  expect(alone).not.toHaveProperty('reprint');
  expect(await originOf(first)).toBeUndefined();
  expect((await stores.articles.get(excerpt))?.reprint).toMatchObject({ of: first });

  await stores.articles.advance(excerpt, 'duplicate', 'extracted', { line });
  await stores.articles.advance(first, 'unique', 'unique', { line, set: { firstSeenAt: new Date(0) } });
  expect((await bench.run('dedupe', { articleId: excerpt }, 'replay')).outcome).toBe('duplicate');
});

test('Redis emptied in the middle – the index is built again from MongoDB and answers as if nothing had happened', async () => {
  const redis = new Redis(testRedisUrl(), { maxRetriesPerRequest: null });
  const prefix = `${uniqueName('near')}:`;
  const before = bench.deps.nearDuplicates;
  const since = new Date();
  bench.deps.nearDuplicates = createRedisIndex({
    redis,
    prefix,
    loadText: (id) => stores.clusters.textOf(id),
    stored: () => stores.clusters.sketchesSince(since),
  });
  try {
    const memory = createMemoryIndex();
    for (let i = 0; i < 18; i++) {
      if (i === 9) await forgetKeys(redis, prefix);
      const text = [story(20 + (i % 6)), rewritten(story(20 + (i % 6)), 6, i)][i % 2] as string;
      const id = await arrive(9, { text });
      const { original, kind } = await memory.matchOrInsert({ id, title: '', text, language: 'ar', seenAt: i });
      const { dup } = (await stores.articles.get(id)) as Article;
      expect({ of: dup?.of ?? id, kind: dup?.kind }, `article ${i}`).toEqual({ of: original, kind });
    }
  } finally {
    bench.deps.nearDuplicates = before;
    redis.disconnect();
  }
});
