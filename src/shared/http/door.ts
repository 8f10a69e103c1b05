import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import { Agent, type Dispatcher } from 'undici';
import { PermanentError, StageError, ThrottledError, TransientError } from '../errors.ts';
import { createAddressPolicy } from './address.ts';
import { ACCEPT_ENCODING, collect, decode, parseContentEncoding, tooLarge } from './body.ts';
import { createConnector } from './connector.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import { networkFault, statusFault } from './faults.ts';
import { gateUnavailable, type HostGate, type Turn } from './host-gate.ts';
import { createResolve, type Resolve } from './resolve.ts';
import { MAX_ROBOTS_BYTES, type Robots, type RobotsResponse, type RobotsVerdict } from './robots.ts';
import { isBadPort, siteOf } from './site.ts';

/** What a request is for. It chooses limits, the Accept header and which rules of politeness apply. */
export type Purpose = 'feed' | 'page' | 'robots' | 'webhook' | 'image';

interface PurposeRules {
  /** Of the decoded body. */
  maxBytes: number;
  /** Of everything: name lookup, connecting, headers and body of all hops, and short waits at the gate. */
  deadlineMs: number;
  accept: string;
  /** Waits its turn at the site's gate. */
  gated: boolean;
  /** Obeys robots.txt unless told otherwise. */
  robots: boolean;
  /** Follows redirects; a webhook's body and signature are for the URL the operator wrote and no other. */
  follows: boolean;
}

const PURPOSES: Readonly<Record<Purpose, PurposeRules>> = {
  feed: {
    maxBytes: 15 * 2 ** 20,
    deadlineMs: 30_000,
    accept:
      'application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1',
    gated: true,
    robots: false,
    follows: true,
  },
  page: {
    maxBytes: 10 * 2 ** 20,
    deadlineMs: 30_000,
    accept: 'text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.1',
    gated: true,
    robots: true,
    follows: true,
  },
  robots: {
    maxBytes: MAX_ROBOTS_BYTES,
    deadlineMs: 15_000,
    accept: 'text/plain, */*;q=0.1',
    gated: false,
    robots: false,
    follows: true,
  },
  webhook: { maxBytes: 2 ** 20, deadlineMs: 15_000, accept: '*/*', gated: false, robots: false, follows: false },
  image: { maxBytes: 20 * 2 ** 20, deadlineMs: 30_000, accept: 'image/*', gated: true, robots: true, follows: true },
};

/** Browsers stop at 20; no honest chain of a news site is that long. */
const MAX_REDIRECTS = 10;

/** A wait at the gate this short is cheaper sat out than a trip through the queue. */
const SHORT_WAIT_MS = 250;

/** A redirect to another site may wait this long for its turn there, rather than start over. */
const HOP_WAIT_MS = 5_000;

/** A turn is given back within the fetch's deadline, unless its process died; then this much later. */
const LEASE_MARGIN_MS = 5_000;

/** A robots.txt is cut at its cap, but a compressed one must be inflated to be cut. */
const MAX_INFLATED_ROBOTS_BYTES = 8 * 2 ** 20;

/** How much of a body nobody wants is read to keep its connection, and for how long. */
const DUMP_BYTES = 16 * 1024;
const DUMP_MS = 250;

/** Headers a caller may not set: they are the door's own, or would make us somebody we are not. */
const OWN_HEADERS =
  /^(?:host|connection|content-length|transfer-encoding|accept-encoding|user-agent|cookie|expect|upgrade|te|trailer|proxy-.*)$/;

export interface Redirect {
  status: number;
  from: string;
  to: string;
}

export interface FetchOptions {
  purpose: Purpose;
  /** Default GET. */
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  /** Cap on the decoded body; default by purpose. */
  maxBytes?: number;
  /** Limit on the whole fetch; default by purpose. */
  deadlineMs?: number;
  signal?: AbortSignal;
  /** Default true for pages and images. */
  checkRobots?: boolean;
  /** Validators of a conditional GET, as the server wrote them. */
  etag?: string;
  lastModified?: string;
}

