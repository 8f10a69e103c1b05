import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { connectRedis, evictionPolicy, whenReady } from '../../src/queues/connection.ts';
import { testRedisUrl, uniqueName } from '../support/servers.ts';
import { breakableWay } from '../support/tcp-proxy.ts';

test.each(['producer', 'worker'] as const)(
  'connectRedis – a server that has vanished is dialled anew by a %s',
  async (use) => {
    const { hostname, port } = new URL(testRedisUrl());
    const way = await breakableWay({ host: hostname, port: Number(port) });
    const redis = connectRedis(`redis://${hostname}:${way.port}`, use, 1_000);
    await whenReady(redis);
    const key = uniqueName('vanished');
    way.swallow();
    // The first answer comes on a second connection.
    expect(await redis.set(key, '1', 'EX', 60)).toBe('OK');
    expect(await redis.get(key)).toBe('1');
    redis.disconnect();
  },
);

test('evictionPolicy – that of a Redis which may drop what it likes', async () => {
  const redis = new Redis(testRedisUrl());
  onTestFinished(() => redis.disconnect());
  expect(await evictionPolicy(redis)).toBeUndefined();
  try {
    // The server has no memory limit, so nothing of the tests beside this one is evicted.
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    expect(await evictionPolicy(redis)).toBe('allkeys-lru');
  } finally {
    await redis.config('SET', 'maxmemory-policy', 'noeviction');
  }
});
