import type { Story } from '../../shared/model.ts';
import type { TermWeights } from './story-terms.ts';

/**
 * Stories: articles about one event, found online, one by one, over originals only. Each language is clustered for itself. An article
 * joins the open story whose centroid it is most like, by cosine of TF-IDF weights × exp(−Δt²/2σ²), or starts one. The decay is worth
 * more than the representation: recurring reports (matches, share prices) differ in little but their day.
 */
export interface StoryArticle {
  id: string;
  language: string;
  title: string;
  source?: string;
  /** ms since 1970, by its publication. */
  at: number;
  terms: TermWeights;
}

/** In how many articles of a language each term was seen. */
export interface TermStatistics {
  articles: number;
  countOf(term: number): number;
}

/** Where stories live between articles. */
export interface StoryStore {
  statistics(language: string): Promise<TermStatistics>;
  /** Counts an article's terms. */
  learn(language: string, terms: Iterable<number>): Promise<void>;
  /** Stories of a language whose last article is not older than `since` and that share some of the terms, most shared first. */
  candidates(language: string, terms: readonly number[], since: number, limit: number): Promise<Story[]>;
  /** False when the story was saved by another since it was read, or exists already for a new one (`version` 0). */
  save(story: Story): Promise<boolean>;
}

export interface StoryOptions {
  /** Least similarity, after decay, for joining. */
  minSimilarity?: number;
  /** Days; Infinity switches the decay off. */
  sigmaDays?: number;
}

const DAY_MS = 86_400_000;
export const MIN_STORY_SIMILARITY = 0.28;
export const SIGMA_DAYS = 3;
/** A story without a new article for so long is closed. */
export const IDLE_DAYS = 7;
const CENTROID_TERMS = 240;
const MAX_ARTICLE_IDS = 500;
/** Heaviest terms an article is compared by. */
const ARTICLE_TERMS = 90;
/** Of these, those stories are looked up by. */
const LOOKUP_TERMS = 16;
const MAX_CANDIDATES = 8;
/** Heaviest terms of a story that it is found by. */
export const STORY_LOOKUP_TERMS = 48;
/** Imagined articles that count before the first real ones, so that early weights are not all or nothing. */
const PRIOR_ARTICLES = 60;

export interface StoryAssignment {
  storyId: string;
  /** To the story joined; undefined for a new one. */
  similarity?: number;
  created: boolean;
}

/**
 * Puts an article into a story. Safe to run twice: a story that holds the article already is found again. Two processes that start
 * a story for one event at the same moment make two; the repair pass joins them.
 */
export async function assignToStory(
  store: StoryStore,
  article: StoryArticle,
  options: StoryOptions = {},
): Promise<StoryAssignment> {
  const { minSimilarity = MIN_STORY_SIMILARITY, sigmaDays = SIGMA_DAYS } = options;
  const vector = weigh(article.terms, await store.statistics(article.language));
  const lookup = heaviest(vector, LOOKUP_TERMS);
  for (;;) {
    const stories = await store.candidates(article.language, lookup, article.at - IDLE_DAYS * DAY_MS, MAX_CANDIDATES);
    let best: Story | undefined;
    let similarity = 0;
    for (const story of stories) {
      if (story.articleIds.includes(article.id)) return { storyId: story.id, created: false };
      const score = cosine(vector, story) * decay(story, article.at, sigmaDays);
      if (score > similarity) [best, similarity] = [story, score];
    }
    const joins = best !== undefined && similarity >= minSimilarity;
    const saved = await store.save(
      joins ? withArticle(best as Story, article, vector, similarity) : newStory(article, vector),
    );
    if (!saved && !joins) return { storyId: article.id, created: false };
    if (!saved) continue;
    await store.learn(article.language, article.terms.keys());
    return joins ? { storyId: (best as Story).id, similarity, created: false } : { storyId: article.id, created: true };
  }
}

/** The unit TF-IDF vector of an article's heaviest terms. */
export function weigh(terms: TermWeights, statistics: TermStatistics): TermWeights {
  const weighed: TermWeights = new Map();
  for (const [term, frequency] of terms) {
    const idf = Math.log((statistics.articles + PRIOR_ARTICLES) / (statistics.countOf(term) + 1));
    if (idf > 0) weighed.set(term, (1 + Math.log(Math.max(frequency, 1))) * idf);
  }
  const vector = cut(weighed, ARTICLE_TERMS);
  const length = norm(vector);
  if (length > 0) for (const [term, weight] of vector) vector.set(term, weight / length);
  return vector;
}

/** The `count` heaviest terms, in no order; of equal weights the lower hash, so that the choice is everywhere the same. */
function cut(terms: TermWeights, count: number): TermWeights {
  if (terms.size <= count) return terms;
  const weights = Float64Array.from(terms.values()).sort();
  const least = weights[weights.length - count] as number;
  const kept: TermWeights = new Map();
  const tied: number[] = [];
  for (const [term, weight] of terms) {
    if (weight > least) kept.set(term, weight);
    else if (weight === least) tied.push(term);
  }
  if (tied.length > count - kept.size) tied.sort((a, b) => a - b).length = count - kept.size;
  for (const term of tied) kept.set(term, least);
  return kept;
}

export function heaviest(terms: TermWeights, count: number): number[] {
  return [...cut(terms, count).keys()];
}

export function norm(terms: TermWeights): number {
  let squares = 0;
  for (const weight of terms.values()) squares += weight * weight;
  return Math.sqrt(squares);
}

/** Cosine of a unit vector with a centroid. */
export function cosine(vector: TermWeights, { centroid, norm: length }: Pick<Story, 'centroid' | 'norm'>): number {
  let product = 0;
  for (const [term, weight] of vector) product += weight * (centroid.get(term) ?? 0);
  return product === 0 ? 0 : product / length;
}

/** 1 while the story lasts, then down with the distance to its first or last article. */
export function decay(story: Pick<Story, 'firstAt' | 'lastAt'>, at: number, sigmaDays: number): number {
  const days = Math.max(0, story.firstAt - at, at - story.lastAt) / DAY_MS;
  return Math.exp(-(days * days) / (2 * sigmaDays * sigmaDays));
}

export function addVectors(a: TermWeights, b: TermWeights): TermWeights {
  const sum: TermWeights = new Map(a);
  for (const [term, weight] of b) sum.set(term, (sum.get(term) ?? 0) + weight);
  return cut(sum, CENTROID_TERMS);
}

export function newStory(article: StoryArticle, vector: TermWeights): Story {
  return {
    id: article.id,
    language: article.language,
    title: article.title,
    leadId: article.id,
    leadSimilarity: 0,
    centroid: vector,
    norm: norm(vector),
    firstAt: article.at,
    lastAt: article.at,
    sources: article.source === undefined ? [] : [article.source],
    articleIds: [article.id],
    articles: 1,
    version: 0,
  };
}

function withArticle(story: Story, article: StoryArticle, vector: TermWeights, similarity: number): Story {
  const centroid = addVectors(story.centroid, vector);
  const leads = similarity > story.leadSimilarity && story.articles > 1;
  return {
    ...story,
    ...(leads && { title: article.title, leadId: article.id, leadSimilarity: similarity }),
    centroid,
    norm: norm(centroid),
    firstAt: Math.min(story.firstAt, article.at),
    lastAt: Math.max(story.lastAt, article.at),
    sources:
      article.source === undefined || story.sources.includes(article.source)
        ? story.sources
        : [...story.sources, article.source],
    articleIds: [...story.articleIds, article.id].slice(-MAX_ARTICLE_IDS),
    articles: story.articles + 1,
    version: story.version + 1,
  };
}
