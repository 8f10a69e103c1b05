import type { StageName } from '../shared/config.ts';
import { dedupe } from '../workers/dedupe/stage.ts';
import type { Dependencies } from '../workers/dependencies.ts';
import { extractArticle } from '../workers/extract-article/stage.ts';
import { extractEntities } from '../workers/extract-entities/stage.ts';
import { fetchArticle } from '../workers/fetch-article/stage.ts';
import { pollFeed } from '../workers/poll-feed/stage.ts';
import { publishArticle } from '../workers/publish-article/stage.ts';
import type { Station } from './worker.ts';

/**
 * The whole line: which stage follows which outcome, and how each runs. An outcome without a next stage is an end.
 *
 *   poll-feed ─polled─▶ fetch-article ─fetched─▶ extract-article ─extracted─▶ dedupe ─unique─▶ extract-entities ─enriched─▶ publish-article
 *
 * Attempts count failures only; waiting for a host's turn or for a store that is down costs none. Those of fetching last for
 * half an hour, since sites are down for minutes every night. A feed is polled once per job: its own schedule says when to
 * try again. Concurrency is per process: network stages wait, CPU stages share the threads of the task pool. Polls wait for
 * slow servers and for feeds of the same site, and 10,000 feeds need 17 a second.
 */
export const pipeline: readonly Station<Dependencies>[] = [
  { stage: pollFeed, concurrency: 32, attempts: 1, next: { polled: 'fetch-article', pushed: 'fetch-article' } },
  { stage: fetchArticle, concurrency: 16, attempts: 8, next: { fetched: 'extract-article' } },
  {
    stage: extractArticle,
    concurrency: 4,
    attempts: 3,
    next: { extracted: 'dedupe', 'more-pages': 'fetch-article', 'page-missing': 'fetch-article' },
  },
  { stage: dedupe, concurrency: 4, attempts: 5, next: { unique: 'extract-entities' } },
  { stage: extractEntities, concurrency: 4, attempts: 3, next: { enriched: 'publish-article' } },
  { stage: publishArticle, concurrency: 8, attempts: 5, next: {} },
];

export const ATTEMPTS = Object.fromEntries(pipeline.map(({ stage, attempts }) => [stage.name, attempts])) as Record<
  StageName,
  number
>;
