import { Binary, type Collection, type Db } from 'mongodb';
import { ulid } from 'ulid';

/** What nobody has taken in by then never will be. */
const KEPT_SECONDS = 7 * 86_400;

interface PushRecord {
  _id: string;
  feedId: string;
  /** What relative links in it are resolved against. */
  url: string;
  contentType?: string;
  body: Binary;
  receivedAt: Date;
  /** When its job counts as lost. */
  dueBy: Date;
}

export interface Push {
  feedId: string;
  url: string;
  contentType?: string;
  body: Uint8Array;
  receivedAt: Date;
}

/** Documents that hubs have pushed, from their arrival until their entries are safe. */
export class PushStore {
  readonly #pushes: Collection<PushRecord>;

  constructor(db: Db) {
    this.#pushes = db.collection('pushes');
  }

  async createIndexes(): Promise<void> {
    await this.#pushes.createIndexes([
      { key: { dueBy: 1 } },
      { key: { feedId: 1 } },
      { key: { receivedAt: 1 }, expireAfterSeconds: KEPT_SECONDS },
    ]);
  }

  /** Returns its id. */
  async put({ body, ...push }: Push, dueBy: Date): Promise<string> {
    const _id = ulid(push.receivedAt.getTime());
    await this.#pushes.insertOne({ _id, ...push, body: new Binary(body), dueBy });
    return _id;
  }

  async get(id: string): Promise<Push | undefined> {
    const record = await this.#pushes.findOne({ _id: id });
    if (!record) return undefined;
    const { feedId, url, contentType, body, receivedAt } = record;
    return { feedId, url, contentType, receivedAt, body: body.buffer.subarray(0, body.position) };
  }

  async remove(id: string): Promise<void> {
    await this.#pushes.deleteOne({ _id: id });
  }

  /** Of one feed. */
  countWaiting(feedId: string): Promise<number> {
    return this.#pushes.countDocuments({ feedId });
  }

  /** Those whose job is lost, put off until `until`. */
  async takeOverdue(now: Date, until: Date, limit: number): Promise<{ id: string; feedId: string }[]> {
    const overdue = await this.#pushes
      .find({ dueBy: { $lte: now } })
      .sort({ dueBy: 1 })
      .limit(limit)
      .project<Pick<PushRecord, '_id' | 'feedId'>>({ feedId: 1 })
      .toArray();
    if (overdue.length > 0)
      await this.#pushes.updateMany({ _id: { $in: overdue.map(({ _id }) => _id) } }, { $set: { dueBy: until } });
    return overdue.map(({ _id, feedId }) => ({ id: _id, feedId }));
  }

  /** After Redis was lost, their jobs are gone. */
  async makeAllDue(now: Date): Promise<number> {
    return (await this.#pushes.updateMany({}, { $set: { dueBy: now } })).matchedCount;
  }
}
