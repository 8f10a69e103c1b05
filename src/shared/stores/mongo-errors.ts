import { MongoError, MongoServerError } from 'mongodb';
import { ThrottledError } from '../errors.ts';

/** MongoDB's code for a violated unique index. */
export const DUPLICATE_KEY = 11_000;

export function isDuplicateKey(error: unknown): error is MongoServerError {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

/**
 * The error to throw instead when the database is away: the work is put off without costing an attempt,
 * because an outage says nothing about the item. Any other error comes back as it is.
 */
export function explainStoreError(error: unknown): unknown {
  const away =
    error instanceof MongoError &&
    !(error instanceof MongoServerError && !error.hasErrorLabel('RetryableWriteError')) &&
    /Network|ServerSelection|PoolCleared|Topology|NotConnected|Retryable/.test(
      `${error.name} ${error.errorLabels.join(' ')}`,
    );
  return away ? new ThrottledError('STORE_DOWN', 'MongoDB does not answer', 3_000, { cause: error }) : error;
}
