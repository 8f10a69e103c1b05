import { type JobType, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { STAGES, type StageName } from '../shared/config.ts';

/** Shape of job payloads. A worker that meets another one refuses the job instead of guessing. */
export const PAYLOAD_VERSION = 1;

/** BullMQ handles priorities only after all jobs without one, so a replay never holds up live work. */
const REPLAY_PRIORITY = 10;

/** Finished jobs kept for the console: enough to see what happened, bounded so that Redis does not fill. */
export const KEPT_COMPLETED = 1_000;
const KEPT_FAILED = 5_000;
const FAILED_AGE_SECONDS = 7 * 86_400;

/** Where a job is that will still run, or runs, in the order in which it goes from one to the other. */
const LIVE: readonly JobType[] = ['delayed', 'prioritized', 'wait', 'active'];

/** Job ids read in one go: a backlog has hundreds of thousands, and Redis does nothing else while it answers. */
const PAGE = 5_000;

export type Payload = Readonly<Record<string, string>>;

/** Puts jobs into the queues: one queue per stage, ids only in the payload. */
export class Producer {
  readonly queues: ReadonlyMap<StageName, Queue>;
  readonly #attempts: Readonly<Record<StageName, number>>;
  readonly #retryMs: number;

  /** `retryMs`: the first wait before a failed job is tried again; it doubles with every attempt, half of it by chance. */
  constructor(connection: Redis, prefix: string, attempts: Readonly<Record<StageName, number>>, retryMs: number) {
    this.#attempts = attempts;
    this.#retryMs = retryMs;
    this.queues = new Map(
      STAGES.map((stage) => {
        const queue = new Queue(stage, { connection, prefix, skipVersionCheck: true });
        queue.on('error', () => {}); // as for the connection: the failing call tells
        return [stage, queue];
      }),
    );
  }

  /**
   * Adds a job for every payload. While a job for the same id is unfinished in the same queue a second one is dropped
   * by BullMQ, so enqueuing again is always safe and never doubles work.
   */
  async enqueue(stage: StageName, payloads: readonly Payload[], options: { replay?: boolean } = {}): Promise<void> {
    if (payloads.length === 0) return;
    await this.queue(stage).addBulk(
      payloads.map((payload) => ({
        name: stage,
        data: { v: PAYLOAD_VERSION, ...payload },
        opts: {
          deduplication: { id: itemId(payload) },
          attempts: this.#attempts[stage],
          backoff: { type: 'exponential', delay: this.#retryMs, jitter: 0.5 },
          removeOnComplete: { count: KEPT_COMPLETED },
          removeOnFail: { count: KEPT_FAILED, age: FAILED_AGE_SECONDS },
          ...(options.replay && { priority: REPLAY_PRIORITY }),
        },
      })),
    );
  }

  /**
   * Adds a job for every payload that has none, and none is doubled. The key by which BullMQ drops a second job outlives the first one when
   * Redis loses some of its keys (eviction, a damaged dump): such a key, and what is left of its job, is removed first, because it would keep
   * the item out of the queue for ever.
   * @returns the payloads that had no job
   */
  async enqueueLost<P extends Payload>(stage: StageName, payloads: readonly P[]): Promise<P[]> {
    if (payloads.length === 0) return [];
    const queue = this.queue(stage);
    // In this order: a job that ends in between is found in no list, and there is nothing left of it to remove.
    const jobIds = await Promise.all(payloads.map((payload) => queue.getDeduplicationJobId(itemId(payload))));
    const remains = await inNoList(queue, jobIds);
    const lost = payloads.filter((_, i) => {
      const jobId = jobIds[i];
      return !jobId || remains.has(jobId);
    });
    await Promise.all([...remains].map((jobId) => queue.remove(jobId)));
    await this.enqueue(stage, lost);
    return lost;
  }

  queue(stage: StageName): Queue {
    const queue = this.queues.get(stage);
    if (!queue) throw new Error(`no queue is named ${stage}`);
    return queue;
  }

  async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }
}

/** Which of these jobs will not run any more. */
async function inNoList(queue: Queue, jobIds: readonly (string | null)[]): Promise<Set<string>> {
  const sought = new Set(jobIds.filter((jobId) => jobId !== null));
  // Twice: a job that is put off or taken up meanwhile may be in each list when the other one is read. New jobs are put where reading begins, so
  // that none moves past it unseen.
  for (const list of [...LIVE, ...LIVE]) {
    for (let start = 0; sought.size > 0; start += PAGE) {
      const page = await queue.getRanges([list], start, start + PAGE - 1);
      for (const jobId of page) sought.delete(jobId);
      if (page.length < PAGE) break;
    }
  }
  return sought;
}

/** What a job is about: while one job for it is unfinished, a second one in the same queue is dropped. */
function itemId(payload: Payload): string {
  return Object.values(payload).join('-');
}
