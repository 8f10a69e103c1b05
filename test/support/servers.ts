import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { type Db, MongoClient } from 'mongodb';
import { inject } from 'vitest';
import { closeAfterFile } from './closing.ts';

/** The Redis of this test run. Use a queue prefix of `uniqueName()`: others share it. */
export function testRedisUrl(): string {
  return inject('redisUrl');
}

/** The MongoDB of this test run, without a database name. */
export function testMongoUri(): string {
  return inject('mongoUri');
}

/** A name nothing else in this run has, fit for a database or a queue prefix: letters, digits and `-`. */
export function uniqueName(label = 'test'): string {
  return `${label}-${randomBytes(6).toString('hex')}`;
}

/**
 * Forgets every key that begins with the prefix, in one step: to whoever uses that prefix the same as FLUSHALL, without touching the tests
 * beside it. In two steps, a job that is added in between would be left in part.
 */
export async function forgetKeys(redis: Redis, prefix: string): Promise<void> {
  const script = `for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end`;
  await redis.eval(script, 0, `${prefix}*`);
}

/**
 * A fresh database for the test file (or `describe`) that calls it. It is dropped and its client closed after the file's
 * last test. `prefix` is a queue prefix as unique as the database's name.
 */
export async function testDatabase(
  label = 'test',
): Promise<{ db: Db; client: MongoClient; name: string; prefix: string }> {
  const name = uniqueName(label);
  const client = new MongoClient(testMongoUri());
  await client.connect();
  const db = client.db(name);
  closeAfterFile(async () => {
    await db.dropDatabase();
    await client.close();
  });
  return { db, client, name, prefix: name };
}
