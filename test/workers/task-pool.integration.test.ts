import { describe, expect, test } from 'vitest';
import { TaskPool } from '../../src/workers/task-pool.ts';
import { closeAfterFile } from '../support/closing.ts';

const open = (options: Partial<ConstructorParameters<typeof TaskPool>[0]> = {}): TaskPool => {
  const pool = new TaskPool({ threads: 1, timeoutMs: 30_000, memoryMb: 256, ...options });
  closeAfterFile(() => pool.close());
  return pool;
};
/** For tasks that end by themselves. */
const patient = open();
const FEED = Buffer.from(
  '<rss version="2.0"><channel><title>أخبار</title><item><title>خبر</title><link>https://news.example/1</link></item></channel></rss>',
);

describe('task pool', () => {
  test('a task – runs in a thread and gives its value', async () => {
    expect(await patient.run('parseFeed', FEED, {})).toMatchObject({ title: 'أخبار', entries: [{ title: 'خبر' }] });
  });

  test('what a task throws – keeps its class and code', async () => {
    await expect(patient.run('parseFeed', Buffer.from('not a feed'), {})).rejects.toMatchObject({
      name: 'FeedError',
      code: 'NOT_A_FEED',
    });
  });

  test('a task over its time – ended, and the next one runs', async () => {
    const pool = open({ timeoutMs: 1 });
    await expect(pool.run('parseFeed', FEED, {})).rejects.toMatchObject({
      name: 'TransientError',
      code: 'TASK_TIMEOUT',
    });
    expect((await patient.run('parseFeed', FEED, {})).entries).toHaveLength(1);
  });

  test('a task over its memory – ended alone, and the pool goes on', async () => {
    const pool = open({ memoryMb: 80 });
    const items = '<item><title>خبر</title><link>/</link></item>'.repeat(300_000);
    const huge = Buffer.from(`<rss version="2.0"><channel>${items}</channel></rss>`);
    await expect(pool.run('parseFeed', huge, { maxEntries: 1_000_000 })).rejects.toMatchObject({
      name: 'PermanentError',
      code: 'TASK_OUT_OF_MEMORY',
    });
    expect((await pool.run('parseFeed', FEED, {})).entries).toHaveLength(1);
  });

  test('more tasks than threads – each gets its turn, and waiting costs nothing of its time', async () => {
    const feeds = await Promise.all(Array.from({ length: 12 }, () => patient.run('parseFeed', FEED, {})));
    expect(feeds).toHaveLength(12);
  });
});
