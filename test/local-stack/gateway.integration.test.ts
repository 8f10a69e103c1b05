import { expect, test } from 'vitest';
import { testDatabase } from '../support/servers.ts';

const { db } = await testDatabase('gateway');

test('insert – a unique violation is error 11000', async () => {
  const users = db.collection('unique-insert');
  await users.createIndex({ name: 1 }, { unique: true });
  await users.insertOne({ name: 'ليلى' });
  await expect(users.insertOne({ name: 'ليلى' })).rejects.toMatchObject({ code: 11000 });
});
