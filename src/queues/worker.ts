import { DelayedError, type Job, UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { PermanentError, StageError, ThrottledError } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import type { Metrics } from '../shared/metrics.ts';
import type { Stage, StageContext, StageResult } from '../shared/stage.ts';
import { explainStoreError } from '../shared/stores/mongo-errors.ts';
import { explainQueueError } from './connection.ts';
import { PAYLOAD_VERSION, type Payload, type Producer } from './producer.ts';

/**
 * A job that is put off (a busy host, Retry-After, a store that is down) costs no attempt, so it is bounded how long that goes on. Counted from
 * the first time: a job may have waited for days before, behind a backlog or in a queue that was paused.
 */
const MAX_PUT_OFF_MS = 24 * 3_600_000;

/** BullMQ's own limit fails a job without us hearing of it; a process that is killed often must not lose items to it. */
const MAX_STALLED = 10;

/** A stage in its place: the settings it runs with and where its outcomes lead. */
export interface Station<Deps> {
  // biome-ignore lint/suspicious/noExplicitAny: each stage has a payload of its own, checked by its own schema
  stage: Stage<any, Deps>;
  concurrency: number;
  attempts: number;
  /** Outcome → the stage that takes what was emitted with it. Every other outcome is an end. */
  next: Readonly<Partial<Record<string, Stage<object, Deps>['name']>>>;
}

interface WorkerSetup<Deps> {
  station: Station<Deps>;
  deps: Deps;
  producer: Producer;
  connection: Redis;
  prefix: string;
  lockMs: number;
  log: Logger;
  metrics: Metrics;
}

/** What a job carries: ids, and when it was first put off (epoch milliseconds). */
type JobData = Payload & { v?: unknown; putOffSince?: number };

/** The one adapter between a BullMQ job and a stage. */
export function createWorker<Deps>(setup: WorkerSetup<Deps>): Worker {
  const { station, connection, prefix, lockMs, log } = setup;
  const worker = new Worker(station.stage.name, (job, token, signal) => processJob(setup, job, token, signal), {
    connection,
    prefix,
    concurrency: station.concurrency,
    lockDuration: lockMs,
    stalledInterval: lockMs,
    maxStalledCount: MAX_STALLED,
    metrics: { maxDataPoints: 60 },
    skipVersionCheck: true,
  });
  worker.on('error', (err) => log.warn({ stage: station.stage.name, err }, 'queue connection in trouble'));
  return worker;
}

async function processJob<Deps>(
  { station, deps, producer, log: root, metrics }: WorkerSetup<Deps>,
  job: Job,
  token: string | undefined,
  signal: AbortSignal | undefined,
): Promise<{ outcome: string }> {
  const { stage, next, attempts } = station;
  const { v, putOffSince, ...ids } = job.data as JobData;
  const attempt = job.attemptsMade + 1;
  const startedAt = new Date();
  const log = root.child({ stage: stage.name, jobId: job.id, attempt, ...ids });
  const context: StageContext = {
    log,
    signal: signal ?? new AbortController().signal,
    attempt,
    lastAttempt: attempt >= attempts,
    startedAt,
    replay: (job.opts.priority ?? 0) > 0,
  };
  const payload = v === PAYLOAD_VERSION ? stage.payload.safeParse(ids) : undefined;
  if (!payload?.success) {
    // The item may be well, and which one it is cannot be told: the scheduler gives it a job that this version understands.
    metrics.jobDone(stage.name, 'refused', 0);
    log.error({ code: 'PAYLOAD_INVALID' }, 'job refused');
    throw new UnrecoverableError(`PAYLOAD_INVALID: not a payload of ${stage.name} version ${PAYLOAD_VERSION}`);
  }
  try {
    const result: StageResult = await stage.run(payload.data, deps, context);
    const following = next[result.outcome];
    if (following && result.emit) await producer.enqueue(following, result.emit, { replay: context.replay });
    const ms = Date.now() - startedAt.getTime();
    metrics.jobDone(stage.name, result.outcome, ms);
    log.info({ outcome: result.outcome, durationMs: ms, ...result.facts }, 'job done');
    return { outcome: result.outcome };
  } catch (thrown) {
    throw await judge(explainQueueError(explainStoreError(thrown)));
  }

  /** What BullMQ must be told of an error: delay, quarantine at once, or one attempt less. */
  async function judge(error: unknown): Promise<unknown> {
    const code = error instanceof StageError ? error.code : 'BUG';
    const now = Date.now();
    const durationMs = now - startedAt.getTime();
    if (error instanceof ThrottledError && now - (putOffSince ?? now) < MAX_PUT_OFF_MS) {
      metrics.jobDone(stage.name, 'delayed', durationMs);
      log[code === 'STORE_DOWN' ? 'warn' : 'debug']({ code, retryAfterMs: error.retryAfterMs }, 'job delayed');
      if (putOffSince === undefined) await job.updateData({ ...job.data, putOffSince: now });
      await job.moveToDelayed(now + error.retryAfterMs, token);
      return new DelayedError();
    }
    const final = error instanceof PermanentError || error instanceof ThrottledError || context.lastAttempt;
    if (!final) {
      metrics.jobDone(stage.name, 'retried', durationMs);
      log.warn({ code, err: error }, 'job will be tried again');
      return error;
    }
    const message = error instanceof Error ? error.message : String(error);
    try {
      await stage.quarantine(ids, { stage: stage.name, code, message }, deps);
    } catch (failure) {
      // The reason could not be kept: the job must come back, or the item would be lost without a word.
      log.error({ code, err: failure }, 'quarantine could not be written');
      await job.moveToDelayed(now + 3_000, token);
      return new DelayedError();
    }
    metrics.jobDone(stage.name, 'quarantined', durationMs);
    log.error({ code, err: error, durationMs }, 'job quarantined');
    return Object.assign(new UnrecoverableError(`${code}: ${message}`), { cause: error });
  }
}
