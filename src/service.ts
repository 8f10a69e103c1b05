import type { Redis } from 'ioredis';
import { connectRedis, evictionPolicy, whenReady } from './queues/connection.ts';
import { readOverview } from './queues/overview.ts';
import { ATTEMPTS, pipeline } from './queues/pipeline.ts';
import { Producer } from './queues/producer.ts';
import { Scheduler } from './queues/scheduler.ts';
import { WorkerGroup } from './queues/worker-group.ts';
import { type Config, onnxFolders, userAgent } from './shared/config.ts';
import { createDoor, createMemoryGate, createRedisGate, createRobots, type Door } from './shared/http/index.ts';
import type { Logger } from './shared/logger.ts';
import { Metrics } from './shared/metrics.ts';
import { openStores, type Stores } from './shared/stores/database.ts';
import { CONTENT_WINDOW_DAYS, DAY_MS } from './workers/dedupe/near-duplicate-index.ts';
import { openStories, repairOpenStories } from './workers/dedupe/place-story.ts';
import { createRedisIndex, type RedisIndex } from './workers/dedupe/redis-index.ts';
import type { Dependencies } from './workers/dependencies.ts';
import { loadSiteRules } from './workers/extract-article/site-rules.ts';
import { settleDecisions } from './workers/extract-entities/decide.ts';
import { checkOnnxFolder } from './workers/extract-entities/onnx/onnx-tagger.ts';
import { tendSubscriptions } from './workers/poll-feed/subscribe.ts';
import { TaskPool } from './workers/task-pool.ts';

/** A store that takes longer than this for one small write is not ready. */
const READY_MS = 2_500;

/** Closing one part takes no longer than this, or it is left to the end of the process. */
const CLOSE_MS = 3_000;

/** Everything one process has open, from stores to workers. Commands use the parts they need. */
export interface Service {
  config: Config;
  stores: Stores;
  producer: Producer;
  /** The index behind the dedupe stage. */
  nearDuplicates: RedisIndex;
  metrics: Metrics;
  log: Logger;
  overview(): ReturnType<typeof readOverview>;
  /** Tries a write to each store; holds the reason of one that does not take it. */
  checkReady(): Promise<{ redis?: string; mongodb?: string }>;
  /** Starts the workers and the scheduler that this process's roles ask for. */
  start(): void;
  /** Puts stories and names in order at once, which otherwise happens every five minutes. */
  repair(): Promise<void>;
  /** Ends the work under way within the drain time and closes every connection. Safe to call twice. */
  stop(): Promise<void>;
}

