import type { Collection, Db } from 'mongodb';
import { type Drift, driftOf } from '../drift.ts';

/** How sure the extractor has been of one host's pages. */
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
}

/** Pages of a host that are remembered. */
const KEPT_SCORES = 80;

/** A host that has not been read for so long is forgotten. */
const KEPT_SECONDS = 60 * 86_400;

/** What extraction learns about sites over many pages: one small document per host. */
export class SiteStore {
  readonly #sites: Collection<SiteRecord>;

  constructor(db: Db) {
    this.#sites = db.collection('sites');
  }

  async createIndexes(): Promise<void> {
    await this.#sites.createIndexes([
      { key: { seenAt: 1 }, expireAfterSeconds: KEPT_SECONDS },
      { key: { 'drift.since': -1 }, partialFilterExpression: { 'drift.since': { $exists: true } } },
    ]);
  }

  /** Adds the score of one more page and says whether the host has just begun to drift. */
  async learn(host: string, { method, score }: { method: string; score: number }, now: Date): Promise<boolean> {
    const site = await this.#sites.findOneAndUpdate(
      { _id: host },
      { $push: { scores: { $each: [score], $slice: -KEPT_SCORES } }, $set: { method, seenAt: now } },
      { upsert: true, returnDocument: 'after' },
    );
    if (!site) return false;
    const drift = driftOf(site.scores);
    if (!drift && site.drift) await this.#sites.updateOne({ _id: host }, { $unset: { drift: '' } });
    if (drift) {
      const since = site.drift?.since ?? now;
      await this.#sites.updateOne({ _id: host }, { $set: { drift: { ...drift, since } } });
    }
    return drift !== undefined && site.drift === undefined;
  }

  /** Hosts whose pages are read clearly worse than before, the latest first. */
  drifting(limit: number): Promise<SiteRecord[]> {
    return this.#sites
      .find({ 'drift.since': { $exists: true } })
      .sort({ 'drift.since': -1 })
      .limit(limit)
      .toArray();
  }
}
