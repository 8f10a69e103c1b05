import { parseHttpDate } from './http-date.ts';

/**
 * Seconds for which a response says it stays fresh, or undefined when it does not say: Cache-Control max-age less Age,
 * else Expires less Date (RFC 9111 section 4.2). no-store, no-cache and past dates give 0. `headers` have lower-case
 * names; `now` is epoch milliseconds and stands in for a missing Date.
 */
export function cacheLifetimeSeconds(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const directives = (headers['cache-control'] ?? '')
    .toLowerCase()
    .split(',')
    .map((part) => part.trim());
  if (directives.some((directive) => directive === 'no-store' || /^no-cache$/.test(directive))) return 0;
  for (const directive of directives) {
    const maxAge = /^max-age\s*=\s*"?(\d{1,10})"?$/.exec(directive)?.[1];
    if (maxAge !== undefined) return Math.max(0, Number(maxAge) - ageSeconds(headers.age));
  }
  if (headers.expires === undefined) return undefined;
  const expires = parseHttpDate(headers.expires);
  // An unreadable Expires ("0", "-1") means already stale: RFC 9111 section 5.3.
  if (expires === undefined) return 0;
  const from = headers.date === undefined ? now : (parseHttpDate(headers.date) ?? now);
  return Math.max(0, Math.floor((expires - from) / 1000));
}

function ageSeconds(age: string | undefined): number {
  return age !== undefined && /^\d{1,10}$/.test(age.trim()) ? Number(age) : 0;
}
