import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { StoryStore } from '../../../src/shared/stores/stories.ts';
import { saveLinks } from '../../../src/workers/dedupe/open-events.ts';
import { type ArticleForStory, createStories } from '../../../src/workers/dedupe/place-story.ts';
import { TermStatisticsByLanguage } from '../../../src/workers/dedupe/term-statistics.ts';
import { testDatabase } from '../../support/servers.ts';

const DAY_MS = 86_400_000;

const articles = readFileSync(new URL('../../fixtures/stories/ar.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
  .map(({ id, event, day, source, title, text }) => ({
    id,
    event,
    source,
    title,
    text,
    language: 'ar',
    at: day * DAY_MS,
  })) as (ArticleForStory & { event: string })[];

async function* nothing() {}

async function* each<T>(items: T[]) {
  yield* items;
}

describe('stories in MongoDB', () => {
  let records: StoryStore;
  let stories: ReturnType<typeof createStories>;
  const storyOf = new Map<string, string>();

  beforeAll(async () => {
    const { db } = await testDatabase('stories');
    records = new StoryStore(db);
    await records.createIndexes();
    stories = createStories(records, new TermStatisticsByLanguage(nothing));
    for (const article of articles) storyOf.set(article.id, (await stories.place(article)).storyId);
  });

  test('articles of one event share a story, and others do not', () => {
    for (const a of articles) {
      for (const b of articles)
        expect(storyOf.get(a.id) === storyOf.get(b.id), `${a.id} ${b.id}`).toBe(a.event === b.event);
    }
  });

  test('a story is read back as it was saved', async () => {
    const story = await records.get('ar01');
    expect(story).toMatchObject({
      id: 'ar01',
      language: 'ar',
      articles: 3,
      articleIds: ['ar01', 'ar02', 'ar03'],
      version: 2,
    });
    expect(story?.centroid.size).toBeGreaterThan(30);
    const length = Math.sqrt([...(story?.centroid.values() ?? [])].reduce((sum, weight) => sum + weight * weight, 0));
    expect(story?.norm).toBeCloseTo(length, 4);
  });

  test('a list is ordered by size or freshness', async () => {
    const bySize = await records.list({ order: 'size', lang: 'ar', skip: 0, limit: 2 });
    expect(bySize[0]).toMatchObject({ id: 'ar01', sources: ['الأفق', 'الميناء', 'صدى الرافدين'] });
    const byFreshness = await records.list({ order: 'freshness', skip: 0, limit: 1 });
    expect(byFreshness[0]?.lastAt).toBe(Math.max(...articles.map(({ at }) => at)));
    expect(await records.list({ order: 'size', lang: 'ar', minArticles: 3, skip: 0, limit: 10 })).toHaveLength(1);
    expect(await records.list({ order: 'size', lang: 'en', skip: 0, limit: 10 })).toEqual([]);
  });

  test('the versions of the stories with the newest articles – as many as are asked for', async () => {
    const [newest] = await records.list({ order: 'freshness', lang: 'ar', skip: 0, limit: 1 });
    expect([...(await records.versions('ar', 0, 1)).keys()]).toEqual([newest?.id]);
    expect((await records.versions('ar', 0, 100)).get('ar01')).toBe(2);
  });

  test('placing everything again changes nothing', async () => {
    for (const article of articles) expect((await stories.place(article)).storyId).toBe(storyOf.get(article.id));
    expect((await records.get('ar01'))?.articles).toBe(3);
  });

  /** The three articles of one event as those of another language, which is clustered for itself. */
  const inLanguage = (language: string): [ArticleForStory, ArticleForStory, ArticleForStory] => {
    const nth = (n: number) => {
      const article = articles[n] as ArticleForStory;
      return { ...article, language, id: `${language} ${article.id}` };
    };
    return [nth(0), nth(1), nth(2)];
  };

  test('workers that place the articles of one event at once lose none of them', async () => {
    const [first, second, third] = inLanguage('fa');
    await stories.place(first);
    await Promise.all([second, third].map((article) => stories.place(article)));
    expect((await records.get(first.id))?.articleIds.toSorted()).toEqual([first.id, second.id, third.id]);
  });

  test('a repair joins a torn story, tells the articles and leaves nothing behind', async () => {
    const [first, second, third] = inLanguage('ur');
    await stories.place(first);
    await stories.place({ ...second, at: second.at + 30 * DAY_MS });
    expect(await records.get(second.id)).toBeDefined();

    const moved: [string[], string][] = [];
    const torn = [first, second].map((article) => ({ ...article, storyId: article.id }));
    const move = async (ids: string[], to: string) => void moved.push([ids, to]);
    expect(await stories.repair('ur', () => each(torn), move, third.at)).toBe(1);
    expect(moved).toEqual([[[second.id], first.id]]);
    expect((await records.get(first.id))?.articleIds).toEqual([first.id, second.id]);
    expect(await records.get(second.id)).toBeUndefined();
  });

  test('links are made what they should be – a closed story keeps its own, a joined one is forgotten', async () => {
    const ids = ['open', 'other', 'closed'].map((name) => `link ${name}`);
    const [open, other, closed] = ids as [string, string, string];
    const article = articles[0] as ArticleForStory;
    for (const [i, id] of ids.entries()) await stories.place({ ...article, id, language: ['da', 'nb', 'sv'][i] ?? '' });
    const link = (id: string, number = '137') => {
      return { id, language: 'xx', score: 9, names: ['place:aden'], numbers: [number], daysApart: 0 };
    };
    const linksOf = async (id: string) => (await records.get(id))?.links?.map((found) => found.id);
    await records.setLinks(open, [link(closed), link('joined to another')]);
    await records.setLinks(closed, [link(open)]);

    const links = new Map([
      [open, [link(other)]],
      [other, [link(open)]],
    ]);
    await saveLinks(records, links, [open, other]);
    expect(await linksOf(open)).toEqual([other, closed]);
    expect(await linksOf(other)).toEqual([open]);
    expect(await linksOf(closed)).toEqual([open]);

    let writes = 0;
    const counting = {
      linksOf: (asked: readonly string[]) => records.linksOf(asked),
      setLinks: async () => void writes++,
    };
    await saveLinks(counting, links, [open, other]);
    expect(writes).toBe(0);
    await stories.place({ ...article, id: 'another article', language: 'da' });
    expect(await linksOf(open)).toEqual([other, closed]);

    await saveLinks(records, new Map(), [open, other]);
    expect(await linksOf(open)).toEqual([closed]);
    expect(await linksOf(other)).toBeUndefined();
  });
});
