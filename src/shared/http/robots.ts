import type { Redis } from 'ioredis';
import robotsParser from 'robots-parser';
import { ThrottledError } from '../errors.ts';
import { cacheLifetimeSeconds } from './cache-lifetime.ts';

type RobotsRules = ReturnType<typeof robotsParser.default>;

/** The package is CommonJS; its types describe an ES module's default export that is not there at run time. */
const parseRobots = robotsParser as unknown as typeof robotsParser.default;

/** Parsing more is not asked of anyone: RFC 9309 section 2.5. */
export const MAX_ROBOTS_BYTES = 500 * 1024;

/** RFC 9309 section 2.4: not used for longer than 24 hours. */
const MAX_AGE_MS = 24 * 60 * 60 * 1000;
const MIN_AGE_MS = 5 * 60 * 1000;

/** How long a site whose robots.txt cannot be had is left alone before we look again. */
const UNREACHABLE_MS = 10 * 60 * 1000;

/** Sites whose parsed rules one process keeps. */
const MAX_SITES_IN_MEMORY = 1_000;

/** A rule longer than this fits no URL we fetch, and matching is quadratic at worst. */
const MAX_LINE_CHARS = 2_000;

export interface RobotsVerdict {
  allowed: boolean;
  /** What the site asks for between two visits, not yet bounded. */
  crawlDelayMs?: number;
  /** Sitemaps the file names, as written. */
  sitemaps: string[];
}

/** What asking for a robots.txt brought. */
export interface RobotsResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

/** The rules of the web's robots.txt files for one user agent. */
export interface Robots {
  /** The verdict on `url` from what is already known; undefined when robots.txt must be asked for first. */
  known(url: URL): Promise<RobotsVerdict | undefined>;
  /**
   * The verdict on `url`; `load` fetches the robots.txt at the given URL when needed. Throws what `load` throws, and
   * ThrottledError ROBOTS_UNREACHABLE while a site's robots.txt answers 5xx (RFC 9309 section 2.3.1.4).
   */
  check(url: URL, load: (robotsUrl: string) => Promise<RobotsResponse>): Promise<RobotsVerdict>;
}

/** What is remembered of one origin; `text` undefined: the file could not be had. Times in epoch ms. */
interface Remembered {
  until: number;
  text?: string;
}

interface Parsed extends Remembered {
  rules?: RobotsRules;
}

/** Remembers in memory and, when given, in Redis, so that a site is asked once for all processes. */
export function createRobots(options: {
  /** The full User-Agent; rules are looked up by its product name. */
  userAgent: string;
  redis?: Redis;
  /** Default `khabar:robots:`. */
  keyPrefix?: string;
  now?: () => number;
}): Robots {
  const { userAgent, redis, keyPrefix = 'khabar:robots:', now = Date.now } = options;
  const memory = new Map<string, Parsed>();
  const loading = new Map<string, Promise<Parsed>>();

  async function recall(origin: string): Promise<Parsed | undefined> {
    const kept = memory.get(origin);
    if (kept && kept.until > now()) return kept;
    memory.delete(origin);
    // A Redis that is down costs us one more request for robots.txt, never the fetch.
    const stored = await redis?.get(keyPrefix + origin).catch(() => null);
    if (!stored) return undefined;
    const remembered = JSON.parse(stored) as Remembered;
    return remembered.until > now() ? keep(origin, remembered) : undefined;
  }

  function keep(origin: string, remembered: Remembered): Parsed {
    const { text } = remembered;
    const parsed =
      text === undefined ? remembered : { ...remembered, rules: parseRobots(`${origin}/robots.txt`, text) };
    const oldest = memory.keys().next();
    if (memory.size >= MAX_SITES_IN_MEMORY && !oldest.done) memory.delete(oldest.value);
    memory.set(origin, parsed);
    return parsed;
  }

  async function learn(origin: string, load: (robotsUrl: string) => Promise<RobotsResponse>): Promise<Parsed> {
    const remembered = judge(await load(`${origin}/robots.txt`), now());
    const ttl = remembered.until - now();
    await redis?.set(keyPrefix + origin, JSON.stringify(remembered), 'PX', ttl).catch(() => null);
    return keep(origin, remembered);
  }

  function verdict(url: URL, { rules, until }: Parsed): RobotsVerdict {
    if (rules === undefined) {
      throw new ThrottledError(
        'ROBOTS_UNREACHABLE',
        `${url.origin}/robots.txt cannot be had`,
        Math.max(until - now(), 1),
      );
    }
    const delaySeconds = rules.getCrawlDelay(userAgent);
    return {
      allowed: rules.isAllowed(url.href, userAgent) ?? true,
      sitemaps: rules.getSitemaps(),
      ...(delaySeconds !== undefined && delaySeconds > 0 ? { crawlDelayMs: delaySeconds * 1000 } : {}),
    };
  }

  return {
    async known(url) {
      const parsed = await recall(url.origin);
      return parsed && verdict(url, parsed);
    },
    async check(url, load) {
      const { origin } = url;
      const parsed = await recall(origin);
      if (parsed) return verdict(url, parsed);
      let pending = loading.get(origin);
      if (!pending) {
        pending = learn(origin, load).finally(() => loading.delete(origin));
        loading.set(origin, pending);
      }
      return verdict(url, await pending);
    },
  };
}

/** What an answer to the request for robots.txt means. Source: RFC 9309 section 2.3.1. */
function judge({ status, headers, body }: RobotsResponse, now: number): Remembered {
  if (status >= 500 || status === 429) return { until: now + UNREACHABLE_MS };
  const lifetimeMs = cacheLifetimeSeconds(headers, now);
  const ageMs = lifetimeMs === undefined ? MAX_AGE_MS : Math.min(Math.max(lifetimeMs * 1000, MIN_AGE_MS), MAX_AGE_MS);
  return { until: now + ageMs, text: status >= 200 && status < 300 ? tidy(new TextDecoder().decode(body)) : '' };
}

/** The file without comments, overlong lines and runs of stars, which mean what one means. */
function tidy(text: string): string {
  const lines = text.split(/\r\n?|\n/).map((line) =>
    line
      .replace(/#.*/, '')
      .trim()
      .replace(/\*{2,}/g, '*'),
  );
  return lines.filter((line) => line !== '' && line.length <= MAX_LINE_CHARS).join('\n');
}
