import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  createDoor,
  createMemoryGate,
  createRobots,
  type Door,
  type DoorOptions,
  type GateRules,
  type HostGate,
} from '../../../src/shared/http/index.ts';
import { type MisbehavingSite, startMisbehavingSite } from '../../support/misbehaving-site.ts';

const USER_AGENT = 'Khabar/test (+https://khabar.example/bot)';

let site: MisbehavingSite;
let other: MisbehavingSite;
let doors: Door[] = [];

beforeAll(async () => {
  [site, other] = await Promise.all([startMisbehavingSite(), startMisbehavingSite()]);
});

beforeEach(() => {
  for (const each of [site, other]) {
    each.seen.length = 0;
    answerRobots('User-agent: *\nDisallow: /private\nSitemap: https://a.example/news.xml', each);
  }
});

afterEach(async () => {
  await Promise.all(doors.map((door) => door.close()));
  doors = [];
});

afterAll(async () => {
  await Promise.all([site.close(), other.close()]);
});

function answerRobots(text: string, on = site, status = 200): void {
  on.route('/robots.txt', (_request, response) => void response.writeHead(status).end(text));
}

function redirect(from: string, to: string): void {
  site.route(from, (_request, response) => void response.writeHead(302, { location: to }).end());
}

function setup(options: { rules?: GateRules; door?: Partial<DoorOptions> } = {}) {
  const clock = { now: 1_000_000 };
  const now = () => clock.now;
  const gate = createMemoryGate({ rules: options.rules ?? {}, now, random: () => 0.5 });
  const robots = createRobots({ userAgent: USER_AGENT, now });
  const door = createDoor({ userAgent: USER_AGENT, allowAddresses: ['127.0.0.1'], gate, robots, ...options.door });
  doors.push(door);
  const page = (path: string) => door.fetch(site.origin + path, { purpose: 'page' });
  const feed = (path: string) => door.fetch(site.origin + path, { purpose: 'feed' });
  return { clock, door, page, feed };
}

const paths = (on: MisbehavingSite) => on.seen.map(({ path }) => path);

test('fetch – a page robots.txt forbids is not asked for', async () => {
  const { page } = setup();
  expect(await page('/private/1')).toEqual({
    robotsDisallowed: true,
    url: `${site.origin}/private/1`,
    requestedUrl: `${site.origin}/private/1`,
    redirects: [],
  });
  expect(paths(site)).toEqual(['/robots.txt']);
});

test('fetch – robots.txt is asked once, within the turn of the first page', async () => {
  const { page, clock } = setup();
  expect(await page('/news')).toMatchObject({ status: 200 });
  clock.now += 1_000;
  expect(await page('/news')).toMatchObject({ status: 200 });
  expect(paths(site)).toEqual(['/robots.txt', '/news', '/news']);
  expect(site.seen[0]?.headers['user-agent']).toBe(USER_AGENT);
});

test('fetch – what robots.txt is known to forbid costs no turn', async () => {
  const { page, clock } = setup();
  await page('/news');
  expect(await page('/private/1')).toMatchObject({ robotsDisallowed: true });
  clock.now += 1_000;
  expect(await page('/news')).toMatchObject({ status: 200 });
});

test('fetch – a redirect to what robots.txt forbids is not followed', async () => {
  const { page } = setup();
  redirect('/moved', `${other.origin}/private/2`);
  expect(await page('/moved')).toMatchObject({
    robotsDisallowed: true,
    url: `${other.origin}/private/2`,
    redirects: [{ status: 302, from: `${site.origin}/moved`, to: `${other.origin}/private/2` }],
  });
  expect(paths(other)).toEqual(['/robots.txt']);
});

test('fetch – feeds and webhooks do not ask robots.txt, unless told to', async () => {
  const { door, clock } = setup();
  await door.fetch(`${site.origin}/private/feed`, { purpose: 'feed' });
  await door.fetch(`${site.origin}/private/hook`, { purpose: 'webhook', method: 'POST', body: '{}' });
  expect(paths(site)).toEqual(['/private/feed', '/private/hook']);
  clock.now += 1_000;
  const checked = await door.fetch(`${site.origin}/private/feed`, { purpose: 'feed', checkRobots: true });
  expect(checked.robotsDisallowed).toBe(true);
});

