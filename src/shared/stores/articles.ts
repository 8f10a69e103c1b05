import { type Collection, type Db, type Filter, MongoBulkWriteError, type UpdateFilter } from 'mongodb';
import { ulid } from 'ulid';
import type { Article, ArticleState, TraceLine } from '../model.ts';
import { DUPLICATE_KEY, isDuplicateKey } from './mongo-errors.ts';

/** Raised when the shape of the document changes. */
const SCHEMA_VERSION = 1;

/** Steps kept per article; a replayed article drops its oldest. */
const MAX_TRACE_LINES = 40;

/**
 * Publication numbers are taken just before the article is saved, so the newest few may become visible out of order.
 * Cursors leave out what was published within this time and so never skip an article.
 */
const SEQ_SETTLE_MS = 2_000;

/** States with work left, in the order of the line. */
export const UNFINISHED: readonly ArticleState[] = ['discovered', 'fetched', 'extracted', 'unique', 'enriched'];

/** An entry of a feed, ready to become an article. */
export interface Discovery {
  urlKey: string;
  url: string;
  /** `<feed id> <entry key>`; several when the entry is known by more than one. */
  entryKeys: string[];
  entry: Article['entry'];
}

export interface ArticleQuery {
  lang?: string;
  state?: ArticleState;
  /** Only articles published after this cursor, oldest first. */
  since?: number;
  limit: number;
}

export class ArticleStore {
  readonly #articles: Collection<Article>;
  readonly #counters: Collection<{ _id: string; n: number }>;

  constructor(db: Db) {
    this.#articles = db.collection('articles');
    this.#counters = db.collection('counters');
  }

