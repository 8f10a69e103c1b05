import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Dashboard, startDashboard } from '../../src/dashboard/index.ts';
import type { Service } from '../../src/service.ts';
import type { FeedRecord } from '../../src/shared/model.ts';
import { testService } from '../support/service.ts';

const NOW = new Date();
const today = NOW.toISOString().slice(0, 10);
const yesterday = new Date(NOW.getTime() - 86_400_000).toISOString().slice(0, 10);

let service: Service;
let dashboard: Dashboard;
const id: Record<string, string> = {};
beforeAll(async () => {
  service = await testService();
  dashboard = await startDashboard(service);
  await add('busy', {
    title: 'أخبار <b>الميناء</b>',
    language: 'ar',
    lastPolledAt: NOW,
    lastOutcome: 'polled',
    entriesSeen: 40,
    schedule: {
      intervalMs: 3_600_000,
      failures: 0,
      daily: [
        { day: yesterday, entries: 4 },
        { day: today, entries: 12 },
      ],
    },
  });
  await add('broken', {
    lastPolledAt: NOW,
    lastOutcome: 'failed',
    lastError: { code: 'TLS_CERTIFICATE', message: 'the certificate <has> expired', at: NOW },
    schedule: { intervalMs: 3_600_000, failures: 1, failingSince: NOW.getTime() - 3 * 86_400_000, daily: [] },
  });
  await add('moved', {
    proposedUrl: 'https://elsewhere.example/feed',
    etag: '"1"',
    bodyHash: 'x',
    lastOutcome: 'polled',
  });
  await add('moved-to-known', { proposedUrl: 'https://busy.example/feed' });
  await add('silent', { status: 'paused' });
});
afterAll(() => dashboard.close());

async function add(name: string, set: Partial<FeedRecord>): Promise<void> {
  const url = `https://${name}.example/feed`;
  const { feeds } = service.stores;
  await feeds.add({ url, folders: [] }, NOW);
  id[name] = (await feeds.find(url))?._id ?? '';
  const { entriesSeen: entries = 0, ...rest } = set;
  await feeds.settle(id[name], rest, { entries });
}
const read = async (name: string) => service.stores.feeds.get(id[name] ?? '');
const get = async (path: string) => (await fetch(dashboard.url + path)).text();
const act = (name: string, action: string) =>
  fetch(`${dashboard.url}/feeds/${id[name]}`, {
    method: 'POST',
    body: new URLSearchParams({ action }),
    redirect: 'manual',
  });
/** The row of one feed. */
const row = async (name: string) =>
  (await get('/feeds')).split('<tr ').find((piece) => piece.startsWith(`id="feed-${id[name]}"`)) ?? '';

test('a healthy feed – title in its own direction and escaped, rhythm with words beside the picture', async () => {
  const busy = await row('busy');
  expect(busy).toContain('<bdi dir="auto" lang="ar">أخبار &#60;b&#62;الميناء&#60;/b&#62;</bdi>');
  expect(busy).toContain('<span class="tag good">polled</span>');
  // A day later when midnight (UTC) has passed since the feed was made.
  expect(busy).toMatch(/aria-label="New entries a day, 14 days up to today: (?:0, ){11,12}4, 12(?:, 0)?"/);
  expect(busy.match(/<rect /g)).toHaveLength(14);
  expect(busy).toContain('aria-label="Pause: أخبار &#60;b&#62;الميناء&#60;/b&#62;"');
});

test('a failing feed – code, message and since when', async () => {
  const broken = await row('broken');
  expect(broken).toContain('<span class="tag bad">TLS_CERTIFICATE</span>');
  expect(broken).toContain('the certificate &#60;has&#62; expired, first failed <time');
  expect(broken).toMatch(/>3 d ago<\/time>/);
});

test('feeds with a hub – its state, lease and reason, and nothing that would let others push', async () => {
  const { subscriptions } = service.stores;
  const follow = (name: string) =>
    subscriptions.follow(id[name] ?? '', { hubs: ['https://hub.example/'], topic: `https://${name}.example/` }, NOW);
  const pushed = await follow('busy');
  const denied = await follow('broken');
  await follow('moved');
  const leaseEndsAt = new Date(NOW.getTime() + 9 * 86_400_000);
  await subscriptions.activate(pushed?._id ?? '', { leaseEndsAt, nextAt: leaseEndsAt }, NOW);
  await subscriptions.changeScore(pushed?._id ?? '', () => ({ pushed: 20, missed: 0 }), NOW);
  await subscriptions.deny(denied?._id ?? '', 'the hub says: <too many>', NOW);
  expect(await row('busy')).toMatch(
    /<span class="tag good">pushed<\/span> by <bdi dir="ltr">hub\.example<\/bdi>, last <time.*, lease ends <time.*in 9 d/,
  );
  expect(await row('broken')).toContain('</bdi>: denied, the hub says: &#60;too many&#62;');
  expect(await row('moved')).toContain('</bdi>: asked for');
  const { feeds } = JSON.parse(await get('/api/feeds'));
  const busy = feeds.find(({ _id }: { _id: string }) => _id === id.busy);
  expect(busy.websub).toMatchObject({ state: 'active', judgement: 'reliable', leaseEndsAt: leaseEndsAt.toISOString() });
  expect(JSON.stringify(feeds)).not.toMatch(new RegExp(`${pushed?.secret}|${pushed?._id}`));
});

test.each([
  ['all', ['busy', 'broken', 'moved', 'moved-to-known', 'silent']],
  ['failing', ['broken']],
  ['paused', ['silent']],
  ['parked', []],
])('narrowed to %s – %j', async (show, names) => {
  const page = await get(`/feeds?show=${show}`);
  const shown = Object.keys(id).filter((name) => page.includes(`id="feed-${id[name]}"`));
  expect(shown).toEqual(names);
});

test.each(['/feeds?show=lost', '/feeds?skip=-1'])('%s – refused', async (path) => {
  const response = await fetch(dashboard.url + path);
  expect(response.status).toBe(400);
});

test('pause and resume – and back to the row', async () => {
  const paused = await act('busy', 'pause');
  expect(paused.headers.get('location')).toBe(`/feeds#feed-${id.busy}`);
  expect(await read('busy')).toMatchObject({ status: 'paused' });
  await act('busy', 'resume');
  expect(await read('busy')).toMatchObject({ status: 'active' });
});

test('poll now – due at once', async () => {
  await service.stores.feeds.settle(id.busy ?? '', { nextPollAt: new Date(NOW.getTime() + 86_400_000) });
  await act('busy', 'poll-now');
  expect((await read('busy'))?.nextPollAt.getTime()).toBeLessThanOrEqual(Date.now());
});

test('a move confirmed – the new address, read anew', async () => {
  expect(await row('moved')).toContain('Move it there');
  await act('moved', 'move');
  const feed = await read('moved');
  expect(feed).toMatchObject({ url: 'https://elsewhere.example/feed', nextPollAt: expect.any(Date) });
  for (const field of ['proposedUrl', 'etag', 'bodyHash']) expect(feed).not.toHaveProperty(field);
});

test.each([
  ['moved-to-known', 'SUBSCRIBED_ALREADY'],
  ['silent', 'NOT_MOVED'],
])('a move of %s – %s, and nothing changes', async (name, code) => {
  const before = await read(name);
  const response = await act(name, 'move');
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code } });
  expect(await read(name)).toEqual(before);
});
