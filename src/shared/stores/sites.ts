import type { Collection, Db } from 'mongodb';
import { type Drift, driftOf } from '../drift.ts';
import { findFurniture, KEPT_PAGES, type PageLines } from '../furniture.ts';
import { isDuplicateKey } from './mongo-errors.ts';

/** How one host's pages have been read, and what they have in common. */
export interface SiteRecord {
  /** The host. */
  _id: string;
  /** Scores of its latest pages, 0 to 1, oldest first. */
  scores: number[];
  /** How the body of the latest one was found. */
  method: string;
  seenAt: Date;
  /** Since when its scores are clearly below its own past, and how far. */
  drift?: Drift & { since: Date };
  /** Its latest articles, oldest first. */
  pages?: PageLines[];
}

/** One more page of a host. */
export interface SitePage {
  method: string;
  score: number;
  /** Of an article. */
  lines?: PageLines;
}

/** Pages of a host whose scores are remembered. */
const KEPT_SCORES = 80;

/** A host that has not been read for so long is forgotten. */
const KEPT_SECONDS = 60 * 86_400;

/** Hosts whose furniture a process has at hand. */
const CACHED_HOSTS = 1_000;

/** Lines that recur on a host's pages, and the pages that say so, oldest first. */
interface Furniture {
  lines: ReadonlySet<string>;
  pageIds: string[];
}

/** What extraction learns about sites over many pages: one small document per host. */
export class SiteStore {
  readonly #sites: Collection<SiteRecord>;
  /** By host, the latest used last. */
  readonly #furniture = new Map<string, Furniture>();

  constructor(db: Db) {
    this.#sites = db.collection('sites');
  }

  async createIndexes(): Promise<void> {
    await this.#sites.createIndexes([
      { key: { seenAt: 1 }, expireAfterSeconds: KEPT_SECONDS },
      { key: { 'drift.since': -1 }, partialFilterExpression: { 'drift.since': { $exists: true } } },
    ]);
  }

  /**
   * Adds one more page and says whether the host has just begun to drift. An article that is among the remembered ones is
   * not added again, so a second delivery of its job counts once.
   */
  async learn(host: string, { method, score, lines }: SitePage, now: Date): Promise<boolean> {
    const site = await this.#add(host, { method, score, lines }, now);
    if (!site) return false;
    if (lines) this.#remember(host, furnitureOn(site.pages));
    const drift = driftOf(site.scores);
    if (!drift && site.drift) await this.#sites.updateOne({ _id: host }, { $unset: { drift: '' } });
    if (drift) {
      const since = site.drift?.since ?? now;
      await this.#sites.updateOne({ _id: host }, { $set: { drift: { ...drift, since } } });
    }
    return drift !== undefined && site.drift === undefined;
  }

  async #add(host: string, { method, score, lines }: SitePage, now: Date): Promise<SiteRecord | null> {
    const filter = { _id: host, ...(lines && { 'pages.id': { $ne: lines.id } }) };
    const update = {
      $push: {
        scores: { $each: [score], $slice: -KEPT_SCORES },
        ...(lines && { pages: { $each: [lines], $slice: -KEPT_PAGES } }),
      },
      $set: { method, seenAt: now },
    };
    try {
      return await this.#sites.findOneAndUpdate(filter, update, { upsert: true, returnDocument: 'after' });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      // The host is there: either with this page, or another process has made it at this moment.
      return this.#sites.findOneAndUpdate(filter, update, { returnDocument: 'after' });
    }
  }

  /**
   * Keys of the paragraphs that recur on a host's pages. Asks the database only for a host this process has not read of
   * late; every page that is learnt brings it up to date.
   */
  async furnitureOf(host: string): Promise<ReadonlySet<string>> {
    const known = this.#furniture.get(host);
    if (known) return this.#remember(host, known);
    const site = await this.#sites.findOne({ _id: host }, { projection: { pages: 1 } });
    return this.#remember(host, furnitureOn(site?.pages));
  }

  #remember(host: string, found: Furniture): ReadonlySet<string> {
    const known = this.#furniture.get(host);
    const furniture = known && isEarlier(found, known) ? known : found;
    this.#furniture.delete(host);
    this.#furniture.set(host, furniture);
    const [oldest] = this.#furniture.keys();
    if (this.#furniture.size > CACHED_HOSTS && oldest !== undefined) this.#furniture.delete(oldest);
    return furniture.lines;
  }

  /** Hosts whose pages are read clearly worse than before, the latest first. */
  drifting(limit: number): Promise<SiteRecord[]> {
    return this.#sites
      .find({ 'drift.since': { $exists: true } }, { projection: { pages: 0 } })
      .sort({ 'drift.since': -1 })
      .limit(limit)
      .toArray();
  }
}

function furnitureOn(pages: readonly PageLines[] = []): Furniture {
  return { lines: findFurniture(pages), pageIds: pages.map(({ id }) => id) };
}

/** Pages are learnt side by side, so what the database answers may come in another order than it was written. */
function isEarlier(found: Furniture, known: Furniture): boolean {
  const [latestFound = '', latestKnown = ''] = [found, known].map(({ pageIds }) => pageIds.at(-1));
  return known.pageIds.includes(latestFound) && !found.pageIds.includes(latestKnown);
}
