import { setTimeout as sleep } from 'node:timers/promises';
import { ThrottledError, TransientError } from '../errors.ts';
import type { Deadline } from './deadline.ts';
import { type EnterOptions, gateUnavailable, type HostGate, type Turn } from './host-gate.ts';

/** A wait at the gate this short is cheaper sat out than a trip through the queue. */
const SHORT_WAIT_MS = 250;

/** A redirect to another site may wait this long for its turn there, rather than start over. */
const HOP_WAIT_MS = 5_000;

/** The turns one fetch takes. A turn covers everything on one site: its robots.txt, the request, redirects within. */
export class Visit {
  readonly deadline: Deadline;
  /** Keeps everybody away from the current site once this visit ends. */
  holdMs = 0;
  readonly #ticket: string;
  readonly #options: EnterOptions;
  readonly #patienceMs: number;
  readonly #gate: HostGate | undefined;
  #turn: Turn | undefined;
  #site: string | undefined;

  constructor(
    ticket: string,
    deadline: Deadline,
    { patienceMs, ...options }: EnterOptions & { patienceMs?: number | undefined },
    gate: HostGate | undefined,
  ) {
    this.#ticket = ticket;
    this.#options = options;
    this.#patienceMs = patienceMs ?? SHORT_WAIT_MS;
    this.deadline = deadline;
    this.#gate = gate;
  }

  async enter(site: string, options: { spacingMs?: number } = {}): Promise<void> {
    if (!this.#gate || site === this.#site) return;
    let patienceMs = this.#site === undefined ? this.#patienceMs : HOP_WAIT_MS;
    await this.end();
    this.#site = site;
    for (;;) {
      const answer = await this.#ask(this.#gate.enter(site, this.#ticket, { ...this.#options, ...options }));
      if (answer.ok) {
        this.#turn = answer;
        return;
      }
      if (answer.waitMs > patienceMs) {
        throw new ThrottledError('HOST_BUSY', `not our turn at ${site} for ${answer.waitMs} ms`, answer.waitMs);
      }
      patienceMs -= answer.waitMs;
      await this.deadline.race(sleep(answer.waitMs, undefined, { ref: false }));
    }
  }

  /** The gate's answer; one that comes after the deadline is given back. */
  async #ask(asked: ReturnType<HostGate['enter']>): ReturnType<HostGate['enter']> {
    try {
      return await this.deadline.race(asked);
    } catch (error) {
      asked.then((late) => (late.ok ? late.leave() : undefined)).catch(() => {});
      if (error instanceof TransientError && error.code === 'TIMEOUT') throw gateUnavailable(error.message, error);
      throw error;
    }
  }

  /** A lease that cannot be given back runs out by itself, so the fetch need not fail for it. */
  async end(): Promise<void> {
    const turn = this.#turn;
    this.#turn = undefined;
    await turn?.leave(this.holdMs).catch((error: unknown) => {
      if (!(error instanceof ThrottledError)) throw error;
    });
  }
}
