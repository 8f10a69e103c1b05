import type { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Role } from '../shared/config.ts';
import type { Logger } from '../shared/logger.ts';
import type { Metrics } from '../shared/metrics.ts';
import { connectRedis } from './connection.ts';
import type { Producer } from './producer.ts';
import { createWorker, type Station } from './worker.ts';

const WATCH_MS = 15_000;

/** A worker with jobs waiting and nothing done for this long has stopped pulling. */
const SILENT_MS = 90_000;

export interface WorkerGroupSetup<Deps> {
  stations: readonly Station<Deps>[];
  roles: readonly Role[];
  deps: Deps;
  producer: Producer;
  redisUrl: string;
  prefix: string;
  lockMs: number;
  log: Logger;
  metrics: Metrics;
  /** Called when a worker stays silent even after it was made anew: the process should end and be started again. */
  onHopeless(stage: string): void;
}

interface Seat<Deps> {
  station: Station<Deps>;
  worker: Worker;
  lastSignAt: number;
  rebuilt: boolean;
}

/**
 * The workers of one process. A watchdog makes a worker anew that has stopped pulling: BullMQ workers have done so
 * after a Redis reconnect (taskforcesh/bullmq issues), and at night nobody would notice.
 */
export class WorkerGroup<Deps> {
  readonly #setup: WorkerGroupSetup<Deps>;
  readonly #connection: Redis;
  #seats: Seat<Deps>[] = [];
  #watch: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(setup: WorkerGroupSetup<Deps>) {
    this.#setup = setup;
    this.#connection = connectRedis(setup.redisUrl, 'worker');
  }

  start(): void {
    const { stations, roles } = this.#setup;
    this.#seats = stations
      .filter(({ stage }) => roles.includes(stage.name))
      .map((station) => this.#take(station, false));
    this.#watch = setInterval(() => void this.#checkAll(), WATCH_MS);
    this.#watch.unref();
  }

  /** Takes no new jobs and waits up to `drainMs` for those under way; what is left then goes to another worker. */
  async stop(drainMs: number): Promise<void> {
    clearInterval(this.#watch);
    this.#stopped = true;
    const workers = this.#seats.map(({ worker }) => worker);
    const closing = Promise.allSettled(workers.map((worker) => worker.close()));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), drainMs);
    });
    if ((await Promise.race([closing, late])) === 'late') {
      this.#setup.log.warn({ drainMs }, 'jobs still running at the end of the drain; they will be run again');
    }
    clearTimeout(timer);
    this.#connection.disconnect();
  }

  #take(station: Station<Deps>, rebuilt: boolean): Seat<Deps> {
    const { deps, producer, prefix, lockMs, log, metrics } = this.#setup;
    const worker = createWorker({
      station,
      deps,
      producer,
      connection: this.#connection,
      prefix,
      lockMs,
      log,
      metrics,
    });
    const seat: Seat<Deps> = { station, worker, lastSignAt: Date.now(), rebuilt };
    for (const event of ['active', 'completed', 'failed'] as const) {
      worker.on(event, () => {
        seat.lastSignAt = Date.now();
        seat.rebuilt = false;
      });
    }
    return seat;
  }

  async #checkAll(): Promise<void> {
    for (const seat of [...this.#seats]) {
      await this.#check(seat).catch((err: unknown) => this.#setup.log.warn({ err }, 'watchdog could not look'));
    }
  }

  async #check(seat: Seat<Deps>): Promise<void> {
    const { producer, log, onHopeless } = this.#setup;
    const stage = seat.station.stage.name;
    const queue = producer.queue(stage);
    const { wait = 0, prioritized = 0, active = 0 } = await queue.getJobCounts('wait', 'prioritized', 'active');
    const waiting = wait + prioritized;
    const silentMs = Date.now() - seat.lastSignAt;
    const verdict = judgeWorker({ waiting, active, paused: await queue.isPaused(), silentMs, rebuilt: seat.rebuilt });
    if (verdict === 'well') seat.lastSignAt = Date.now();
    if (this.#stopped) return;
    if (verdict === 'hopeless') onHopeless(stage);
    if (verdict === 'renew') {
      log.error({ stage, waiting, silentMs }, 'worker has stopped pulling and is made anew');
      await seat.worker.close(true);
      if (this.#stopped) return;
      this.#seats[this.#seats.indexOf(seat)] = this.#take(seat.station, true);
    }
  }
}

/**
 * What the watchdog makes of a worker that has given no sign for `silentMs`, from how its queue stands: jobs of the replay lane wait for it, too.
 * `rebuilt`: it was made anew, and has given no sign since.
 */
export function judgeWorker({
  waiting,
  active,
  paused,
  silentMs,
  rebuilt,
}: {
  waiting: number;
  active: number;
  paused: boolean;
  silentMs: number;
  rebuilt: boolean;
}): 'well' | 'watch' | 'renew' | 'hopeless' {
  if (waiting === 0 || active > 0 || paused) return 'well';
  if (silentMs <= SILENT_MS) return 'watch';
  return rebuilt ? 'hopeless' : 'renew';
}