/** Connects to both stores and makes the parts; nothing runs before `start`. */
export async function openService(
  config: Config & { REDIS_URL: string; MONGODB_URI: string },
  log: Logger,
  onHopeless: (stage: string) => void,
): Promise<Service> {
  await Promise.all(Object.values(onnxFolders(config)).map(checkOnnxFolder));
  loadSiteRules(config.KHABAR_SITE_RULES); // a bad file must end the start, not the first page of its site
  const redis = connectRedis(config.REDIS_URL, 'producer');
  await whenReady(redis);
  const policy = await evictionPolicy(redis);
  if (policy)
    log.warn({ policy }, 'Redis may evict jobs and what duplicates are found by: set maxmemory-policy noeviction');
  const stores = await openStores(config.MONGODB_URI, config.MONGODB_DATABASE);
  const metrics = new Metrics();
  const prefix = config.KHABAR_QUEUE_PREFIX;
  const producer = new Producer(redis, prefix, ATTEMPTS, config.KHABAR_RETRY_MS);
  const nearDuplicates = createRedisIndex({
    redis,
    prefix: `${prefix}:near:`,
    loadText: (id) => stores.clusters.textOf(id),
    stored: () => stores.clusters.sketchesSince(new Date(Date.now() - CONTENT_WINDOW_DAYS * DAY_MS)),
  });
  const deps: Dependencies = {
    config,
    stores,
    door: openDoor(config, redis),
    tasks: new TaskPool({
      threads: config.KHABAR_THREADS,
      timeoutMs: config.KHABAR_TASK_TIMEOUT_MS,
      memoryMb: config.KHABAR_TASK_MEMORY_MB,
    }),
    nearDuplicates,
    stories: openStories(stores),
    now: () => new Date(),
    random: Math.random,
  };
  const workers = new WorkerGroup({
    stations: pipeline,
    roles: config.KHABAR_ROLES,
    deps,
    producer,
    redisUrl: config.REDIS_URL,
    prefix,
    lockMs: config.KHABAR_LOCK_MS,
    log,
    metrics,
    onHopeless,
  });
  const scheduler = new Scheduler({
    stores,
    producer,
    redis,
    prefix,
    reconcileAfterMs: config.KHABAR_RECONCILE_AFTER_MS,
    onRedisEmptied: async () => {
      await nearDuplicates.rebuild();
    },
    repair: async () => {
      const moved = await repairOpenStories(stores, deps.stories, deps.now());
      await settleDecisions(stores, deps.now());
      return moved;
    },
    tendSubscriptions: () => tendSubscriptions(deps),
    now: deps.now,
    log,
  });
  let stopping: Promise<void> | undefined;

  return {
    config,
    stores,
    producer,
    nearDuplicates,
    metrics,
    log,
    overview: () => readOverview(producer, redis, deps.now()),
    async checkReady() {
      const reason = (check: Promise<unknown>) =>
        within(READY_MS, check).then(
          () => undefined,
          (error: Error) => error.message,
        );
      const [mongodb, redisReason] = await Promise.all([
        reason(stores.checkWrite()),
        reason(redis.set(`${prefix}:ready`, deps.now().toISOString(), 'EX', 60)),
      ]);
      return { redis: redisReason, mongodb };
    },
    start() {
      workers.start();
      if (config.KHABAR_ROLES.includes('scheduler')) scheduler.start();
    },
    repair: () => scheduler.repairNow(),
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };

  /** Each step is bounded: a store that is away must not keep the process from ending. */
  async function stop(): Promise<void> {
    const steps: [name: string, ms: number, close: () => Promise<unknown>][] = [
      ['scheduler', CLOSE_MS, () => scheduler.stop()],
      ['workers', config.KHABAR_DRAIN_MS + CLOSE_MS, () => workers.stop(config.KHABAR_DRAIN_MS)],
      ['task pool', CLOSE_MS, () => deps.tasks.close()],
      ['http door', CLOSE_MS, () => deps.door.close()],
      ['queues', CLOSE_MS, () => producer.close()],
      ['MongoDB', CLOSE_MS, () => stores.close()],
    ];
    for (const [part, ms, close] of steps) {
      await within(ms, close()).catch((err: unknown) => log.warn({ part, err }, 'did not close in good order'));
    }
    redis.disconnect();
  }
}

/** The way out to the web. Without Redis (single commands) politeness is kept within the process. */
export function openDoor(config: Config, redis?: Redis): Door {
  const rules = { spacingMs: config.KHABAR_HOST_SPACING_MS, inFlight: config.KHABAR_HOST_CONCURRENCY };
  return createDoor({
    userAgent: userAgent(config),
    allowAddresses: config.KHABAR_ALLOW_ADDRESSES,
    gate: redis
      ? createRedisGate({ redis, rules, keyPrefix: `${config.KHABAR_QUEUE_PREFIX}:gate:` })
      : createMemoryGate({ rules }),
    robots: createRobots({
      userAgent: userAgent(config),
      ...(redis && { redis, keyPrefix: `${config.KHABAR_QUEUE_PREFIX}:robots:` }),
    }),
    limits: {
      feed: { maxBytes: config.KHABAR_MAX_BODY_BYTES, deadlineMs: config.KHABAR_FETCH_DEADLINE_MS },
      page: { maxBytes: config.KHABAR_MAX_BODY_BYTES, deadlineMs: config.KHABAR_FETCH_DEADLINE_MS },
    },
  });
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
