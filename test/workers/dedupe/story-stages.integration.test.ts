import { readFileSync } from 'node:fs';
import { MongoClient } from 'mongodb';
import { expect, test, vi } from 'vitest';
import type { Article } from '../../../src/shared/model.ts';
import { openStores } from '../../../src/shared/stores/database.ts';
import { openStories, repairOpenStories, storyArticle } from '../../../src/workers/dedupe/place-story.ts';
import { testMongoUri, uniqueName } from '../../support/servers.ts';
import { testService } from '../../support/service.ts';

const START = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;

const [first, second] = readFileSync(new URL('../../fixtures/stories/ar.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

const articleOf = ({ id, title, text, source, day }: typeof first, more: Partial<Article> = {}): Article => {
  const at = new Date(START + day * DAY_MS);
  return {
    _id: id,
    schemaVersion: 1,
    state: 'enriched',
    outcome: 'enriched',
    movedAt: at,
    reconciled: 0,
    trace: [],
    urlKeys: [`https://${id}.test/`],
    entryKeys: [],
    url: `https://${id}.test/`,
    originalUrl: `https://${id}.test/`,
    feeds: [],
    source: { name: source, domain: `${id}.test` },
    entry: { authors: [], categories: [] },
    firstSeenAt: at,
    publishedAt: at,
    title,
    text,
    lang: 'ar',
    ...more,
  };
};

/** Names that the knowledge base gives one id in every language. */
const happened = (day: number): Partial<Article> => ({
  publishedAt: new Date(START + day * DAY_MS),
  entities: (['place:wadi-al-sidr', 'person:minister'] as const).map((id) => ({
    id,
    type: id.startsWith('place') ? 'location' : 'person',
    name: id,
    names: {},
    roles: [],
    mentions: [],
  })),
});

test('a repair moves articles and their copies to the story they belong to, and links it with that of another language', async () => {
  const name = uniqueName('stories');
  const stores = await openStores(testMongoUri(), name);
  const client = await new MongoClient(testMongoUri()).connect();
  try {
    const stories = openStories(stores);
    const [a, b] = [articleOf(first), articleOf(second)];
    const copy = articleOf(
      { ...second, id: 'copy' },
      { state: 'duplicate', dup: { of: b._id, kind: 'exact', score: 1, method: 'content-hash' } },
    );
    const english = articleOf(
      {
        ...first,
        id: 'english',
        title: 'Dam collapses',
        text: 'Part of the dam collapsed: 640 families moved, 4.5 million cubic metres lost.',
      },
      { lang: 'en', ...happened(first.day) },
    );
    Object.assign(a, happened(first.day), { text: `${a.text} نقلت 640 عائلة، وفقد 4.5 مليون متر مكعب.` });
    await client.db(name).collection<Article>('articles').insertMany([a, b, copy, english]);
    for (const article of [a, { ...b, publishedAt: new Date(START + 5 * DAY_MS) }, english]) {
      const { storyId } = await stories.place(storyArticle(article));
      await stores.clusters.moveToStory([article._id], storyId);
    }
    expect(await stores.clusters.storyOf('copy')).toBe(b._id);

    expect(await repairOpenStories(stores, stories, new Date(START + 6 * DAY_MS))).toBe(1);
    for (const id of [a._id, b._id, 'copy']) expect(await stores.clusters.storyOf(id), id).toBe(a._id);
    const linked = { names: ['person:minister', 'place:wadi-al-sidr'], numbers: ['4.5', '640'] };
    expect(await stores.stories.list({ order: 'size', skip: 0, limit: 10 })).toMatchObject([
      { id: a._id, articles: 2, links: [{ id: 'english', language: 'en', ...linked }] },
      { id: 'english', articles: 1, links: [{ id: a._id, language: 'ar', ...linked }] },
    ]);
    expect(await repairOpenStories(stores, stories, new Date(START + 6 * DAY_MS))).toBe(0);
  } finally {
    await client.db(name).dropDatabase();
    await client.close();
    await stores.close();
  }
});

test('the service repairs stories by itself', async () => {
  const name = uniqueName('stories');
  const service = await testService({ MONGODB_DATABASE: name, KHABAR_ROLES: 'scheduler' });
  const { stores } = service;
  const client = await new MongoClient(testMongoUri()).connect();
  try {
    const publishedAt = new Date(Date.now() - 6 * DAY_MS);
    const [a, b] = [first, second].map((text) => articleOf(text, { publishedAt })) as [Article, Article];
    await client.db(name).collection<Article>('articles').insertMany([a, b]);
    for (const article of [a, { ...b, publishedAt: new Date() }]) {
      const { storyId } = await openStories(stores).place(storyArticle(article));
      await stores.clusters.moveToStory([article._id], storyId);
    }
    expect(await stores.clusters.storyOf(b._id)).toBe(b._id);

    service.start();
    await vi.waitFor(async () => expect(await stores.clusters.storyOf(b._id)).toBe(a._id), { timeout: 20_000 });
  } finally {
    await service.stop();
    await client.db(name).dropDatabase();
    await client.close();
  }
});
