import { expect, test } from 'vitest';
import { createRobots } from '../../../src/shared/http/index.ts';

const HOUR = 3_600_000;

function setup(text: string, options: { status?: number; headers?: Record<string, string> } = {}) {
  const clock = { now: 1_000_000 };
  const asked: string[] = [];
  const answer = {
    status: options.status ?? 200,
    headers: options.headers ?? {},
    body: new TextEncoder().encode(text),
  };
  const robots = createRobots({ userAgent: 'Khabar/1.0 (+https://khabar.example)', now: () => clock.now });
  const load = async (url: string) => {
    asked.push(url);
    return answer;
  };
  const check = (url: string) => robots.check(new URL(url), load);
  return { check, robots, clock, asked, answer };
}

const RULES = `
# our rules, قواعد
User-agent: *
Disallow: /
Crawl-delay: 1

User-agent: Khabar
User-agent: otherbot
Disallow: /private/
Disallow: /*.pdf$
Disallow: /سري/
Disallow: /**********x
Allow: /private/open
Crawl-delay: 7
Sitemap: https://a.example/news.xml
`;

test.each([
  ['/', true],
  ['/news/1', true],
  ['/private/', false],
  ['/private/open/1', true],
  ['/paper.pdf', false],
  ['/paper.pdf?page=2', true],
  ['/سري/1', false],
  ['/abcx', false],
])('check – %s by the rules for our name', async (path, allowed) => {
  const { check } = setup(RULES);
  expect(await check(`https://a.example${path}`)).toEqual({
    allowed,
    crawlDelayMs: 7_000,
    sitemaps: ['https://a.example/news.xml'],
  });
});

test('check – by the rules for everybody, with a byte order mark and old line ends', async () => {
  const { check } = setup('\uFEFFUser-Agent: *\rDisallow: /no\r');
  expect((await check('https://a.example/no')).allowed).toBe(false);
  expect(await check('https://a.example/yes')).toEqual({ allowed: true, sitemaps: [] });
});

test.each(['https://a.example', 'http://a.example', 'https://a.example:8443', 'https://b.a.example'])(
  'check – %s has its own file',
  async (origin) => {
    const { check, asked } = setup('User-agent: *\nDisallow: /no');
    expect((await check(`${origin}/no`)).allowed).toBe(false);
    expect(asked).toEqual([`${origin}/robots.txt`]);
  },
);

test('check – a star alone is everything, and one at the end is nothing', async () => {
  const { check } = setup('User-agent: *\nDisallow: *\nAllow: /open*\nAllow: /*/news*$');
  expect((await check('https://a.example/')).allowed).toBe(false);
  expect((await check('https://a.example/open/1')).allowed).toBe(true);
  expect((await check('https://a.example/a/news/1')).allowed).toBe(true);
});

test('check – rules made to be slow are cut at their star, which errs on the side of staying away', async () => {
  const slow = `Disallow: /slow/*${'a'.repeat(1_980)}b\nAllow: /*${'a'.repeat(1_980)}c\n`;
  const { check } = setup(`User-agent: *\n${slow.repeat(125)}`);
  expect((await check(`https://a.example/slow/${'a'.repeat(8_000)}`)).allowed).toBe(false);
  expect((await check('https://a.example/slow/b')).allowed).toBe(false);
  expect((await check('https://a.example/quick/b')).allowed).toBe(true);
});

test('check – is asked for once a day', async () => {
  const { check, robots, clock, asked } = setup('User-agent: *\nDisallow: /no');
  expect(await robots.known(new URL('https://a.example/no'))).toBeUndefined();
  await Promise.all([check('https://a.example/1'), check('https://a.example/2')]);
  clock.now += 23 * HOUR;
  await check('https://a.example/3');
  expect(await robots.known(new URL('https://a.example/no'))).toMatchObject({ allowed: false });
  expect(asked).toHaveLength(1);
  clock.now += 2 * HOUR;
  expect(await robots.known(new URL('https://a.example/no'))).toBeUndefined();
  await check('https://a.example/4');
  expect(asked).toHaveLength(2);
});

test.each([
  ['max-age=3600', HOUR],
  ['max-age=1', 300_000],
  ['max-age=31536000', 24 * HOUR],
])('check – %s is honoured within bounds', async (cacheControl, lifetimeMs) => {
  const { check, clock, asked } = setup('', { headers: { 'cache-control': cacheControl } });
  await check('https://a.example/');
  clock.now += lifetimeMs - 1;
  await check('https://a.example/');
  expect(asked).toHaveLength(1);
  clock.now += 2;
  await check('https://a.example/');
  expect(asked).toHaveLength(2);
});

test.each([400, 401, 403, 404, 410, 451])('check – all is allowed where robots.txt answers %d', async (status) => {
  const { check } = setup('User-agent: *\nDisallow: /', { status });
  expect((await check('https://a.example/')).allowed).toBe(true);
});

test.each([500, 503, 429])('check – nothing is asked for a while where robots.txt answers %d', async (status) => {
  const { check, robots, clock, asked, answer } = setup('', { status });
  const url = 'https://a.example/';
  await expect(check(url)).rejects.toMatchObject({
    name: 'ThrottledError',
    code: 'ROBOTS_UNREACHABLE',
    retryAfterMs: 600_000,
  });
  clock.now += 400_000;
  await expect(robots.known(new URL(url))).rejects.toMatchObject({ retryAfterMs: 200_000 });
  expect(asked).toHaveLength(1);
  clock.now += 200_001;
  answer.status = 200;
  expect((await check(url)).allowed).toBe(true);
});

test('check – a failed load is everybody’s failure and is not remembered', async () => {
  const { robots } = setup('');
  const url = new URL('https://a.example/');
  const fail = () => Promise.reject(new Error('reset'));
  const both = await Promise.allSettled([robots.check(url, fail), robots.check(url, fail)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const load = async () => ({ status: 404, headers: {}, body: new Uint8Array() });
  expect((await robots.check(url, load)).allowed).toBe(true);
});

test.each([
  ['zero', 'Crawl-delay: 0'],
  ['negative', 'Crawl-delay: -3'],
  ['no number', 'Crawl-delay: soon'],
])('check – a crawl-delay that is %s is none', async (_case, line) => {
  const { check } = setup(`User-agent: *\n${line}`);
  expect(await check('https://a.example/')).toEqual({ allowed: true, sitemaps: [] });
});
