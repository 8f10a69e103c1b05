import { Binary, type Collection, type Db } from 'mongodb';
import type { Article, DuplicateKind, Reprint } from '../model.ts';

/** What the near-duplicate index once said of an article. */
export interface StoredDecision {
  id: string;
  original: string;
  kind?: DuplicateKind;
  similarity?: number;
  language?: string;
  source: string;
  seenAt: number;
  sketch: Uint8Array;
}

/** An article as far as clustering looks at it. */
export type ArticleOfStory = Pick<
  Article,
  | '_id'
  | 'title'
  | 'text'
  | 'lang'
  | 'source'
  | 'publishedAt'
  | 'firstSeenAt'
  | 'entities'
  | 'casualties'
  | 'dates'
  | 'storyId'
>;
const OF_STORY = {
  title: 1,
  text: 1,
  lang: 1,
  source: 1,
  publishedAt: 1,
  firstSeenAt: 1,
  'entities.id': 1,
  'entities.type': 1,
  'entities.country': 1,
  casualties: 1,
  dates: 1,
  storyId: 1,
} as const;

/** What articles have to do with each other: whose copy one is, and the story it is in. */
export class ClusterStore {
  readonly #articles: Collection<Article>;

  constructor(db: Db) {
    this.#articles = db.collection('articles');
  }

  async createIndexes(): Promise<void> {
    await this.#articles.createIndexes([
      { key: { firstSeenAt: 1 } },
      { key: { 'dup.of': 1 }, partialFilterExpression: { 'dup.of': { $exists: true } } },
      { key: { storyId: 1, publishedAt: 1 }, partialFilterExpression: { storyId: { $exists: true } } },
    ]);
  }

  /** Every article the near-duplicate index has decided about since then, oldest first, with the answer. */
  async *sketchesSince(since: Date): AsyncGenerator<StoredDecision> {
    const cursor = this.#articles
      .find({ sketch: { $exists: true }, firstSeenAt: { $gte: since } })
      .sort({ firstSeenAt: 1 })
      .project<DecidedArticle>(OF_DECISION);
    for await (const article of cursor) {
      const decision = decisionOf(article);
      if (decision) yield decision;
    }
  }

  /** What the near-duplicate index said of one article, if it was asked. */
  async decisionAbout(id: string): Promise<StoredDecision | undefined> {
    const article = await this.#articles.findOne<DecidedArticle>({ _id: id }, { projection: OF_DECISION });
    return article === null ? undefined : decisionOf(article);
  }

  /** The text of one article, for a closer comparison. */
  async textOf(id: string): Promise<{ title: string; text: string; source: string } | undefined> {
    const article = await this.#articles.findOne({ _id: id }, { projection: { title: 1, text: 1, source: 1 } });
    return article?.text === undefined
      ? undefined
      : { title: article.title ?? '', text: article.text, source: article.source.domain };
  }

  /** Notes whose text an article has, unless that has changed since it was `before`. */
  async setOrigin(id: string, before: string | undefined, origin: string | undefined): Promise<boolean> {
    const { matchedCount } = await this.#articles.updateOne(
      { _id: id, origin: before ?? { $exists: false } },
      origin === undefined ? { $unset: { origin: '' } } : { $set: { origin } },
    );
    return matchedCount === 1;
  }

  /** Articles with the text of `of`, itself included, whose reprint is not yet measured against the origin. */
  unmeasured(of: string, origin: string): AsyncIterable<Pick<Article, '_id' | 'text' | 'authors' | 'agency'>> {
    return this.#articles
      .find({ $or: [{ _id: of }, { 'dup.of': of }], _id: { $ne: origin }, 'reprint.of': { $ne: origin } })
      .project<Pick<Article, '_id' | 'text' | 'authors' | 'agency'>>({ text: 1, authors: 1, agency: 1 });
  }

  /** Notes how an article differs from its origin; undefined for the origin itself. */
  async setReprint(id: string, reprint: Reprint | undefined): Promise<void> {
    await this.#articles.updateOne(
      { _id: id },
      reprint === undefined ? { $unset: { reprint: '' } } : { $set: { reprint } },
    );
  }

  /** The story of an article, once it is in one. */
  async storyOf(id: string): Promise<string | undefined> {
    const article = await this.#articles.findOne({ _id: id }, { projection: { storyId: 1 } });
    return article?.storyId;
  }

  /** Puts articles and their copies into a story. */
  async moveToStory(ids: readonly string[], storyId: string): Promise<void> {
    await this.#articles.updateMany(
      { $or: [{ _id: { $in: [...ids] } }, { 'dup.of': { $in: [...ids] } }] },
      { $set: { storyId } },
    );
  }

  /** Originals of some stories, with what says what they are about. */
  originalsOf(storyIds: readonly string[]): AsyncIterable<ArticleOfStory> {
    return this.#articles
      .find({ storyId: { $in: [...storyIds] }, dup: { $exists: false } })
      .project<ArticleOfStory>(OF_STORY);
  }

  /** The latest originals of a language that are in a story. */
  latestOriginals(lang: string, limit: number): AsyncIterable<ArticleOfStory> {
    return this.#articles
      .find({ lang, storyId: { $exists: true }, dup: { $exists: false } })
      .sort({ publishedAt: -1 })
      .limit(limit)
      .project<ArticleOfStory>(OF_STORY);
  }
}

type DecidedArticle = Pick<Article, '_id' | 'sketch' | 'lang' | 'dup' | 'source' | 'firstSeenAt'>;
const OF_DECISION = { sketch: 1, lang: 1, dup: 1, source: 1, firstSeenAt: 1 } as const;

function decisionOf({ _id, sketch, lang, dup, source, firstSeenAt }: DecidedArticle): StoredDecision | undefined {
  if (!sketch) return undefined;
  return {
    id: _id,
    original: dup?.of ?? _id,
    ...(dup && { kind: dup.kind, similarity: dup.score }),
    ...(lang && { language: lang }),
    source: source.domain,
    seenAt: firstSeenAt.getTime(),
    sketch: bytesOf(sketch),
  };
}

/** The driver hands stored bytes back in its own wrapper. */
function bytesOf(stored: Uint8Array | Binary): Uint8Array {
  return stored instanceof Binary ? stored.buffer.subarray(0, stored.position) : stored;
}
