import type { Collection, Db } from 'mongodb';
import { type EntityChange, type EntityDecision, EntityRules } from '../entity-decisions.ts';
import type { Article } from '../model.ts';
import { isDuplicateKey } from './mongo-errors.ts';

/** Tries to write the next line of the log while others write too. */
const MAX_TRIES = 20;

/** An article as far as decisions about its entities go. */
export type NamingArticle = Pick<Article, '_id' | 'lang' | 'entities' | 'quotes' | 'asFound' | 'enrich'>;
const OF_NAMING = { lang: 1, entities: 1, quotes: 1, asFound: 1, enrich: 1 } as const;

type DecidedNaming = Required<Pick<Article, 'entities' | 'quotes'>> & Pick<Article, 'asFound'>;

/** The log of decisions about entities, whose lines are added and never changed, and the articles that obey it. */
export class DecisionStore {
  readonly #articles: Collection<Article>;
  readonly #decisions: Collection<EntityDecision>;
  readonly #counters: Collection<{ _id: string; n: number }>;
  #rules = new EntityRules([]);

  constructor(db: Db) {
    this.#articles = db.collection('articles');
    this.#decisions = db.collection('entityDecisions');
    this.#counters = db.collection('counters');
  }

  async createIndexes(): Promise<void> {
    await this.#articles.createIndex(
      { 'asFound.entities.id': 1 },
      { partialFilterExpression: { asFound: { $exists: true } } },
    );
  }

  /** The decisions that stand now; what was read before is not read again. */
  async rules(): Promise<EntityRules> {
    const known = this.#rules;
    const added = await this.#decisions
      .find({ _id: { $gt: known.last } })
      .sort({ _id: 1 })
      .toArray();
    if (added.length === 0) return known;
    const rules = new EntityRules([...known.log, ...added]);
    if (rules.last > this.#rules.last) this.#rules = rules;
    return rules;
  }

  /**
   * Adds a line. `propose` is given the decisions so far and may refuse by throwing, or by returning undefined; it is
   * asked again when somebody else was faster. Returns the line, or undefined.
   */
  async add(
    propose: (rules: EntityRules) => Promise<EntityChange | undefined>,
    at: Date,
    automatic = false,
  ): Promise<EntityDecision | undefined> {
    for (let tries = 1; ; tries++) {
      const rules = await this.rules();
      const change = await propose(rules);
      if (change === undefined) return undefined;
      const decision: EntityDecision = { _id: rules.last + 1, at, ...change, ...(automatic && { automatic }) };
      try {
        await this.#decisions.insertOne(decision);
        return decision;
      } catch (error) {
        if (!isDuplicateKey(error) || tries === MAX_TRIES) throw error;
      }
    }
  }

  /** Number of the decision up to which every stored article is known to obey. */
  async settled(): Promise<number> {
    return (await this.#counters.findOne({ _id: 'entityDecisions.settled' }))?.n ?? 0;
  }

  async settle(n: number): Promise<void> {
    await this.#counters.updateOne({ _id: 'entityDecisions.settled' }, { $max: { n } }, { upsert: true });
  }

  /** Articles in which the analysis found one of these entities, and that do not obey decision `last` yet. */
  findingAny(ids: readonly string[], last: number): AsyncIterable<NamingArticle> {
    return this.#articles
      .find({
        $or: [{ 'entities.id': { $in: [...ids] } }, { 'asFound.entities.id': { $in: [...ids] } }],
        'enrich.decisions': { $not: { $gte: last } },
      })
      .project<NamingArticle>(OF_NAMING);
  }

  /** Saves what decisions make of an article, unless it was analysed anew or obeys later ones. */
  async rename({ _id, enrich }: NamingArticle, rules: EntityRules, set: DecidedNaming): Promise<void> {
    const { asFound, ...naming } = set;
    await this.#articles.updateOne(
      { _id, 'enrich.at': enrich?.at, 'enrich.decisions': { $not: { $gt: rules.last } } },
      {
        $set: { ...naming, 'enrich.decisions': rules.last, ...(asFound && { asFound }) },
        ...(!asFound && { $unset: { asFound: '' } }),
      },
    );
  }
}