/** A response. Statuses that are errors everywhere were thrown; 2xx, 304 and most 4xx are here to be judged. */
export interface Fetched {
  robotsDisallowed: false;
  /** Where the redirects ended, without fragment. */
  url: string;
  requestedUrl: string;
  status: number;
  /** Lower-case names; repeated headers joined by ", ". Values are Latin-1 as received. */
  headers: Record<string, string>;
  contentType?: string;
  /** Decoded from its Content-Encoding; empty for anything but 2xx. */
  body: Uint8Array;
  notModified: boolean;
  redirects: Redirect[];
  /** The address the final URL's origin was last dialled at. */
  ip: string;
  /** Body bytes as received, before decoding. */
  wireBytes: number;
  ms: number;
}

/** robots.txt forbids `url`, which may be where a redirect led. Nothing was asked of it. */
export interface RobotsDisallowed {
  robotsDisallowed: true;
  url: string;
  requestedUrl: string;
  redirects: Redirect[];
}

export interface Door {
  /**
   * Fetches `url`. Throws:
   * - ThrottledError: HOST_BUSY (not our turn), HTTP_429, HTTP_503 (with Retry-After), ROBOTS_UNREACHABLE,
   *   GATE_UNAVAILABLE
   * - TransientError: HTTP_408, HTTP_425, HTTP_5XX, TIMEOUT, ABORTED, CONNECTION_RESET, CONNECTION_REFUSED,
   *   HOST_UNREACHABLE, DNS_TEMPORARY, DNS_NOT_FOUND, BODY_TRUNCATED, BAD_HTTP
   * - PermanentError: BAD_URL, BAD_SCHEME, BAD_PORT, CREDENTIALS_IN_URL, ADDRESS_FORBIDDEN, TOO_LARGE, HEADERS_TOO_LARGE,
   *   UNKNOWN_ENCODING, BAD_ENCODING, TLS_CERTIFICATE, TLS_FAILED, REDIRECT_LOOP, TOO_MANY_REDIRECTS, BAD_REDIRECT,
   *   BAD_REQUEST
   */
  fetch(
    url: string,
    options: FetchOptions & { purpose: 'feed' | 'robots' | 'webhook'; checkRobots?: false },
  ): Promise<Fetched>;
  fetch(url: string, options: FetchOptions & { checkRobots: false }): Promise<Fetched>;
  fetch(url: string, options: FetchOptions): Promise<Fetched | RobotsDisallowed>;
  /** What robots.txt says of `url`, with the sitemaps it names. Throws as fetch does. */
  robots(url: string, options?: { signal?: AbortSignal }): Promise<RobotsVerdict>;
  /** Ends idle connections at once and waits for requests under way. */
  close(): Promise<void>;
}

export interface DoorOptions {
  /** Honest, with a contact URL: `Khabar/0.1 (+https://…)`. */
  userAgent: string;
  /** Opened beyond the public internet: see createAddressPolicy. */
  allowAddresses?: readonly string[];
  gate?: HostGate;
  robots?: Robots;
  limits?: Partial<Record<Purpose, { maxBytes?: number; deadlineMs?: number }>>;
  /** Of one response. Default 32 KiB. */
  maxHeaderBytes?: number;
  /** For one connection attempt. Default 10 s. */
  connectTimeoutMs?: number;
  /** Connections to one origin. Default 16. */
  connectionsPerOrigin?: number;
  resolve?: Resolve;
  /** Extra certificate authorities, PEM. */
  ca?: string;
  log?: { debug(data: object, message: string): void };
}

