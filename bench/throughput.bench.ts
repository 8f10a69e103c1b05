/**
 * npm run bench [-- --articles 1000]
 *
 * Articles per second through the whole line on one machine: stores, newsstand and all stages together. Then what each
 * stage's own work costs in CPU time. Writes the table of docs/benchmarks.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { silentProgress } from '../src/cli/progress.ts';
import { drainOnce } from '../src/cli/run-once.ts';
import { startLocalStack } from '../src/local-stack/index.ts';
import { startNewsstand } from '../src/newsstand/index.ts';
import { openService } from '../src/service.ts';
import { foldText } from '../src/shared/arabic/fold.ts';
import { loadConfig } from '../src/shared/config.ts';
import { createLogger } from '../src/shared/logger.ts';
import { createMemoryIndex } from '../src/workers/dedupe/memory-index.ts';
import { readPage } from '../src/workers/extract-article/read-page.ts';
import { analyzeArticle } from '../src/workers/extract-entities/analyze/index.ts';
import { parseFeed } from '../src/workers/poll-feed/index.ts';

const { values } = parseArgs({ options: { articles: { type: 'string', default: '1000' } } });
const TABLE = new URL('../docs/benchmarks.md', import.meta.url);
const MARKS = ['<!-- throughput: written by npm run bench -->', '<!-- end of throughput -->'] as const;

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const dataDir = await mkdtemp(path.join(tmpdir(), 'khabar-bench-'));
const stack = await startLocalStack({ dataDir, purpose: 'demo', log: console.log });
const stand = await startNewsstand({ articles: Number(values.articles) });
try {
  const line = await wholeLine();
  const stages = await eachStage();
  const rows = [
    `| whole line | ${line.articlesPerSecond.toFixed(1)} articles/s | ${line.cpuMs.toFixed(1)} |`,
    ...stages.map(
      ({ name, ms }) => `| ${name} | ${(1000 / ms).toFixed(0)} articles per CPU second | ${ms.toFixed(2)} |`,
    ),
  ];
  const table = [
    MARKS[0],
    `${line.articles} articles of ${stand.outlets.length} outlets, ${cpus().length} cores, Node ${process.version}; ${stack.servers.map((s) => s.replace(/ at .*/, '')).join('; ')}. Peak memory of the process ${line.peakMemoryMb.toFixed(0)} MB (the newsstand runs in it too).`,
    '',
    '| | speed | CPU ms per article |',
    '| --- | --- | --- |',
    ...rows,
    MARKS[1],
  ].join('\n');
  console.log(table);
  const text = readFileSync(TABLE, 'utf8');
  const [start, end] = [text.indexOf(MARKS[0]), text.indexOf(MARKS[1])];
  if (start < 0 || end < 0) throw new Error('docs/benchmarks.md has lost the marks of this table');
  writeFileSync(TABLE, text.slice(0, start) + table + text.slice(end + MARKS[1].length));
} finally {
  await stand.close();
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
}
process.exit();

async function wholeLine() {
  const config = loadConfig({
    KHABAR_ALLOW_ADDRESSES: '127.0.0.1',
    KHABAR_HOST_SPACING_MS: '0',
    KHABAR_HOST_CONCURRENCY: '8',
    KHABAR_ROLES: 'poll-feed,fetch-article,extract-article,dedupe,extract-entities,publish-article,scheduler',
  });
  const service = await openService(
    { ...config, REDIS_URL: stack.redisUrl, MONGODB_URI: stack.mongoUri },
    createLogger('silent'),
    (stage) => {
      throw new Error(`${stage} has stopped pulling`);
    },
  );
  for (const { feedUrl } of stand.outlets) await service.stores.feeds.add({ url: feedUrl, folders: [] }, new Date());
  const before = cpuMs();
  const summary = await drainOnce(service, silentProgress, new AbortController().signal);
  const cpu = cpuMs() - before;
  await service.stop();
  return { ...summary, articles: summary.articles.total, cpuMs: cpu / summary.articles.total };
}

/** The pure function of each stage alone, over the same pages, after a warm-up. */
async function eachStage(): Promise<{ name: string; ms: number }[]> {
  const now = new Date();
  const truths = stand.articles.slice(0, 300);
  const feeds = await Promise.all(
    stand.outlets.map(async ({ feedUrl }) => ({ url: feedUrl, bytes: await bytesOf(feedUrl) })),
  );
  const pages = await Promise.all(truths.map(async ({ url }) => ({ url, bytes: await bytesOf(url) })));
  const entries = await sum(feeds, async ({ bytes, url }) => (await parseFeed(bytes, { url })).entries.length);
  const read = pages.map(({ bytes, url }) => readPage(bytes, { url, now, entry: {}, minTextChars: 0 }));
  const index = createMemoryIndex();
  const measured = [
    [
      'poll-feed: parse',
      entries,
      () => sum(feeds, async ({ bytes, url }) => (await parseFeed(bytes, { url })).entries.length),
    ],
    [
      'extract-article: decode, extract, detect language',
      pages.length,
      () =>
        sum(
          pages,
          async ({ bytes, url }) => readPage(bytes, { url, now, entry: {}, minTextChars: 0 }).extracted.text.length,
        ),
    ],
    [
      'dedupe: sketch, match, insert (in memory)',
      read.length,
      () =>
        sum(
          read.map((page, i) => ({ page, i })),
          async ({ page, i }) => {
            const { title, text } = page.extracted;
            return (
              await index.matchOrInsert({ id: String(i), title, text, language: page.detected.language, seenAt: i })
            ).sketch.length;
          },
        ),
    ],
    [
      'extract-entities: analyse',
      read.length,
      () =>
        sum(
          read,
          async ({ extracted: { title, text }, detected }) =>
            analyzeArticle({ title, text, language: detected.language }).entities.length,
        ),
    ],
    ['search copy: fold', read.length, () => sum(read, async ({ extracted }) => foldText(extracted.text).length)],
  ] as const;
  await measured[3][2](); // loads the models
  const results: { name: string; ms: number }[] = [];
  for (const [name, articles, work] of measured) {
    const before = cpuMs();
    await work();
    results.push({ name, ms: (cpuMs() - before) / articles });
  }
  return results;
}

async function bytesOf(url: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(url)).arrayBuffer());
}

async function sum<T>(items: readonly T[], count: (item: T) => Promise<number>): Promise<number> {
  let total = 0;
  for (const item of items) total += await count(item);
  return total;
}
