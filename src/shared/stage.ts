import type { ZodType } from 'zod';
import type { StageName } from './config.ts';
import type { Logger } from './logger.ts';

/** What a run of a stage knows besides its payload and its dependencies. */
export interface StageContext {
  log: Logger;
  /** Aborted when the process shuts down for good or the job is cancelled. */
  signal: AbortSignal;
  /** 1 for the first try. */
  attempt: number;
  /** Whether a failure of this try is final, so that the item is quarantined. */
  lastAttempt: boolean;
  startedAt: Date;
  /** Jobs of the replay lane wait behind live work, and so do those they emit. */
  replay: boolean;
}

export interface StageResult {
  /** The ending, one of the stage's outcomes in `queues/pipeline.ts`. */
  outcome: string;
  /** Payloads for the stage that follows this outcome. */
  emit?: readonly Record<string, string>[];
  /** Facts for the log line. */
  facts?: Record<string, unknown>;
}

/**
 * A stage: a name, the shape of its payload and one function that loads, works, saves and names the outcome.
 * It does not know its neighbours; `queues/pipeline.ts` says where what it emits goes.
 */
export interface Stage<Payload extends object, Deps> {
  name: StageName;
  /** Raised when the stage's results change, so that replays can choose what an older version made. */
  version: number;
  payload: ZodType<Payload>;
  run(payload: Payload, deps: Deps, context: StageContext): Promise<StageResult>;
  /** Keeps the item with its reason when it can go no further. Must be safe to call twice. */
  quarantine(payload: Payload, reason: QuarantineReason, deps: Deps): Promise<void>;
}

export interface QuarantineReason {
  stage: StageName;
  code: string;
  message: string;
}

export function defineStage<Payload extends object, Deps>(stage: Stage<Payload, Deps>): Stage<Payload, Deps> {
  return stage;
}
