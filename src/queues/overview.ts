import type { Redis } from 'ioredis';
import type { StageName } from '../shared/config.ts';
import { KEPT_COMPLETED, type Producer } from './producer.ts';

/** Finished jobs whose durations make the percentiles. */
const SAMPLE = 100;

/** How one stage stands, over all processes. */
export interface StageOverview {
  stage: StageName;
  paused: boolean;
  waiting: number;
  active: number;
  delayed: number;
  failed: number;
  /** Age of the job that has waited longest: what an operator watches, rather than depth. */
  oldestWaitingSeconds: number;
  donePerMinute: number;
  p50Ms?: number;
  p95Ms?: number;
}

/** Reads the state of every queue from Redis. Rejects at once when Redis is away. */
export function readOverview(producer: Producer, redis: Redis, now: Date): Promise<StageOverview[]> {
  return Promise.all([...producer.queues.keys()].map((stage) => readStage(producer, redis, stage, now)));
}

async function readStage(producer: Producer, redis: Redis, stage: StageName, now: Date): Promise<StageOverview> {
  const queue = producer.queue(stage);
  const minuteAgo = now.getTime() - 60_000;
  const [counts, paused, [oldest], [oldestReplay], lately, metrics, sample] = await Promise.all([
    queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'failed'),
    queue.isPaused(),
    queue.getJobs('wait', 0, 0, true),
    queue.getJobs('prioritized', 0, 0, true),
    redis.zcount(queue.toKey('completed'), minuteAgo, '+inf'),
    queue.getMetrics('completed', 0, 0),
    queue.getJobs('completed', 0, SAMPLE - 1),
  ]);
  const since = Math.min(oldest?.timestamp ?? Infinity, oldestReplay?.timestamp ?? Infinity);
  const durations = sample
    .flatMap((job) => (job?.finishedOn && job.processedOn ? [job.finishedOn - job.processedOn] : []))
    .sort((a, b) => a - b);
  // The completed set is cut off at KEPT_COMPLETED; beyond that only the count per full minute is right.
  const donePerMinute = lately < KEPT_COMPLETED ? lately : Math.max(lately, Number(metrics.data[0] ?? 0));
  return {
    stage,
    paused,
    waiting: (counts.wait ?? 0) + (counts.prioritized ?? 0),
    active: counts.active ?? 0,
    delayed: counts.delayed ?? 0,
    failed: counts.failed ?? 0,
    oldestWaitingSeconds: Number.isFinite(since) ? Math.max(0, (now.getTime() - since) / 1000) : 0,
    donePerMinute,
    p50Ms: percentile(durations, 0.5),
    p95Ms: percentile(durations, 0.95),
  };
}

function percentile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
