import { Redis, ReplyError } from 'ioredis';
import { expect, test } from 'vitest';
import { explainQueueError } from '../../src/queues/connection.ts';
import { ThrottledError } from '../../src/shared/errors.ts';

test.each([
  'LOADING Redis is loading the dataset in memory',
  "READONLY You can't write against a read only replica.",
  "OOM command not allowed when used memory > 'maxmemory'.",
  'MISCONF Redis is configured to save RDB snapshots, but it is currently unable to persist to disk.',
])('explainQueueError – %s', (answer) => {
  const explained = explainQueueError(new ReplyError(answer));
  expect(explained).toBeInstanceOf(ThrottledError);
  expect(explained).toMatchObject({ code: 'STORE_DOWN' });
});

test('explainQueueError – no server', async () => {
  const redis = new Redis({ port: 1, lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
  redis.on('error', () => {});
  expect(explainQueueError(await redis.get('key').catch((error: unknown) => error))).toMatchObject({
    code: 'STORE_DOWN',
  });
  expect(explainQueueError(await redis.get('key').catch((error: unknown) => error))).toMatchObject({
    code: 'STORE_DOWN',
  });
});

test.each([new ReplyError('WRONGTYPE Operation against a key holding the wrong kind of value'), new Error('a bug')])(
  'explainQueueError – %s',
  (error) => expect(explainQueueError(error)).toBe(error),
);