test('fetch – pages wait while robots.txt cannot be had', async () => {
  const { page, clock } = setup();
  answerRobots('', site, 500);
  await expect(page('/news')).rejects.toMatchObject({ code: 'ROBOTS_UNREACHABLE', retryAfterMs: 600_000 });
  clock.now += 1_000;
  await expect(page('/news')).rejects.toMatchObject({ code: 'ROBOTS_UNREACHABLE', retryAfterMs: 599_000 });
  expect(paths(site)).toEqual(['/robots.txt']);
});

test('fetch – a site that is down says so, and not that its robots.txt is', async () => {
  const { page } = setup();
  site.route('/robots.txt', (request) => void request.socket.resetAndDestroy());
  await expect(page('/news')).rejects.toMatchObject({ code: 'CONNECTION_RESET' });
});

test('fetch – robots.txt elsewhere, endless or in circles', async () => {
  redirect('/robots.txt', `${other.origin}/robots.txt`);
  expect(await setup().page('/private/1')).toMatchObject({ robotsDisallowed: true });

  redirect('/robots.txt', '/robots.txt');
  expect(await setup().page('/private/1')).toMatchObject({ status: 404 });

  site.route('/robots.txt', (_request, response) => {
    response.writeHead(200);
    response.write('User-agent: *\nDisallow: /private\n');
    const line = Buffer.from(`# ${'comment '.repeat(1_000)}\n`);
    const pump = () => {
      while (!response.destroyed && response.write(line));
    };
    response.on('drain', pump);
    pump();
  });
  expect(await setup().page('/private/1')).toMatchObject({ robotsDisallowed: true });
});

test('fetch – a compressed robots.txt, and one far over its cap', async () => {
  const rules = 'User-agent: *\nDisallow: /private\n';
  const answer = (text: string) =>
    site.route('/robots.txt', (_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(text));
    });
  answer(rules);
  expect(await setup().page('/private/1')).toMatchObject({ robotsDisallowed: true });
  answer(rules + '# comment\n'.repeat(100_000));
  expect(await setup().page('/private/1')).toMatchObject({ robotsDisallowed: true });
  answer(rules + '# comment\n'.repeat(1_000_000));
  await expect(setup().page('/news')).rejects.toMatchObject({ code: 'ROBOTS_UNREACHABLE' });
});

test('fetch – who comes too early is told when to come back', async () => {
  const { feed, clock } = setup();
  await feed('/news');
  await expect(feed('/news?b')).rejects.toMatchObject({ code: 'HOST_BUSY', retryAfterMs: 1_000 });
  await expect(feed('/news?c')).rejects.toMatchObject({ code: 'HOST_BUSY', retryAfterMs: 2_000 });
  clock.now += 1_000;
  await feed('/news?b');
  clock.now += 1_000;
  await feed('/news?c');
  expect(paths(site)).toEqual(['/news', '/news?b', '/news?c']);
});

test('fetch – a turn covers redirects within the site and is given back after a failure', async () => {
  const { feed, clock } = setup({ rules: { inFlight: 1 } });
  await feed('/redirect/3');
  for (const path of ['/fails-once', '/reset', '/endless', '/redirect-loop']) {
    clock.now += 1_000;
    await expect(feed(path)).rejects.not.toMatchObject({ code: 'HOST_BUSY' });
  }
  clock.now += 1_000;
  expect(await feed('/news')).toMatchObject({ status: 200 });
});

test('fetch – a redirect to another site needs a turn there', async () => {
  const { feed, door, clock } = setup();
  redirect('/moved', `${other.origin}/news`);
  clock.now += 1_000;
  expect(await feed('/moved')).toMatchObject({ url: `${other.origin}/news` });
  await expect(door.fetch(`${other.origin}/news`, { purpose: 'feed' })).rejects.toMatchObject({ code: 'HOST_BUSY' });
});

