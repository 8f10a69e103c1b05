import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { STAGES, type StageName } from '../shared/config.ts';

/** Shape of job payloads. A worker that meets another one quarantines the job instead of guessing. */
export const PAYLOAD_VERSION = 1;

/** BullMQ handles priorities only after all jobs without one, so a replay never holds up live work. */
const REPLAY_PRIORITY = 10;

/** Finished jobs kept for the console: enough to see what happened, bounded so that Redis does not fill. */
export const KEPT_COMPLETED = 1_000;
const KEPT_FAILED = 5_000;
const FAILED_AGE_SECONDS = 7 * 86_400;

/** First wait before a failed job is tried again; doubles with every attempt, half of it by chance. */
const BACKOFF_MS = 2_000;

export type Payload = Readonly<Record<string, string>>;

/** Puts jobs into the queues: one queue per stage, ids only in the payload. */
export class Producer {
  readonly queues: ReadonlyMap<StageName, Queue>;
  readonly #attempts: Readonly<Record<StageName, number>>;

  constructor(connection: Redis, prefix: string, attempts: Readonly<Record<StageName, number>>) {
    this.#attempts = attempts;
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
          deduplication: { id: Object.values(payload).join('-') },
          attempts: this.#attempts[stage],
          backoff: { type: 'exponential', delay: BACKOFF_MS, jitter: 0.5 },
          removeOnComplete: { count: KEPT_COMPLETED },
          removeOnFail: { count: KEPT_FAILED, age: FAILED_AGE_SECONDS },
          ...(options.replay && { priority: REPLAY_PRIORITY }),
        },
      })),
    );
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
