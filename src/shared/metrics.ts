import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** How the queues stand, as `queues/overview.ts` reads them. */
export interface QueueGauges {
  stage: string;
  waiting: number;
  active: number;
  delayed: number;
  failed: number;
  oldestWaitingSeconds: number;
}

/** The one registry behind `/metrics`. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #jobs = new Counter({
    name: 'khabar_jobs_total',
    help: 'Jobs by stage and outcome, in this process.',
    labelNames: ['stage', 'outcome'],
    registers: [this.#registry],
  });
  readonly #seconds = new Histogram({
    name: 'khabar_job_seconds',
    help: 'Time a job took, in this process.',
    labelNames: ['stage'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [this.#registry],
  });
  readonly #depth = new Gauge({
    name: 'khabar_queue_jobs',
    help: 'Jobs in a queue by state, over all processes.',
    labelNames: ['stage', 'state'],
    registers: [this.#registry],
  });
  readonly #oldest = new Gauge({
    name: 'khabar_oldest_waiting_seconds',
    help: 'Age of the oldest job that waits in a queue.',
    labelNames: ['stage'],
    registers: [this.#registry],
  });
  readonly #articles = new Gauge({
    name: 'khabar_articles',
    help: 'Articles by state.',
    labelNames: ['state'],
    registers: [this.#registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  jobDone(stage: string, outcome: string, ms: number): void {
    this.#jobs.inc({ stage, outcome });
    this.#seconds.observe({ stage }, ms / 1000);
  }

  /** The exposition text of this moment. */
  async expose(queues: readonly QueueGauges[], articles: readonly { state: string; count: number }[]): Promise<string> {
    for (const { stage, waiting, active, delayed, failed, oldestWaitingSeconds } of queues) {
      for (const [state, count] of Object.entries({ waiting, active, delayed, failed }))
        this.#depth.set({ stage, state }, count);
      this.#oldest.set({ stage }, oldestWaitingSeconds);
    }
    this.#articles.reset();
    for (const { state, count } of articles) this.#articles.inc({ state }, count);
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }
}
