/**
 * Does the near-duplicate index on Redis stay as fast and as small as it grows, and do racing workers agree?
 *
 *   tsx bench/dedupe-scale.bench.ts [articles, default 1000000]
 *
 * Starts a redis-server of its own (no persistence), feeds it synthetic articles of 200 words over six days, one in twenty a light rewrite
 * of a recent one, and prints a line at each checkpoint: articles per second and CPU per article over the last 10,000, bytes of Redis per
 * article, copies found, articles matched with one they do not copy. Then four workers race over 5,000 articles, a fifth delivered twice.
 * The figures are of one machine on one day: compare the lines with each other.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { seededRandom } from '../src/shared/seeded-random.ts';
import type { Decision, IndexedArticle } from '../src/workers/dedupe/near-duplicate-index.ts';
import { createRedisIndex, LAYOUT, type RedisIndex } from '../src/workers/dedupe/redis-index.ts';

const ARTICLES = Number(process.argv[2] ?? 1_000_000);
const CHECKPOINTS = [10_000, 50_000, 100_000, 200_000, 300_000, 500_000, 750_000, 1_000_000];
const WINDOW = 10_000;
const IN_FLIGHT = 32;
const WORDS = 200;
const COPY_EVERY = 20;
const COPY_BACK = 1000;
const START = Date.now() - 6 * 86_400_000;
const STEP_MS = (6 * 86_400_000) / ARTICLES;

/** 30,000 made-up Arabic words, the first ones common as in real text. */
const vocabulary = (() => {
  const random = seededRandom(1);
  const letters = 'ابتثجحخدذرزسشصضطظعغفقكلمنهوي';
  return Array.from({ length: 30_000 }, () =>
    Array.from({ length: 3 + Math.floor(random() * 5) }, () => letters[Math.floor(random() * letters.length)]).join(''),
  );
})();

const isCopy = (i: number) => i > COPY_BACK && i % COPY_EVERY === 0;

/** The article that number `i` copies: one that is no copy itself. */
function originalOf(i: number): number {
  const back = i - 1 - Math.floor(seededRandom(i + 7)() * COPY_BACK);
  return isCopy(back) ? back - 1 : back;
}

function wordsOf(i: number): string[] {
  const random = seededRandom(i * 2 + 1);
  const words = Array.from(
    { length: WORDS },
    () => vocabulary[Math.floor(vocabulary.length * random() ** 2.5)] as string,
  );
  if (!isCopy(i)) return words;
  const copied = wordsOf(originalOf(i));
  for (let at = 0; at < WORDS; at++) if (random() < 0.08) copied[at] = words[at] as string;
  return copied;
}

const idOf = (i: number) => `01BENCH${String(i).padStart(19, '0')}`;

function articleOf(i: number): IndexedArticle {
  const words = wordsOf(i);
  const paragraphs = [0, 1, 2, 3].map((p) => words.slice((p * WORDS) / 4, ((p + 1) * WORDS) / 4).join(' '));
  return {
    id: idOf(i),
    title: '',
    text: paragraphs.join('\n'),
    language: 'ar',
    source: `outlet-${i % 200}`,
    seenAt: START + i * STEP_MS,
  };
}

