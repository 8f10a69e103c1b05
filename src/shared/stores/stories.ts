import { Binary, type Collection, type Db, type Filter } from 'mongodb';
import type { Story, StoryLink } from '../model.ts';
import { isDuplicateKey } from './mongo-errors.ts';

/** A story as it is stored: the centroid packed, and the terms it is looked up by beside it. */
interface StoryRecord extends Omit<Story, 'id' | 'centroid' | 'firstAt' | 'lastAt' | 'language'> {
  _id: string;
  lang: string;
  firstAt: Date;
  lastAt: Date;
  /** Heaviest terms first: int32 and float32 in turn, little-endian. */
  centroid: Binary;
  lookup: number[];
}

/** A story without what only clustering needs. */
export type StorySummary = Omit<Story, 'centroid' | 'norm' | 'leadSimilarity' | 'version'>;

export interface StoryQuery {
  lang?: string;
  /** Only stories with at least so many originals. */
  minArticles?: number;
  order: 'size' | 'freshness';
  skip: number;
  limit: number;
}

/** Terms kept for looking up; the heaviest of the centroid. */
const LOOKUP_TERMS = 48;
/** Stories that share a term with an article and are ranked by how many. */
const MAX_RANKED = 500;

export class StoryStore {
  readonly #stories: Collection<StoryRecord>;

  constructor(db: Db) {
    this.#stories = db.collection('stories');
  }

