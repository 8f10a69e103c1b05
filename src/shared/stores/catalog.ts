import type { Collection, Db, Filter } from 'mongodb';
import { PermanentError } from '../errors.ts';
import type { Article, ArticleState, EntityType } from '../model.ts';

/**
 * Publication numbers are taken just before the article is saved, so the newest few may become visible out of order.
 * Cursors leave out what was published within this time and so never skip an article, if it is saved in less than that.
 */
export const SEQ_SETTLE_MS = 2_000;

/** For lists: everything but the large fields. */
const WITHOUT_TEXTS = {
  sketch: 0,
  norm: 0,
  html: 0,
  body: 0,
  text: 0,
  versions: 0,
  asFound: 0,
  'entry.contentHtml': 0,
} as const;

/** What both lists and searches may be narrowed to. */
export interface ArticleFilter {
  lang?: string;
  state?: ArticleState;
  /** Id of an entity it mentions. */
  entity?: string;
  /** Registrable domain or name of the outlet. */
  source?: string;
  author?: string;
  section?: string;
  /** Id of a feed that carries it. */
  feed?: string;
  story?: string;
  /** ISO 3166-1 alpha-2 of a country it mentions or has a place in. */
  country?: string;
  /** Published at or after, and before. */
  from?: Date;
  to?: Date;
}

export interface ArticleQuery extends ArticleFilter {
  /** Only articles published after this number, oldest first. */
  since?: number;
  /** Without `since`: only articles after this cursor of a newest-first list. */
  before?: string;
  limit: number;
}

export interface ArticleSearch extends ArticleFilter {
  /** For `$text`: words, "phrases" and -exclusions in the form of `searchText`. */
  search: string;
  skip: number;
  limit: number;
}

export interface FoundArticle extends Article {
  /** Text score times freshness; only their order means something. */
  score: number;
}

/** A name and how many articles mention it. */
export interface MentionedEntity {
  id: string;
  type: EntityType;
  name: string;
  /** By language code. */
  names: Record<string, string>;
  articles: number;
}

export interface ArticlePage {
  articles: Article[];
  /** Where the next page starts; absent at the end. */
  cursor?: string;
}

/** Matches ranked by freshness: the best so many by their words. */
const MAX_RANKED = 1_000;

/** Articles looked at for the names beside a name. */
const MAX_BESIDE = 1_000;

/** An article of this age counts half of what its words are worth above the least. */
const HALF_LIFE_MS = 7 * 86_400_000;
/** What the words of an old article are still worth: a search of the archive finds it. */
const LEAST_FRESHNESS = 0.3;

/** What people ask of the articles: lists, search, counts and the names they mention. It only reads. */
export class Catalog {
  readonly #articles: Collection<Article>;

  constructor(db: Db) {
    this.#articles = db.collection('articles');
  }

