import { setImmediate } from 'node:timers/promises';
import type { Story } from '../../shared/model.ts';
import { createMemoryStories } from './memory-stories.ts';
import {
  addVectors,
  assignToStory,
  cosine,
  decay,
  heaviest,
  norm,
  SIGMA_DAYS,
  STORY_LOOKUP_TERMS,
  type StoryArticle,
  type StoryOptions,
  type TermStatistics,
} from './stories.ts';

export interface PlacedArticle extends StoryArticle {
  storyId: string;
}

export interface StoryRepair {
  /** The stories of these articles as they should be. */
  stories: Story[];
  /** Articles that are to change their story. */
  moves: { articleId: string; from: string; to: string }[];
}

/** Two stories this much alike, after decay, are one: an event reported in two wordings until a third article spoke both. */
const MIN_MERGE_SIMILARITY = 0.42;

/** Articles placed, or stories compared, in one go; then the process sees to its other work, such as the locks of its jobs. */
const PER_TURN = 50;

/**
 * The periodic repair of what arriving one by one got wrong: stories that should be one are joined and strangers parted. The articles of
 * one language and window are placed again in the order of their publication, with today's term statistics, and the closest stories
 * are joined; so the outcome does not depend on the order of arrival. Each story keeps the id that most of its articles bear.
 */
export async function repairStories(
  articles: readonly PlacedArticle[],
  statistics: TermStatistics,
  options: StoryOptions & { minMergeSimilarity?: number } = {},
): Promise<StoryRepair> {
  const store = { ...createMemoryStories(), statistics: async () => statistics, learn: async () => {} };
  const inOrder = [...articles].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  for (const [i, article] of inOrder.entries()) {
    if (i % PER_TURN === 0) await setImmediate();
    await assignToStory(store, article, options);
  }
  const merged = await mergeAlike(
    store.all(),
    options.minMergeSimilarity ?? MIN_MERGE_SIMILARITY,
    options.sigmaDays ?? SIGMA_DAYS,
  );

  const before = new Map(articles.map(({ id, storyId }) => [id, storyId]));
  const stories = keepIds(merged, before);
  const moves = stories.flatMap(({ id: to, articleIds }) =>
    articleIds.flatMap((articleId) => {
      const from = before.get(articleId) as string;
      return from === to ? [] : [{ articleId, from, to }];
    }),
  );
  return { stories, moves };
}

/** Joins the most alike pair until none is alike enough. */
async function mergeAlike(all: Story[], minSimilarity: number, sigmaDays: number): Promise<Story[]> {
  const open = new Map(all.map((story) => [story.id, story]));
  const byTerm = new Map<number, string[]>();
  const enter = (story: Story) => {
    for (const term of heaviest(story.centroid, STORY_LOOKUP_TERMS)) {
      const ids = byTerm.get(term);
      if (ids === undefined) byTerm.set(term, [story.id]);
      else if (!ids.includes(story.id)) ids.push(story.id);
    }
  };
  const pairsOf = (story: Story): Pair[] =>
    neighbours(story, byTerm)
      .flatMap((id) => open.get(id) ?? [])
      .map((other) => pairOf(story, other, sigmaDays))
      .filter(({ similarity }) => similarity >= minSimilarity);

  for (const story of all) enter(story);
  let pairs: Pair[] = [];
  for (const [i, story] of all.entries()) {
    if (i % PER_TURN === 0) await setImmediate();
    pairs.push(...pairsOf(story).filter(({ other }) => story.id < other.id));
  }
  for (let i = 0; pairs.length > 0; i++) {
    if (i % PER_TURN === 0) await setImmediate();
    const { story, other } = pairs.reduce((best, pair) => (isCloser(pair, best) ? pair : best));
    const joined = join(story, other);
    open.delete(story.id);
    open.delete(other.id);
    open.set(joined.id, joined);
    enter(joined);
    pairs = pairs.filter((pair) => ![pair.story.id, pair.other.id].some((id) => id === story.id || id === other.id));
    pairs.push(...pairsOf(joined));
  }
  return [...open.values()];
}

const isCloser = (a: Pair, b: Pair) =>
  a.similarity > b.similarity || (a.similarity === b.similarity && a.story.id + a.other.id < b.story.id + b.other.id);

/** Lookup terms two stories must share to be compared. */
const MIN_SHARED_TERMS = 3;

function neighbours(story: Story, byTerm: ReadonlyMap<number, string[]>): string[] {
  const shared = new Map<string, number>();
  for (const term of heaviest(story.centroid, STORY_LOOKUP_TERMS)) {
    for (const id of byTerm.get(term) ?? []) if (id !== story.id) shared.set(id, (shared.get(id) ?? 0) + 1);
  }
  return [...shared].filter(([, count]) => count >= MIN_SHARED_TERMS).map(([id]) => id);
}

interface Pair {
  story: Story;
  other: Story;
  similarity: number;
}

function pairOf(story: Story, other: Story, sigmaDays: number): Pair {
  const apart =
    other.firstAt > story.lastAt ? other.firstAt : other.lastAt < story.firstAt ? other.lastAt : story.firstAt;
  const similarity = (cosine(story.centroid, other) / story.norm) * decay(story, apart, sigmaDays);
  return { story, other, similarity };
}

function join(story: Story, other: Story): Story {
  const [larger, smaller] = other.articles > story.articles ? [other, story] : [story, other];
  const centroid = addVectors(larger.centroid, smaller.centroid);
  return {
    ...larger,
    centroid,
    norm: norm(centroid),
    firstAt: Math.min(larger.firstAt, smaller.firstAt),
    lastAt: Math.max(larger.lastAt, smaller.lastAt),
    sources: [...new Set([...larger.sources, ...smaller.sources])],
    articleIds: [...larger.articleIds, ...smaller.articleIds],
    articles: larger.articles + smaller.articles,
  };
}

/** Gives each story the id that most of its articles had, largest overlap first, each id once. */
function keepIds(stories: Story[], before: ReadonlyMap<string, string>): Story[] {
  const overlaps = stories.flatMap((story) => {
    const counts = new Map<string, number>();
    for (const articleId of story.articleIds) {
      const id = before.get(articleId) as string;
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return [...counts].map(([id, count]) => ({ story, id, count }));
  });
  overlaps.sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const ids = new Map<Story, string>();
  const given = new Set<string>();
  for (const { story, id } of overlaps) {
    if (ids.has(story) || given.has(id)) continue;
    ids.set(story, id);
    given.add(id);
  }
  return stories.map((story) => ({ ...story, id: ids.get(story) ?? newId(story, given) }));
}

/** The id of one of its articles, as every story's is; the articles that already gave theirs to another story get a suffix. */
function newId(story: Story, given: ReadonlySet<string>): string {
  const [first] = story.articleIds as [string];
  const free = story.articleIds.find((id) => !given.has(id));
  for (let n = 2, id = free ?? first; ; n++) {
    if (!given.has(id)) return id;
    id = `${first}-${n}`;
  }
}
