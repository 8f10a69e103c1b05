import type { Service } from '../service.ts';
import { createLogger } from '../shared/logger.ts';
import type { Article } from '../shared/model.ts';
import type { ReplayQuery, ReplayStage } from '../shared/stores/articles.ts';
import type { Stores } from '../shared/stores/database.ts';
import { REPLAY_PATIENCE } from '../workers/article-step.ts';
import { compareReadings } from '../workers/extract-article/compare-readings.ts';
import { loadSiteRules } from '../workers/extract-article/site-rules.ts';
import { readStored } from '../workers/extract-article/stage.ts';
import { TaskPool } from '../workers/task-pool.ts';
import { type ChangedReading, tellChanges, tellFailures, tellNext } from './reading-changes.ts';
import { rehearseDedupe } from './rehearse-dedupe.ts';
import { type Connected, withService, withStores } from './session.ts';
import type { Terminal } from './terminal.ts';

const BATCH = 200;

export interface ReplayOptions extends ReplayQuery {
  dryRun?: boolean;
}

/** Sends finished articles through a stage again, or tells what would come of it. */
export async function replay(terminal: Terminal, { dryRun, ...query }: ReplayOptions): Promise<void> {
  const { env, stdout, stderr } = terminal;
  const say = (line: string) => stderr.write(`${line}\n`);
  const tell = (line: string) => stdout.write(`${line}\n`);
  const log = createLogger(env.KHABAR_LOG_LEVEL ?? 'silent', stderr);
  if (dryRun && query.stage === 'dedupe') {
    await withService(env, { purpose: 'service', say, log }, async (service) => {
      for (const line of await rehearseDedupe(service, query, terminal.signal)) tell(line);
    });
    return;
  }
  if (dryRun) {
    await withStores(env, say, async (stores, config) => {
      for (const line of await rehearse(stores, config, query, terminal.signal)) tell(line);
    });
    return;
  }
  await withService(env, { purpose: 'service', say, log }, async (service) => {
    const { sent, pageless } = await sendBack(service, query);
    tell(
      `${count(sent)} put back at ${query.stage}${without(pageless)}${sent ? '; a running service, or the next run, takes them up after its live work' : ''}`,
    );
  });
}

/** Puts the chosen articles back and enqueues them in the replay lane, a batch at a time. */
export async function sendBack(
  { stores, producer, config }: Pick<Service, 'stores' | 'producer' | 'config'>,
  query: ReplayQuery,
): Promise<{ sent: number; pageless: number }> {
  let [sent, pageless] = [0, 0];
  for await (const batch of batches(stores, query)) {
    pageless += batch.pageless;
    const ids = batch.articles.map(({ _id }) => _id);
    const now = new Date();
    const dueBy = new Date(now.getTime() + config.KHABAR_RECONCILE_AFTER_MS * REPLAY_PATIENCE);
    await stores.articles.replay(ids, query.stage, now, dueBy);
    await producer.enqueue(
      query.stage,
      ids.map((articleId) => ({ articleId })),
      { replay: true },
    );
    sent += ids.length;
  }
  return { sent, pageless };
}

interface Batch {
  articles: Article[];
  /** Those left out because their raw page has expired: reading them again would ask the site for it. */
  pageless: number;
}

async function* batches(stores: Stores, query: ReplayQuery): AsyncGenerator<Batch> {
  let waiting: Article[] = [];
  const take = async (): Promise<Batch> => {
    const kept =
      query.stage === 'extract-article' ? await stores.pages.having(waiting.map(({ _id }) => _id)) : undefined;
    const articles = waiting.filter(({ _id }) => kept?.has(_id) ?? true);
    const pageless = waiting.length - articles.length;
    waiting = [];
    return { articles, pageless };
  };
  for await (const article of stores.articles.replayable(query)) {
    waiting.push(article);
    if (waiting.length === BATCH) yield take();
  }
  if (waiting.length > 0) yield take();
}

/** What a replay would do, in lines for a person. Nothing is written. */
async function rehearse(stores: Stores, config: Connected, query: ReplayQuery, signal: AbortSignal): Promise<string[]> {
  loadSiteRules(config.KHABAR_SITE_RULES);
  const tasks = new TaskPool({
    threads: config.KHABAR_THREADS,
    timeoutMs: config.KHABAR_TASK_TIMEOUT_MS,
    memoryMb: config.KHABAR_TASK_MEMORY_MB,
  });
  const changes: ChangedReading[] = [];
  const failures: string[] = [];
  let [read, pageless] = [0, 0];
  const rereads = async (article: Article) => {
    const page = await stores.pages.get(article._id);
    if (!page) return;
    try {
      const { set, outcome } = await readStored(article, page, { stores, tasks, config, now: () => new Date() });
      const changed = compareReadings({ ...article, outcome: outcomeOf(article, query.stage) }, { ...set, outcome });
      if (changed.length > 0) changes.push({ article, changed });
    } catch (error) {
      failures.push(`${article.url}  ${(error as Error).message}`);
    }
  };
  try {
    for await (const batch of batches(stores, query)) {
      read += batch.articles.length;
      pageless += batch.pageless;
      if (query.stage !== 'extract-article') continue;
      const queue = [...batch.articles];
      const readOn = async () => {
        for (let article = queue.pop(); article && !signal.aborted; article = queue.pop()) await rereads(article);
      };
      await Promise.all(Array.from({ length: config.KHABAR_THREADS }, readOn));
    }
  } finally {
    await tasks.close();
  }
  const lines = [`${count(read)} would be put back at ${query.stage}${without(pageless)}; nothing was changed`];
  if (query.stage !== 'extract-article') return lines;
  return [...lines, ...tellChanges(read - failures.length, changes), ...tellFailures(failures), ...tellNext(read)];
}

/** How the stage left the article the last time; a copy that dedupe found had been extracted. */
function outcomeOf({ trace, outcome }: Article, stage: ReplayStage): string {
  const line = trace.findLast((line) => line.stage === stage && line.outcome !== 'replayed');
  if (line?.outcome === 'duplicate' || line?.outcome === 'unchanged') return 'extracted';
  return line?.outcome ?? outcome;
}

const count = (n: number) => `${n} article${n === 1 ? '' : 's'}`;
const without = (pageless: number) => (pageless ? `, ${pageless} left out whose raw page has expired` : '');
