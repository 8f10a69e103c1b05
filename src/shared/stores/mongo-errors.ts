import { BSON, MongoBulkWriteError, MongoError, MongoServerError } from 'mongodb';
import { PermanentError, ThrottledError } from '../errors.ts';

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

/** What a server answers to a document over 16 MB, and to an update that would make one. */
const TOO_LARGE_CODES: ReadonlySet<unknown> = new Set([
  10_334, // BSONObjectTooLarge
  17_419, // Resulting document after update is larger
  17_420, // Document to upsert is larger
]);

/** Of one update; what else there is of its document adds to it. */
const MAX_UPDATE_BYTES = 15_000_000;

/**
 * Throws PermanentError DOCUMENT_TOO_LARGE for an update that no document could hold. The driver would fail in its own buffers, or send a message
 * that ends the connection, and that would pass for an outage.
 */
export function assertStorable(update: object): void {
  const bytes = BSON.calculateObjectSize(update, { ignoreUndefined: true });
  if (bytes > MAX_UPDATE_BYTES) throw documentTooLarge(`an update of ${bytes} bytes`);
}

function documentTooLarge(what: string, options?: ErrorOptions): PermanentError {
  return new PermanentError('DOCUMENT_TOO_LARGE', `${what}: more than one document of the database may hold`, options);
}

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
 * because an outage says nothing about the item. When an item is too large for it: PermanentError DOCUMENT_TOO_LARGE. Any other error comes back as
 * it is.
 */
export function explainStoreError(error: unknown): unknown {
  if (error instanceof MongoServerError && TOO_LARGE_CODES.has(error.code))
    return documentTooLarge(error.message, { cause: error });
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
