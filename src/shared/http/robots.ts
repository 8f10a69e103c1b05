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

/** What one process keeps parsed: sites, and characters of their files together. */
const MAX_SITES_IN_MEMORY = 2_000;
const MAX_CHARS_IN_MEMORY = 8 * 2 ** 20;

/**
 * Larger files are remembered by each process for itself: a site that makes up a name of its own for every story could fill Redis with files of
 * 500 KiB, and a full Redis takes no jobs.
 */
const MAX_SHARED_CHARS = 64 * 1024;

/** More of a URL's path is not compared with rules. */
const MAX_PATH_CHARS = 1_000;

/**
 * Matching a rule with stars takes time with its length times the path's, 16 s for a file made to be slow (500 KiB
 * against a path of 8,000 characters). So many characters of such rules are kept per file: 0.2 s at worst.
 */
const MAX_STARRED_CHARS = 64 * 1024;

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
  /** Least recently used first. */
  const memory = new Map<string, Parsed>();
  let charsInMemory = 0;
  const loading = new Map<string, Promise<Parsed>>();

  async function recall(origin: string): Promise<Parsed | undefined> {
    const kept = memory.get(origin);
    forget(origin);
    if (kept && kept.until > now()) return keep(origin, kept);
    // A Redis that is down costs us one more request for robots.txt, never the fetch.
    const stored = await redis?.get(keyPrefix + origin).catch(() => null);
    if (!stored) return undefined;
    const remembered = JSON.parse(stored) as Remembered;
    return remembered.until > now() ? keep(origin, remembered) : undefined;
  }

  function keep(origin: string, remembered: Parsed): Parsed {
    const { text, rules } = remembered;
    const parsed =
      text === undefined || rules ? remembered : { ...remembered, rules: parseRobots(`${origin}/robots.txt`, text) };
    memory.set(origin, parsed);
    charsInMemory += text?.length ?? 0;
    for (const oldest of memory.keys()) {
      if (memory.size <= MAX_SITES_IN_MEMORY && charsInMemory <= MAX_CHARS_IN_MEMORY) break;
      forget(oldest);
    }
    return parsed;
  }

  function forget(origin: string): void {
    charsInMemory -= memory.get(origin)?.text?.length ?? 0;
    memory.delete(origin);
  }

  async function learn(origin: string, load: (robotsUrl: string) => Promise<RobotsResponse>): Promise<Parsed> {
    const remembered = judge(await load(`${origin}/robots.txt`), now());
    const ttl = remembered.until - now();
    const shared = JSON.stringify(remembered);
    if (shared.length <= MAX_SHARED_CHARS) await redis?.set(keyPrefix + origin, shared, 'PX', ttl).catch(() => null);
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
      allowed: rules.isAllowed(url.origin + (url.pathname + url.search).slice(0, MAX_PATH_CHARS), userAgent) ?? true,
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

/** The file without comments, and with stars that are quick to match. */
function tidy(text: string): string {
  const kept: string[] = [];
  let starredChars = 0;
  for (const raw of text.split(/\r\n?|\n/)) {
    // A run of stars means what one means, and one at the end nothing at all.
    const line = raw
      .replace(/#.*/, '')
      .replace(/\*{2,}/g, '*')
      .trim();
    const rule = /^((?:dis)?allow)\s*:\s*(.*)$/i.exec(line);
    if (!rule) {
      if (line !== '') kept.push(line);
      continue;
    }
    const [, verb = '', written = ''] = rule;
    const pattern = written === '*' ? '/' : written.replace(/\*$/, '');
    const star = pattern.indexOf('*');
    if (star >= 0) starredChars += pattern.length;
    if (star < 0 || starredChars <= MAX_STARRED_CHARS) kept.push(`${verb}: ${pattern}`);
    // Beyond the budget we would rather stay away too often than go where we may not.
    else if (verb.length > 'allow'.length) kept.push(`${verb}: ${pattern.slice(0, star) || '/'}`);
  }
  return kept.join('\n');
}