  async createIndexes(): Promise<void> {
    await this.#articles.createIndexes([
      { key: { movedAt: -1, _id: -1 } },
      { key: { state: 1, movedAt: -1 } },
      { key: { seq: 1 }, partialFilterExpression: { seq: { $exists: true } } },
      { key: { lang: 1, publishedAt: -1 } },
      { key: { 'entities.id': 1, publishedAt: -1 } },
      {
        // The words are folded and stemmed by us: MongoDB is to take them as they are, whatever the article's language.
        key: { 'norm.title': 'text', 'norm.text': 'text' },
        name: 'search',
        weights: { 'norm.title': 6, 'norm.text': 1 },
        default_language: 'none',
        language_override: 'searchLanguage',
      },
    ]);
  }

  /** A page of articles without their texts: forward from a cursor in the order of publication, or newest first. */
  async list(query: ArticleQuery, now: Date): Promise<ArticlePage> {
    const filter = narrow(query);
    const forward = query.since !== undefined;
    if (forward) {
      filter.seq = { $gt: query.since };
      filter.storedAt = { $lte: new Date(now.getTime() - SEQ_SETTLE_MS) };
    } else if (query.before !== undefined) {
      const { movedAt, id } = readPlace(query.before);
      filter.$and = [...(filter.$and ?? []), { $or: [{ movedAt: { $lt: movedAt } }, { movedAt, _id: { $lt: id } }] }];
    }
    const articles = await this.#articles
      .find(filter)
      .sort(forward ? { seq: 1 } : { movedAt: -1, _id: -1 })
      .limit(query.limit)
      .project<Article>(WITHOUT_TEXTS)
      .toArray();
    const last = articles.at(-1);
    if (!last) return { articles };
    if (forward) return { articles, cursor: String(last.seq) };
    return { articles, ...(articles.length === query.limit && { cursor: `${last.movedAt.getTime()}.${last._id}` }) };
  }

  /** Articles whose words match, without their texts, the best and freshest first. */
  async search({ search, skip, limit, ...filter }: ArticleSearch, now: Date): Promise<FoundArticle[]> {
    const matches = await this.#articles
      .find({ $text: { $search: search }, ...narrow(filter) })
      .sort({ score: { $meta: 'textScore' } })
      .limit(MAX_RANKED)
      .project<Pick<FoundArticle, '_id' | 'publishedAt' | 'firstSeenAt' | 'score'>>({
        publishedAt: 1,
        firstSeenAt: 1,
        score: { $meta: 'textScore' },
      })
      .toArray();
    const ranked = matches
      .map(({ _id, score, publishedAt, firstSeenAt }) => ({
        _id,
        score: score * freshness(publishedAt ?? firstSeenAt, now),
      }))
      .sort((a, b) => b.score - a.score)
      .slice(skip, skip + limit);
    const found = await this.#articles
      .find({ _id: { $in: ranked.map(({ _id }) => _id) } })
      .project<Article>(WITHOUT_TEXTS)
      .toArray();
    const byId = new Map(found.map((article) => [article._id, article]));
    return ranked.flatMap(({ _id, score }) => {
      const article = byId.get(_id);
      return article ? { ...article, score } : [];
    });
  }

  /** How many articles stand in each state and, within it, ended with each outcome. */
  async countByState(): Promise<{ state: ArticleState; outcome: string; count: number }[]> {
    const rows = await this.#articles
      .aggregate<{ _id: { state: ArticleState; outcome: string }; count: number }>([
        { $group: { _id: { state: '$state', outcome: '$outcome' }, count: { $sum: 1 } } },
      ])
      .toArray();
    return rows.map(({ _id, count }) => ({ ..._id, count }));
  }

  /** How many articles are quarantined, by stage and reason. */
  async countQuarantined(): Promise<{ stage: string; code: string; count: number }[]> {
    const rows = await this.#articles
      .aggregate<{ _id: { stage: string; code: string }; count: number }>([
        { $match: { state: 'quarantined' } },
        { $group: { _id: { stage: '$quarantine.stage', code: '$quarantine.code' }, count: { $sum: 1 } } },
        { $sort: { count: -1 } },
      ])
      .toArray();
    return rows.map(({ _id, count }) => ({ ..._id, count }));
  }

  /** Articles kept aside, the latest first. */
  quarantined({ code, limit }: { code?: string; limit: number }): Promise<Article[]> {
    return this.#articles
      .find({ state: 'quarantined', ...(code && { 'quarantine.code': code }) })
      .sort({ movedAt: -1 })
      .limit(limit)
      .project<Article>(WITHOUT_TEXTS)
      .toArray();
  }

  /** Some copies, each with the article it is a copy of, near copies first. */
  async duplicates(limit: number): Promise<{ copy: Article; original?: Article }[]> {
    const copies = await this.#articles
      .find({ state: 'duplicate' })
      .sort({ 'dup.score': 1 })
      .limit(limit)
      .project<Article>(WITHOUT_TEXTS)
      .toArray();
    const originals = await this.#articles
      .find({ _id: { $in: copies.flatMap(({ dup }) => dup?.of ?? []) } })
      .project<Article>(WITHOUT_TEXTS)
      .toArray();
    return copies.map((copy) => ({ copy, original: originals.find(({ _id }) => _id === copy.dup?.of) }));
  }

  /** The copies of an article. */
  copiesOf(id: string): Promise<Article[]> {
    return this.#articles
      .find({ 'dup.of': id })
      .project<Article>({ title: 1, url: 1, source: 1, dup: 1, reprint: 1, publishedAt: 1, dir: 1, lang: 1 })
      .toArray();
  }

  /** The names most articles mention since a date: of all, of one type, or of those asked for. */
  topEntities({
    type,
    ids,
    since,
    limit,
  }: {
    type?: string;
    ids?: readonly string[];
    since: Date;
    limit: number;
  }): Promise<MentionedEntity[]> {
    const which = {
      ...(type && { 'entities.type': type }),
      ...(ids && { 'entities.id': { $in: [...ids] } }),
    };
    return this.#articles
      .aggregate<MentionedEntity>([
        { $match: { state: 'published', storedAt: { $gte: since }, ...(ids && which) } },
        { $unwind: '$entities' },
        { $match: which },
        ...countEntities(limit),
      ])
      .toArray();
  }

  /** The names most often found in the same articles as one, over the latest of them. */
  entitiesBeside(id: string, limit: number): Promise<MentionedEntity[]> {
    return this.#articles
      .aggregate<MentionedEntity>([
        { $match: { 'entities.id': id, state: 'published' } },
        { $sort: { publishedAt: -1 } },
        { $limit: MAX_BESIDE },
        { $unwind: '$entities' },
        { $match: { 'entities.id': { $ne: id } } },
        ...countEntities(limit),
      ])
      .toArray();
  }

  /** How many articles mentioned an entity on each UTC day since a date, by their publication; days without one are left out. */
  async entityDays(id: string, since: Date): Promise<{ day: string; articles: number }[]> {
    const rows = await this.#articles
      .aggregate<{ _id: string; articles: number }>([
        { $match: { 'entities.id': id, state: 'published', publishedAt: { $gte: since } } },
        { $group: { _id: { $dateToString: { format: '%Y-%m-%d', date: '$publishedAt' } }, articles: { $sum: 1 } } },
        { $sort: { _id: 1 } },
      ])
      .toArray();
    return rows.map(({ _id, articles }) => ({ day: _id, articles }));
  }
}

