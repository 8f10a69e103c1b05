/**
 * npx tsx bench/poll-soak.bench.ts [--feeds 10000] [--minutes 10] [--per-site 4] [--entries 5]
 *
 * Polls many feeds that come due evenly over the given time, on one process with the usual politeness. Each site is a
 * loopback address of its own, and all of its feeds are due at the same moment. Ends with exit code 1 when a feed was not
 * polled within a minute after the last came due, a poll failed, or a site was given two turns closer than its spacing.
 *
 * Turns are timed where they are given, by Redis' own clock, as its MONITOR tells. Between a turn and the request's arrival
 * at the site lie this process, the kernel and the site's own; on a busy machine one request is held up there and the
 * next is not, so the gaps that the site sees are printed and judged by nobody.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startLocalStack } from '../src/local-stack/index.ts';
import { connectRedis } from '../src/queues/connection.ts';
import { openService } from '../src/service.ts';
import { loadConfig } from '../src/shared/config.ts';
import { createLogger } from '../src/shared/logger.ts';

const { values } = parseArgs({
  options: {
    feeds: { type: 'string', default: '10000' },
    minutes: { type: 'string', default: '10' },
    'per-site': { type: 'string', default: '4' },
    entries: { type: 'string', default: '5' },
  },
});
const [feeds, minutes, perSite, entries] = [values.feeds, values.minutes, values['per-site'], values.entries].map(
  Number,
) as [number, number, number, number];
const LOOK_MS = 5_000;
const GRACE_MS = 60_000;
if (process.send) await serve();
else process.exit(await soak());

/** Every address of 127/8 is a site with the same few entries in each of its feeds, as the sections of one outlet have. */
async function serve(): Promise<void> {
  const latest = new Map<string, number>();
  let requests = 0;
  let leastGapMs = Number.POSITIVE_INFINITY;
  const server = createServer(({ headers, url }, response) => {
    const now = performance.now();
    const site = headers.host ?? '';
    const gapMs = now - (latest.get(site) ?? Number.NEGATIVE_INFINITY);
    latest.set(site, now);
    requests++;
    leastGapMs = Math.min(leastGapMs, gapMs);
    const items = Array.from(
      { length: entries },
      (_, i) =>
        `<item><title>افتتاح مكتبة جديدة في الميناء القديم رقم ${i}</title><link>http://${site}/news/${i}.html</link><guid>${i}-${site}</guid><description>قال مسؤولون في المدينة إن العمل بدأ منذ أشهر وإن المبنى سيفتح أبوابه قريبا.</description></item>`,
    );
    response
      .writeHead(200, { 'content-type': 'application/rss+xml; charset=utf-8', etag: `"${url}"` })
      .end(`<rss version="2.0"><channel><title>أخبار ${site}</title>${items.join('')}</channel></rss>`);
  });
  process.on('message', () => process.send?.({ requests, leastGapMs }));
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  process.send?.((server.address() as AddressInfo).port);
}

/** The gate's turns, from the time each is written as its site's last. */
async function watchTurns(redisUrl: string, spacingMs: number) {
  const redis = connectRedis(redisUrl, 'producer');
  const monitor = await redis.monitor();
  const last = new Map<string, number>();
  const turns = { given: 0, tooClose: 0, leastGapMs: Number.POSITIVE_INFINITY };
  monitor.on('monitor', (_time: string, [command, key = '', field, value]: string[]) => {
    if (command?.toLowerCase() !== 'hset' || field !== 'last' || !key.includes(':gate:')) return;
    const gapMs = Number(value) - (last.get(key) ?? Number.NEGATIVE_INFINITY);
    last.set(key, Number(value));
    turns.given++;
    turns.leastGapMs = Math.min(turns.leastGapMs, gapMs);
    if (gapMs < spacingMs) turns.tooClose++;
  });
  return {
    turns,
    close() {
      monitor.disconnect();
      redis.disconnect();
    },
  };
}

