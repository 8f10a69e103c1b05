import { randomBytes } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import type { HubScore, Subscription } from '../model.ts';
import { isDuplicateKey } from './mongo-errors.ts';

/** A request that the hub has not confirmed by then is made again. */
const RETRY_MS = 3_600_000;
/** A hub that denied, misses too much or does not answer is asked again after this long, if the feed still names it. */
const DENIED_MS = 30 * 86_400_000;
const MAX_REASON_CHARS = 500;

/** Whether the hub has promised to push at this moment. */
export function isLive({ state, leaseEndsAt }: Subscription, now: Date): boolean {
  return state === 'active' && leaseEndsAt !== undefined && leaseEndsAt > now;
}

/** Subscriptions at WebSub hubs: at most one per feed that is not being left. */
export class SubscriptionStore {
  readonly #subscriptions: Collection<Subscription>;

  constructor(db: Db) {
    this.#subscriptions = db.collection('subscriptions');
  }

  async createIndexes(): Promise<void> {
    await this.#subscriptions.createIndexes([
      { key: { feedId: 1, hub: 1, topic: 1 }, unique: true },
      { key: { nextAt: 1 } },
      { key: { base: 1 } },
    ]);
  }

  get(id: string): Promise<Subscription | null> {
    return this.#subscriptions.findOne({ _id: id });
  }

  /** The one a feed has, asked for or active. */
  ofFeed(feedId: string): Promise<Subscription | null> {
    return this.#subscriptions.findOne({ feedId, state: { $in: ['requested', 'active'] } });
  }

  /** What there is to show of each feed: its subscription, else the one it was denied. */
  async ofFeeds(feedIds: readonly string[]): Promise<Map<string, Subscription>> {
    const found = await this.#subscriptions.find({ feedId: { $in: [...feedIds] } }).toArray();
    const shown = new Map<string, Subscription>();
    for (const subscription of found) {
      const { feedId, state } = subscription;
      if (!shown.has(feedId) || state === 'requested' || state === 'active') shown.set(feedId, subscription);
    }
    return shown;
  }

  /**
   * Keeps a feed subscribed at one of the hubs its document names, best first, and leaves any other. Hubs that denied it or
   * proved useless are passed over. Returns the subscription as it is now; a new one is due to be asked for.
   */
  async follow(
    feedId: string,
    { hubs, topic }: { hubs: readonly string[]; topic: string },
    now: Date,
  ): Promise<Subscription | undefined> {
    const all = await this.#subscriptions.find({ feedId }).toArray();
    const at = (hub: string) => all.find((s) => s.hub === hub && s.topic === topic);
    const current = hubs.map(at).find((s) => s?.state === 'requested' || s?.state === 'active');
    const hub = current?.hub ?? hubs.find((name) => at(name)?.state !== 'denied' && !at(name)?.avoid);
    for (const other of all)
      if (other.hub !== hub || other.topic !== topic)
        await this.leave(other, 'the feed names another hub or none', now);
    if (current || hub === undefined) return current;
    const left = at(hub);
    if (left) {
      await this.#subscriptions.updateOne(
        { _id: left._id, state: 'leaving' },
        {
          $set: { state: 'requested', nextAt: now, attempts: 0 },
          $unset: { reason: '', activeSince: '', leaseEndsAt: '' },
        },
      );
      return { ...left, state: 'requested' };
    }
    const made: Subscription = {
      _id: randomBytes(24).toString('base64url'),
      feedId,
      hub,
      topic,
      secret: randomBytes(32).toString('hex'),
      state: 'requested',
      nextAt: now,
      attempts: 0,
      score: { pushed: 0, missed: 0 },
    };
    try {
      await this.#subscriptions.insertOne(made);
      return made;
    } catch (error) {
      // A poll and a push of one feed at the same moment: the other one has made it.
      if (isDuplicateKey(error)) return undefined;
      throw error;
    }
  }

  /** To be ended at its hub. One that was never asked for is forgotten at once; a denial stays. */
  async leave(
    { _id }: Pick<Subscription, '_id'>,
    reason: string,
    now: Date,
    { avoid = false }: { avoid?: boolean } = {},
  ): Promise<void> {
    await this.#subscriptions.deleteOne({ _id, state: 'requested', base: { $exists: false } });
    await this.#subscriptions.updateOne(
      { _id, state: { $in: ['requested', 'active'] } },
      { $set: { state: 'leaving', reason, nextAt: now, attempts: 0, ...(avoid && { avoid }) } },
    );
  }

  /** Leaves all hubs of a feed. */
  async leaveFeed(feedId: string, reason: string, now: Date): Promise<void> {
    for (const subscription of await this.#subscriptions.find({ feedId }).toArray())
      await this.leave(subscription, reason, now);
  }

  /** Makes due what the hub knows by another public address than `base`, or by none yet. */
  async adoptBase(base: string, now: Date): Promise<void> {
    await this.#subscriptions.updateMany(
      { base: { $ne: base }, state: { $in: ['requested', 'active'] } },
      { $set: { base, nextAt: now, attempts: 0 } },
    );
  }

  /**
   * Takes one subscription that is due, each for one caller only. It counts as asked: without a confirmation it comes again
   * in an hour.
   */
  claimDue(now: Date): Promise<Subscription | null> {
    return this.#subscriptions.findOneAndUpdate(
      { nextAt: { $lte: now } },
      { $set: { nextAt: new Date(now.getTime() + RETRY_MS) }, $inc: { attempts: 1 } },
      { sort: { nextAt: 1 }, returnDocument: 'after' },
    );
  }

  /** Not asked after all: the hub's site was busy. Unless the hub has answered meanwhile. */
  async postpone({ _id, nextAt }: Subscription, until: Date): Promise<void> {
    await this.#subscriptions.updateOne({ _id, nextAt }, { $set: { nextAt: until }, $inc: { attempts: -1 } });
  }

  /** The hub did not take the request; it stays due as claimed. */
  async failed({ _id, nextAt }: Subscription, lastError: NonNullable<Subscription['lastError']>): Promise<void> {
    await this.#subscriptions.updateOne({ _id, nextAt }, { $set: { lastError } });
  }

  /** The hub has confirmed. False when the subscription was given up meanwhile. */
  async activate(
    id: string,
    { leaseEndsAt, nextAt }: { leaseEndsAt: Date; nextAt: Date },
    now: Date,
  ): Promise<boolean> {
    const set = { state: 'active' as const, leaseEndsAt, nextAt, attempts: 0 };
    const filter = { _id: id, state: { $in: ['requested' as const, 'active' as const] } };
    const isNew = { $or: [{ activeSince: { $exists: false } }, { leaseEndsAt: { $lte: now } }] };
    await this.#subscriptions.updateOne({ ...filter, ...isNew }, { $set: { activeSince: now } });
    const { matchedCount } = await this.#subscriptions.updateOne(filter, { $set: set, $unset: { lastError: '' } });
    return matchedCount === 1;
  }

  /** Not asked for again for a month. */
  async deny(id: string, reason: string, now: Date): Promise<void> {
    await this.#subscriptions.updateOne(
      { _id: id },
      {
        $set: {
          state: 'denied',
          reason: reason.slice(0, MAX_REASON_CHARS),
          nextAt: new Date(now.getTime() + DENIED_MS),
          score: { pushed: 0, missed: 0 },
        },
        $unset: { activeSince: '', leaseEndsAt: '' },
      },
    );
  }

  async remove(id: string): Promise<void> {
    await this.#subscriptions.deleteOne({ _id: id });
  }

  /**
   * Changes a hub's score, and nothing is lost when a push and a poll do so at the same moment. Returns the score as it is then; undefined when the
   * subscription is gone.
   */
  async changeScore(
    id: string,
    change: (score: HubScore) => HubScore,
    lastPushAt?: Date,
  ): Promise<HubScore | undefined> {
    for (;;) {
      const subscription = await this.#subscriptions.findOne({ _id: id }, { projection: { score: 1 } });
      if (!subscription) return undefined;
      const { pushed, missed } = subscription.score;
      const score = change(subscription.score);
      const { matchedCount } = await this.#subscriptions.updateOne(
        { _id: id, 'score.pushed': pushed, 'score.missed': missed },
        { $set: { score, ...(lastPushAt && { lastPushAt }) } },
      );
      // Otherwise another one has just changed it: what it wrote is taken into account now.
      if (matchedCount === 1) return score;
    }
  }
}
