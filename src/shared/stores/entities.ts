import type { Collection, Db } from 'mongodb';
import { foldText } from '../arabic/fold.ts';
import type { Entity, EntityType } from '../model.ts';

/** A name known over all articles. Counts are asked of the articles themselves, so that a replay cannot spoil them. */
export interface EntityRecord {
  _id: string;
  type: EntityType;
  name: string;
  names: Record<string, string>;
  aliases: string[];
  /** What it is looked up by: folded aliases, whole and from each of their words on. */
  keys: string[];
  country?: string;
  lat?: number;
  lon?: number;
  firstSeenAt: Date;
  lastSeenAt: Date;
}

/** Spellings one article may teach; what comes after is noise. */
const MAX_ALIASES_PER_ARTICLE = 20;

/** Words of a name that it is looked up by. */
const MAX_KEY_WORDS = 8;

export class EntityStore {
  readonly #entities: Collection<EntityRecord>;

  constructor(db: Db) {
    this.#entities = db.collection('entities');
  }

  async createIndexes(): Promise<void> {
    await this.#entities.createIndexes([
      { key: { aliases: 1 } },
      { key: { keys: 1 } },
      { key: { type: 1, lastSeenAt: -1 } },
    ]);
  }

  /** Makes the entities of an article known. Safe to repeat. */
  async learn(entities: readonly Entity[], now: Date): Promise<void> {
    if (entities.length === 0) return;
    await this.#entities.bulkWrite(
      entities.map(({ id, type, name, names, country, lat, lon, mentions }) => {
        const aliases = [...new Set([name, ...mentions.map(({ text }) => text)])].slice(0, MAX_ALIASES_PER_ARTICLE);
        const keys = [...new Set([...aliases, ...Object.values(names)].flatMap(lookupKeys))];
        return {
          updateOne: {
            filter: { _id: id },
            update: {
              $setOnInsert: { type, name, names, country, lat, lon, firstSeenAt: now },
              $max: { lastSeenAt: now },
              $addToSet: { aliases: { $each: aliases }, keys: { $each: keys } },
            },
            upsert: true,
          },
        };
      }),
      { ordered: false },
    );
  }

  get(id: string): Promise<EntityRecord | null> {
    return this.#entities.findOne({ _id: id });
  }

  /** Entities one of whose names has a word that begins like this, those seen last first. */
  find({ name, type, limit }: { name: string; type?: EntityType; limit: number }): Promise<EntityRecord[]> {
    const [key] = lookupKeys(name);
    if (key === undefined) return Promise.resolve([]);
    return this.#entities
      .find({ keys: { $regex: `^${key}` }, ...(type && { type }) })
      .sort({ lastSeenAt: -1 })
      .limit(limit)
      .toArray();
  }
}

/** Folded words of a name without the Arabic article, from each word to the end: nothing but letters, digits and spaces. */
function lookupKeys(name: string): string[] {
  const words = (foldText(name).match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).map((word) => word.replace(/^ال(?=.{2})/, ''));
  return words.slice(0, MAX_KEY_WORDS).map((_, i) => words.slice(i, MAX_KEY_WORDS).join(' '));
}
