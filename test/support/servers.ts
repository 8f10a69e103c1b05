import { randomBytes } from 'node:crypto';
import { type Db, MongoClient } from 'mongodb';
import { afterAll, inject } from 'vitest';

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
  afterAll(async () => {
    await db.dropDatabase();
    await client.close();
  });
  return { db, client, name, prefix: name };
}