/** The one way out of the process to the web. */
export function createDoor(options: DoorOptions): Door {
  const { gate, robots, log, userAgent } = options;
  /** Origin → addresses of its open connections, oldest first. */
  const connected = new Map<string, string[]>();
  /** Origin → the fetches that wait for a response from it. */
  const waiting = new Map<string, Set<AbortSignal>>();
  const agent = new Agent({
    connect: createConnector({
      policy: createAddressPolicy(options.allowAddresses),
      resolve: options.resolve ?? createResolve(),
      connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
      wanted: (origin) => [...(waiting.get(origin) ?? [])].some((signal) => !signal.aborted),
      onConnect(origin, ip) {
        const ips = connected.get(origin);
        if (ips) ips.push(ip);
        else connected.set(origin, [ip]);
      },
      onClose(origin, ip) {
        const ips = connected.get(origin) ?? [];
        ips.splice(ips.indexOf(ip), 1);
        if (ips.length === 0) connected.delete(origin);
      },
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    }),
    connections: options.connectionsPerOrigin ?? 16,
    maxHeaderSize: options.maxHeaderBytes ?? 32 * 1024,
    // The fetch's own deadline rules; these only end what it has already given up.
    headersTimeout: 60_000,
    bodyTimeout: 60_000,
  });

  async function fetch(requestedUrl: string, request: FetchOptions): Promise<Fetched | RobotsDisallowed> {
    const started = performance.now();
    const rules = { ...PURPOSES[request.purpose], ...options.limits?.[request.purpose] };
    const maxBytes = request.maxBytes ?? rules.maxBytes;
    const deadlineMs = request.deadlineMs ?? rules.deadlineMs;
    const deadline = startDeadline(deadlineMs, requestedUrl, request.signal);
    const visit = new Visit(requestedUrl, deadline, deadlineMs, rules.gated ? gate : undefined);
    try {
      const headers = headersFor(request, rules.accept);
      const method = request.method ?? 'GET';
      const redirects: Redirect[] = [];
      const seen = new Set<string>();
      for (let url = targetOf(requestedUrl); ; ) {
        seen.add(url.href);
        const allowed = await admit(url, visit, request.checkRobots ?? rules.robots);
        if (!allowed) return { robotsDisallowed: true, url: url.href, requestedUrl, redirects };
        const response = await send(url, method, headers, request.body, deadline);
        const ip = connected.get(url.origin)?.at(-1) ?? '';
        const answer = flatten(response.headers);
        const status = response.statusCode;
        const next = rules.follows ? redirectTarget(method, status, answer.location, url) : undefined;
        if (next) {
          await deadline.race(discard(response.body));
          // undici hands a connection on in the next turn of the event loop; before it, it would open a second one.
          await immediate();
          redirects.push({ status, from: url.href, to: next.href });
          if (seen.has(next.href))
            throw new PermanentError('REDIRECT_LOOP', `${requestedUrl} comes back to ${next.href}`);
          if (redirects.length > MAX_REDIRECTS) {
            throw new PermanentError('TOO_MANY_REDIRECTS', `${requestedUrl} is still redirected at ${next.href}`);
          }
          if (next.origin !== url.origin) dropSecrets(headers);
          url = next;
          continue;
        }
        const fault = statusFault(status, answer, url.href, Date.now());
        if (fault) {
          void discard(response.body);
          throw fault;
        }
        const { body, wireBytes } = await read(
          response,
          answer,
          method,
          maxBytes,
          request.purpose === 'robots',
          deadline,
        );
        const ms = performance.now() - started;
        log?.debug({ url: url.href, status, wireBytes, ms }, 'fetched');
        return {
          robotsDisallowed: false,
          url: url.href,
          requestedUrl,
          status,
          headers: answer,
          ...(answer['content-type'] === undefined ? {} : { contentType: answer['content-type'] }),
          body,
          notModified: status === 304,
          redirects,
          ip,
          wireBytes,
          ms,
        };
      }
    } catch (error) {
      const fault = networkFault(error, requestedUrl);
      if (fault instanceof ThrottledError && fault.code.startsWith('HTTP_')) visit.holdMs = fault.retryAfterMs;
      throw fault;
    } finally {
      deadline.clear();
      await visit.end();
    }
  }

  /** Takes a turn at the URL's site and asks its robots.txt; false when that forbids it. */
  async function admit(url: URL, visit: Visit, checkRobots: boolean): Promise<boolean> {
    const { deadline } = visit;
    if (!robots || !checkRobots) {
      await visit.enter(siteOf(url));
      return true;
    }
    // What is known costs the site nothing; what is not is asked within the turn.
    const known = await deadline.race(robots.known(url));
    if (known?.allowed === false) return false;
    await visit.enter(siteOf(url), known ? { spacingMs: known.crawlDelayMs ?? 0 } : {});
    const verdict = known ?? (await deadline.race(robots.check(url, loadRobots)));
    return verdict.allowed;
  }

  /** Within somebody's turn, so outside the gate; its own deadline, since others may wait for the answer too. */
  async function loadRobots(robotsUrl: string): Promise<RobotsResponse> {
    try {
      const response = await fetch(robotsUrl, { purpose: 'robots' });
      if (response.robotsDisallowed) throw new TypeError('robots.txt is not subject to itself');
      return response;
    } catch (error) {
      if (!(error instanceof StageError)) throw error;
      if (/^HTTP_|TOO_LARGE|TRUNCATED/.test(error.code)) return { status: 503, headers: {}, body: new Uint8Array() };
      // Endless redirects and unreadable files are "unavailable": RFC 9309 sections 2.3.1.2 and 2.3.1.3.
      if (/REDIRECT|ENCODING/.test(error.code)) return { status: 404, headers: {}, body: new Uint8Array() };
      throw error;
    }
  }

  function headersFor(request: FetchOptions, accept: string): Record<string, string> {
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

  /** Resolves with the response's head; its body is still to be read. */
  async function send(
    url: URL,
    method: Dispatcher.HttpMethod,
    headers: Record<string, string>,
    body: string | Uint8Array | undefined,
    { signal, race }: Deadline,
  ): Promise<Dispatcher.ResponseData> {
    signal.throwIfAborted();
    const { origin } = url;
    const signals = waiting.get(origin) ?? new Set();
    waiting.set(origin, signals.add(signal));
    try {
      // While a connection is being made undici does not look at the signal; the race does.
      return await race(
        agent.request({ origin, path: url.pathname + url.search, method, headers, body: body ?? null, signal }),
      );
    } finally {
      signals.delete(signal);
      if (signals.size === 0) waiting.delete(origin);
    }
  }

  return {
    fetch: fetch as Door['fetch'],
    async robots(url, { signal } = {}) {
      if (!robots) return { allowed: true, sitemaps: [] };
      const target = targetOf(url);
      const deadline = startDeadline(PURPOSES.robots.deadlineMs, url, signal);
      const visit = new Visit(target.href, deadline, PURPOSES.robots.deadlineMs, gate);
      try {
        const known = await deadline.race(robots.known(target));
        if (known) return known;
        await visit.enter(siteOf(target));
        return await deadline.race(robots.check(target, loadRobots));
      } finally {
        deadline.clear();
        await visit.end();
      }
    },
    close: () => agent.close(),
  };
}

/** The turns one fetch takes. A turn covers everything on one site: its robots.txt, the request, redirects within. */
class Visit {
  readonly deadline: Deadline;
  /** Keeps everybody away from the current site once this visit ends. */
  holdMs = 0;
  readonly #ticket: string;
  readonly #leaseMs: number;
  readonly #gate: HostGate | undefined;
  #turn: Turn | undefined;
  #site: string | undefined;

  constructor(ticket: string, deadline: Deadline, deadlineMs: number, gate: HostGate | undefined) {
    this.#ticket = ticket;
    this.#leaseMs = deadlineMs + LEASE_MARGIN_MS;
    this.deadline = deadline;
    this.#gate = gate;
  }

  async enter(site: string, options: { spacingMs?: number } = {}): Promise<void> {
    if (!this.#gate || site === this.#site) return;
    let patienceMs = this.#site === undefined ? SHORT_WAIT_MS : HOP_WAIT_MS;
    await this.end();
    this.#site = site;
    for (;;) {
      const answer = await this.#ask(this.#gate.enter(site, this.#ticket, { ...options, leaseMs: this.#leaseMs }));
      if (answer.ok) {
        this.#turn = answer;
        return;
      }
      if (answer.waitMs > patienceMs) {
        throw new ThrottledError('HOST_BUSY', `not our turn at ${site} for ${answer.waitMs} ms`, answer.waitMs);
      }
      patienceMs -= answer.waitMs;
      await this.deadline.race(sleep(answer.waitMs, undefined, { ref: false }));
    }
  }

  /** The gate's answer; one that comes after the deadline is given back. */
  async #ask(asked: ReturnType<HostGate['enter']>): ReturnType<HostGate['enter']> {
    try {
      return await this.deadline.race(asked);
    } catch (error) {
      asked.then((late) => (late.ok ? late.leave() : undefined)).catch(ignore);
      if (error instanceof TransientError && error.code === 'TIMEOUT') throw gateUnavailable(error.message, error);
      throw error;
    }
  }

  /** A lease that cannot be given back runs out by itself, so the fetch need not fail for it. */
  async end(): Promise<void> {
    const turn = this.#turn;
    this.#turn = undefined;
    await turn?.leave(this.holdMs).catch((error: unknown) => {
      if (!(error instanceof ThrottledError)) throw error;
    });
  }
}

/** `url` parsed, without fragment. Throws PermanentError BAD_URL, BAD_SCHEME, BAD_PORT, CREDENTIALS_IN_URL. */
function targetOf(url: string, base?: URL): URL {
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

/** Where a response sends us, or undefined. Only 307 and 308 carry a request with a body on: RFC 9110 section 15.4. */
function redirectTarget(method: string, status: number, location: string | undefined, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(status)) return undefined;
  if (method !== 'GET' && method !== 'HEAD' && status < 307) return undefined;
  if (location === undefined || location.trim() === '') {
    throw new PermanentError('BAD_REDIRECT', `${status} from ${from.href} without a location`);
  }
  // Servers send raw bytes (Arabic paths in UTF-8, mostly); header values arrive as Latin-1, one character per byte.
  const encoded = location
    .trim()
    .replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
  return targetOf(encoded, from);
}

/** What was meant for one origin is not told another. */
function dropSecrets(headers: Record<string, string>): void {
  for (const name of Object.keys(headers)) if (/auth|token|secret|signature|api-?key/.test(name)) delete headers[name];
}

/** The decoded body of a 2xx; other bodies are not read. */
async function read(
  response: Dispatcher.ResponseData,
  headers: Readonly<Record<string, string>>,
  method: string,
  maxBytes: number,
  cut: boolean,
  deadline: Deadline,
): Promise<{ body: Uint8Array; wireBytes: number }> {
  const { statusCode, body } = response;
  if (statusCode < 200 || statusCode > 299 || method === 'HEAD') {
    void discard(body);
    return { body: new Uint8Array(), wireBytes: 0 };
  }
  try {
    const codings = parseContentEncoding(headers['content-encoding']);
    if (!cut && Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
    const wire = await deadline.race(collect(body, maxBytes, cut));
    if (codings.length === 0) return { body: wire, wireBytes: wire.length };
    const decoded = await deadline.race(decode(wire, codings, cut ? MAX_INFLATED_ROBOTS_BYTES : maxBytes));
    return { body: decoded.subarray(0, maxBytes), wireBytes: wire.length };
  } catch (error) {
    body.on('error', ignore).destroy();
    throw error;
  }
}

/** Reads a little of an unwanted body, so that its connection can be used again; ends the connection otherwise. */
async function discard(body: Dispatcher.ResponseData['body']): Promise<void> {
  await body.dump({ limit: DUMP_BYTES, signal: AbortSignal.timeout(DUMP_MS) }).catch(ignore);
}

function ignore(): void {}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
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