  async createIndexes(): Promise<void> {
    await this.#articles.createIndexes([
      { key: { urlKeys: 1 }, unique: true },
      { key: { entryKeys: 1 } },
      { key: { dueBy: 1 }, partialFilterExpression: { dueBy: { $exists: true } } },
      { key: { state: 1, movedAt: -1 } },
      { key: { seq: 1 }, partialFilterExpression: { seq: { $exists: true } } },
      { key: { lang: 1, publishedAt: -1 } },
      { key: { 'dup.of': 1 }, partialFilterExpression: { 'dup.of': { $exists: true } } },
      { key: { 'entities.id': 1, publishedAt: -1 } },
      { key: { storyId: 1, publishedAt: 1 }, partialFilterExpression: { storyId: { $exists: true } } },
    ]);
  }

  /**
   * Makes an article of every entry that is not known by URL or by entry key. Known ones are told that this feed
   * carries them too. Safe to repeat: the unique index on `urlKeys` decides, whoever comes first.
   *
   * Returns the articles that still wait to be fetched (so a lost enqueue is made good by the next poll),
   * how many are new and which were known.
   */
  async discover(
    feed: { id: string; source: Article['source'] },
    discoveries: readonly Discovery[],
    now: Date,
    dueBy: Date,
  ): Promise<{ waiting: string[]; created: number; known: Article[] }> {
    if (discoveries.length === 0) return { waiting: [], created: 0, known: [] };
    const known = await this.#articles
      .find({
        $or: [
          { urlKeys: { $in: discoveries.map((d) => d.urlKey) } },
          { entryKeys: { $in: discoveries.flatMap((d) => d.entryKeys) } },
        ],
      })
      .project<Article>({ urlKeys: 1, entryKeys: 1, state: 1, feeds: 1, entry: 1, movedAt: 1 })
      .toArray();
    const seen = new Set(known.flatMap((article) => [...article.urlKeys, ...article.entryKeys]));
    const fresh: Article[] = [];
    for (const discovery of discoveries) {
      const keys = [discovery.urlKey, ...discovery.entryKeys];
      if (keys.some((key) => seen.has(key))) continue;
      for (const key of keys) seen.add(key);
      fresh.push({
        _id: ulid(now.getTime()),
        schemaVersion: SCHEMA_VERSION,
        state: 'discovered',
        outcome: 'discovered',
        movedAt: now,
        dueBy,
        reconciled: 0,
        trace: [],
        urlKeys: [discovery.urlKey],
        entryKeys: discovery.entryKeys,
        url: discovery.url,
        originalUrl: discovery.url,
        feeds: [{ feedId: feed.id, firstSeenAt: now }],
        source: feed.source,
        entry: discovery.entry,
        firstSeenAt: now,
      });
    }
    const created = await this.#insertUnlessKnown(fresh);
    const elsewhere = known.filter((article) => !article.feeds.some(({ feedId }) => feedId === feed.id));
    if (elsewhere.length > 0) {
      await this.#articles.updateMany(
        { _id: { $in: elsewhere.map(({ _id }) => _id) }, 'feeds.feedId': { $ne: feed.id } },
        { $push: { feeds: { feedId: feed.id, firstSeenAt: now } } },
      );
    }
    const stranded = known.filter(({ state }) => state === 'discovered').map(({ _id }) => _id);
    return { waiting: [...created, ...stranded], created: created.length, known };
  }

  async #insertUnlessKnown(articles: Article[]): Promise<string[]> {
    if (articles.length === 0) return [];
    try {
      await this.#articles.insertMany(articles, { ordered: false });
      return articles.map(({ _id }) => _id);
    } catch (error) {
      if (!(error instanceof MongoBulkWriteError)) throw error;
      const failures = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
      if (!failures.every(({ code }) => code === DUPLICATE_KEY)) throw error;
      const refused = new Set(failures.map(({ index }) => index));
      return articles.filter((_, index) => !refused.has(index)).map(({ _id }) => _id);
    }
  }

  get(id: string): Promise<Article | null> {
    return this.#articles.findOne({ _id: id });
  }

  /** By id, or by the canonical key of a URL. */
  find(idOrUrlKey: string): Promise<Article | null> {
    return this.#articles.findOne({ $or: [{ _id: idOrUrlKey }, { urlKeys: idOrUrlKey }] });
  }

  /**
   * Moves an article on, if it still stands where the stage found it: the guard that makes every stage safe to run
   * twice. False when another delivery was faster. `dueBy` undefined means that nothing is left to do.
   */
  async advance(
    id: string,
    from: ArticleState,
    to: ArticleState,
    step: { line: TraceLine; dueBy?: Date; set?: Partial<Article> },
  ): Promise<boolean> {
    const update: UpdateFilter<Article> = {
      $set: {
        ...step.set,
        state: to,
        outcome: step.line.outcome,
        movedAt: step.line.at,
        ...(step.dueBy && { dueBy: step.dueBy }),
      },
      $push: { trace: { $each: [step.line], $slice: -MAX_TRACE_LINES } },
      ...(step.dueBy ? {} : { $unset: { dueBy: '' } }),
    };
    const { matchedCount } = await this.#articles.updateOne({ _id: id, state: from }, update);
    return matchedCount === 1;
  }

  /**
   * Says that an article is also known by this URL. Returns the id of the other article that already is,
   * which makes this one an exact duplicate, or undefined.
   */
  async addUrlKey(id: string, urlKey: string): Promise<string | undefined> {
    try {
      await this.#articles.updateOne({ _id: id }, { $addToSet: { urlKeys: urlKey } });
      return undefined;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      const owner = await this.#articles.findOne({ urlKeys: urlKey }, { projection: { _id: 1 } });
      return owner?._id;
    }
  }

  /** Keeps an unfinished article aside with the reason, remembering where it stood. */
  async quarantine(id: string, reason: { stage: string; code: string; message: string }, at: Date): Promise<void> {
    const article = await this.#articles.findOne(
      { _id: id, state: { $in: [...UNFINISHED] } },
      { projection: { state: 1 } },
    );
    if (!article) return;
    const line: TraceLine = { stage: reason.stage, outcome: `quarantined ${reason.code}`, ms: 0, version: 0, at };
    await this.advance(id, article.state, 'quarantined', {
      line,
      set: { quarantine: { ...reason, at, from: article.state } },
    });
  }

  /** Puts a quarantined article back where it stood. Returns that state, or undefined when it is not quarantined. */
  async release(id: string, now: Date, dueBy: Date): Promise<ArticleState | undefined> {
    const article = await this.#articles.findOne({ _id: id, state: 'quarantined' }, { projection: { quarantine: 1 } });
    if (!article?.quarantine) return undefined;
    const { from } = article.quarantine;
    const { matchedCount } = await this.#articles.updateOne(
      { _id: id, state: 'quarantined' },
      { $set: { state: from, outcome: 'released', movedAt: now, dueBy, reconciled: 0 }, $unset: { quarantine: '' } },
    );
    return matchedCount === 1 ? from : undefined;
  }

  /** Unfinished articles that have not moved in time, longest overdue first. */
  overdue(now: Date, limit: number): Promise<Pick<Article, '_id' | 'state' | 'reconciled'>[]> {
    return this.#articles
      .find({ dueBy: { $lte: now } })
      .sort({ dueBy: 1 })
      .limit(limit)
      .project<Pick<Article, '_id' | 'state' | 'reconciled'>>({ state: 1, reconciled: 1 })
      .toArray();
  }

  /** Gives overdue articles a new term. */
  async postpone(ids: readonly string[], dueBy: Date): Promise<void> {
    await this.#articles.updateMany(
      { _id: { $in: [...ids] }, dueBy: { $exists: true } },
      { $set: { dueBy }, $inc: { reconciled: 1 } },
    );
  }

  /** Makes every unfinished article due now: after Redis was lost, all jobs are. Not counted as a failure of theirs. */
  async makeAllDue(now: Date): Promise<number> {
    const { modifiedCount } = await this.#articles.updateMany({ dueBy: { $gt: now } }, { $set: { dueBy: now } });
    return modifiedCount;
  }

  countUnfinished(): Promise<number> {
    return this.#articles.countDocuments({ state: { $in: [...UNFINISHED] } });
  }

  /** The next publication number. */
  async nextSeq(): Promise<number> {
    const counter = await this.#counters.findOneAndUpdate(
      { _id: 'articles.seq' },
      { $inc: { n: 1 } },
      { upsert: true, returnDocument: 'after' },
    );
    if (!counter) throw new Error('the publication counter could not be raised');
    return counter.n;
  }

  /** A page of articles for people: newest first, or after a cursor oldest first. Texts and raw parts are left out. */
  async list(query: ArticleQuery, now: Date): Promise<Article[]> {
    const filter: Filter<Article> = {};
    if (query.lang) filter.lang = query.lang;
    if (query.state) filter.state = query.state;
    if (query.since !== undefined) {
      filter.seq = { $gt: query.since };
      filter.storedAt = { $lte: new Date(now.getTime() - SEQ_SETTLE_MS) };
    }
    return this.#articles
      .find(filter)
      .sort(query.since === undefined ? { movedAt: -1 } : { seq: 1 })
      .limit(query.limit)
      .project<Article>({ sketch: 0, norm: 0, html: 0, body: 0, text: 0, 'entry.contentHtml': 0 })
      .toArray();
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

  copiesOf(id: string): Promise<Article[]> {
    return this.#articles
      .find({ 'dup.of': id })
      .project<Article>({ title: 1, url: 1, source: 1, dup: 1, publishedAt: 1, dir: 1, lang: 1 })
      .toArray();
  }

  quarantined(limit: number): Promise<Article[]> {
    return this.#articles
      .find({ state: 'quarantined' })
      .sort({ movedAt: -1 })
      .limit(limit)
      .project<Article>({ text: 0, body: 0, html: 0, sketch: 0, norm: 0 })
      .toArray();
  }

  /** Sketches of every article the near-duplicate index should know, oldest first. */
  sketchesSince(
    since: Date,
  ): AsyncIterable<Pick<Article, '_id' | 'sketch' | 'lang' | 'dup' | 'movedAt' | 'firstSeenAt'>> {
    return this.#articles
      .find({ sketch: { $exists: true }, firstSeenAt: { $gte: since } })
      .sort({ firstSeenAt: 1 })
      .project<Pick<Article, '_id' | 'sketch' | 'lang' | 'dup' | 'movedAt' | 'firstSeenAt'>>({
        sketch: 1,
        lang: 1,
        dup: 1,
        movedAt: 1,
        firstSeenAt: 1,
      });
  }

  /** The text of one article, for a closer comparison. */
  async textOf(id: string): Promise<{ title: string; text: string } | undefined> {
    const article = await this.#articles.findOne({ _id: id }, { projection: { title: 1, text: 1 } });
    return article?.text === undefined ? undefined : { title: article.title ?? '', text: article.text };
  }

  /** The names most articles mention since a date. */
  topEntities(type: string, since: Date, limit: number): Promise<{ id: string; name: string; articles: number }[]> {
    return this.#articles
      .aggregate<{ id: string; name: string; articles: number }>([
        { $match: { state: 'published', storedAt: { $gte: since } } },
        { $unwind: '$entities' },
        { $match: { 'entities.type': type } },
        { $group: { _id: '$entities.id', name: { $first: '$entities.name' }, articles: { $sum: 1 } } },
        { $sort: { articles: -1, name: 1 } },
        { $limit: limit },
        { $project: { _id: 0, id: '$_id', name: 1, articles: 1 } },
      ])
      .toArray();
  }
}
