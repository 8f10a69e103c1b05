import type { Collection, Db } from 'mongodb';
import { foldText } from '../arabic/fold.ts';
import { nameWords, soundKey } from '../arabic/sound-key.ts';
import type { EntityIdentity, EntityRules } from '../entity-decisions.ts';
import type { Entity, EntityType } from '../model.ts';

/**
 * A name known over all articles, as the analysis found it: decisions about it are laid over when it is read. Counts are
 * asked of the articles themselves, so that a replay cannot spoil them.
 */
export interface EntityRecord {
  _id: string;
  type: EntityType;
  name: string;
  names: Record<string, string>;
  aliases: string[];
  /** What it is looked up by: folded aliases, whole and from each of their words on. */
  keys: string[];
  /** Of a person's names of two words and more: what other spellings of them are found by. */
  sounds?: string[];
  country?: string;
  lat?: number;
  lon?: number;
  firstSeenAt: Date;
  lastSeenAt: Date;
}

/** An entity as decisions have it, over all articles. */
export interface KnownEntity extends EntityIdentity {
  aliases: string[];
  firstSeenAt: Date;
  lastSeenAt: Date;
}

/** Spellings one article may teach; what comes after is noise. */
const MAX_ALIASES_PER_ARTICLE = 20;

/** Spellings kept of one entity. A document has 16 MB, and every article that names it would fail with the one that does not fit. */
const MAX_ALIASES = 200;

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
      { key: { sounds: 1 }, partialFilterExpression: { sounds: { $exists: true } } },
      { key: { type: 1, lastSeenAt: -1 } },
    ]);
  }

  /** Makes the entities of an article known. Safe to repeat. Returns those that were not known before. */
  async learn(entities: readonly Entity[], now: Date): Promise<Entity[]> {
    if (entities.length === 0) return [];
    const seen = entities.map(({ id, type, name, names, country, lat, lon }) => ({
      updateOne: {
        filter: { _id: id },
        update: {
          $setOnInsert: { type, name, names, country, lat, lon, aliases: [], keys: [], firstSeenAt: now },
          $max: { lastSeenAt: now },
        },
        upsert: true,
      },
    }));
    const { upsertedIds } = await this.#entities.bulkWrite([...seen, ...entities.map(spellingsOf)], { ordered: false });
    return entities.filter((_, i) => i in upsertedIds);
  }

  /** People whose names may be other spellings of these, as the analysis found them, the first seen first. */
  soundingLike({ id, name, names }: Entity, limit: number): Promise<EntityRecord[]> {
    return this.#entities
      .find({ sounds: { $in: soundsOf([name, ...Object.values(names)]) }, _id: { $ne: id } })
      .sort({ firstSeenAt: 1 })
      .limit(limit)
      .toArray();
  }

  /** An entity as decided; undefined when there is none of that id, or it was merged into another. */
  async get(id: string, rules: EntityRules): Promise<KnownEntity | undefined> {
    const records = await this.#entities.find({ _id: { $in: rules.family([id]) } }).toArray();
    return asDecided(records, rules).find((entity) => entity.id === id);
  }

  /** Entities one of whose names has a word that begins like this, those seen last first. */
  async find(
    { name, type, limit }: { name: string; type?: EntityType; limit: number },
    rules: EntityRules,
  ): Promise<KnownEntity[]> {
    const [key] = lookupKeys(name);
    if (key === undefined) return [];
    const isNamed = (name: string) => lookupKeys(name).some((other) => other.startsWith(key));
    const hits = await this.#entities
      .find({ keys: { $regex: `^${key}` } })
      .sort({ lastSeenAt: -1 })
      .limit(limit)
      .project<Pick<EntityRecord, '_id'>>({ _id: 1 })
      .toArray();
    const ids = rules.family([...hits.map(({ _id }) => _id), ...rules.renamed(isNamed)]);
    const records = await this.#entities.find({ _id: { $in: ids } }).toArray();
    return asDecided(records, rules)
      .filter((entity) => (type === undefined || entity.type === type) && namesOf(entity).some(isNamed))
      .sort((a, b) => b.lastSeenAt.getTime() - a.lastSeenAt.getTime())
      .slice(0, limit);
  }
}

/** Adds the spellings of one article to those that are known, as long as there is room. */
function spellingsOf({ id, type, name, names, mentions }: Entity) {
  const aliases = [...new Set([name, ...mentions.map(({ text }) => text)])].slice(0, MAX_ALIASES_PER_ARTICLE);
  const known = [...aliases, ...Object.values(names)];
  const sounds = type === 'person' ? soundsOf(known) : [];
  return {
    updateOne: {
      filter: { _id: id, [`aliases.${MAX_ALIASES - 1}`]: { $exists: false } },
      update: {
        $addToSet: {
          aliases: { $each: aliases },
          keys: { $each: [...new Set(known.flatMap(lookupKeys))] },
          ...(sounds.length > 0 && { sounds: { $each: sounds } }),
        },
      },
    },
  };
}

const namesOf = ({ name, names, aliases }: KnownEntity) => [name, ...Object.values(names), ...aliases];

/** What decisions make of records: some become one, some two. */
function asDecided(records: readonly EntityRecord[], rules: EntityRules): KnownEntity[] {
  const known = new Map<string, KnownEntity>();
  for (const { _id: id, keys, sounds, aliases, firstSeenAt, lastSeenAt, ...identity } of records) {
    const mentions = aliases.map((text, at) => ({ text, start: at, end: at }));
    const { entities } = rules.apply({ entities: [{ id, ...identity, roles: [], mentions }], quotes: [] }, undefined);
    for (const { mentions, roles, ...entity } of entities) {
      const same = known.get(entity.id);
      // Where several became one, what was it all along says what it is.
      const base = same && id !== entity.id ? same : entity;
      known.set(entity.id, {
        ...base,
        names: { ...same?.names, ...entity.names, ...base.names },
        aliases: [...new Set([...(same?.aliases ?? []), ...mentions.map(({ text }) => text)])],
        firstSeenAt: same && same.firstSeenAt < firstSeenAt ? same.firstSeenAt : firstSeenAt,
        lastSeenAt: same && same.lastSeenAt > lastSeenAt ? same.lastSeenAt : lastSeenAt,
      });
    }
  }
  return [...known.values()];
}

/** Folded words of a name without the Arabic article, from each word to the end: nothing but letters, digits and spaces. */
function lookupKeys(name: string): string[] {
  const words = (foldText(name).match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).map((word) => word.replace(/^ال(?=.{2})/, ''));
  return words.slice(0, MAX_KEY_WORDS).map((_, i) => words.slice(i, MAX_KEY_WORDS).join(' '));
}

/** Names of one word sound like too many. */
function soundsOf(names: readonly string[]): string[] {
  return [...new Set(names.filter((name) => nameWords(name).length > 1).map(soundKey))];
}
