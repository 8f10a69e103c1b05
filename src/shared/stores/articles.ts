import { Binary, type Collection, type Db, type Filter, MongoBulkWriteError, type UpdateFilter } from 'mongodb';
import { ulid } from 'ulid';
import { PermanentError } from '../errors.ts';
import type { Article, ArticleState, DuplicateKind, EntityType, TraceLine } from '../model.ts';
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

/** States that a replay takes articles from. */
const FINISHED: readonly ArticleState[] = ['published', 'duplicate', 'ended'];

/** For lists: everything but the large fields. */
const WITHOUT_TEXTS = { sketch: 0, norm: 0, html: 0, body: 0, text: 0, versions: 0, 'entry.contentHtml': 0 } as const;

/** An entry of a feed, ready to become an article. */
export interface Discovery extends Pick<Article, 'url' | 'source' | 'entry' | 'entryKeys'> {
  urlKey: string;
  /** Part of a surge of old entries under new names: remembered, but not fetched. */
  held: boolean;
}

export type KnownArticle = Pick<
  Article,
  '_id' | 'urlKeys' | 'entryKeys' | 'state' | 'outcome' | 'movedAt' | 'feeds' | 'entry' | 'revisited'
>;
const OF_KNOWN = {
  urlKeys: 1,
  entryKeys: 1,
  state: 1,
  outcome: 1,
  movedAt: 1,
  feeds: 1,
  'entry.fingerprint': 1,
  revisited: 1,
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

/** Which finished articles go through a stage again. */
export interface ReplayQuery {
  stage: ReplayStage;
  lang?: string;
  /** Registrable domain of the source. */
  domain?: string;
  /** How the body was found. */
  method?: string;
  /** Only those that an older version of the stage has read. */
  versionBelow?: number;
  /** First seen since then. */
  since?: Date;
  limit: number;
}

/** The stages that may be replayed: where their articles start again, and how those that have been through are known. */
export const REPLAY = {
  'extract-article': { from: 'fetched', passed: { extract: { $exists: true } }, states: FINISHED },
  dedupe: { from: 'extracted', passed: { sketch: { $exists: true } }, states: ['published', 'duplicate'] },
  'extract-entities': { from: 'unique', passed: { enrich: { $exists: true } }, states: ['published'] },
} as const satisfies Record<string, { from: ArticleState; passed: Filter<Article>; states: readonly ArticleState[] }>;

export type ReplayStage = keyof typeof REPLAY;

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

/** The driver hands stored bytes back in its own wrapper. */
function bytesOf(stored: Uint8Array | Binary): Uint8Array {
  return stored instanceof Binary ? stored.buffer.subarray(0, stored.position) : stored;
}

/** What an article gets back when a second look at it has brought nothing. */
export function asBefore({ revisit, revisited }: Pick<Article, 'revisit' | 'revisited'>): Partial<Article> {
  return {
    outcome: revisit?.outcome,
    movedAt: revisit?.movedAt,
    revisit: undefined,
    revisited: revisited && { at: revisited.at, fruitless: revisited.fruitless + 1 },
  };
}

function readPlace(cursor: string): { movedAt: Date; id: string } {
  const [time = '', id = ''] = cursor.split('.');
  if (!/^\d{1,15}$/.test(time)) throw new PermanentError('BAD_QUERY', 'before is not a cursor of this list');
  return { movedAt: new Date(Number(time)), id };
}

/** An article as far as clustering looks at it. */
export type ArticleOfStory = Pick<
  Article,
  '_id' | 'title' | 'text' | 'lang' | 'source' | 'publishedAt' | 'firstSeenAt' | 'entities' | 'storyId'
>;
const OF_STORY = {
  title: 1,
  text: 1,
  lang: 1,
  source: 1,
  publishedAt: 1,
  firstSeenAt: 1,
  'entities.id': 1,
  storyId: 1,
} as const;

/** Matches ranked by freshness: the best so many by their words. */
const MAX_RANKED = 1_000;

/** Articles looked at for the names beside a name. */
const MAX_BESIDE = 1_000;

/** An article of this age counts half of what its words are worth above the least. */
const HALF_LIFE_MS = 7 * 86_400_000;
/** What the words of an old article are still worth: a search of the archive finds it. */
const LEAST_FRESHNESS = 0.3;

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
      { key: { movedAt: -1, _id: -1 } },
      { key: { state: 1, movedAt: -1 } },
      { key: { firstSeenAt: 1 } },
      { key: { seq: 1 }, partialFilterExpression: { seq: { $exists: true } } },
      { key: { lang: 1, publishedAt: -1 } },
      { key: { 'dup.of': 1 }, partialFilterExpression: { 'dup.of': { $exists: true } } },
      { key: { 'entities.id': 1, publishedAt: -1 } },
      { key: { storyId: 1, publishedAt: 1 }, partialFilterExpression: { storyId: { $exists: true } } },
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

  /** Articles known by any of these URL keys or entry keys, without their texts. */
  findKnown(urlKeys: readonly string[], entryKeys: readonly string[]): Promise<KnownArticle[]> {
    return this.#articles
      .find({ $or: [{ urlKeys: { $in: [...urlKeys] } }, { entryKeys: { $in: [...entryKeys] } }] })
      .project<KnownArticle>(OF_KNOWN)
      .toArray();
  }

  /**
   * Makes articles of new entries of a feed. Safe to repeat and to race: the unique index on `urlKeys` decides who comes
   * first. Returns the ids of those made here that wait to be fetched.
   */
  async create(feedId: string, discoveries: readonly Discovery[], now: Date, dueBy: Date): Promise<string[]> {
    const articles = discoveries.map(({ urlKey, url, entryKeys, entry, source, held }): Article => {
      const state = held ? 'ended' : 'discovered';
      return {
        _id: ulid(now.getTime()),
        schemaVersion: SCHEMA_VERSION,
        state,
        outcome: held ? 'held' : 'discovered',
        movedAt: now,
        ...(!held && { dueBy }),
        reconciled: 0,
        trace: [],
        urlKeys: [urlKey],
        entryKeys,
        url,
        originalUrl: url,
        feeds: [{ feedId, firstSeenAt: now }],
        source,
        entry,
        firstSeenAt: now,
      };
    });
    const made = new Set(await this.#insertUnlessKnown(articles));
    return articles.filter(({ _id, state }) => state === 'discovered' && made.has(_id)).map(({ _id }) => _id);
  }

  /** Says that a feed carries these articles too. */
  async addFeed(ids: readonly string[], feedId: string, now: Date): Promise<void> {
    if (ids.length === 0) return;
    await this.#articles.updateMany(
      { _id: { $in: [...ids] }, 'feeds.feedId': { $ne: feedId } },
      { $push: { feeds: { feedId, firstSeenAt: now } } },
    );
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
   * Sends an article that has come to its end back to be fetched again, with what the feed says now. False when it has
   * moved since it was read.
   */
  async revisit(
    { _id, state, outcome, movedAt, revisited }: KnownArticle,
    entry: Article['entry'],
    { line, dueBy }: { line: TraceLine; dueBy: Date },
  ): Promise<boolean> {
    const { matchedCount } = await this.#articles.updateOne(
      { _id, state, movedAt },
      {
        $set: {
          entry,
          state: 'discovered',
          outcome: line.outcome,
          movedAt: line.at,
          dueBy,
          reconciled: 0,
          revisit: { state, outcome, movedAt },
          revisited: { at: line.at, fruitless: revisited?.fruitless ?? 0 },
        },
        $push: { trace: { $each: [line], $slice: -MAX_TRACE_LINES } },
      },
    );
    return matchedCount === 1;
  }

  /**
   * Moves an article on, if it still stands where the stage found it: the guard that makes every stage safe to run
   * twice. False when another delivery was faster. `dueBy` undefined means that nothing is left to do; a field of `set`
   * that is undefined is removed, so that a second reading leaves nothing of the first. `set` may name another outcome and
   * time for the article than the step's.
   */
  async advance(
    id: string,
    from: ArticleState,
    to: ArticleState,
    step: { line: TraceLine; dueBy?: Date; set?: Partial<Article> },
  ): Promise<boolean> {
    const fields = {
      outcome: step.line.outcome,
      movedAt: step.line.at,
      ...step.set,
      state: to,
      dueBy: step.dueBy,
    };
    const present = Object.entries(fields).filter(([, value]) => value !== undefined);
    const absent = Object.entries(fields).filter(([, value]) => value === undefined);
    const update: UpdateFilter<Article> = {
      $set: Object.fromEntries(present),
      $push: { trace: { $each: [step.line], $slice: -MAX_TRACE_LINES } },
      ...(absent.length > 0 && { $unset: Object.fromEntries(absent.map(([name]) => [name, ''])) }),
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

  /**
   * Keeps an unfinished article aside with the reason, remembering where it stood. When only a second look at it has
   * failed, and its text is still the one it ended with, it stands again as before.
   */
  async quarantine(id: string, reason: { stage: string; code: string; message: string }, at: Date): Promise<void> {
    const article = await this.#articles.findOne(
      { _id: id, state: { $in: [...UNFINISHED] } },
      { projection: { state: 1, revisit: 1, revisited: 1 } },
    );
    if (!article) return;
    const line: TraceLine = { stage: reason.stage, outcome: `quarantined ${reason.code}`, ms: 0, version: 0, at };
    const { revisit } = article;
    if (revisit && revisit.state !== 'ended' && (article.state === 'discovered' || article.state === 'fetched')) {
      await this.advance(id, article.state, revisit.state, { line, set: asBefore(article) });
      return;
    }
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

  /**
   * Finished articles that a replay is to take, the newest first, whole; also those that an earlier replay moved and did
   * not live to enqueue.
   */
  replayable({ stage, lang, domain, method, versionBelow, since, limit }: ReplayQuery): AsyncIterable<Article> {
    const { from, passed, states } = REPLAY[stage];
    return this.#articles
      .find({
        ...passed,
        $or: [{ state: { $in: [...states] } }, { state: from, outcome: 'replayed' }],
        ...(lang && { lang }),
        ...(domain && { 'source.domain': domain }),
        ...(method && { 'extract.method': method }),
        ...(versionBelow !== undefined && {
          trace: { $not: { $elemMatch: { stage, version: { $gte: versionBelow } } } },
        }),
        ...(since && { firstSeenAt: { $gte: since } }),
      })
      .sort({ _id: -1 })
      .limit(limit);
  }

  /** Puts finished articles back to where the stage takes them up. Their place in the order of publication stays theirs. */
  async replay(ids: readonly string[], stage: ReplayStage, now: Date, dueBy: Date): Promise<number> {
    const { from, states } = REPLAY[stage];
    const line: TraceLine = { stage, outcome: 'replayed', ms: 0, version: 0, at: now };
    const { modifiedCount } = await this.#articles.updateMany(
      { _id: { $in: [...ids] }, state: { $in: [...states] } },
      {
        $set: { state: from, outcome: 'replayed', movedAt: now, dueBy, reconciled: 0 },
        $push: { trace: { $each: [line], $slice: -MAX_TRACE_LINES } },
      },
    );
    return modifiedCount;
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
      .project<Article>({ title: 1, url: 1, source: 1, dup: 1, publishedAt: 1, dir: 1, lang: 1 })
      .toArray();
  }

  /** Notes whose text an article has, unless that has changed since it was `before`. */
  async setOrigin(id: string, before: string | undefined, origin: string | undefined): Promise<boolean> {
    const { matchedCount } = await this.#articles.updateOne(
      { _id: id, origin: before ?? { $exists: false } },
      origin === undefined ? { $unset: { origin: '' } } : { $set: { origin } },
    );
    return matchedCount === 1;
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

  /** Every article the near-duplicate index has decided about since then, oldest first, with the answer. */
  async *sketchesSince(since: Date): AsyncGenerator<StoredDecision> {
    const cursor = this.#articles
      .find({ sketch: { $exists: true }, firstSeenAt: { $gte: since } })
      .sort({ firstSeenAt: 1 })
      .project<Pick<Article, '_id' | 'sketch' | 'lang' | 'dup' | 'source' | 'firstSeenAt'>>({
        sketch: 1,
        lang: 1,
        dup: 1,
        source: 1,
        firstSeenAt: 1,
      });
    for await (const { _id, sketch, lang, dup, source, firstSeenAt } of cursor) {
      if (!sketch) continue;
      yield {
        id: _id,
        original: dup?.of ?? _id,
        ...(dup && { kind: dup.kind, similarity: dup.score }),
        ...(lang && { language: lang }),
        source: source.domain,
        seenAt: firstSeenAt.getTime(),
        sketch: bytesOf(sketch),
      };
    }
  }

  /** The text of one article, for a closer comparison. */
  async textOf(id: string): Promise<{ title: string; text: string; source: string } | undefined> {
    const article = await this.#articles.findOne({ _id: id }, { projection: { title: 1, text: 1, source: 1 } });
    return article?.text === undefined
      ? undefined
      : { title: article.title ?? '', text: article.text, source: article.source.domain };
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
