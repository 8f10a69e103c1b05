import { Redis } from 'ioredis';
import { pipeline } from '../../src/queues/pipeline.ts';
import { openDoor } from '../../src/service.ts';
import { loadConfig } from '../../src/shared/config.ts';
import { createLogger } from '../../src/shared/logger.ts';
import type { StageContext, StageResult } from '../../src/shared/stage.ts';
import { openStores } from '../../src/shared/stores/database.ts';
import { openStories } from '../../src/workers/dedupe/place-story.ts';
import { createRedisIndex, type RedisIndex } from '../../src/workers/dedupe/redis-index.ts';
import type { Dependencies } from '../../src/workers/dependencies.ts';
import { TaskPool } from '../../src/workers/task-pool.ts';
import { closeAfterFile } from './closing.ts';
import { testMongoUri, testRedisUrl, uniqueName } from './servers.ts';
import { testEnvironment } from './service.ts';

/** Stages run by hand, without queues: on a database of their own and a clock that the test sets. */
export interface Bench {
  deps: Dependencies;
  /** What `deps.now()` answers. */
  clock: { now: Date; advance(ms: number): void };
  /** Runs one stage once, as a live job or as one of the replay lane. */
  run(stage: string, payload: Record<string, string>, lane?: 'live' | 'replay'): Promise<StageResult>;
  /** Runs a stage and every stage its outcomes lead to. Returns the outcomes as `stage outcome`, in order. */
  runOn(stage: string, payload: Record<string, string>): Promise<string[]>;
  /** An index that knows no article yet. */
  emptyIndex(): RedisIndex;
}

/** Closed after the file's last test. Nothing is random: `random` is always one half, so no jitter. */
export async function stageBench(overrides: Record<string, string> = {}): Promise<Bench> {
  // The database removes raw pages by its own clock, which is ahead of the test's.
  const config = loadConfig({ ...testEnvironment(), KHABAR_PAGE_TTL_DAYS: '3650', ...overrides });
  const stores = await openStores(testMongoUri(), config.MONGODB_DATABASE);
  const door = openDoor(config);
  const redis = new Redis(testRedisUrl(), { maxRetriesPerRequest: null });
  const emptyIndex = () =>
    createRedisIndex({
      redis,
      prefix: `${uniqueName('near')}:`,
      loadText: (id) => stores.clusters.textOf(id),
      stored: () => [],
      now: () => clock.now.getTime(),
    });
  const tasks = new TaskPool({
    threads: 1,
    timeoutMs: 60_000, // a busy machine takes its time to load the lexicons
    memoryMb: config.KHABAR_TASK_MEMORY_MB,
  });
  closeAfterFile(async () => {
    await Promise.all([tasks.close(), door.close()]);
    await stores.close();
    redis.disconnect();
  });
  const clock = {
    now: new Date('2026-06-01T12:00:00Z'),
    advance(ms: number) {
      clock.now = new Date(clock.now.getTime() + ms);
    },
  };
  const deps: Dependencies = {
    config,
    stores,
    door,
    tasks,
    nearDuplicates: emptyIndex(),
    stories: openStories(stores),
    now: () => clock.now,
    random: () => 0.5,
  };
  const log = createLogger('silent');
  const stationOf = (name: string) => {
    const station = pipeline.find(({ stage }) => stage.name === name);
    if (!station) throw new Error(`no stage is named ${name}`);
    return station;
  };
  const run: Bench['run'] = (name, payload, lane = 'live') => {
    const context: StageContext = {
      log,
      signal: new AbortController().signal,
      attempt: 1,
      lastAttempt: true,
      startedAt: clock.now,
      replay: lane === 'replay',
    };
    return stationOf(name).stage.run(payload, deps, context);
  };
  const runOn = async (name: string, payload: Record<string, string>): Promise<string[]> => {
    const { outcome, emit = [] } = await run(name, payload);
    const next = stationOf(name).next[outcome];
    const outcomes = [`${name} ${outcome}`];
    if (next) for (const following of emit) outcomes.push(...(await runOn(next, following)));
    return outcomes;
  };
  return { deps, clock, run, runOn, emptyIndex };
}
