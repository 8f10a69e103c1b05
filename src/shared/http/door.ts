import { setImmediate as immediate } from 'node:timers/promises';
import { Agent, type Dispatcher } from 'undici';
import { PermanentError, StageError, ThrottledError } from '../errors.ts';
import { createAddressPolicy } from './address.ts';
import { collect, decode, parseContentEncoding, tooLarge } from './body.ts';
import { createConnector } from './connector.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import { networkFault, statusFault } from './faults.ts';
import { dropSecrets, flatten, requestHeaders } from './headers.ts';
import type { HostGate } from './host-gate.ts';
import { PURPOSES, type Purpose, type PurposeRules } from './purposes.ts';
import { createResolve, type Resolve } from './resolve.ts';
import type { Robots, RobotsResponse, RobotsVerdict } from './robots.ts';
import { siteOf } from './site.ts';
import { isRedirect, redirectTarget, targetOf } from './target.ts';
import { Visit } from './visit.ts';

/** Browsers stop at 20; no honest chain of a news site is that long. */
const MAX_REDIRECTS = 10;

/** A turn is given back within the fetch's deadline, unless its process died; then this much later. */
const LEASE_MARGIN_MS = 5_000;

/** A robots.txt is cut at its cap, but a compressed one must be inflated to be cut. */
const MAX_INFLATED_ROBOTS_BYTES = 8 * 2 ** 20;

/** How much of a body nobody wants is read to keep its connection, and for how long. */
const DUMP_BYTES = 16 * 1024;
const DUMP_MS = 250;

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
  /** How long to wait for a turn at the site before HOST_BUSY; within the deadline. Default 250 ms. */
  patienceMs?: number;
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
    options: FetchOptions & { purpose: 'feed' | 'robots' | 'hub' | 'webhook'; checkRobots?: false },
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

/** A response whose body is still to be read. */
interface Arrival {
  robotsDisallowed: false;
  url: string;
  status: number;
  headers: Record<string, string>;
  body: Dispatcher.ResponseData['body'];
  redirects: Redirect[];
  ip: string;
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
    // Servers may offer minutes; with thousands of sites that would be as many idle sockets.
    keepAliveMaxTimeout: 15_000,
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
    const turns = { urgent: rules.urgent, leaseMs: deadlineMs + LEASE_MARGIN_MS, patienceMs: request.patienceMs };
    const visit = new Visit(requestedUrl, deadline, turns, rules.gated ? gate : undefined);
    try {
      const arrival = await follow(requestedUrl, request, rules, visit);
      if (arrival.robotsDisallowed) return arrival;
      const { url, headers, status } = arrival;
      const content = await read(arrival, request.method, maxBytes, request.purpose === 'robots', deadline);
      const ms = performance.now() - started;
      log?.debug({ url, status, wireBytes: content.wireBytes, ms }, 'fetched');
      return {
        robotsDisallowed: false,
        url,
        requestedUrl,
        status,
        headers,
        ...(headers['content-type'] === undefined ? {} : { contentType: headers['content-type'] }),
        ...content,
        notModified: status === 304,
        redirects: arrival.redirects,
        ip: arrival.ip,
        ms,
      };
    } catch (error) {
      const fault = networkFault(error, requestedUrl);
      if (fault instanceof ThrottledError && fault.code.startsWith('HTTP_')) visit.holdMs = fault.retryAfterMs;
      throw fault;
    } finally {
      deadline.clear();
      await visit.end();
    }
  }

  /** Goes where the redirects lead, each hop with its turn and its robots.txt. */
  async function follow(
    requestedUrl: string,
    request: FetchOptions,
    rules: PurposeRules,
    visit: Visit,
  ): Promise<Arrival | RobotsDisallowed> {
    const { deadline } = visit;
    const method = request.method ?? 'GET';
    const sent = requestHeaders(request, rules.accept, userAgent);
    const redirects: Redirect[] = [];
    const seen = new Set<string>();
    for (let url = targetOf(requestedUrl); ; ) {
      seen.add(url.href);
      const allowed = await admit(url, visit, request.checkRobots ?? rules.robots);
      if (!allowed) return { robotsDisallowed: true, url: url.href, requestedUrl, redirects };
      const { statusCode: status, headers: raw, body } = await send(url, method, sent, request.body, deadline);
      const ip = connected.get(url.origin)?.at(-1) ?? '';
      const headers = flatten(raw);
      if (!rules.follows || !isRedirect(method, status)) {
        return { robotsDisallowed: false, url: url.href, status, headers, body, redirects, ip };
      }
      await deadline.race(discard(body));
      // undici hands a connection on in the next turn of the event loop; before it, it would open a second one.
      await immediate();
      const next = redirectTarget(headers.location, url);
      redirects.push({ status, from: url.href, to: next.href });
      if (seen.has(next.href)) throw new PermanentError('REDIRECT_LOOP', `${requestedUrl} comes back to ${next.href}`);
      if (redirects.length > MAX_REDIRECTS) {
        throw new PermanentError('TOO_MANY_REDIRECTS', `${requestedUrl} is still redirected at ${next.href}`);
      }
      if (next.origin !== url.origin) dropSecrets(sent);
      url = next;
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
      const { deadlineMs } = PURPOSES.robots;
      const deadline = startDeadline(deadlineMs, url, signal);
      const visit = new Visit(target.href, deadline, { leaseMs: deadlineMs + LEASE_MARGIN_MS }, gate);
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

/** The decoded body of a 2xx; of other statuses none. Throws the error a status is. */
async function read(
  { url, status, headers, body }: Arrival,
  method: string | undefined,
  maxBytes: number,
  cut: boolean,
  deadline: Deadline,
): Promise<{ body: Uint8Array; wireBytes: number }> {
  try {
    const fault = statusFault(status, headers, url, Date.now());
    if (fault) throw fault;
    if (status < 200 || status > 299 || method === 'HEAD') {
      void discard(body);
      return { body: new Uint8Array(), wireBytes: 0 };
    }
    const codings = parseContentEncoding(headers['content-encoding']);
    if (!cut && Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
    const wire = await deadline.race(collect(body, maxBytes, cut));
    if (codings.length === 0) return { body: wire, wireBytes: wire.length };
    const decoded = await deadline.race(decode(wire, codings, cut ? MAX_INFLATED_ROBOTS_BYTES : maxBytes));
    return { body: decoded.subarray(0, maxBytes), wireBytes: wire.length };
  } catch (error) {
    void discard(body);
    throw error;
  }
}

/** Reads a little of an unwanted body, so that its connection can be used again; ends the connection otherwise. */
async function discard(body: Dispatcher.ResponseData['body']): Promise<void> {
  await body.dump({ limit: DUMP_BYTES, signal: AbortSignal.timeout(DUMP_MS) }).catch(ignore);
}

function ignore(): void {}
