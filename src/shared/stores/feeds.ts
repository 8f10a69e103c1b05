import type { Collection, Db, Filter, UpdateFilter } from 'mongodb';
import { ulid } from 'ulid';
import { PermanentError } from '../errors.ts';
import type { FeedRecord, OpmlFeed } from '../model.ts';
import { isDuplicateKey } from './mongo-errors.ts';
import { SubscriptionStore } from './subscriptions.ts';

/** A permanent redirect that has been confirmed. */
export interface FeedMove {
  to: string;
}

const SELECTIONS = {
  all: {},
  failing: { lastError: { $exists: true } },
  paused: { status: 'paused' },
  parked: { status: 'parked' },
  moved: { proposedUrl: { $exists: true } },
} as const satisfies Record<string, Filter<FeedRecord>>;
export type FeedSelection = keyof typeof SELECTIONS;

export class FeedStore {
  readonly #feeds: Collection<FeedRecord>;
  readonly #subscriptions: SubscriptionStore;

  constructor(db: Db) {
    this.#feeds = db.collection('feeds');
    this.#subscriptions = new SubscriptionStore(db);
  }

  async createIndexes(): Promise<void> {
    await this.#feeds.createIndexes([
      { key: { url: 1 }, unique: true },
      { key: { status: 1, nextPollAt: 1 } },
      { key: { claim: 1 } },
    ]);
  }

  /** Subscribes, due at once. False when the feed is subscribed already. */
  async add(feed: OpmlFeed, now: Date): Promise<boolean> {
    const { upsertedCount } = await this.#feeds
      .updateOne(
        { url: feed.url },
        {
          $setOnInsert: {
            _id: ulid(now.getTime()),
            title: feed.title,
            siteUrl: feed.siteUrl,
            folders: feed.folders,
            status: 'active',
            addedAt: now,
            nextPollAt: now,
            polls: 0,
            entriesSeen: 0,
          },
        },
        { upsert: true },
      )
      .catch((error: unknown) => {
        if (isDuplicateKey(error)) return { upsertedCount: 0 };
        throw error;
      });
    return upsertedCount === 1;
  }

  get(id: string): Promise<FeedRecord | null> {
    return this.#feeds.findOne({ _id: id });
  }

  /** By id or URL. */
  find(idOrUrl: string): Promise<FeedRecord | null> {
    return this.#feeds.findOne({ $or: [{ _id: idOrUrl }, { url: idOrUrl }] });
  }

  list(): Promise<FeedRecord[]> {
    return this.#feeds.find().sort({ title: 1, url: 1 }).toArray();
  }

  /** Part of the list, in its order. `moved`: those that seem to have moved, which the operator has to confirm. */
  page(show: FeedSelection, skip: number, limit: number): Promise<FeedRecord[]> {
    return this.#feeds.find(SELECTIONS[show]).sort({ title: 1, url: 1 }).skip(skip).limit(limit).toArray();
  }

  /** Unsubscribes, at its hub too. */
  async remove(id: string, now: Date): Promise<boolean> {
    const { deletedCount } = await this.#feeds.deleteOne({ _id: id });
    await this.#subscriptions.leaveFeed(id, 'unsubscribed', now);
    return deletedCount === 1;
  }

  /**
   * Claims up to `limit` feeds that are due, each for one caller only. A claim that is not settled within `termMs` is
   * lost, and the feed is due again: nothing else is needed to recover from a crash between claim and poll.
   */
  async claimDue(now: Date, termMs: number, limit: number): Promise<string[]> {
    const due = await this.#feeds
      .find({ status: { $in: ['active', 'parked'] }, nextPollAt: { $lte: now } })
      .sort({ nextPollAt: 1 })
      .limit(limit)
      .project<{ _id: string }>({ _id: 1 })
      .toArray();
    if (due.length === 0) return [];
    const claim = ulid();
    await this.#feeds.updateMany(
      { _id: { $in: due.map(({ _id }) => _id) }, nextPollAt: { $lte: now } },
      { $set: { claim, nextPollAt: new Date(now.getTime() + termMs) } },
    );
    const claimed = await this.#feeds.find({ claim }).project<{ _id: string }>({ _id: 1 }).toArray();
    return claimed.map(({ _id }) => _id);
  }

  /** Makes feeds due: one, or all that are active. */
  async makeDue(now: Date, id?: string): Promise<number> {
    const filter = id === undefined ? { status: 'active' as const } : { _id: id };
    return (await this.#feeds.updateMany(filter, { $set: { nextPollAt: now }, $unset: { claim: '' } })).matchedCount;
  }

  /** Makes due every feed whose poll was under way: after Redis was lost, those jobs are gone. */
  async makeClaimedDue(now: Date): Promise<number> {
    return (
      await this.#feeds.updateMany({ claim: { $exists: true } }, { $set: { nextPollAt: now }, $unset: { claim: '' } })
    ).matchedCount;
  }

  /** Saves what a poll learnt and ends its claim. */
  async settle(
    id: string,
    set: Partial<FeedRecord>,
    options: { unset?: (keyof FeedRecord)[]; entries?: number; move?: FeedMove } = {},
  ): Promise<void> {
    const update: UpdateFilter<FeedRecord> = {
      $set: set,
      $unset: Object.fromEntries(['claim', ...(options.unset ?? [])].map((key) => [key, ''])),
      $inc: { polls: 1, entriesSeen: options.entries ?? 0 },
    };
    await this.#feeds.updateOne({ _id: id }, update);
    if (options.move) await this.#move(id, options.move.to);
  }

  /** Saves what a push has taught of the rhythm, and leaves what a poll at the same moment learns of failures and moves. */
  async learnPush(id: string, { schedule, lastNewAt }: Partial<FeedRecord>, entries: number): Promise<void> {
    const rhythm = schedule && { 'schedule.daily': schedule.daily, 'schedule.intervalMs': schedule.intervalMs };
    await this.#feeds.updateOne({ _id: id }, { $set: { ...rhythm, lastNewAt }, $inc: { entriesSeen: entries } });
  }

  /** Says what is wrong with a feed, until a poll finds it well. */
  async note(id: string, lastError: FeedRecord['lastError']): Promise<void> {
    await this.#feeds.updateOne({ _id: id }, { $set: { lastError } });
  }

  /** Saves a feed's new address, unless another subscription has it already. */
  async #move(id: string, url: string): Promise<void> {
    try {
      await this.#feeds.updateOne({ _id: id }, { $set: { url }, $unset: { proposedUrl: '' } });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      await this.#feeds.updateOne({ _id: id }, { $set: { proposedUrl: url } });
    }
  }

  /**
   * Moves a feed to where it seems to have moved, due at once and read anew. Throws PermanentError NOT_MOVED, or
   * SUBSCRIBED_ALREADY when another subscription has that address.
   */
  async acceptMove(id: string, now: Date): Promise<void> {
    const url = (await this.get(id))?.proposedUrl;
    if (!url) throw new PermanentError('NOT_MOVED', 'nothing is proposed for this feed');
    try {
      await this.#feeds.updateOne(
        { _id: id, proposedUrl: url },
        {
          $set: { url, nextPollAt: now },
          $unset: { proposedUrl: '', 'schedule.moved': '', etag: '', lastModified: '', bodyHash: '' },
        },
      );
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      throw new PermanentError('SUBSCRIBED_ALREADY', `another subscription has ${url}: remove one of the two`);
    }
  }

  /** A feed that is paused leaves its hub. Resumed, it is due at once and read whole, so that it finds its hub again. */
  async setStatus(id: string, status: FeedRecord['status'], now: Date): Promise<boolean> {
    const update: UpdateFilter<FeedRecord> =
      status === 'active'
        ? { $set: { status, nextPollAt: now }, $unset: { claim: '', etag: '', lastModified: '', bodyHash: '' } }
        : { $set: { status }, $unset: { claim: '' } };
    const { matchedCount } = await this.#feeds.updateOne({ _id: id }, update);
    if (status === 'paused') await this.#subscriptions.leaveFeed(id, 'paused', now);
    return matchedCount === 1;
  }

  /** Feeds whose latest poll failed or left entries out, the most recent first. */
  failing(limit: number): Promise<FeedRecord[]> {
    return this.#feeds
      .find({ lastError: { $exists: true } })
      .sort({ 'lastError.at': -1 })
      .limit(limit)
      .toArray();
  }

  /** Active feeds whose poll has ended, well or badly, since a moment. */
  countPolledSince(since: Date): Promise<number> {
    return this.#feeds.countDocuments({ lastPolledAt: { $gte: since } });
  }

  count(): Promise<number> {
    return this.#feeds.countDocuments();
  }
}
