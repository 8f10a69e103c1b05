import { parseHttpDate } from './http-date.ts';

/** No server may hold us longer than a day. */
const MAX_RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * Milliseconds a Retry-After header asks us to stay away, 0 to 24 h, or undefined when it says nothing readable.
 * Seconds or an HTTP date: RFC 9110 section 10.2.3. `now` is epoch milliseconds.
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const seconds = /^\s*(\d+(?:\.\d+)?)\s*$/.exec(value)?.[1];
  const ms = seconds === undefined ? (parseHttpDate(value) ?? Number.NaN) - now : Number(seconds) * 1000;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, Math.ceil(ms)), MAX_RETRY_AFTER_MS);
}
