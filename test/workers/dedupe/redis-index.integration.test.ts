import { setImmediate as turn } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, test } from 'vitest';
import { ThrottledError } from '../../../src/shared/errors.ts';
import { seededRandom } from '../../../src/shared/seeded-random.ts';
import { createMemoryIndex } from '../../../src/workers/dedupe/memory-index.ts';
import type { Decision, IndexedArticle } from '../../../src/workers/dedupe/near-duplicate-index.ts';
import { createRedisIndex, LAYOUT, type StoredArticle } from '../../../src/workers/dedupe/redis-index.ts';
import { decodeStoredSketch } from '../../../src/workers/dedupe/stored-sketch.ts';
import { testRedisUrl, uniqueName } from '../../support/servers.ts';
import { hearUnheard } from '../../support/unheard.ts';
import { rewritten, story, words } from './texts.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 0, 1);

/** Copies of many kinds in one stream, in two languages, half of them under the furniture of three outlets. */
function makeStream(length: number, seed = 1): IndexedArticle[] {
  const random = seededRandom(seed);
  const pick = (n: number) => Math.floor(random() * n);
  return Array.from({ length }, (_, i) => {
    const base = story(1000 + pick(Math.ceil(length / 3)), 40 + 4 * pick(30));
    const outlet = pick(6);
    const text = [
      base,
      base,
      rewritten(base, 2 + pick(6), i),
      base.split('\n').slice(0, 2).join('\n'),
      base.split('\n').reverse().join('\n'),
      `${base} ${pick(90)} ${pick(90)} ${pick(90)} ${pick(90)}`,
    ][pick(6)] as string;
    return {
      id: `article-${i}`,
      title: '',
      text: outlet < 3 ? `${text}\n${words(50 + outlet, 30).join(' ')}` : text,
      language: pick(5) === 0 ? 'fa' : 'ar',
      source: `outlet ${outlet}`,
      seenAt: START + i * 600_000,
    };
  });
}

const connections: Redis[] = [];
afterAll(() => {
  for (const redis of connections) redis.disconnect();
});

function setup(
  articles: IndexedArticle[],
  stored: () => StoredArticle[] = () => [],
  prefix = `${uniqueName('near')}:`,
) {
  const redis = new Redis(testRedisUrl(), { maxRetriesPerRequest: null });
  connections.push(redis);
  const byId = new Map(articles.map((article) => [article.id, article]));
  const index = createRedisIndex({ redis, prefix, stored, loadText: async (id) => byId.get(id), now: () => START });
  return { redis, prefix, index };
}

const POSTING_BYTES = 7;

/** The lists of postings of a language, and how many it says they are. */
async function readPostings(redis: Redis, prefix: string, group: string) {
  const fields = await redis.hgetallBuffer(`${prefix}${LAYOUT}:{${group}}:p`);
  const { newest: _newest, postings, buckets, ...lists } = fields;
  return { lists: Object.values(lists), postings: Number(postings), buckets: Number(buckets) };
}

const sumOf = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0);

const answer = ({ original, kind, similarity, method }: Decision) => ({ original, kind, method, similarity });

async function answersInMemory(articles: IndexedArticle[]) {
  const index = createMemoryIndex({ sketchWindowDays: 7, contentWindowDays: 30 });
  const answers = [];
  for (const article of articles) answers.push(answer(await index.matchOrInsert(article)));
  return answers;
}

