import type { Redis } from 'ioredis';
import type { StageName } from '../shared/config.ts';
import type { Logger } from '../shared/logger.ts';
import type { ArticleState } from '../shared/model.ts';
import type { Stores } from '../shared/stores/database.ts';
import type { Producer } from './producer.ts';

/** How often feeds that are due and articles that are overdue are looked for. */
const TICK_MS = 1_000;

/** Feeds claimed, pushes and articles reconciled per tick: more are taken by the next one. */
const FEEDS_PER_TICK = 500;
const PUSHES_PER_TICK = 500;
const ARTICLES_PER_TICK = 2_000;

/** A poll that has not been settled after this long is lost. Longer than a poll that waits for its host's turn. */
const CLAIM_TERM_MS = 15 * 60_000;

/**
 * An article whose job was lost this often is what keeps breaking its workers: each time, ten processes ended with the job under way before
 * BullMQ gave it up (see worker.ts). One that waits, for its host or behind a backlog, has a job, and waits as long as it must.
 */
const MAX_RECONCILED = 5;

/** How often stories and names are put in order, and how long a repair is left alone whose process fell silent. */
const REPAIR_EVERY_MS = 5 * 60_000;

/** The stage whose job an article in this state waits for. */
export const STAGE_AFTER: Readonly<Partial<Record<ArticleState, StageName>>> = {
  discovered: 'fetch-article',
  fetched: 'extract-article',
  extracted: 'dedupe',
  unique: 'extract-entities',
  enriched: 'publish-article',
};

export interface SchedulerDeps {
  stores: Stores;
  producer: Producer;
  redis: Redis;
  prefix: string;
  reconcileAfterMs: number;
  /** Called when Redis turns out to have been emptied, before the work is enqueued again. */
  onRedisEmptied(): Promise<void>;
  /** Called every five minutes by one process at a time, beside the ticks. */
  repair(): Promise<unknown>;
  /** Asks WebSub hubs for what is due. Called beside the ticks, by any process: what it takes up is taken for one only. */
  tendSubscriptions(): Promise<number>;
  now(): Date;
  log: Logger;
}

/**
 * Puts into the queues what MongoDB says is due: feeds to poll and articles that have not moved.
 *
 * It runs on a timer of the process and not as a repeated job, because it is what brings the jobs back when Redis has
 * lost them. Several processes may run it: feeds are claimed atomically, and a second job for the same article is
 * dropped while the first is unfinished.
 */
export class Scheduler {
  readonly #deps: SchedulerDeps;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #repairing: Promise<void> | undefined;
  #tending: Promise<void> | undefined;
  #stopped = false;

  constructor(deps: SchedulerDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#schedule(0);
  }

  /** Stops after the tick, the repair and the calls to hubs under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
    await this.#repairing;
    await this.#tending;
  }

  #schedule(ms: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.tick()
        .catch((err: unknown) => this.#deps.log.warn({ err }, 'scheduler tick failed; the next one tries again'))
        .finally(() => this.#schedule(TICK_MS));
    }, ms);
  }

  /** One round. Exported for tests and `run --once`. */
  async tick(): Promise<void> {
    await this.#noticeEmptiedRedis();
    await this.#pollDueFeeds();
    await this.#reconcilePushes();
    await this.#reconcile();
    await this.#repairNowAndThen();
    this.#tendSubscriptions();
  }

