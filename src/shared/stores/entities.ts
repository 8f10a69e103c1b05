import type { Collection, Db } from 'mongodb';
import type { Entity, EntityType } from '../model.ts';

/** A name known over all articles. Counts are asked of the articles themselves, so that a replay cannot spoil them. */
export interface EntityRecord {
  _id: string;
  type: EntityType;
  name: string;
  names: Record<string, string>;
  aliases: string[];
  country?: string;
  lat?: number;
  lon?: number;
  firstSeenAt: Date;
  lastSeenAt: Date;
}

/** Spellings one article may teach; what comes after is noise. */
const MAX_ALIASES_PER_ARTICLE = 20;

export class EntityStore {
  readonly #entities: Collection<EntityRecord>;

  constructor(db: Db) {
    this.#entities = db.collection('entities');
  }

  async createIndexes(): Promise<void> {
    await this.#entities.createIndexes([{ key: { aliases: 1 } }, { key: { type: 1, lastSeenAt: -1 } }]);
  }

  /** Makes the entities of an article known. Safe to repeat. */
  async learn(entities: readonly Entity[], now: Date): Promise<void> {
    if (entities.length === 0) return;
    await this.#entities.bulkWrite(
      entities.map(({ id, type, name, names, country, lat, lon, mentions }) => ({
        updateOne: {
          filter: { _id: id },
          update: {
            $setOnInsert: { type, name, names, country, lat, lon, firstSeenAt: now },
            $max: { lastSeenAt: now },
            $addToSet: {
              aliases: {
                $each: [...new Set([name, ...mentions.map(({ text }) => text)])].slice(0, MAX_ALIASES_PER_ARTICLE),
              },
            },
          },
          upsert: true,
        },
      })),
      { ordered: false },
    );
  }

  get(id: string): Promise<EntityRecord | null> {
    return this.#entities.findOne({ _id: id });
  }
}
