import { silentProgress } from '../../src/cli/progress.ts';
import { drainOnce, type RunSummary } from '../../src/cli/run-once.ts';
import { openService, type Service } from '../../src/service.ts';
import { loadConfig } from '../../src/shared/config.ts';
import { createLogger } from '../../src/shared/logger.ts';
import { closeAfterFile } from './closing.ts';
import { testMongoUri, testRedisUrl, uniqueName } from './servers.ts';

/** The environment of a service of its own on this run's servers, free to fetch from loopback without pauses. */
export function testEnvironment(name = uniqueName('line')): Record<string, string> {
  return {
    REDIS_URL: testRedisUrl(),
    MONGODB_URI: testMongoUri(),
    MONGODB_DATABASE: name,
    KHABAR_QUEUE_PREFIX: name,
    KHABAR_ALLOW_ADDRESSES: '127.0.0.1',
    KHABAR_HOST_SPACING_MS: '0',
    KHABAR_HOST_CONCURRENCY: '8',
    KHABAR_PORT: '0',
    KHABAR_LOCK_MS: '2000', // what a killed process held comes back soon
    KHABAR_RETRY_MS: '50',
    KHABAR_THREADS: '1', // two files run side by side, and a thread takes a second of CPU to be ready
    KHABAR_TASK_TIMEOUT_MS: '60000', // a busy machine takes its time to load the lexicons
    KHABAR_DRAIN_MS: '5000',
    KHABAR_LOG_LEVEL: 'silent',
  };
}

/** A service that is opened but not started; closed after the file's last test. */
export async function testService(overrides: Record<string, string> = {}): Promise<Service> {
  // Nobody kills this process, and on a machine that stalls a short lock would have jobs run twice.
  const env = { ...testEnvironment(), ...overrides, KHABAR_LOCK_MS: '30000' };
  const config = loadConfig(env);
  const service = await openService(
    { ...config, REDIS_URL: testRedisUrl(), MONGODB_URI: testMongoUri() },
    createLogger(config.KHABAR_LOG_LEVEL),
    (stage) => {
      throw new Error(`${stage} has stopped pulling`);
    },
  );
  closeAfterFile(() => service.stop());
  return service;
}

/** Subscribes to the feeds and runs the whole line until nothing is left to do. */
export async function runLine(service: Service, feedUrls: readonly string[], timeoutMs = 240_000): Promise<RunSummary> {
  for (const url of feedUrls) await service.stores.feeds.add({ url, folders: [] }, new Date());
  return drainOnce(service, silentProgress, AbortSignal.timeout(timeoutMs));
}
