import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { startNewsstand } from '../src/newsstand/index.ts';
import { UNFINISHED } from '../src/shared/stores/articles.ts';
import { openStores } from '../src/shared/stores/database.ts';
import { writeOpml } from '../src/workers/poll-feed/index.ts';
import { startMisbehavingSite } from './support/misbehaving-site.ts';
import { forgetKeys, testMongoUri, testRedisUrl, uniqueName } from './support/servers.ts';
import { testEnvironment } from './support/service.ts';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** Asks again and again until the answer is right; the test's own time limit ends it. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await wait(100);
}

test('a worker process is killed and Redis is emptied – every article ends, and is published once', async () => {
  const name = uniqueName('crash');
  const stand = await startNewsstand({ articles: 20 });
  const stores = await openStores(testMongoUri(), name);
  const redis = new Redis(testRedisUrl());
  const running: ChildProcess[] = [];
  const startService = (): ChildProcess => {
    const child = spawn(process.execPath, [MAIN, 'start'], {
      env: { ...process.env, ...testEnvironment(name), KHABAR_RECONCILE_AFTER_MS: '5000', KHABAR_THREADS: '1' },
      stdio: 'ignore',
    });
    running.push(child);
    return child;
  };
  onTestFinished(async () => {
    for (const child of running) child.kill('SIGKILL');
    redis.disconnect();
    await stores.close();
    await stand.close();
  });
  const count = async (ended: boolean) =>
    (await stores.catalog.countByState())
      .filter(({ state }) => UNFINISHED.includes(state) !== ended)
      .reduce((n, row) => n + row.count, 0);

  for (const { feedUrl } of stand.outlets) await stores.feeds.add({ url: feedUrl, folders: [] }, new Date());
  const victim = startService();
  await until(async () => (await count(true)) >= 5);
  victim.kill('SIGKILL');
  await once(victim, 'exit');
  const survivor = startService();
  await until(async () => (await count(true)) >= 15);
  await forgetKeys(redis, name);
  await until(async () => (await count(true)) === stand.articles.length);

  survivor.kill('SIGTERM');
  const [exitCode] = await once(survivor, 'exit');
  expect(exitCode).toBe(0);
  const rows = await stores.catalog.countByState();
  expect(rows.filter(({ state }) => state !== 'published' && state !== 'duplicate')).toEqual([]);
  const { articles } = await stores.catalog.list({ state: 'published', limit: 1000 }, new Date());
  expect(new Set(articles.map(({ seq }) => seq)).size).toBe(articles.length);
  for (const { trace } of articles) expect(trace.filter(({ outcome }) => outcome === 'published')).toHaveLength(1);
}, 170_000);

test('a feeds.opml in the folder is read; the first signal waits for a job that runs, a second one ends the process at once', async () => {
  const name = uniqueName('signal');
  const site = await startMisbehavingSite();
  site.route('/stalled', () => {});
  site.route('/feed', (_request, response) => {
    const item = `<item><title>A page that never comes</title><link>${site.origin}/stalled</link></item>`;
    response.end(`<rss version="2.0"><channel><title>T</title><link>${site.origin}/</link>${item}</channel></rss>`);
  });
  const stores = await openStores(testMongoUri(), name);
  const folder = await mkdtemp(path.join(tmpdir(), 'khabar-start-'));
  await writeFile(path.join(folder, 'feeds.opml'), writeOpml([{ url: `${site.origin}/feed`, folders: [] }]));
  const child = spawn(process.execPath, [MAIN, 'start'], {
    cwd: folder,
    env: { ...process.env, ...testEnvironment(name), KHABAR_LOG_LEVEL: 'info', KHABAR_DRAIN_MS: '60000' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await stores.close();
    await site.close();
    await rm(folder, { recursive: true });
  });
  let log = '';
  const leaving = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      log += chunk;
      if (log.includes('shutting down')) resolve();
    });
  });
  await site.requested('/stalled');
  child.kill('SIGTERM');
  await leaving;
  expect(child.exitCode).toBeNull();
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await exit).toEqual([130, null]);
  // The article is still where it was, for the next process.
  expect(await stores.catalog.countByState()).toEqual([expect.objectContaining({ state: 'discovered', count: 1 })]);
});
