/**
 * The three date forms of HTTP (RFC 9110 section 5.6.7) in epoch milliseconds, or undefined. A date without a zone is
 * GMT, as asctime dates are.
 */
export function parseHttpDate(value: string): number | undefined {
  const text = value.trim();
  // Date.parse alone would read "0" and "-1", which servers send for "already stale", as years.
  if (!/[a-z]{3}/i.test(text)) return undefined;
  const zoned = /(?:GMT|UTC|[+-]\d{4})$/i.test(text) ? text : `${text} GMT`;
  const time = Date.parse(zoned);
  return Number.isNaN(time) ? undefined : time;
}
