import { createHash, randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { ThrottledError } from '../errors.ts';

/** A granted start. `leave` ends it, once; `holdMs` keeps everybody away from the site that long (Retry-After). */
export interface Turn {
  ok: true;
  leave(holdMs?: number): Promise<void>;
}

/** Not yet. Whoever comes back after `waitMs` with the same ticket finds the slot kept. */
export interface Refusal {
  ok: false;
  waitMs: number;
}

export interface EnterOptions {
  /** Crawl-delay the site asks for; remembered for callers that do not know it. */
  spacingMs?: number;
  /** Goes before errands that have waited for less than their slot: a poll that decides what the others will be. */
  urgent?: boolean;
  /** After this long a turn whose holder died counts as left. */
  leaseMs?: number;
}

/** One door policy per site (see siteOf), for every process that shares the gate. */
export interface HostGate {
  /**
   * Asks for a turn at `site`. `ticket` names the caller's errand (its URL), so that the slot promised with a refusal
   * is found again. Throws ThrottledError GATE_UNAVAILABLE.
   */
  enter(site: string, ticket: string, options?: EnterOptions): Promise<Turn | Refusal>;
}

export interface GateRules {
  /** Least time between two starts at one site. Default 1,000. */
  spacingMs?: number;
  /** Spacing for particular sites, stronger than robots.txt. */
  spacingMsBySite?: Readonly<Record<string, number>>;
  /** Most requests under way at one site. Default 2. */
  inFlight?: number;
  /** Default 60,000. */
  leaseMs?: number;
  /** How far ahead slots are promised; beyond it callers come back at random. Default 10 min. */
  horizonMs?: number;
}

/** No robots.txt slows us below one request in 30 s: the site's other visitors do not either. */
const MAX_CRAWL_DELAY_MS = 30_000;

export const DEFAULT_GATE_RULES: Required<GateRules> = {
  spacingMs: 1_000,
  spacingMsBySite: {},
  inFlight: 2,
  leaseMs: 60_000,
  horizonMs: 600_000,
};

/** A promised slot is kept this long for a caller that comes late, as jobs of a busy worker do. */
export const TICKET_GRACE_MS = 3_600_000;

/** Distance of promised slots at a site without spacing that is merely full, until we know how long a turn takes. */
export const FIRST_STEP_MS = 10;

/**
 * Promised slots lie so much closer than places become free, because callers come late: of 1, 0.9, 0.8 and 0.7 the last
 * kept a slow site busiest (95 % of what it can take, 3.9 requests to the gate per turn).
 */
export const STEP_SHARE = 0.7;

/** Weight of the latest turn in the moving average of how long turns take. */
export const TURN_WEIGHT = 0.2;

/**
 * KEYS: state (hash: start of the last turn; the tail, lane and coming slots; hold; crawl-delay; how long turns usually take), tickets (zset: errand → slot),
 * leases (zset: turn → expiry). Times are Redis' own clock in ms, so that processes need not agree on theirs.
 *
 * A caller starts when the last start is `spacing` ago, no hold is on, a place in flight is free and it has the claim:
 * its promised slot has come, it is urgent, or no slot promised to another lies near now. A newcomer refused is promised the slot
 * after the last one promised (tail). A holder refused, because somebody was late or all places are taken, keeps its
 * precedence: the first gets the coming opening, others a place behind each other (lane). So waiting callers come back
 * one by one, as fast as the site takes them, and slots nobody comes for simply pass.
 */
const GATE_SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local state, tickets, leases = KEYS[1], KEYS[2], KEYS[3]
local function keep(key, ms) redis.call('PEXPIRE', key, math.ceil(ms) + ${TICKET_GRACE_MS}) end

if ARGV[1] == 'leave' then
  local expiry = redis.call('ZSCORE', leases, ARGV[2])
  redis.call('ZREM', leases, ARGV[2])
  if expiry then
    local took = now - (expiry - ARGV[4])
    local usual = tonumber(redis.call('HGET', state, 'usual') or took)
    redis.call('HSET', state, 'usual', math.floor(usual + (took - usual) * ${TURN_WEIGHT} + 0.5))
  end
  local holdMs = tonumber(ARGV[3])
  if holdMs > 0 then
    local hold = math.max(now + holdMs, tonumber(redis.call('HGET', state, 'hold') or 0))
    redis.call('HSET', state, 'hold', hold)
    keep(state, hold - now)
  end
  return {1, 0}
end

local lease, ticket = ARGV[2], ARGV[3]
local spacing, inFlight = tonumber(ARGV[4]), tonumber(ARGV[5])
local leaseMs, horizon, random = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
if ARGV[9] ~= '' then redis.call('HSET', state, 'delay', ARGV[9]) end
local fields = redis.call('HMGET', state, 'last', 'tail', 'lane', 'coming', 'hold', 'delay')
for i = 1, 6 do fields[i] = tonumber(fields[i] or 0) end
local last, tail, lane, coming, hold, delay = unpack(fields)
-- The clock was set back: waiting for that moment to pass would keep the site shut for as long.
if last > now then last = 0 end
if ARGV[10] == '' then spacing = math.max(spacing, delay) end

redis.call('ZREMRANGEBYSCORE', leases, '-inf', now)
redis.call('ZREMRANGEBYSCORE', tickets, '-inf', now - ${TICKET_GRACE_MS})
local open = math.max(last + spacing, hold)
local slot = tonumber(redis.call('ZSCORE', tickets, ticket) or 0)
local due = ARGV[11] ~= '' or (slot > 0 and slot <= now)
if slot > now and slot >= open then return {0, slot - now} end

local claim = due or redis.call('ZCOUNT', tickets, now - spacing, now + spacing) == 0
if claim and open <= now and redis.call('ZCARD', leases) < inFlight then
  redis.call('ZREM', tickets, ticket)
  redis.call('ZADD', leases, now + leaseMs, lease)
  redis.call('HSET', state, 'last', now)
  keep(state, math.max(tail, lane, hold, now) - now)
  keep(leases, leaseMs)
  return {1, 0}
end

local usual = redis.call('HGET', state, 'usual')
local step = math.max(spacing, usual and math.ceil(math.max(usual / inFlight * ${STEP_SHARE}, 1)) or ${FIRST_STEP_MS})
local first = open > now and open or now + step
local promised
if due and open > now and coming <= now then
  promised = open
  redis.call('HSET', state, 'coming', open)
elseif due then
  promised = math.max(first, lane > now and lane + step or 0, coming > now and coming + step or 0)
  redis.call('HSET', state, 'lane', promised)
else
  promised = math.max(first, tail + step, lane + step)
  if promised - first > horizon then return {0, math.ceil(first - now + horizon * (0.5 + random / 2))} end
  redis.call('HSET', state, 'tail', promised)
end
redis.call('ZADD', tickets, promised, ticket)
keep(state, promised - now)
keep(tickets, promised - now)
return {0, promised - now}
`;

type GateScript = (...args: (string | number)[]) => Promise<[started: number, waitMs: number]>;

/** The gate every process with the same Redis and key prefix shares. */
export function createRedisGate(options: {
  redis: Redis;
  rules?: GateRules;
  /** Default `khabar:gate:`. */
  keyPrefix?: string;
  random?: () => number;
}): HostGate {
  const { redis, keyPrefix = 'khabar:gate:', random = Math.random } = options;
  const rules = { ...DEFAULT_GATE_RULES, ...options.rules };
  redis.defineCommand('khabarHostGate', { numberOfKeys: 3, lua: GATE_SCRIPT });
  const script = (redis as Redis & { khabarHostGate: GateScript }).khabarHostGate.bind(redis);

  async function run(site: string, ...args: (string | number)[]) {
    // The braces keep a site's three keys on one node of a Redis Cluster.
    const key = `${keyPrefix}{${site}}`;
    try {
      return await script(`${key}:state`, `${key}:tickets`, `${key}:leases`, ...args);
    } catch (error) {
      throw gateUnavailable((error as Error).message, error);
    }
  }

  return {
    async enter(site, ticket, { spacingMs, urgent = false, leaseMs = rules.leaseMs } = {}) {
      const lease = randomUUID();
      const own = rules.spacingMsBySite[site];
      const [started, waitMs] = await run(
        site,
        'enter',
        lease,
        ticketKey(ticket),
        Math.round(own ?? rules.spacingMs),
        rules.inFlight,
        Math.round(leaseMs),
        rules.horizonMs,
        random(),
        spacingMs === undefined ? '' : crawlDelay(spacingMs),
        own === undefined ? '' : 'own',
        urgent ? 'urgent' : '',
      );
      if (!started) return { ok: false, waitMs };
      let left = false;
      return {
        ok: true,
        async leave(holdMs = 0) {
          if (left) return;
          left = true;
          await run(site, 'leave', lease, Math.ceil(holdMs), Math.round(leaseMs));
        },
      };
    },
  };
}

/** Redis being away says nothing about the errand, which is put off without costing an attempt. */
export function gateUnavailable(reason: string, cause?: unknown): ThrottledError {
  return new ThrottledError('GATE_UNAVAILABLE', `no turn can be had: ${reason}`, 3_000, { cause });
}

/** Crawl-delay in whole ms within our bounds. */
export function crawlDelay(ms: number): number {
  return Math.round(Math.min(Math.max(0, ms), MAX_CRAWL_DELAY_MS));
}

/** URLs may be kilobytes long; 96 bits of a digest tell errands apart. */
function ticketKey(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64url').slice(0, 16);
}