async function soak(): Promise<number> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'khabar-soak-'));
  const stack = await startLocalStack({ dataDir, purpose: 'demo', log: console.log });
  const server = fork(fileURLToPath(import.meta.url), process.argv.slice(2));
  const [port] = (await once(server, 'message')) as [number];
  const config = loadConfig({
    KHABAR_ALLOW_ADDRESSES: '127.0.0.0/8',
    KHABAR_ROLES: 'scheduler,poll-feed',
    KHABAR_LOG_LEVEL: 'error',
    KHABAR_RECONCILE_AFTER_MS: '3600000',
  });
  const service = await openService(
    { ...config, REDIS_URL: stack.redisUrl, MONGODB_URI: stack.mongoUri },
    createLogger('error'),
    (stage) => {
      throw new Error(`${stage} has stopped pulling`);
    },
  );

  const sites = Math.ceil(feeds / perSite);
  const address = (site: number) => `127.1.${Math.floor(site / 250)}.${1 + (site % 250)}`;
  const list = Array.from({ length: feeds }, (_, i) => ({
    url: `http://${address(Math.floor(i / perSite))}:${port}/feed-${i % perSite}.xml`,
    share: Math.floor(i / perSite) / sites,
  }));
  // Subscribing takes a while, so the times they come due count from when it is done.
  const lead = new Date(Date.now() + 86_400_000);
  for (let i = 0; i < list.length; i += 50)
    await Promise.all(list.slice(i, i + 50).map(({ url }) => service.stores.feeds.add({ url, folders: [] }, lead)));
  const startAt = Date.now() + 3_000;
  const dueAt = new Map<string, number>();
  const share = new Map(list.map(({ url, share }) => [url, share]));
  const records = await service.stores.feeds.list();
  for (let i = 0; i < records.length; i += 50)
    await Promise.all(
      records.slice(i, i + 50).map(({ _id, url }) => {
        const due = startAt + (share.get(url) ?? 0) * minutes * 60_000;
        dueAt.set(_id, due);
        return service.stores.feeds.makeDue(new Date(due), _id);
      }),
    );
  console.log(
    `${feeds} feeds of ${sites} sites, due within ${minutes} min; spacing ${config.KHABAR_HOST_SPACING_MS} ms`,
  );

  const { turns, close } = await watchTurns(stack.redisUrl, config.KHABAR_HOST_SPACING_MS);
  const cpuBefore = process.cpuUsage();
  const began = Date.now();
  const memory: number[] = [];
  /** Of the main thread; its least in a while is what is alive, the rest waits to be collected. */
  const heap: number[] = [];
  service.start();
  let polled = 0;
  while (polled < feeds && Date.now() < startAt + minutes * 60_000 + GRACE_MS) {
    await wait(LOOK_MS);
    polled = await service.stores.feeds.countPolledSince(new Date(began));
    const { rss, heapUsed } = process.memoryUsage();
    memory.push(rss / 1e6);
    heap.push(heapUsed / 1e6);
  }
  const seconds = (Date.now() - began) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  await service.stop();
  close();

  const stores = await (await import('../src/shared/stores/database.ts')).openStores(
    stack.mongoUri,
    config.MONGODB_DATABASE,
  );
  const after = await stores.feeds.list();
  const late = after
    .flatMap(({ _id, lastPolledAt }) => (lastPolledAt ? [lastPolledAt.getTime() - (dueAt.get(_id) ?? 0)] : []))
    .sort((a, b) => a - b);
  const quantile = (q: number) => Math.round(late[Math.floor(late.length * q)] ?? 0);
  await stores.close();
  server.send('report');
  const [seen] = (await once(server, 'message')) as [{ requests: number; leastGapMs: number }];
  server.kill();
  const third = Math.ceil(memory.length / 3);
  const mean = (samples: number[]) => Math.round(samples.reduce((sum, mb) => sum + mb, 0) / samples.length);
  const failed = after.filter(({ lastError }) => lastError).length;
  const result = {
    feeds,
    polled,
    failed,
    seconds: Math.round(seconds),
    pollsPerSecond: Number((polled / seconds).toFixed(1)),
    pollsPerCpuSecond: Math.round(polled / ((cpu.user + cpu.system) / 1e6)),
    lateMs: { p50: quantile(0.5), p95: quantile(0.95), max: quantile(0.9999) },
    memoryMb: {
      second: mean(memory.slice(third, 2 * third)),
      last: mean(memory.slice(-third)),
      peak: Math.round(Math.max(...memory)),
    },
    aliveMb: [heap.slice(0, third), heap.slice(third, 2 * third), heap.slice(-third)].map((part) =>
      Math.round(Math.min(...part)),
    ),
    turns,
    site: { requests: seen.requests, leastGapMs: Math.round(seen.leastGapMs) },
  };
  console.log(JSON.stringify(result));
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
  return polled === feeds && failed === 0 && turns.given >= polled && turns.tooClose === 0 ? 0 : 1;
}
