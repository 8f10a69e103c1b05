import { MongoBulkWriteError, MongoError, MongoServerError } from 'mongodb';
import { ThrottledError } from '../errors.ts';

/** MongoDB's code for a violated unique index. */
const DUPLICATE_KEY = 11_000;

/**
 * What a server answers that cannot take the write now, whatever the write is: an election, a shutdown, too few members, a
 * full disk. Source: MongoDB specifications, "Retryable Writes" and "Server Discovery and Monitoring"; error_codes.yml.
 */
const AWAY_CODES: ReadonlySet<unknown> = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  64, // WriteConcernTimeout
  89, // NetworkTimeout
  91, // ShutdownInProgress
  100, // UnsatisfiableWriteConcern
  133, // FailedToSatisfyReadPreference
  189, // PrimarySteppedDown
  262, // ExceededTimeLimit
  9_001, // SocketException
  10_058, // LegacyNotPrimary
  10_107, // NotWritablePrimary
  11_600, // InterruptedAtShutdown
  11_602, // InterruptedDueToReplStateChange
  13_435, // NotPrimaryNoSecondaryOk
  13_436, // NotPrimaryOrSecondary
  14_031, // OutOfDiskSpace
]);

export function isDuplicateKey(error: unknown): error is MongoServerError {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

/**
 * Which documents of an unordered insert were refused because they are there already, by their place. Throws any other error again: one that is
 * about the whole batch (the connection broke, the primary stepped down) names no document, and nothing of it may have been stored.
 */
export function alreadyThere(error: unknown): Set<number> {
  if (!(error instanceof MongoBulkWriteError)) throw error;
  const refused = [error.writeErrors].flat();
  if (refused.length === 0 || !refused.every(({ code }) => code === DUPLICATE_KEY)) throw error;
  return new Set(refused.map(({ index }) => index));
}

/**
 * The error to throw instead when the database is away: the work is put off without costing an attempt,
 * because an outage says nothing about the item. Any other error comes back as it is.
 */
export function explainStoreError(error: unknown): unknown {
  return error instanceof MongoError && isAway(error)
    ? new ThrottledError('STORE_DOWN', 'MongoDB does not answer', 3_000, { cause: error })
    : error;
}

function isAway(error: MongoError): boolean {
  if (error instanceof MongoServerError) {
    if (error.hasErrorLabel('RetryableWriteError') || AWAY_CODES.has(error.code)) return true;
    // The driver hides the error of a broken connection in one of these, which then has no code of a server.
    return error instanceof MongoBulkWriteError && error.code === undefined;
  }
  return /Network|ServerSelection|PoolCleared|Topology|NotConnected|Retryable/.test(
    `${error.name} ${error.errorLabels.join(' ')}`,
  );
}
