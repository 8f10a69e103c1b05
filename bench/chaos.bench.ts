/**
 * tsx bench/chaos.bench.ts [--articles 2000] [--kills 5] [--no-flush] [--evictions 0] [--outage redis|mongodb] [--seconds 20] [--seed 1]
 *
 * Runs the service over the newsstand while its processes are killed and its stores are taken away, and counts what
 * became of every article. Ends with exit code 1 when one is missing, unfinished, quarantined or published twice.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { startLocalStack } from '../src/local-stack/index.ts';
import { startNewsstand } from '../src/newsstand/index.ts';
import { randomFrom } from '../src/newsstand/random.ts';
import { UNFINISHED } from '../src/shared/stores/articles.ts';
import { openStores } from '../src/shared/stores/database.ts';

const { values } = parseArgs({
  allowNegative: true,
  options: {
    articles: { type: 'string', default: '2000' },
    kills: { type: 'string', default: '5' },
    flush: { type: 'boolean', default: true },
    evictions: { type: 'string', default: '0' },
    outage: { type: 'string' },
    seconds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
  },
});
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const PROCESSES = 2;
const GIVE_UP_MS = 30 * 60_000;

const dataDir = await mkdtemp(path.join(tmpdir(), 'khabar-chaos-'));
const stack = await startLocalStack({ dataDir, purpose: 'demo', log: console.log });
for (const server of stack.servers) console.log(server);
const stand = await startNewsstand({ articles: Number(values.articles) });
const stores = await openStores(stack.mongoUri, 'khabar');
const redis = new Redis(stack.redisUrl);
redis.on('error', () => {});
for (const { feedUrl } of stand.outlets) await stores.feeds.add({ url: feedUrl, folders: [] }, new Date());
console.log(`${stand.articles.length} articles of ${stand.outlets.length} outlets, ${PROCESSES} worker processes`);

const env = {
  ...process.env,
  REDIS_URL: stack.redisUrl,
  MONGODB_URI: stack.mongoUri,
  KHABAR_ALLOW_ADDRESSES: '127.0.0.1',
  KHABAR_HOST_SPACING_MS: '0',
  KHABAR_HOST_CONCURRENCY: '8',
  KHABAR_THREADS: '1',
  KHABAR_LOCK_MS: '5000',
  KHABAR_RECONCILE_AFTER_MS: '30000',
  KHABAR_LOG_LEVEL: 'error',
};
let ports = 0;
const startWorker = (): { child: ChildProcess; port: number } => {
  const port = 18_080 + ports++;
  const child = spawn(process.execPath, [MAIN, 'start'], {
    env: { ...env, KHABAR_PORT: String(port) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return { child, port };
};
const workers = Array.from({ length: PROCESSES }, startWorker);

const startedAt = Date.now();
const random = randomFrom('chaos', values.seed);
const finished = async () =>
  (await stores.catalog.countByState())
    .filter(({ state }) => !UNFINISHED.includes(state))
    .reduce((n, { count }) => n + count, 0);

// The blows fall by progress, not by time, so that they fall while there is work.
const kills = Number(values.kills);
const evictions = Number(values.evictions);
const blows = [
  ...Array.from({ length: kills }, (_, i) => ({ at: (i + 1) / (kills + 2), strike: killOne })),
  ...Array.from({ length: evictions }, (_, i) => ({ at: (i + 0.5) / (evictions + 1), strike: evict })),
  ...(values.flush ? [{ at: 0.5, strike: flush }] : []),
  ...(values.outage ? [{ at: 0.3, strike: takeAway }] : []),
].sort((a, b) => a.at - b.at);
for (const { at, strike } of blows) {
  while ((await finished()) < at * stand.articles.length) await wait(100);
  await strike();
}
let unfinished = -1;
for (let calm = 0; calm < 3 && Date.now() - startedAt < GIVE_UP_MS; await wait(1000)) {
  const rows = await stores.catalog.countByState();
  const total = rows.reduce((n, { count }) => n + count, 0);
  unfinished = rows.filter(({ state }) => UNFINISHED.includes(state)).reduce((n, { count }) => n + count, 0);
  calm = unfinished === 0 && total >= stand.articles.length ? calm + 1 : 0;
}
for (const { child } of workers) child.kill('SIGTERM');
await Promise.all(workers.map(({ child }) => (child.exitCode === null ? once(child, 'exit') : undefined)));

const rows = await stores.catalog.countByState();
const count = (state: string) => rows.filter((row) => row.state === state).reduce((n, row) => n + row.count, 0);
const result = {
  articles: stand.articles.length,
  published: count('published'),
  duplicates: count('duplicate'),
  ended: count('ended'),
  quarantined: count('quarantined'),
  missing: stand.articles.length - rows.reduce((n, row) => n + row.count, 0),
  unfinished,
  publishedTwice: await countPublishedTwice(),
  seconds: Math.round((Date.now() - startedAt) / 1000),
};
console.log(JSON.stringify(result));
redis.disconnect();
await stores.close();
await stand.close();
await stack.stop();
await rm(dataDir, { recursive: true, force: true });
const bad = result.missing + result.unfinished + result.publishedTwice + result.quarantined;
process.exit(bad === 0 ? 0 : 1);

/** Articles with other than one publication in their trace, or with another's number. */
async function countPublishedTwice(): Promise<number> {
  let twice = 0;
  const seqs = new Set<number>();
  for (let since = 0; ; ) {
    const { articles } = await stores.catalog.list({ since, limit: 1000 }, new Date(Date.now() + 60_000));
    for (const { trace, seq = 0 } of articles) {
      if (trace.filter(({ outcome }) => outcome === 'published').length !== 1 || seqs.has(seq)) twice++;
      seqs.add(seq);
      since = seq;
    }
    if (articles.length < 1000) return twice;
  }
}

