/**
 * What a stage may throw. `src/queues/worker.ts` turns each class into retry, delay or quarantine;
 * `code` is stable and is what tests, dashboards and operators match on, never the message. docs/errors.md has them all.
 */
export class StageError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** May work later: 408, 5xx, reset, timeout, a store that is down. Costs an attempt. */
export class TransientError extends StageError {}

/** Not now: 429, 503 with Retry-After, or not this host's turn. Costs no attempt; the worker bounds its total age. */
export class ThrottledError extends StageError {
  /** Milliseconds until it is worth asking again. */
  readonly retryAfterMs: number;

  constructor(code: string, message: string, retryAfterMs: number, options?: ErrorOptions) {
    super(code, message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Never: bad payload, unparsable feed, missing row. Quarantined at once. */
export class PermanentError extends StageError {}

/** A document that is not a feed we can read. Codes: EMPTY_DOCUMENT, NOT_A_FEED, BAD_JSON, BAD_GZIP, TOO_LARGE, TOO_DEEP, TOO_COMPLEX. */
export class FeedError extends PermanentError {}

/** A page no article can be read from. Codes: NOT_HTML, TOO_LARGE. */
export class ExtractError extends PermanentError {}