test('fetch – Retry-After keeps everybody away from the site', async () => {
  const { feed, door, clock } = setup();
  await expect(feed('/throttled')).rejects.toMatchObject({ code: 'HTTP_429', retryAfterMs: 120_000 });
  clock.now += 60_000;
  await expect(feed('/news')).rejects.toMatchObject({ code: 'HOST_BUSY', retryAfterMs: 60_000 });
  expect(await door.fetch(`${other.origin}/news`, { purpose: 'feed' })).toMatchObject({ status: 200 });
  clock.now += 60_000;
  expect(await feed('/news')).toMatchObject({ status: 200 });
});

test('fetch – the crawl-delay of robots.txt spaces pages and feeds', async () => {
  const { page, feed, clock } = setup();
  answerRobots('User-agent: Khabar\nCrawl-delay: 7');
  await page('/news');
  clock.now += 1_000;
  await expect(page('/news?2')).rejects.toMatchObject({ code: 'HOST_BUSY', retryAfterMs: 6_000 });
  // A feed goes before a page that waits.
  await expect(feed('/news?3')).rejects.toMatchObject({ code: 'HOST_BUSY', retryAfterMs: 6_000 });
  clock.now += 6_000;
  expect(await feed('/news?3')).toMatchObject({ status: 200 });
  await expect(page('/news?2')).rejects.toMatchObject({ code: 'HOST_BUSY', retryAfterMs: 7_000 });
});

test('fetch – a gate that answers too late: the errand is put off, the turn given back', async () => {
  const gate = createMemoryGate();
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let left = () => {};
  const givenBack = new Promise<void>((resolve) => {
    left = resolve;
  });
  const slow: HostGate = {
    async enter(...args) {
      await answered;
      const turn = await gate.enter(...args);
      return turn.ok ? { ok: true, leave: (holdMs) => turn.leave(holdMs).then(left) } : turn;
    },
  };
  const { door } = setup({ door: { gate: slow } });
  await expect(door.fetch(`${site.origin}/news`, { purpose: 'feed', deadlineMs: 50 })).rejects.toMatchObject({
    name: 'ThrottledError',
    code: 'GATE_UNAVAILABLE',
  });
  answer();
  await givenBack;
  expect(paths(site)).toEqual([]);
});

test('fetch – webhooks are not held up', async () => {
  const { door } = setup();
  const deliver = () => door.fetch(`${site.origin}/news`, { purpose: 'webhook', method: 'POST', body: '{}' });
  const delivered = await Promise.all([deliver(), deliver(), deliver()]);
  expect(delivered.map(({ status }) => status)).toEqual([200, 200, 200]);
});

test('fetch – a very short wait is sat out', async () => {
  const gate = createMemoryGate({ rules: { spacingMs: 30 } });
  const { feed } = setup({ door: { gate } });
  const fetched = await Promise.all([feed('/news?1'), feed('/news?2'), feed('/news?3')]);
  expect(fetched.map(({ status }) => status)).toEqual([200, 200, 200]);
});

test('robots – the verdict with the sitemaps, asked once', async () => {
  const { door } = setup();
  const verdict = { allowed: false, sitemaps: ['https://a.example/news.xml'] };
  expect(await door.robots(`${site.origin}/private`)).toEqual(verdict);
  expect(await door.robots(`${site.origin}/private`)).toEqual(verdict);
  expect(paths(site)).toEqual(['/robots.txt']);
});

test('fetch – with patience it waits for its turn instead of coming back later', async () => {
  const start = Date.now();
  let now = () => start;
  const gate = createMemoryGate({ rules: { spacingMs: 400 }, now: () => now() });
  const door = createDoor({ userAgent: USER_AGENT, allowAddresses: ['127.0.0.1'], gate });
  doors.push(door);
  const feed = (path: string, patienceMs?: number) =>
    door.fetch(site.origin + path, { purpose: 'feed', ...(patienceMs !== undefined && { patienceMs }) });
  await feed('/news');
  await expect(feed('/news?2')).rejects.toMatchObject({ code: 'HOST_BUSY' });
  now = Date.now;
  expect(await feed('/news?3', 10_000)).toMatchObject({ status: 200 });
});
