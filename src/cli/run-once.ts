import { setTimeout as wait } from 'node:timers/promises';
import type { Service } from '../service.ts';
import type { ArticleState } from '../shared/model.ts';
import { UNFINISHED } from '../shared/stores/articles.ts';
import type { Progress } from './progress.ts';

/** How often the state of the line is read while it drains. */
const LOOK_MS = 400;

export interface RunSummary {
  feeds: { polled: number; failed: { url: string; code: string; message: string }[] };
  articles: {
    total: number;
    published: number;
    duplicates: number;
    quarantined: Record<string, number>;
    /** Expected endings short of publication, counted. */
    ended: Record<string, number>;
    unfinished: number;
  };
  seconds: number;
  articlesPerSecond: number;
  peakMemoryMb: number;
}

/**
 * Polls every active feed once, waits until no article is unfinished, and puts the stories in order. Resolves with what came of it;
 * `signal` ends the wait early, and then the summary says how much is unfinished.
 */
export async function drainOnce(service: Service, progress: Progress, signal: AbortSignal): Promise<RunSummary> {
  const { stores } = service;
  const startedAt = new Date();
  const before = await finishedCount(service);
  const feeds = await stores.feeds.makeDue(startedAt);
  service.start();
  let peakMemory = 0;
  for (;;) {
    // In this order: a feed's articles are stored before it counts as polled, so what is counted after that has them all.
    const polled = await stores.feeds.countPolledSince(startedAt);
    const rows = await stores.catalog.countByState();
    peakMemory = Math.max(peakMemory, process.memoryUsage.rss());
    progress.show({ feeds, polled, rows });
    const unfinished = rows
      .filter(({ state }) => UNFINISHED.includes(state))
      .reduce((sum, { count }) => sum + count, 0);
    if ((polled >= feeds && unfinished === 0) || signal.aborted) break;
    await wait(LOOK_MS, undefined, { signal }).catch(() => {});
  }
  progress.stop();
  const seconds = (Date.now() - startedAt.getTime()) / 1000;
  const done = (await finishedCount(service)) - before;
  // The pass at the start came before the articles.
  if (!signal.aborted) await service.repair();
  return {
    ...(await summarize(service, startedAt)),
    seconds,
    articlesPerSecond: done / seconds,
    peakMemoryMb: peakMemory / 1e6,
  };
}

async function finishedCount({ stores }: Service): Promise<number> {
  const rows = await stores.catalog.countByState();
  return sum(rows.filter(({ state }) => !UNFINISHED.includes(state)));
}

async function summarize({ stores }: Service, since: Date): Promise<Pick<RunSummary, 'feeds' | 'articles'>> {
  const [rows, feeds, reasons] = await Promise.all([
    stores.catalog.countByState(),
    stores.feeds.list(),
    stores.catalog.countQuarantined(),
  ]);
  const of = (state: ArticleState) => rows.filter((row) => row.state === state);
  return {
    feeds: {
      polled: feeds.filter(({ lastPolledAt }) => lastPolledAt && lastPolledAt >= since).length,
      failed: feeds.flatMap(({ url, lastError }) =>
        lastError && lastError.at >= since ? [{ url, code: lastError.code, message: lastError.message }] : [],
      ),
    },
    articles: {
      total: sum(rows),
      published: sum(of('published')),
      duplicates: sum(of('duplicate')),
      quarantined: countBy(reasons, ({ code }) => code),
      ended: countBy(of('ended'), ({ outcome }) => outcome),
      unfinished: sum(rows.filter(({ state }) => UNFINISHED.includes(state))),
    },
  };
}

function sum(rows: readonly { count: number }[]): number {
  return rows.reduce((total, { count }) => total + count, 0);
}

function countBy<Row extends { count: number }>(
  rows: readonly Row[],
  name: (row: Row) => string,
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[name(row)] = (counts[name(row)] ?? 0) + row.count;
  return counts;
}