function freshness(date: Date, now: Date): number {
  const age = Math.max(0, now.getTime() - date.getTime());
  return LEAST_FRESHNESS + (1 - LEAST_FRESHNESS) * 0.5 ** (age / HALF_LIFE_MS);
}

function narrow({ lang, state, entity, source, author, section, feed, story, country, from, to }: ArticleFilter) {
  const filter: Filter<Article> = {
    ...(lang && { lang: lang.toLowerCase() }),
    ...(state && { state }),
    ...(entity && { 'entities.id': entity }),
    ...(author && { authors: author }),
    ...(section && { section }),
    ...(feed && { 'feeds.feedId': feed }),
    ...(story && { storyId: story }),
    ...(country && { 'entities.country': country.toUpperCase() }),
    ...((from || to) && { publishedAt: { ...(from && { $gte: from }), ...(to && { $lt: to }) } }),
  };
  if (source) filter.$and = [{ $or: [{ 'source.domain': source }, { 'source.name': source }] }];
  return filter;
}

function readPlace(cursor: string): { movedAt: Date; id: string } {
  const [time = '', id = ''] = cursor.split('.');
  if (!/^\d{1,15}$/.test(time)) throw new PermanentError('BAD_QUERY', 'before is not a cursor of this list');
  return { movedAt: new Date(Number(time)), id };
}

function countEntities(limit: number): Record<string, unknown>[] {
  return [
    {
      $group: {
        _id: '$entities.id',
        type: { $first: '$entities.type' },
        name: { $first: '$entities.name' },
        names: { $first: '$entities.names' },
        articles: { $sum: 1 },
      },
    },
    { $sort: { articles: -1, name: 1 } },
    { $limit: limit },
    { $project: { _id: 0, id: '$_id', type: 1, name: 1, names: 1, articles: 1 } },
  ];
}