describe('createRedisIndex', () => {
  test('the answers are those of the index in memory, while the table of postings doubles', async () => {
    const articles = makeStream(400);
    const { index, redis, prefix } = setup(articles);
    const answers = [];
    for (const article of articles) answers.push(answer(await index.matchOrInsert(article)));
    expect(answers).toEqual(await answersInMemory(articles));
    expect(answers.filter(({ kind }) => kind !== undefined).length).toBeGreaterThan(100);
    const { buckets, postings } = await readPostings(redis, prefix, 'ar');
    expect(buckets).toBeGreaterThan(512);
    expect(postings).toBeLessThanOrEqual(16 * buckets);
  });

  test('paragraphs of a large outlet are counted among more counters, with the same answers', async () => {
    const articles = makeStream(300, 8).map((article, i) => ({
      ...article,
      text: `${article.text}\n${words(5000 + i, 12).join(' ')}`,
      language: 'ar',
      source: 'outlet',
    }));
    const { index, redis, prefix } = setup(articles);
    const answers = [];
    for (const article of articles) answers.push(answer(await index.matchOrInsert(article)));
    expect(answers).toEqual(await answersInMemory(articles));
    const sizes = await Promise.all(
      ['f', 'F'].map(async (level) => {
        const [key = ''] = await redis.keys(`${prefix}${LAYOUT}:{ar}:${level}*`);
        return redis.strlen(key);
      }),
    );
    expect(sizes[0]).toBeLessThanOrEqual(4096);
    expect(sizes[1]).toBeGreaterThan(4096);
  });

  test('a table of postings that is lost alone starts anew, and what was in it is not found', async () => {
    const texts = [story(20), story(21)];
    const articles = texts.flatMap((text, i) =>
      [text, rewritten(text, 9)].map((text, j) => ({
        id: `lost-${i}-${j}`,
        title: '',
        text,
        language: 'ar',
        seenAt: START,
      })),
    );
    const [a, copyOfA, b, copyOfB] = articles as [IndexedArticle, IndexedArticle, IndexedArticle, IndexedArticle];
    const { index, redis, prefix } = setup(articles);
    const key = `${prefix}${LAYOUT}:{ar}:p`;
    await index.matchOrInsert(a);
    expect(await redis.del(key)).toBe(1);
    await index.matchOrInsert(b);
    expect(await redis.ttl(key)).toBeGreaterThan(0);
    expect(await index.matchOrInsert(copyOfA)).toMatchObject({ original: copyOfA.id });
    expect(await index.matchOrInsert(copyOfB)).toMatchObject({ original: b.id, kind: 'near' });
    expect(await index.matchOrInsert(a)).toMatchObject({ original: a.id, again: true });
  });

  test('an article asked about again gets the same answer', async () => {
    const articles = makeStream(60);
    const { index } = setup(articles);
    const first = [];
    for (const article of articles) first.push(await index.matchOrInsert(article));
    for (const [i, article] of articles.entries()) {
      const again = await index.matchOrInsert(article);
      expect(again.again).toBe(true);
      expect(answer(again)).toEqual(answer(first[i] as Decision));
    }
  });

  test('four racing workers with double deliveries neither insert twice nor contradict each other', async () => {
    const articles = makeStream(600, 2);
    const random = seededRandom(3);
    const deliveries = articles
      .flatMap((article) => (random() < 0.2 ? [article, article] : [article]))
      .map((article) => ({ article, order: article.seenAt + random() * 20 * 600_000 }))
      .sort((a, b) => a.order - b.order)
      .map(({ article }) => article);
    const first = setup(articles);
    const workers = [first, ...[1, 2, 3].map(() => setup(articles, () => [], first.prefix))];
    await first.index.rebuild();

    const answers = new Map<string, Decision[]>();
    let next = 0;
    await Promise.all(
      workers.map(async ({ index }) => {
        for (let article = deliveries[next++]; article !== undefined; article = deliveries[next++]) {
          const decision = await index.matchOrInsert(article);
          answers.set(article.id, [...(answers.get(article.id) ?? []), decision]);
        }
      }),
    );

    expect(answers.size).toBe(articles.length);
    const originals = new Set<string>();
    for (const [id, decisions] of answers) {
      expect(
        decisions.filter(({ again }) => !again),
        id,
      ).toHaveLength(1);
      expect(new Set(decisions.map((decision) => JSON.stringify(answer(decision)))).size, id).toBe(1);
      if (decisions[0]?.kind === undefined) originals.add(id);
    }
    for (const decisions of answers.values()) expect(originals).toContain(decisions[0]?.original);
    const inserted = await Promise.all(
      ['ar', 'fa'].map((group) => first.redis.hget(`${first.prefix}${LAYOUT}:{${group}}:p`, 'newest')),
    );
    const indexed = [...answers.values()].filter(([decision]) => decision?.kind !== 'exact').length;
    expect(inserted.reduce((sum, count) => sum + Number(count), 0)).toBe(indexed);
  });

  test('emptied in the middle it restores itself and answers as if nothing had happened', async () => {
    const articles = makeStream(300, 4);
    const stored: StoredArticle[] = [];
    const { index, redis, prefix } = setup(articles, () => stored);
    const answers = [];
    for (const [i, article] of articles.entries()) {
      if (i === 150) {
        for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1000 })) {
          if (keys.length > 0) await redis.del(keys);
        }
      }
      const decision = await index.matchOrInsert(article);
      answers.push(answer(decision));
      const { again: _again, ...kept } = decision;
      const { id, seenAt } = article;
      stored.push({ ...kept, id, seenAt, language: article.language ?? '', source: article.source ?? '' });
    }
    expect(answers).toEqual(await answersInMemory(articles));
  });

  test('keys lost one by one – every article still gets its answer', async () => {
    const articles = makeStream(300);
    const { redis, prefix, index } = setup(articles);
    const random = seededRandom(7);
    const found = [];
    for (const [i, article] of articles.entries()) {
      if (i % 50 === 49) {
        const keys = (await redis.keys(`${prefix}*`)).sort();
        await redis.del(keys.filter(() => random() < 0.3));
      }
      found.push(await index.matchOrInsert(article));
    }
    expect(found.filter(({ kind }) => kind !== undefined).length).toBeGreaterThan(50);
  });

  test('a copy that is forgotten – is decided about anew, mostly as foretold, and leaves nothing behind', async () => {
    const articles = makeStream(120, 6).flatMap((article, i) =>
      i % 10 === 0 ? [article, { ...article, id: `${article.id} verbatim` }] : [article],
    );
    const { index, redis, prefix } = setup(articles);
    const decisions = new Map<string, Decision>();
    for (const article of articles) decisions.set(article.id, await index.matchOrInsert(article));
    const postings = async () => {
      const tables = await Promise.all(['ar', 'fa'].map((group) => readPostings(redis, prefix, group)));
      const held = sumOf(tables.flatMap(({ lists }) => lists).map(({ length }) => length / POSTING_BYTES));
      expect(held).toBe(sumOf(tables.map((table) => table.postings)));
      return held;
    };
    const again: Decision[] = [];
    let [same, asForetold] = [0, 0];
    for (const article of articles) {
      const { sketch, original, kind } = decisions.get(article.id) as Decision;
      const known = {
        id: article.id,
        sketch,
        seenAt: article.seenAt,
        language: article.language ?? '',
        source: article.source ?? '',
      };
      if (kind === undefined) {
        expect(await index.forget(known)).toBe(false);
        continue;
      }
      const foretold = await index.reconsider(article);
      expect(await index.forget(known)).toBe(true);
      expect(await index.forget(known)).toBe(false);
      const decision = await index.matchOrInsert(article);
      again.push(decision);
      decisions.set(article.id, decision);
      if (foretold.original === decision.original && foretold.kind === decision.kind) asForetold++;
      if (decision.original === original) same++;
    }
    // While it is there, its own paragraphs count towards furniture.
    expect(asForetold / again.length).toBeGreaterThan(0.9);
    // Some are more like an article that came later.
    expect(same / again.length).toBeGreaterThan(0.9);
    expect(again.length).toBeGreaterThan(30);
    expect(again.filter(({ kind }) => kind === 'exact').length).toBeGreaterThan(5);
    const sketched = [...decisions.values()].filter(({ kind }) => kind !== 'exact');
    const hashes = sketched.map(({ sketch }) => decodeStoredSketch(sketch)?.sketch.hashes.length ?? 0);
    expect(await postings()).toBe(sumOf(hashes));
  });

  test('an answer restored without its method is still given again', async () => {
    const articles = makeStream(1).flatMap((article) => [
      article,
      { ...article, id: 'copy', text: rewritten(article.text, 6) },
    ]);
    const first = setup(articles);
    const [, copy] = articles as [IndexedArticle, IndexedArticle];
    const decisions = [];
    for (const article of articles) decisions.push(await first.index.matchOrInsert(article));
    const stored = decisions.map(({ method: _method, again: _again, ...kept }, i) => ({
      ...kept,
      id: articles[i]?.id as string,
      seenAt: START,
      language: copy.language as string,
    }));
    const { index } = setup(articles, () => stored);
    expect(await index.matchOrInsert(copy)).toMatchObject({ original: 'article-0', kind: 'near', again: true });
  });

  test('while another process restores it, the others are told to come back', async () => {
    const [article] = makeStream(1) as [IndexedArticle];
    const { index, redis, prefix } = setup([article]);
    await redis.set(`${prefix}rebuilding`, '1');
    await expect(index.matchOrInsert(article)).rejects.toThrow(ThrottledError);
    await redis.del(`${prefix}rebuilding`);
    expect(await index.matchOrInsert(article)).toMatchObject({ original: article.id, again: false });
  });

  test('postings that left the window are dropped and every key but the counters expires', async () => {
    const text = story(7);
    const articles = Array.from({ length: 30 }, (_, i) => ({
      id: `day-${i}`,
      title: '',
      text: rewritten(text, 8, i),
      language: 'ar',
      source: 'outlet',
      seenAt: START + i * DAY_MS,
    }));
    const { index, redis, prefix } = setup(articles);
    for (const article of articles) await index.matchOrInsert(article);

    const lasting: string[] = [];
    for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1000 }) as AsyncIterable<string[]>) {
      for (const key of keys) {
        const name = key.slice(key.indexOf('}:') + 2);
        if ((await redis.ttl(key)) < 0) lasting.push(name);
      }
    }
    const { lists, postings } = await readPostings(redis, prefix, 'ar');
    expect(sumOf(lists.map(({ length }) => length))).toBe(postings * POSTING_BYTES);
    // A shingle that all the articles have is listed for the last eight days at most.
    expect(Math.max(...lists.map(({ length }) => length))).toBeLessThanOrEqual(12 * POSTING_BYTES);
    expect(lasting.map((name) => name.replace(/^.*:/, '')).sort()).toEqual(['epoch', 'm', 't']);
  });

  test('a candidate whose text is gone is judged by its sketch', async () => {
    const [a, b, c] = [story(8), rewritten(story(8), 9, 1), rewritten(story(8), 2, 2)].map((text, i) => ({
      id: `gone-${i}`,
      title: '',
      text,
      language: 'ar',
      seenAt: START,
    })) as [IndexedArticle, IndexedArticle, IndexedArticle];
    const { index } = setup([]);
    await index.matchOrInsert(a);
    expect(await index.matchOrInsert(b)).toMatchObject({ original: 'gone-0', method: 'sketch' });
    expect(await index.matchOrInsert(c)).toMatchObject({ original: 'gone-2' });
  });
});

test('both stores go away during a rebuild – it fails, and the process does not end', async () => {
  const [article] = makeStream(1) as [IndexedArticle];
  const { again: _again, ...verdict } = await setup([article]).index.matchOrInsert(article);
  const redis = new Redis(testRedisUrl(), { lazyConnect: true, enableOfflineQueue: false });
  redis.on('error', () => {});
  connections.push(redis);
  async function* stored() {
    yield { id: article.id, seenAt: article.seenAt, ...verdict };
    await turn();
    throw new Error('the database is away');
  }
  const index = createRedisIndex({
    redis,
    stored,
    prefix: `${uniqueName('near')}:`,
    loadText: async () => undefined,
    now: () => START,
  });
  const unheard = hearUnheard();
  await expect(index.rebuild()).rejects.toThrow();
  expect(await unheard()).toEqual([]);
});
