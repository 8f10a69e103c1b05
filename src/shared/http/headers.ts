import { ACCEPT_ENCODING } from './body.ts';

/** Headers a caller may not set: they are the door's own, or would make us somebody we are not. */
const OWN_HEADERS =
  /^(?:host|connection|content-length|transfer-encoding|accept-encoding|user-agent|cookie|expect|upgrade|te|trailer|proxy-.*)$/;

/** The headers of a request: the caller's, validators, and the door's own, all with lower-case names. */
export function requestHeaders(
  request: { headers?: Readonly<Record<string, string>>; etag?: string; lastModified?: string },
  accept: string,
  userAgent: string,
): Record<string, string> {
  const headers: Record<string, string> = { accept };
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    const lower = name.toLowerCase();
    if (!OWN_HEADERS.test(lower)) headers[lower] = value;
  }
  if (isHeaderValue(request.etag)) headers['if-none-match'] = request.etag;
  if (isHeaderValue(request.lastModified)) headers['if-modified-since'] = request.lastModified;
  headers['user-agent'] = userAgent;
  headers['accept-encoding'] = ACCEPT_ENCODING;
  return headers;
}

/** What was meant for one origin is not told another. */
export function dropSecrets(headers: Record<string, string>): void {
  for (const name of Object.keys(headers)) if (/auth|token|secret|signature|api-?key/.test(name)) delete headers[name];
}

/** A response's headers with one string each. */
export function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    // Two locations or types make no list; the first is what browsers take.
    flat[name] = typeof value === 'string' ? value : name === 'location' ? (value[0] ?? '') : value.join(', ');
  }
  return flat;
}

/** Visible ASCII, spaces and Latin-1: RFC 9110 section 5.5. Stored validators may come from anywhere. */
function isHeaderValue(value: string | undefined): value is string {
  return value !== undefined && value !== '' && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}
