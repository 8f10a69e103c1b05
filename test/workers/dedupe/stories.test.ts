import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/shared/seeded-random.ts';
import { createMemoryStories } from '../../../src/workers/dedupe/memory-stories.ts';
import { type PlacedArticle, repairStories } from '../../../src/workers/dedupe/repair-stories.ts';
import { assignToStory, type StoryArticle, type StoryOptions } from '../../../src/workers/dedupe/stories.ts';
import { type TermOptions, termsOf } from '../../../src/workers/dedupe/story-terms.ts';

interface Labelled {
  id: string;
  event: string;
  day: number;
  source: string;
  title: string;
  text: string;
}

const DAY_MS = 86_400_000;
const LANGUAGES = ['ar', 'en', 'fr'] as const;
const labelled = LANGUAGES.flatMap((language) =>
  readFileSync(new URL(`../../fixtures/stories/${language}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => ({ language, ...(JSON.parse(line) as Labelled) })),
);
const eventOf = new Map(labelled.map(({ id, event }) => [id, event]));

const articleOf = (item: (typeof labelled)[number], options?: TermOptions): StoryArticle => ({
  id: item.id,
  language: item.language,
  title: item.title,
  source: item.source,
  at: item.day * DAY_MS,
  terms: termsOf(item, options),
});

/** Stories of the articles in this order: article id → story id. */
async function cluster(items: typeof labelled, options: StoryOptions & TermOptions = {}) {
  const store = createMemoryStories();
  const placed: PlacedArticle[] = [];
  for (const item of items) {
    const article = articleOf(item, options);
    placed.push({ ...article, storyId: (await assignToStory(store, article, options)).storyId });
  }
  return { store, placed, storyOf: new Map(placed.map(({ id, storyId }) => [id, storyId])) };
}

async function repair(placed: PlacedArticle[], store: ReturnType<typeof createMemoryStories>) {
  const storyOf = new Map<string, string>();
  for (const language of LANGUAGES) {
    const ofLanguage = placed.filter((article) => article.language === language);
    const { stories } = await repairStories(ofLanguage, await store.statistics(language));
    for (const { id, articleIds } of stories) for (const articleId of articleIds) storyOf.set(articleId, id);
  }
  return storyOf;
}

/** The articles of each day in any order. */
function shuffledByDay(items: typeof labelled, seed: number): typeof labelled {
  const random = seededRandom(seed);
  return items
    .map((item) => ({ item, order: Math.floor(item.day) + random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

function pairScores(found: ReadonlyMap<string, string>, truth: ReadonlyMap<string, string>) {
  const ids = [...found.keys()];
  let [both, wrong, missed, pairs] = [0, 0, 0, 0];
  for (const [i, a] of ids.entries()) {
    for (const b of ids.slice(i + 1)) {
      if (a.slice(0, 2) !== b.slice(0, 2)) continue;
      const [joined, same] = [found.get(a) === found.get(b), truth.get(a) === truth.get(b)];
      pairs++;
      if (joined && same) both++;
      else if (joined) wrong++;
      else if (same) missed++;
    }
  }
  return { pairs, f1: (2 * both) / (2 * both + wrong + missed) };
}

/** B-cubed F1 (Bagga and Baldwin, 1998). */
function bCubed(found: ReadonlyMap<string, string>, truth: ReadonlyMap<string, string>): number {
  const ids = [...found.keys()];
  let [precision, recall] = [0, 0];
  for (const id of ids) {
    const together = ids.filter((other) => found.get(other) === found.get(id));
    const same = ids.filter((other) => truth.get(other) === truth.get(id));
    const right = together.filter((other) => truth.get(other) === truth.get(id)).length;
    precision += right / together.length / ids.length;
    recall += right / same.length / ids.length;
  }
  return (2 * precision * recall) / (precision + recall);
}

describe('stories of the labelled articles', () => {
  test('pairs and B-cubed', async () => {
    const { storyOf } = await cluster(labelled);
    const { pairs, f1 } = pairScores(storyOf, eventOf);
    expect(pairs).toBeGreaterThanOrEqual(300);
    expect(f1).toBeGreaterThan(0.9);
    expect(bCubed(storyOf, eventOf)).toBeGreaterThan(0.95);
  });

  test.each<[string, StoryOptions & TermOptions]>([
    ['names', { names: false }],
    ['time decay', { sigmaDays: Number.POSITIVE_INFINITY }],
    ['stemming', { stemming: false }],
  ])('without %s they are no better', async (_part, without) => {
    const whole = pairScores((await cluster(labelled)).storyOf, eventOf).f1;
    const part = pairScores((await cluster(labelled, without)).storyOf, eventOf).f1;
    expect(part).toBeLessThanOrEqual(whole);
  });

  test.each([1, 2, 3])(
    'the order within the day changes B-cubed by less than 2 points, and nothing after a repair (%i)',
    async (seed) => {
      const inOrder = await cluster(labelled);
      const other = await cluster(shuffledByDay(labelled, seed));
      expect(Math.abs(bCubed(inOrder.storyOf, eventOf) - bCubed(other.storyOf, eventOf))).toBeLessThan(0.02);
      const repaired = await repair(inOrder.placed, inOrder.store);
      expect(bCubed(await repair(other.placed, other.store), repaired)).toBeCloseTo(1);
    },
  );
});

describe('assignToStory', () => {
  const [first, second] = labelled as [(typeof labelled)[number], (typeof labelled)[number]];

  test('a story tells its title, sources, times and articles', async () => {
    const { store, storyOf } = await cluster(labelled.slice(0, 3));
    const story = store.all().find(({ id }) => id === storyOf.get('ar01'));
    expect(story).toMatchObject({
      id: 'ar01',
      articles: 3,
      articleIds: ['ar01', 'ar02', 'ar03'],
      sources: ['الأفق', 'الميناء', 'صدى الرافدين'],
      firstAt: first.day * DAY_MS,
      lastAt: 2.4 * DAY_MS,
    });
    expect(labelled.map(({ title }) => title)).toContain(story?.title);
  });

  test('an article placed twice is counted once', async () => {
    const store = createMemoryStories();
    await assignToStory(store, articleOf(first));
    await assignToStory(store, articleOf(second));
    expect(await assignToStory(store, articleOf(second))).toMatchObject({ storyId: first.id, created: false });
    expect(await assignToStory(store, articleOf(first))).toMatchObject({ storyId: first.id, created: false });
    expect(store.all().map(({ articles }) => articles)).toEqual([2]);
  });

  test('after seven idle days a story is closed', async () => {
    const options = { sigmaDays: Number.POSITIVE_INFINITY };
    for (const [days, joins] of [
      [6.9, true],
      [7.1, false],
    ] as const) {
      const store = createMemoryStories();
      await assignToStory(store, articleOf(first), options);
      const later = { ...articleOf(second), at: (first.day + days) * DAY_MS };
      expect((await assignToStory(store, later, options)).storyId === first.id, `${days} days`).toBe(joins);
    }
  });

  test('one event in two languages is two stories', async () => {
    const store = createMemoryStories();
    await assignToStory(store, articleOf(first));
    expect(await assignToStory(store, { ...articleOf(second), language: 'fa' })).toMatchObject({ created: true });
  });

  test('a save that lost a race is tried again on the newer story', async () => {
    const store = createMemoryStories();
    await assignToStory(store, articleOf(first));
    let races = 0;
    const racing = {
      ...store,
      save: async (story: Parameters<typeof store.save>[0]) => {
        if (story.id === first.id && races++ === 0) {
          await assignToStory(store, articleOf(labelled[2] as (typeof labelled)[number]));
        }
        return store.save(story);
      },
    };
    expect(await assignToStory(racing, articleOf(second))).toMatchObject({ storyId: first.id });
    expect(store.all()[0]).toMatchObject({ articleIds: ['ar01', 'ar03', 'ar02'], articles: 3 });
  });
});

describe('repairStories', () => {
  test('joins what was parted and parts what was joined, and keeps the id that most articles have', async () => {
    const { store } = await cluster(labelled);
    const arabic = labelled.filter(({ language }) => language === 'ar');
    const torn = arabic.map((item) => ({
      ...articleOf(item),
      storyId:
        item.event === 'ar-dam'
          ? item.id === 'ar03'
            ? 'ar03'
            : 'ar01'
          : item.event === 'ar-book'
            ? 'ar16'
            : `${item.event}-story`,
    }));
    const mixed = torn.map((article) =>
      eventOf.get(article.id) === 'ar-vaccine' ? { ...article, storyId: 'ar16' } : article,
    );
    const { stories, moves } = await repairStories(mixed, await store.statistics('ar'));
    const storyOf = new Map(stories.flatMap(({ id, articleIds }) => articleIds.map((articleId) => [articleId, id])));
    expect(moves).toContainEqual({ articleId: 'ar03', from: 'ar03', to: 'ar01' });
    expect(storyOf.get('ar16')).toBe(storyOf.get('ar17'));
    expect(storyOf.get('ar18')).toBe(storyOf.get('ar19'));
    expect(storyOf.get('ar16')).not.toBe(storyOf.get('ar18'));
    expect(new Set(stories.map(({ id }) => id)).size).toBe(stories.length);
  });

  test('what is right stays', async () => {
    const { store, placed } = await cluster(labelled);
    const english = placed
      .filter(({ language }) => language === 'en')
      .map((article) => ({ ...article, storyId: eventOf.get(article.id) as string }));
    expect((await repairStories(english, await store.statistics('en'))).moves).toEqual([]);
  });
});
