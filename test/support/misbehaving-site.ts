import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import zlib from 'node:zlib';

export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export type Handler = (request: IncomingMessage, response: ServerResponse, path: string) => void;

export interface MisbehavingSite {
  /** `http://127.0.0.1:<port>`, no slash at the end. */
  origin: string;
  port: number;
  /** Every request so far, oldest first. */
  seen: SeenRequest[];
  /** Connections made so far. */
  connections(): number;
  /** Adds or replaces a route. */
  route(path: string, handler: Handler): void;
  /** Ends with the next request for `path`, after it was answered or left to stall. */
  requested(path: string): Promise<void>;
  close(): Promise<void>;
}

/** 2 GiB of zeros in 2 MiB: many small archives in a row, which gzip allows. */
const BOMB = Buffer.concat(Array<Buffer>(200).fill(zlib.gzipSync(Buffer.alloc(10 * 2 ** 20), { level: 9 })));

/** Text whose compressed forms the routes serve: Arabic first. */
export const NEWS =
  'خبر عاجل: افتتاح المكتبة الجديدة في الميناء القديم.\nBreaking: the new library opens at the old port.\n';

const ETAG = '"edition-7"';
const LAST_MODIFIED = 'Sun, 01 Nov 2026 08:00:00 GMT';

/** A web server on a free port that behaves in the ways sites do, good and bad; the routes are listed below. */
export async function startMisbehavingSite(tls?: { key: string; cert: string }): Promise<MisbehavingSite> {
  const seen: SeenRequest[] = [];
  const waiting = new Map<string, (() => void)[]>();
  const routes = new Map<string, Handler>(Object.entries(defaultRoutes()));
  let connections = 0;

  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '/';
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      seen.push({ method: request.method ?? '', path, headers: request.headers, body });
      const [bare = '/'] = path.split('?');
      const handler = routes.get(path) ?? routes.get(bare) ?? routes.get(`${bare.replace(/\/[^/]*$/, '')}/*`);
      if (handler) handler(request, response, path);
      else response.writeHead(404).end('no such page');
      for (const resolve of waiting.get(bare) ?? []) resolve();
      waiting.delete(bare);
    });
  };
  const server: Server = tls ? createTlsServer(tls, listener) : createServer(listener);
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    origin: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    seen,
    connections: () => connections,
    route: (path, handler) => void routes.set(path, handler),
    requested: (path) => new Promise((resolve) => waiting.set(path, [...(waiting.get(path) ?? []), resolve])),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function defaultRoutes(): Record<string, Handler> {
  const failures = new Map<string, number>();
  const encoded =
    (coding: string, encode: (text: string) => Uint8Array): Handler =>
    (_request, response) =>
      void response.writeHead(200, { 'content-encoding': coding, 'content-type': 'text/plain' }).end(encode(NEWS));
  const redirect =
    (status: number, location: string): Handler =>
    (_request, response) =>
      void response.writeHead(status, { location }).end('moved');
  const status =
    (code: number, headers: Record<string, string> = {}): Handler =>
    (_request, response) =>
      void response.writeHead(code, headers).end(`status ${code}`);

  return {
    '/news': (_request, response) =>
      void response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(NEWS),
    '/conditional': (request, response) => {
      const fresh = request.headers['if-none-match'] === ETAG || request.headers['if-modified-since'] === LAST_MODIFIED;
      response.writeHead(fresh ? 304 : 200, { etag: ETAG, 'last-modified': LAST_MODIFIED });
      response.end(fresh ? undefined : NEWS);
    },
    '/gzip': encoded('gzip', (text) => zlib.gzipSync(text)),
    '/x-gzip': encoded('X-GZIP', (text) => zlib.gzipSync(text)),
    '/br': encoded('br', (text) => zlib.brotliCompressSync(text)),
    '/deflate': encoded('deflate', (text) => zlib.deflateSync(text)),
    '/deflate-raw': encoded('deflate', (text) => zlib.deflateRawSync(text)),
    '/gzip-twice': encoded('gzip, gzip', (text) => zlib.gzipSync(zlib.gzipSync(text))),
    '/gzip-often': encoded('gzip, gzip, gzip', (text) => zlib.gzipSync(text)),
    '/charset-as-encoding': encoded('UTF-8', (text) => Buffer.from(text)),
    '/unknown-encoding': encoded('sdch', (text) => Buffer.from(text)),
    '/gzip-in-name-only': encoded('gzip', (text) => Buffer.from(text)),
    '/gzip-cut-off': encoded('gzip', (text) => zlib.gzipSync(text).subarray(0, -12)),
    '/gzip-empty': encoded('gzip', () => new Uint8Array()),
    '/gzip-bomb': (_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(BOMB),
    '/redirect/*': (_request, response, path) => {
      const left = Number(path.slice('/redirect/'.length));
      response.writeHead(301, { location: left > 1 ? `/redirect/${left - 1}` : '/news' }).end('moved');
    },
    '/redirect-302': redirect(302, '/news#fragment'),
    '/redirect-303': redirect(303, '/news'),
    '/redirect-307': redirect(307, '/news'),
    '/redirect-arabic': (_request, response) => {
      response.writeHead(301, { location: Buffer.from('/خبر?من=هنا').toString('latin1') }).end();
    },
    [`/${encodeURIComponent('خبر')}`]: (_request, response) => void response.writeHead(200).end(NEWS),
    '/redirect-nowhere': status(302),
    '/redirect-file': redirect(302, 'file:///etc/passwd'),
    '/redirect-loop': redirect(302, '/redirect-loop-back'),
    '/redirect-loop-back': redirect(301, '/redirect-loop'),
    '/redirect-metadata': redirect(302, 'http://169.254.169.254/latest/meta-data/'),
    '/redirect-credentials': redirect(302, 'http://user:secret@example.com/'),
    '/redirect-stalled-body': (_request, response) => {
      response.writeHead(302, { location: '/news', 'content-length': '100000' });
      response.write('moved');
    },
    '/redirect-file-stalled': (_request, response) => {
      response.writeHead(302, { location: 'file:///etc/passwd', 'content-length': '100000' });
      response.write('moved');
    },
    '/failed-stalled': (_request, response) => {
      response.writeHead(500, { 'content-length': '100000' });
      response.write('oops');
    },
    '/unknown-encoding-stalled': (_request, response) => {
      response.writeHead(200, { 'content-encoding': 'sdch', 'content-length': '100000' });
      response.write('the beginning');
    },
    '/throttled': status(429, { 'retry-after': '120' }),
    '/throttled-date': status(503, { 'retry-after': 'Fri, 01 Jan 2100 00:00:00 GMT' }),
    '/throttled-silently': status(429),
    '/unavailable': status(503),
    '/forbidden': status(403),
    '/gone': status(410),
    '/legal': status(451),
    '/request-timeout': status(408),
    '/fails-once': (_request, response, path) => {
      const count = (failures.get(path) ?? 0) + 1;
      failures.set(path, count);
      response.writeHead(count === 1 ? 500 : 200).end(count === 1 ? 'oops' : NEWS);
    },
    '/stalled-headers': () => {},
    '/stalled-body': (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('the beginning');
    },
    '/endless': (_request, response) => {
      response.writeHead(200);
      const chunk = Buffer.alloc(64 * 1024, 'x');
      const pump = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', pump);
      pump();
    },
    '/too-long': (_request, response) => {
      response.writeHead(200, { 'content-length': String(2 ** 40) });
      response.write('the beginning');
    },
    '/cut-off': (request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('the beginning', () => request.socket.end());
    },
    '/reset': (request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('the beginning', () => request.socket.resetAndDestroy());
    },
    '/reset-before-headers': (request) => void request.socket.resetAndDestroy(),
    '/giant-headers': (request) => {
      request.socket.end(`HTTP/1.1 200 OK\r\nx-giant: ${'x'.repeat(200_000)}\r\ncontent-length: 0\r\n\r\n`);
    },
    '/not-http': (request) => void request.socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
    '/echo': (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(request.headers));
    },
  };
}
