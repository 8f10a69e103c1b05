import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';

/** What a route answers. `lastModified` and the body's hash make it answer conditional GETs (RFC 9110 section 13). */
export interface Reply {
  status?: number;
  contentType: string;
  body: Buffer;
  lastModified?: Date;
  headers?: Record<string, string>;
}

/** Smaller bodies are sent as they are. */
const MIN_GZIP_BYTES = 600;

/** `text` in `encoding`; what the charset lacks becomes a numeric character reference, as HTML and XML allow. */
export function encodeMarkup(text: string, encoding: string): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text);
  const bytes = iconv.encode(text, encoding);
  if (iconv.decode(bytes, encoding) === text) return bytes;
  return iconv.encode(
    // ASCII is in every charset of the newsstand, so only the rest is tried.
    text.replace(/[^\p{ASCII}]/gu, (char) =>
      iconv.decode(iconv.encode(char, encoding), encoding) === char ? char : `&#${char.codePointAt(0)};`,
    ),
    encoding,
  );
}

/** Sends `reply`, or 304 when the client has it already; gzip when asked for. */
export function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  const { status = 200, lastModified, body } = reply;
  const headers: Record<string, string> = { 'content-type': reply.contentType, vary: 'accept-encoding' };
  if (status === 200) {
    const etag = `"${createHash('sha1').update(body).digest('base64url').slice(0, 20)}"`;
    headers.etag = etag;
    if (lastModified) headers['last-modified'] = lastModified.toUTCString();
    if (isCurrent(request, etag, lastModified)) {
      response.writeHead(304, { ...headers, ...reply.headers }).end();
      return;
    }
  }
  const zip = body.length >= MIN_GZIP_BYTES && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const payload = zip ? gzipSync(body, { level: 1 }) : body;
  if (zip) headers['content-encoding'] = 'gzip';
  headers['content-length'] = String(payload.length);
  response.writeHead(status, { ...headers, ...reply.headers });
  response.end(request.method === 'HEAD' ? undefined : payload);
}

/** If-None-Match wins over If-Modified-Since. */
function isCurrent(request: IncomingMessage, etag: string, lastModified: Date | undefined): boolean {
  const match = request.headers['if-none-match'];
  if (match !== undefined) {
    return match === '*' || match.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
  }
  const since = Date.parse(request.headers['if-modified-since'] ?? '');
  return lastModified !== undefined && Math.floor(lastModified.getTime() / 1000) * 1000 <= since;
}
