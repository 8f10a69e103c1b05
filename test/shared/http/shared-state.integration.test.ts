import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, expect, test } from 'vitest';
import {
  createMemoryGate,
  createRedisGate,
  createRobots,
  type GateRules,
  type Turn,
} from '../../../src/shared/http/index.ts';
import { testRedisUrl, uniqueName } from '../../support/servers.ts';

let clients: Redis[] = [];

afterEach(() => {
  for (const client of clients) client.disconnect();
  clients = [];
});

function connect(): Redis {
  const client = new Redis(testRedisUrl());
  clients.push(client);
  return client;
}

/** Gates as so many processes would have them: each with a connection of its own. */
function gates(count: number, rules: GateRules) {
  const keyPrefix = `${uniqueName('gate')}:`;
  return {
    keyPrefix,
    gates: Array.from({ length: count }, () => createRedisGate({ redis: connect(), rules, keyPrefix })),
  };
}

/** Comes back whenever told to, until it is its turn. */
async function waitForTurn(gate: ReturnType<typeof createRedisGate>, site: string, ticket: string): Promise<Turn> {
  for (;;) {
    const answer = await gate.enter(site, ticket);
    if (answer.ok) return answer;
    await sleep(answer.waitMs);
  }
}

test('gate – four clients that race keep the spacing', async () => {
  const spacingMs = 30;
  const leaseMs = 600_000;
  const shared = gates(4, { spacingMs, leaseMs, inFlight: 1_000 });
  await Promise.all(
    Array.from({ length: 60 }, (_, i) => {
      const gate = shared.gates[i % 4];
      return gate && waitForTurn(gate, 'news.example', `errand ${i}`);
    }),
  );
  // Nobody left, so the leases tell when each turn began by Redis' clock.
  const leases = await connect().zrange(`${shared.keyPrefix}{news.example}:leases`, '0', '-1', 'WITHSCORES');
  const starts = leases.filter((_, i) => i % 2 === 1).map((expiry) => Number(expiry) - leaseMs);
  expect(starts).toHaveLength(60);
  const gaps = starts.slice(1).map((at, i) => at - (starts[i] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(spacingMs);
});

test('gate – four clients that race keep the cap in flight', async () => {
  const shared = gates(4, { spacingMs: 0, inFlight: 2 });
  let inFlight = 0;
  let most = 0;
  let meet = () => {};
  // Whoever is first stays until a second one is let in, however slowly it comes.
  const met = new Promise<void>((resolve) => {
    meet = resolve;
  });
  await Promise.all(
    Array.from({ length: 40 }, async (_, i) => {
      const gate = shared.gates[i % 4];
      if (!gate) return;
      const turn = await waitForTurn(gate, 'news.example', `errand ${i}`);
      inFlight += 1;
      most = Math.max(most, inFlight);
      if (inFlight === 2) meet();
      await met;
      await sleep(5);
      inFlight -= 1;
      await turn.leave();
    }),
  );
  expect(most).toBe(2);
});

test('gate – the place of a holder that died is free when its lease ends', async () => {
  const { gates: pair, keyPrefix } = gates(2, { spacingMs: 0, inFlight: 1 });
  const [first, second] = pair;
  if (!first || !second) throw new Error('two gates');
  expect(await first.enter('news.example', 'a', { leaseMs: 600_000 })).toMatchObject({ ok: true });
  clients[0]?.disconnect();
  expect(await second.enter('news.example', 'b')).toMatchObject({ ok: false });
  // Ten minutes later.
  const redis = connect();
  const leases = `${keyPrefix}{news.example}:leases`;
  for (const lease of await redis.zrange(leases, '0', '-1')) await redis.zincrby(leases, -600_000, lease);
  await (await waitForTurn(second, 'news.example', 'b')).leave();
});

test('gate – a clock that is set back keeps no site shut', async () => {
  const { gates: pair, keyPrefix } = gates(1, {});
  const turn = await pair[0]?.enter('news.example', 'a');
  if (turn?.ok) await turn.leave();
  // Seen from an hour earlier.
  await connect().hincrby(`${keyPrefix}{news.example}:state`, 'last', 3_600_000);
  expect(await pair[0]?.enter('news.example', 'b')).toMatchObject({ ok: true });
});

test('gate – promised slots are kept apart and found again by all clients', async () => {
  const { gates: pair } = gates(2, { spacingMs: 60_000 });
  const [first, second] = pair;
  if (!first || !second) throw new Error('two gates');
  expect(await first.enter('news.example', 'a')).toMatchObject({ ok: true });
  const waits: number[] = [];
  for (const [gate, ticket] of [
    [first, 'b'],
    [second, 'c'],
    [second, 'b'],
    [first, 'c'],
  ] as const) {
    const answer = await gate.enter('news.example', ticket);
    waits.push(answer.ok ? 0 : answer.waitMs);
  }
  const [b = 0, c = 0, bAgain = 0, cAgain = 0] = waits;
  expect(b).toBeGreaterThan(50_000);
  expect(c - b).toBeGreaterThan(50_000);
  expect(b - bAgain).toBeLessThan(5_000);
  expect(c - cAgain).toBeLessThan(5_000);
  expect(await first.enter('other.example', 'b')).toMatchObject({ ok: true });
});

test('gate – a hold, a crawl-delay and the operator’s spacing hold for all clients', async () => {
  const rules = { spacingMsBySite: { 'own.example': 5_000 } };
  const { gates: pair } = gates(2, rules);
  const [first, second] = pair;
  if (!first || !second) throw new Error('two gates');
  const refusedFor = async (site: string) => {
    const answer = await second.enter(site, 'b');
    return answer.ok ? 0 : answer.waitMs;
  };
  const held = await first.enter('held.example', 'a');
  if (held.ok) await held.leave(3_600_000);
  expect(await refusedFor('held.example')).toBeGreaterThan(3_500_000);
  await first.enter('slow.example', 'a', { spacingMs: 20_000 });
  expect(await refusedFor('slow.example')).toBeGreaterThan(15_000);
  await first.enter('own.example', 'a', { spacingMs: 20_000 });
  expect(await refusedFor('own.example')).toBeLessThanOrEqual(5_000);
});

test('gate – all it keeps in Redis goes away by itself', async () => {
  const { gates: pair, keyPrefix } = gates(1, {});
  const turn = await pair[0]?.enter('news.example', 'a', { spacingMs: 5_000 });
  await pair[0]?.enter('news.example', 'b');
  if (turn?.ok) await turn.leave(1_000);
  const redis = connect();
  const keys = await redis.keys(`${keyPrefix}*`);
  expect(keys.sort()).toEqual([`${keyPrefix}{news.example}:state`, `${keyPrefix}{news.example}:tickets`]);
  for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(0);
});

test('gate – Redis and memory keep the same rules', async () => {
  const clock = { now: 1_000_000 };
  const rules = { spacingMs: 300, inFlight: 3, horizonMs: 4_000 };
  const keyPrefix = `${uniqueName('gate')}:`;
  const redis = connect();
  const define = redis.defineCommand.bind(redis);
  redis.defineCommand = (name, { lua, ...rest }) => {
    const timed = lua.replace(
      /^local time.*\nlocal now.*$/m,
      `local now = tonumber(redis.call('GET', KEYS[1] .. ':now'))`,
    );
    expect(timed).not.toBe(lua);
    define(name, { ...rest, lua: timed });
  };
  const random = () => 0.25;
  const shared = createRedisGate({ redis, rules, keyPrefix, random });
  const local = createMemoryGate({ rules, now: () => clock.now, random });

  let seed = 11;
  const below = (limit: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * limit);
  };
  const held: [Turn, Turn][] = [];
  const counts = { started: 0, refused: 0 };
  for (let step = 0; step < 3_000; step++) {
    clock.now += below(4) === 0 ? below(2_000) : below(50);
    await redis.set(`${keyPrefix}{news.example}:state:now`, clock.now, 'EX', 600);
    if (held.length > 0 && below(3) === 0) {
      const [pair] = held.splice(below(held.length), 1);
      const holdMs = below(20) === 0 ? below(5_000) : 0;
      for (const turn of pair ?? []) await turn.leave(holdMs);
      continue;
    }
    const ticket = `errand ${below(25)}`;
    const options = {
      leaseMs: 1_000 + below(3_000),
      urgent: below(10) === 0,
      ...(below(30) === 0 ? { spacingMs: below(900) } : {}),
    };
    const [a, b] = [
      await shared.enter('news.example', ticket, options),
      await local.enter('news.example', ticket, options),
    ];
    expect({ step, ok: a.ok, waitMs: a.ok ? 0 : a.waitMs }).toEqual({ step, ok: b.ok, waitMs: b.ok ? 0 : b.waitMs });
    if (a.ok && b.ok) held.push([a, b]);
    counts[a.ok ? 'started' : 'refused'] += 1;
  }
  // Both answers were given often enough for the comparison to mean something.
  expect(Math.min(counts.started, counts.refused)).toBeGreaterThan(200);
});

test('gate – without Redis there are no turns', async () => {
  const redis = new Redis({ port: 1, lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  redis.on('error', () => {});
  const gate = createRedisGate({ redis });
  await expect(gate.enter('news.example', 'a')).rejects.toMatchObject({
    name: 'ThrottledError',
    code: 'GATE_UNAVAILABLE',
  });
});

test('robots – what one process learnt the next one knows, for a day', async () => {
  const keyPrefix = `${uniqueName('robots')}:`;
  const userAgent = 'Khabar/test';
  const url = new URL('https://news.example/private/1');
  let loads = 0;
  const load = async () => {
    loads += 1;
    return { status: 200, headers: {}, body: new TextEncoder().encode('User-agent: *\nDisallow: /private') };
  };
  const first = createRobots({ userAgent, redis: connect(), keyPrefix });
  const second = createRobots({ userAgent, redis: connect(), keyPrefix });
  expect((await first.check(url, load)).allowed).toBe(false);
  expect((await second.known(url))?.allowed).toBe(false);
  expect((await second.check(url, load)).allowed).toBe(false);
  expect(loads).toBe(1);
  const ttl = await connect().pttl(`${keyPrefix}https://news.example`);
  expect(ttl).toBeGreaterThan(86_000_000);
  expect(ttl).toBeLessThanOrEqual(86_400_000);
});

test('robots – a large file is kept by the process, and takes no room in Redis', async () => {
  const keyPrefix = `${uniqueName('robots')}:`;
  const robots = createRobots({ userAgent: 'Khabar/test', redis: connect(), keyPrefix });
  const text = `User-agent: *\n${'Disallow: /private\n'.repeat(10_000)}`;
  const load = async () => ({ status: 200, headers: {}, body: new TextEncoder().encode(text) });
  const url = new URL('https://news.example/private/1');
  expect((await robots.check(url, load)).allowed).toBe(false);
  expect((await robots.known(url))?.allowed).toBe(false);
  expect(await connect().keys(`${keyPrefix}*`)).toEqual([]);
});

test('robots – without Redis a site is asked again', async () => {
  const redis = new Redis({ port: 1, lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  redis.on('error', () => {});
  const robots = createRobots({ userAgent: 'Khabar/test', redis });
  const load = async () => ({ status: 404, headers: {}, body: new Uint8Array() });
  expect(await robots.check(new URL('https://news.example/'), load)).toMatchObject({ allowed: true });
});