  /** Hubs may take seconds to answer, so the ticks do not wait for them. */
  #tendSubscriptions(): void {
    const { tendSubscriptions, log } = this.#deps;
    this.#tending ??= tendSubscriptions()
      .then(
        (hubs) => hubs > 0 && log.debug({ hubs }, 'hubs asked'),
        (err: unknown) => log.warn({ err }, 'hubs were not asked; the next tick tries again'),
      )
      .then(() => {
        this.#tending = undefined;
      });
  }

  /**
   * One key is both the lock and the clock: whoever can set it repairs, renews it meanwhile, and leaves it to expire. The
   * tick does not wait for the repair, which may take longer than one.
   */
  async #repairNowAndThen(): Promise<void> {
    const { redis, prefix } = this.#deps;
    const key = `${prefix}:repair`;
    if (this.#repairing !== undefined) {
      await redis.pexpire(key, REPAIR_EVERY_MS);
      return;
    }
    if ((await redis.set(key, '1', 'PX', REPAIR_EVERY_MS, 'NX')) === null) return;
    this.#startRepair();
  }

  /** A pass at once, after the one under way, whosever turn it is: what another process changes meanwhile is left to it. */
  async repairNow(): Promise<void> {
    await this.#repairing;
    await this.#startRepair();
  }

  #startRepair(): Promise<void> {
    const { repair, log } = this.#deps;
    this.#repairing ??= repair()
      .then(
        (moved) => log.debug({ moved }, 'stories and names put in order'),
        (err: unknown) => log.warn({ err }, 'stories and names were not put in order; the next pass tries again'),
      )
      .finally(() => {
        this.#repairing = undefined;
      });
    return this.#repairing;
  }

  async #pollDueFeeds(): Promise<void> {
    const { stores, producer, now } = this.#deps;
    const feedIds = await stores.feeds.claimDue(now(), CLAIM_TERM_MS, FEEDS_PER_TICK);
    await producer.enqueueLost(
      'poll-feed',
      feedIds.map((feedId) => ({ feedId })),
    );
  }

  /** Documents that a hub has pushed and whose job is lost. */
  async #reconcilePushes(): Promise<void> {
    const { stores, producer, now, reconcileAfterMs } = this.#deps;
    const until = new Date(now().getTime() + reconcileAfterMs);
    const lost = await stores.pushes.takeOverdue(now(), until, PUSHES_PER_TICK);
    await producer.enqueueLost(
      'poll-feed',
      lost.map(({ id, feedId }) => ({ feedId, pushId: id })),
    );
  }

  /** Closes the gap between "saved in MongoDB" and "added to the queue", whatever tore it open. */
  async #reconcile(): Promise<void> {
    const { stores, producer, now, log, reconcileAfterMs } = this.#deps;
    const overdue = await stores.articles.overdue(now(), ARTICLES_PER_TICK);
    if (overdue.length === 0) return;
    const hopeless = overdue.filter(({ reconciled }) => reconciled >= MAX_RECONCILED);
    for (const { _id, state } of hopeless) {
      const stage = STAGE_AFTER[state] ?? 'fetch-article';
      const message = `its job was lost ${MAX_RECONCILED} times at this stage, without an error to tell why`;
      await stores.articles.quarantine(_id, { stage, code: 'STUCK', message }, now());
    }
    let enqueued = 0;
    for (const [state, stage] of Object.entries(STAGE_AFTER)) {
      const here = overdue.filter((article) => article.state === state && article.reconciled < MAX_RECONCILED);
      const articles = here.map(({ _id }) => ({ articleId: _id }));
      const lost = await producer.enqueueLost(stage, articles);
      const waiting = articles.filter((article) => !lost.includes(article));
      const dueBy = new Date(now().getTime() + reconcileAfterMs);
      await stores.articles.postpone(idsOf(waiting), dueBy, { lost: false });
      await stores.articles.postpone(idsOf(lost), dueBy, { lost: true });
      enqueued += lost.length;
    }
    const facts = { overdue: overdue.length, enqueued, quarantined: hopeless.length };
    if (enqueued + hopeless.length > 0) log.info(facts, 'articles without a job enqueued again');
  }

  /** Redis carries a mark; when it is missing, all jobs are gone, and what they were about is due at once. */
  async #noticeEmptiedRedis(): Promise<void> {
    const { redis, prefix, stores, now, log, onRedisEmptied } = this.#deps;
    const mark = `${prefix}:mark`;
    if ((await redis.exists(mark)) === 1) return;
    await onRedisEmptied();
    const articles = await stores.articles.makeAllDue(now());
    const feeds = await stores.feeds.makeClaimedDue(now());
    const pushes = await stores.pushes.makeAllDue(now());
    await redis.set(mark, now().toISOString());
    if (articles + feeds + pushes > 0)
      log.warn({ articles, feeds, pushes }, 'Redis was empty: unfinished work is enqueued again from MongoDB');
  }
}

const idsOf = (payloads: readonly { articleId: string }[]): string[] => payloads.map(({ articleId }) => articleId);
