import type { Collection, Db, Filter, UpdateFilter } from 'mongodb';
import { ulid } from 'ulid';
import type { Article, ArticleState, TraceLine } from '../model.ts';
import { alreadyThere, assertStorable, isDuplicateKey } from './mongo-errors.ts';

/** Raised when the shape of the document changes. */
const SCHEMA_VERSION = 1;

/** Steps kept per article; a replayed article drops its oldest. */
const MAX_TRACE_LINES = 40;

/** States with work left, in the order of the line. */
export const UNFINISHED: readonly ArticleState[] = ['discovered', 'fetched', 'extracted', 'unique', 'enriched'];

/** States that a replay takes articles from. */
const FINISHED: readonly ArticleState[] = ['published', 'duplicate', 'ended'];

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

/** Which finished articles go through a stage again. */
export interface ReplayQuery {
  stage: ReplayStage;
  lang?: string;
  /** Registrable domain of the source. */
  domain?: string;
  /** How the body was found. */
  method?: string;
  /** How they ended. */
  outcome?: string;
  /** Only those that an older version of the stage has read. */
  versionBelow?: number;
  /** First seen since then. */
  since?: Date;
  limit: number;
}

/** The stages that may be replayed: where their articles start again, and how those that have been through are known. */
const REPLAY = {
  'extract-article': { from: 'fetched', passed: { extract: { $exists: true } }, states: FINISHED },
  dedupe: { from: 'extracted', passed: { sketch: { $exists: true } }, states: ['published', 'duplicate'] },
  'extract-entities': { from: 'unique', passed: { enrich: { $exists: true } }, states: ['published'] },
} as const satisfies Record<string, { from: ArticleState; passed: Filter<Article>; states: readonly ArticleState[] }>;

export type ReplayStage = keyof typeof REPLAY;

/** What an article gets back when a second look at it has brought nothing. */
export function asBefore({ revisit, revisited }: Pick<Article, 'revisit' | 'revisited'>): Partial<Article> {
  return {
    outcome: revisit?.outcome,
    movedAt: revisit?.movedAt,
    revisit: undefined,
    revisited: revisited && { at: revisited.at, fruitless: revisited.fruitless + 1 },
  };
}

/** Articles and their way through the line. What readers ask of them is in catalog.ts, what they belong to in clusters.ts. */
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
      const refused = alreadyThere(error);
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
   * time for the article than the step's. Throws PermanentError DOCUMENT_TOO_LARGE.
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
      reconciled: 0,
    };
    const present = Object.entries(fields).filter(([, value]) => value !== undefined);
    const absent = Object.entries(fields).filter(([, value]) => value === undefined);
    const update: UpdateFilter<Article> = {
      $set: Object.fromEntries(present),
      $push: { trace: { $each: [step.line], $slice: -MAX_TRACE_LINES } },
      ...(absent.length > 0 && { $unset: Object.fromEntries(absent.map(([name]) => [name, ''])) }),
    };
    assertStorable(update);
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
      releaseTo(from, now, dueBy),
    );
    return matchedCount === 1 ? from : undefined;
  }

  /**
   * Puts all quarantined articles back where they stood, or those with one code. An outage leaves tens of thousands, so none is read. Returns how many
   * went back to each state.
   */
  async releaseAll(code: string | undefined, now: Date, dueBy: Date): Promise<Map<ArticleState, number>> {
    const released = new Map<ArticleState, number>();
    for (const from of UNFINISHED) {
      const { modifiedCount } = await this.#articles.updateMany(
        { state: 'quarantined', 'quarantine.from': from, ...(code !== undefined && { 'quarantine.code': code }) },
        releaseTo(from, now, dueBy),
      );
      if (modifiedCount > 0) released.set(from, modifiedCount);
    }
    return released;
  }

  /**
   * Finished articles that a replay is to take, the newest first, whole; also those that an earlier replay moved and did
   * not live to enqueue.
   */
  replayable({
    stage,
    lang,
    domain,
    method,
    outcome,
    versionBelow,
    since,
    limit,
  }: ReplayQuery): AsyncIterable<Article> {
    const { from, passed, states } = REPLAY[stage];
    return this.#articles
      .find({
        ...passed,
        $or: [{ state: { $in: [...states] } }, { state: from, outcome: 'replayed' }],
        ...(lang && { lang }),
        ...(domain && { 'source.domain': domain }),
        ...(method && { 'extract.method': method }),
        ...(outcome && { outcome }),
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

  /** Gives overdue articles a new term, and counts it against those whose job was lost. */
  async postpone(ids: readonly string[], dueBy: Date, { lost }: { lost: boolean }): Promise<void> {
    if (ids.length === 0) return;
    await this.#articles.updateMany(
      { _id: { $in: [...ids] }, dueBy: { $exists: true } },
      { $set: { dueBy }, $inc: { reconciled: lost ? 1 : 0 } },
    );
  }

  /** Makes every unfinished article due now: after Redis was lost, all jobs are. Not counted as a failure of theirs. */
  async makeAllDue(now: Date): Promise<number> {
    const { modifiedCount } = await this.#articles.updateMany({ dueBy: { $gt: now } }, { $set: { dueBy: now } });
    return modifiedCount;
  }

  /** Gives a published article another number than `seq`. False when it does not have that one. */
  async renumber(id: string, seq: number, next: Pick<Article, 'seq' | 'storedAt'>): Promise<boolean> {
    const { matchedCount } = await this.#articles.updateOne({ _id: id, state: 'published', seq }, { $set: next });
    return matchedCount === 1;
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
}

function releaseTo(state: ArticleState, now: Date, dueBy: Date): UpdateFilter<Article> {
  return { $set: { state, outcome: 'released', movedAt: now, dueBy, reconciled: 0 }, $unset: { quarantine: '' } };
}