async function killOne(): Promise<void> {
  const i = random.between(0, workers.length - 1);
  console.log(`${await finished()} finished: kill -9 of worker process ${i + 1}`);
  workers[i]?.child.kill('SIGKILL');
  workers[i] = startWorker();
}

async function flush(): Promise<void> {
  console.log(`${await finished()} finished: FLUSHALL`);
  await redis.flushall();
}

/** Takes away a third of the keys, as a Redis does that is full and may evict what it likes. */
async function evict(): Promise<void> {
  const keys = (await redis.keys('*')).sort().filter(() => random.between(1, 3) === 1);
  console.log(`${await finished()} finished: ${keys.length} keys evicted`);
  if (keys.length > 0) await redis.del(keys);
}

/** Stops a server as an outage would: connections stay open and nothing answers. */
async function takeAway(): Promise<void> {
  const state = JSON.parse(await readFile(path.join(dataDir, 'stack.json'), 'utf8')) as {
    servers: { name: string; process: { pid: number } }[];
  };
  const wanted = values.outage === 'redis' ? /redis/i : /gateway|mongo/i;
  const pids = state.servers.filter(({ name }) => wanted.test(name)).map((server) => server.process.pid);
  console.log(`${await finished()} finished: ${values.outage} (pid ${pids.join(', ')}) away for ${values.seconds} s`);
  const readiness = async () => {
    const answer = await fetch(`http://127.0.0.1:${workers[0]?.port}/readyz`).catch((error: Error) => error);
    return answer instanceof Error ? answer.message : `${answer.status} ${await answer.text()}`;
  };
  console.log(`  /readyz before:    ${await readiness()}`);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  await wait((Number(values.seconds) * 1000) / 2);
  console.log(`  /readyz meanwhile: ${await readiness()}`);
  await wait((Number(values.seconds) * 1000) / 2);
  for (const pid of pids) process.kill(pid, 'SIGCONT');
  await wait(5000);
  console.log(`  /readyz 5 s after: ${await readiness()}`);
}
