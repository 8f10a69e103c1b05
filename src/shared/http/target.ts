import { PermanentError } from '../errors.ts';
import { isBadPort } from './site.ts';

/** `url` parsed, without fragment. Throws PermanentError BAD_URL, BAD_SCHEME, BAD_PORT, CREDENTIALS_IN_URL. */
export function targetOf(url: string, base?: URL): URL {
  if (!URL.canParse(url, base?.href)) throw new PermanentError('BAD_URL', `not a URL: ${url}`);
  const target = new URL(url, base);
  if (target.protocol !== 'http:' && target.protocol !== 'https:') {
    throw new PermanentError('BAD_SCHEME', `${target.protocol} is not fetched: ${url}`);
  }
  if (isBadPort(Number(target.port))) throw new PermanentError('BAD_PORT', `no web server answers at ${target.host}`);
  if (target.username !== '' || target.password !== '') {
    throw new PermanentError('CREDENTIALS_IN_URL', `the URL of ${target.host} holds credentials`);
  }
  target.hash = '';
  return target;
}

/** Whether to go on elsewhere. Only 307 and 308 carry a request with a body on: RFC 9110 section 15.4. */
export function isRedirect(method: string, status: number): boolean {
  if (method !== 'GET' && method !== 'HEAD') return status === 307 || status === 308;
  return [301, 302, 303, 307, 308].includes(status);
}

/** Where a Location header leads. Throws as targetOf does, and PermanentError BAD_REDIRECT. */
export function redirectTarget(location: string | undefined, from: URL): URL {
  if (location === undefined || location.trim() === '') {
    throw new PermanentError('BAD_REDIRECT', `${from.href} redirects to nowhere`);
  }
  // Servers send raw bytes (Arabic paths in UTF-8, mostly); header values arrive as Latin-1, one character per byte.
  const encoded = location.trim().replace(/[\x80-\xff]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return targetOf(encoded, from);
}