  async createIndexes(): Promise<void> {
    await this.#stories.createIndexes([
      { key: { lang: 1, lookup: 1, lastAt: -1 } },
      { key: { lang: 1, lastAt: -1 } },
      { key: { lastAt: -1 } },
      { key: { articles: -1, lastAt: -1 } },
    ]);
  }

  /** Stories of a language with an article since then that share some of the terms, most shared first. */
  async candidates(language: string, terms: readonly number[], since: number, limit: number): Promise<Story[]> {
    const wanted = new Set(terms);
    const open = await this.#stories
      .find({ lang: language, lookup: { $in: [...terms] }, lastAt: { $gte: new Date(since) } })
      .sort({ lastAt: -1 })
      .limit(MAX_RANKED)
      .project<Pick<StoryRecord, '_id' | 'lookup'>>({ lookup: 1 })
      .toArray();
    const ranked = open
      .map(({ _id, lookup }) => ({ _id, shared: lookup.filter((term) => wanted.has(term)).length }))
      .sort((a, b) => b.shared - a.shared)
      .slice(0, limit);
    const records = await this.#stories.find({ _id: { $in: ranked.map(({ _id }) => _id) } }).toArray();
    const byId = new Map(records.map((record) => [record._id, record]));
    return ranked.flatMap(({ _id }) => {
      const record = byId.get(_id);
      return record === undefined ? [] : [unpack(record)];
    });
  }

  /** False when another saved the story since it was read, or, for a new one (`version` 0), when it is there already. */
  async save(story: Story): Promise<boolean> {
    const record = pack(story);
    if (story.version > 0) {
      const { matchedCount } = await this.#stories.replaceOne({ _id: story.id, version: story.version - 1 }, record);
      return matchedCount === 1;
    }
    try {
      await this.#stories.insertOne({ _id: story.id, ...record });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** Removes a story whose articles all moved elsewhere, unless it was saved since. */
  async remove(id: string, version: number): Promise<boolean> {
    const { deletedCount } = await this.#stories.deleteOne({ _id: id, version });
    return deletedCount === 1;
  }

  /** Version of each story of a language with an article since then, at most so many, those with the newest article. */
  async versions(language: string, since: number, limit: number): Promise<Map<string, number>> {
    const open = await this.#stories
      .find({ lang: language, lastAt: { $gte: new Date(since) } })
      .sort({ lastAt: -1 })
      .limit(limit)
      .project<Pick<StoryRecord, '_id' | 'version'>>({ version: 1 })
      .toArray();
    return new Map(open.map(({ _id, version }) => [_id, version]));
  }

  /** Languages that have a story with an article since then. */
  async languages(since: number): Promise<string[]> {
    const rows = await this.#stories
      .aggregate<{ _id: string }>([{ $match: { lastAt: { $gte: new Date(since) } } }, { $group: { _id: '$lang' } }])
      .toArray();
    return rows.map(({ _id }) => _id);
  }

  async get(id: string): Promise<Story | undefined> {
    const record = await this.#stories.findOne({ _id: id });
    return record === null ? undefined : unpack(record);
  }

  /** Of these stories, those that are there: their links, which may be none. */
  async linksOf(ids: readonly string[]): Promise<Map<string, StoryLink[]>> {
    const records = await this.#stories
      .find({ _id: { $in: [...ids] } })
      .project<Pick<StoryRecord, '_id' | 'links'>>({ links: 1 })
      .toArray();
    return new Map(records.map(({ _id, links = [] }) => [_id, links]));
  }

  /** Links count as no change of the story: a worker that adds an article meanwhile need not read it again. */
  async setLinks(id: string, links: StoryLink[]): Promise<void> {
    await this.#stories.updateOne({ _id: id }, links.length === 0 ? { $unset: { links: '' } } : { $set: { links } });
  }

  /** Some stories for people, in no order. */
  async summaries(ids: readonly string[]): Promise<StorySummary[]> {
    const records = await this.#stories
      .find({ _id: { $in: [...ids] } })
      .project<SummaryRecord>(OF_SUMMARY)
      .toArray();
    return records.map(summaryOf);
  }

  /** A page of stories for people. */
  async list({ lang, minArticles = 1, order, skip, limit }: StoryQuery): Promise<StorySummary[]> {
    const filter: Filter<StoryRecord> = {
      ...(lang && { lang }),
      ...(minArticles > 1 && { articles: { $gte: minArticles } }),
    };
    const records = await this.#stories
      .find(filter)
      .sort(order === 'size' ? { articles: -1, lastAt: -1 } : { lastAt: -1 })
      .skip(skip)
      .limit(limit)
      .project<SummaryRecord>(OF_SUMMARY)
      .toArray();
    return records.map(summaryOf);
  }
}

type SummaryRecord = Omit<StoryRecord, 'centroid' | 'lookup' | 'norm' | 'leadSimilarity' | 'version'>;
const OF_SUMMARY = { centroid: 0, lookup: 0, norm: 0, leadSimilarity: 0, version: 0 } as const;

function summaryOf({ _id: id, lang: language, firstAt, lastAt, ...rest }: SummaryRecord): StorySummary {
  return { id, language, firstAt: firstAt.getTime(), lastAt: lastAt.getTime(), ...rest };
}

function pack({ id: _id, language, centroid, firstAt, lastAt, ...rest }: Story): Omit<StoryRecord, '_id'> {
  const terms = [...centroid].sort((a, b) => b[1] - a[1]);
  const bytes = Buffer.alloc(terms.length * 8);
  for (const [i, [term, weight]] of terms.entries()) {
    bytes.writeInt32LE(term, 8 * i);
    bytes.writeFloatLE(weight, 8 * i + 4);
  }
  return {
    ...rest,
    lang: language,
    firstAt: new Date(firstAt),
    lastAt: new Date(lastAt),
    centroid: new Binary(bytes),
    lookup: terms.slice(0, LOOKUP_TERMS).map(([term]) => term),
  };
}

function unpack({ _id, lang, centroid, lookup: _lookup, firstAt, lastAt, ...rest }: StoryRecord): Story {
  const bytes = Buffer.from(centroid.buffer.subarray(0, centroid.position));
  const terms = new Map<number, number>();
  for (let at = 0; at + 8 <= bytes.length; at += 8) terms.set(bytes.readInt32LE(at), bytes.readFloatLE(at + 4));
  return { ...rest, id: _id, language: lang, centroid: terms, firstAt: firstAt.getTime(), lastAt: lastAt.getTime() };
}
