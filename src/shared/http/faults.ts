import { PermanentError, StageError, ThrottledError, TransientError } from '../errors.ts';
import { parseRetryAfter } from './retry-after.ts';

/** How long a host that says 429 without Retry-After is left alone. */
const DEFAULT_RETRY_AFTER_MS = 60_000;

/** "Retry-After: 0" is not an invitation to hammer. */
const MIN_RETRY_AFTER_MS = 1_000;

/**
 * The error a status is, or undefined for those a stage must judge itself (2xx, 3xx without following, 304, 401, 403,
 * 404, 410, 451 and the other 4xx). ThrottledError HTTP_429, HTTP_503; TransientError HTTP_408, HTTP_425, HTTP_5XX.
 */
export function statusFault(
  status: number,
  headers: Readonly<Record<string, string>>,
  url: string,
  now: number,
): StageError | undefined {
  const retryAfterMs = parseRetryAfter(headers['retry-after'], now);
  if (status === 429 || (status === 503 && retryAfterMs !== undefined)) {
    const waitMs = Math.max(retryAfterMs ?? DEFAULT_RETRY_AFTER_MS, MIN_RETRY_AFTER_MS);
    return new ThrottledError(`HTTP_${status}`, `${status} from ${url}`, waitMs);
  }
  if (status === 408 || status === 425) return new TransientError(`HTTP_${status}`, `${status} from ${url}`);
  if (status >= 500) return new TransientError('HTTP_5XX', `${status} from ${url}`);
  return undefined;
}

/** Codes of node:dns, node:net and undici that may not come back on a later try, and what we call them. */
const TRANSIENT: Readonly<Record<string, string>> = {
  EAI_AGAIN: 'DNS_TEMPORARY',
  EAI_FAIL: 'DNS_TEMPORARY',
  ETIMEOUT: 'DNS_TEMPORARY',
  ESERVFAIL: 'DNS_TEMPORARY',
  // A resolver that is itself cut off also says "not found", so the name gets a few more chances.
  ENOTFOUND: 'DNS_NOT_FOUND',
  ENODATA: 'DNS_NOT_FOUND',
  ECONNREFUSED: 'CONNECTION_REFUSED',
  EHOSTUNREACH: 'HOST_UNREACHABLE',
  ENETUNREACH: 'HOST_UNREACHABLE',
  EADDRNOTAVAIL: 'HOST_UNREACHABLE',
  ECONNRESET: 'CONNECTION_RESET',
  EPIPE: 'CONNECTION_RESET',
  UND_ERR_SOCKET: 'CONNECTION_RESET',
  UND_ERR_ABORTED: 'CONNECTION_RESET',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'BODY_TRUNCATED',
  ETIMEDOUT: 'TIMEOUT',
  UND_ERR_CONNECT_TIMEOUT: 'TIMEOUT',
  UND_ERR_HEADERS_TIMEOUT: 'TIMEOUT',
  UND_ERR_BODY_TIMEOUT: 'TIMEOUT',
  UND_ERR_DESTROYED: 'ABORTED',
  UND_ERR_CLOSED: 'ABORTED',
};

const PERMANENT: Readonly<Record<string, string>> = {
  UND_ERR_HEADERS_OVERFLOW: 'HEADERS_TOO_LARGE',
  UND_ERR_INVALID_ARG: 'BAD_REQUEST',
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'BAD_REQUEST',
};

/** OpenSSL's words for a certificate that does not prove the name. Source: nodejs.org, TLS, "X509 certificate error codes". */
const CERTIFICATE_CODE =
  /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY|DECODE|DECRYPT)|HOSTNAME_MISMATCH|INVALID_(?:CA|PURPOSE))/;

/** What a failed request is to a stage. Stage errors pass unchanged; what nobody foresaw is a bug and passes too. */
export function networkFault(error: unknown, url: string): unknown {
  if (error instanceof StageError) return error;
  // Two addresses, two failures: Node wraps them, and the first is the one for the best address.
  const cause = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  if (!(cause instanceof Error)) return error;
  const message = `${url}: ${cause.message}`;
  const options = { cause: error };
  // Not HTTP at all; often a proxy in between having a bad minute. undici gives some of these no code.
  if (cause.name === 'HTTPParserError') return new TransientError('BAD_HTTP', message, options);
  const { code } = cause as NodeJS.ErrnoException;
  if (typeof code !== 'string') return error;
  const transient = TRANSIENT[code];
  if (transient) return new TransientError(transient, message, options);
  const permanent = PERMANENT[code];
  if (permanent) return new PermanentError(permanent, message, options);
  if (CERTIFICATE_CODE.test(code)) return new PermanentError('TLS_CERTIFICATE', message, options);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) {
    return new PermanentError('TLS_FAILED', message, options);
  }
  return error;
}