async function startRedis(): Promise<{ socket: string; stop: () => Promise<void> }> {
  const directory = mkdtempSync(path.join(tmpdir(), 'dedupe-bench-'));
  const socket = path.join(directory, 'redis.sock');
  const server: ChildProcess = spawn(
    'redis-server',
    ['--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no', '--dir', directory],
    { stdio: 'ignore' },
  );
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  return {
    socket,
    stop: async () => {
      server.kill('SIGTERM');
      await exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function connect(socket: string, prefix: string): { redis: Redis; index: RedisIndex } {
  const redis = new Redis(socket, { maxRetriesPerRequest: null });
  const loadText = async (id: string) => articleOf(Number(id.slice(7)));
  return { redis, index: createRedisIndex({ redis, prefix, loadText, stored: () => [] }) };
}

const numberIn = (info: string, name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1] ?? 0);

async function measure(redis: Redis) {
  const [memory, cpu] = await Promise.all([redis.info('memory'), redis.info('cpu')]);
  const own = process.cpuUsage();
  return {
    at: performance.now(),
    bytes: numberIn(memory, 'used_memory'),
    redisMs: 1000 * (numberIn(cpu, 'used_cpu_user') + numberIn(cpu, 'used_cpu_sys')),
    workerMs: (own.user + own.system) / 1000,
  };
}

async function grow(socket: string): Promise<void> {
  const { redis, index } = connect(socket, 'grow:');
  await index.rebuild();
  const empty = await measure(redis);
  let before = empty;
  const tally = { copies: 0, found: 0, wrong: 0 };
  for (let start = 0; start < ARTICLES; start += IN_FLIGHT) {
    const numbers = Array.from({ length: Math.min(IN_FLIGHT, ARTICLES - start) }, (_, k) => start + k);
    const decisions = await Promise.all(numbers.map((i) => index.matchOrInsert(articleOf(i))));
    for (const [k, i] of numbers.entries()) count(tally, i, decisions[k] as Decision);
    const done = start + numbers.length;
    const crossed = (mark: number) => start < mark && done >= mark;
    if (CHECKPOINTS.some((mark) => crossed(mark - WINDOW))) before = await measure(redis);
    if (!CHECKPOINTS.some(crossed)) continue;
    const now = await measure(redis);
    const perArticle = (ms: number) => `${Math.round((1000 * ms) / WINDOW)} µs`;
    console.log(
      JSON.stringify({
        articles: done,
        perSecond: Math.round(WINDOW / ((now.at - before.at) / 1000)),
        redisCpu: perArticle(now.redisMs - before.redisMs),
        workerCpu: perArticle(now.workerMs - before.workerMs),
        bytesPerArticle: Math.round((now.bytes - empty.bytes) / done),
        copiesFound: `${tally.found}/${tally.copies}`,
        falseMatches: tally.wrong,
      }),
    );
  }
  redis.disconnect();
}

function count(tally: { copies: number; found: number; wrong: number }, i: number, { kind, original }: Decision): void {
  const right = isCopy(i) && original === idOf(originalOf(i));
  if (isCopy(i)) tally.copies++;
  if (kind !== undefined && right) tally.found++;
  if (kind !== undefined && !right) tally.wrong++;
}

async function race(socket: string, articles = 5000): Promise<void> {
  const random = seededRandom(5);
  const deliveries = Array.from({ length: articles }, (_, i) => (random() < 0.2 ? [i, i] : [i]))
    .flat()
    .map((i) => ({ i, order: i + random() * 50 }))
    .sort((a, b) => a.order - b.order);
  const workers = Array.from({ length: 4 }, () => connect(socket, 'race:'));
  await workers[0]?.index.rebuild();
  const answers = new Map<number, Decision[]>();
  let next = 0;
  const lanes = workers.flatMap(({ index }) => Array.from({ length: 8 }, () => index));
  await Promise.all(
    lanes.map(async (index) => {
      for (let delivery = deliveries[next++]; delivery !== undefined; delivery = deliveries[next++]) {
        const decision = await index.matchOrInsert(articleOf(delivery.i));
        answers.set(delivery.i, [...(answers.get(delivery.i) ?? []), decision]);
      }
    }),
  );
  const all = [...answers.values()];
  const inserted = Number(await workers[0]?.redis.hget(`race:${LAYOUT}:{ar}:p`, 'newest'));
  console.log(
    JSON.stringify({
      workers: workers.length,
      deliveries: deliveries.length,
      articles: answers.size,
      doubleInserts: inserted - all.filter(([first]) => first?.kind !== 'exact').length,
      conflictingAnswers: all.filter(
        (decisions) => new Set(decisions.map(({ original, kind }) => `${kind} ${original}`)).size > 1,
      ).length,
      repeatsAnsweredAgain: all.flat().filter(({ again }) => again).length,
    }),
  );
  for (const { redis } of workers) redis.disconnect();
}

const server = await startRedis();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void server.stop().then(() => process.exit(1)));
try {
  await race(server.socket);
  await grow(server.socket);
} finally {
  await server.stop();
}
