import type { Story } from '../../shared/model.ts';
import type { ArticleOfStory } from '../../shared/stores/clusters.ts';
import type { Stores } from '../../shared/stores/database.ts';
import type { StoryStore as StoryRecords } from '../../shared/stores/stories.ts';
import { linkStories } from './link-stories.ts';
import { languageGroup } from './near-duplicate-index.ts';
import { OpenEvents, saveLinks } from './open-events.ts';
import { type PlacedArticle, repairStories } from './repair-stories.ts';
import { assignToStory, IDLE_DAYS, type StoryAssignment, type StoryStore } from './stories.ts';
import { type StoryText, termsOf } from './story-terms.ts';
import { TermStatisticsByLanguage } from './term-statistics.ts';

/** An original, ready to be put into a story. */
export interface ArticleForStory extends StoryText {
  id: string;
  language?: string;
  /** Name or domain of the outlet. */
  source?: string;
  /** ms since 1970, by its publication. */
  at: number;
}

export interface Stories {
  /** Puts an original into a story; safe to run twice. Copies belong to the story of their original. */
  place(article: ArticleForStory): Promise<StoryAssignment>;
  /**
   * Repairs the stories of a language that are open at `now` (ms since 1970). `originals` gives the articles of the stories it is asked
   * for; `move` is told of those that changed their story, after the story is saved. Returns how many moved. One process at a time:
   * a story that a worker adds to meanwhile is left for the next pass.
   */
  repair(
    language: string,
    originals: (storyIds: string[]) => AsyncIterable<ArticleForStory & { storyId: string }>,
    move: (articleIds: string[], storyId: string) => Promise<void>,
    now: number,
  ): Promise<number>;
}

const DAY_MS = 86_400_000;

/** An article's record as clustering looks at it. */
export function storyArticle(article: ArticleOfStory): ArticleForStory {
  const { _id: id, title = '', text = '', lang, source, publishedAt, firstSeenAt, entities = [] } = article;
  return {
    id,
    title,
    text,
    ...(lang !== undefined && { language: lang }),
    source: source.name,
    at: (publishedAt ?? firstSeenAt).getTime(),
    entities: entities.map((entity) => entity.id),
  };
}

/** Stories of a language repaired in one pass, those with the newest article: it holds the terms of all their articles in memory. */
const MAX_REPAIRED = 5_000;

/** Originals that say what the terms of a language are worth. */
const SAMPLE = 2000;

/** {@link createStories} over the project's stores. */
export function openStories(stores: Pick<Stores, 'clusters' | 'stories'>): Stories {
  return createStories(stores.stories, termStatistics(stores));
}

/** What the terms of each language are worth in the latest originals. */
export function termStatistics({ clusters }: Pick<Stores, 'clusters'>): TermStatisticsByLanguage {
  return new TermStatisticsByLanguage(async function* recent(language) {
    for await (const article of clusters.latestOriginals(language, SAMPLE)) yield storyArticle(article);
  });
}

/**
 * The periodic pass over every language with open stories; articles and their copies follow their stories, and the stories of all
 * languages are linked anew. One process at a time. Returns how many originals changed their story.
 */
export async function repairOpenStories(
  stores: Pick<Stores, 'clusters' | 'stories'>,
  stories: Stories,
  now: Date,
): Promise<number> {
  const languages = await stores.stories.languages(now.getTime() - IDLE_DAYS * DAY_MS);
  const events = new OpenEvents();
  let moved = 0;
  for (const language of languages) {
    const originals = async function* (storyIds: string[]) {
      for await (const article of stores.clusters.originalsOf(storyIds)) {
        if (article.storyId === undefined) continue;
        events.add(article, article.storyId);
        yield { ...storyArticle(article), storyId: article.storyId };
      }
    };
    const move = async (ids: string[], storyId: string) => {
      await stores.clusters.moveToStory(ids, storyId);
      for (const id of ids) events.move(id, storyId);
    };
    moved += await stories.repair(language, originals, move, now.getTime());
  }
  const open = events.stories();
  await saveLinks(
    stores.stories,
    await linkStories(open),
    open.map(({ id }) => id),
  );
  return moved;
}

/** Stories in MongoDB. */
export function createStories(
  records: Pick<StoryRecords, 'candidates' | 'save' | 'remove' | 'versions'>,
  statistics: TermStatisticsByLanguage,
): Stories {
  const store: StoryStore = {
    candidates: (...query) => records.candidates(...query),
    save: (story) => records.save(story),
    statistics: (language) => statistics.of(language),
    learn: async (language, terms) => (await statistics.of(language)).add(terms),
  };
  return {
    place: (article) => assignToStory(store, withTerms(article)),

    async repair(language, originals, move, now) {
      const group = languageGroup(language);
      const versions = await records.versions(group, now - IDLE_DAYS * DAY_MS, MAX_REPAIRED);
      const placed: PlacedArticle[] = [];
      for await (const article of originals([...versions.keys()]))
        placed.push({ ...withTerms(article), storyId: article.storyId });
      const { stories, moves } = await repairStories(placed, await statistics.of(group));

      const changed = new Set(moves.flatMap(({ from, to }) => [from, to]));
      const saved = new Set<string>();
      for (const story of stories.filter(({ id }) => changed.has(id))) {
        if (await records.save(nextVersion(story, versions))) saved.add(story.id);
      }
      const kept = moves.filter(({ to }) => saved.has(to));
      for (const id of saved) {
        const articleIds = kept.filter(({ to }) => to === id).map(({ articleId }) => articleId);
        if (articleIds.length > 0) await move(articleIds, id);
      }
      const alive = new Set(stories.map(({ id }) => id));
      for (const from of new Set(kept.map((step) => step.from))) {
        if (!alive.has(from)) await records.remove(from, versions.get(from) ?? 0);
      }
      return kept.length;
    },
  };
}

/** A story that a worker changed since the pass began is left for the next pass: its version is not the one we name. */
function nextVersion(story: Story, versions: ReadonlyMap<string, number>): Story {
  const version = versions.get(story.id);
  return { ...story, version: version === undefined ? 0 : version + 1 };
}

function withTerms({ id, language, title, text, entities, source, at }: ArticleForStory) {
  const terms = termsOf({ title, text, ...(entities && { entities }) });
  return { id, language: languageGroup(language), title, at, terms, ...(source !== undefined && { source }) };
}
