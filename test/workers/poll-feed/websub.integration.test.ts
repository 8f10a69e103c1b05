import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Dashboard, startDashboard } from '../../../src/dashboard/index.ts';
import type { Service } from '../../../src/service.ts';
import type { Subscription } from '../../../src/shared/model.ts';
import { openStores } from '../../../src/shared/stores/database.ts';
import { explainStoreError } from '../../../src/shared/stores/mongo-errors.ts';
import { answerHub, receivePush, scorePush, tendSubscriptions } from '../../../src/workers/poll-feed/subscribe.ts';
import { closeAfterFile } from '../../support/closing.ts';
import { type Item, newsPage, rss, sends } from '../../support/feed-site.ts';
import { type Hub, intent, sign, startHub } from '../../support/hub.ts';
import { type MisbehavingSite, startMisbehavingSite } from '../../support/misbehaving-site.ts';
import { testMongoUri } from '../../support/servers.ts';
import { testService } from '../../support/service.ts';
import { type Bench, stageBench } from '../../support/stages.ts';
import { breakableWay } from '../../support/tcp-proxy.ts';
import { hearUnheard } from '../../support/unheard.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** As a proxy in front of the dashboard has it. */
const PUBLIC_URL = 'https://desk.example/khabar';

let site: MisbehavingSite;
beforeAll(async () => {
  site = await startMisbehavingSite();
});
afterAll(() => site.close());

let made = 0;
/** A feed that names a hub, both with paths of their own. */
function publish(hubCount = 1) {
  const n = ++made;
  const hubs = Array.from({ length: hubCount }, (_, i) => startHub(site, `/hub-${n}-${i}`));
  const url = `${site.origin}/feed-${n}.xml`;
  const links = hubs.map((hub) => `<link rel="hub" href="${hub.url}" xmlns="http://www.w3.org/2005/Atom"/>`);
  const self = `<link rel="self" href="${url}" xmlns="http://www.w3.org/2005/Atom"/>`;
  const write = (items: readonly Item[]) => rss(items, `${links.join('')}${self}</channel></rss>`);
  const feed = { items: [] as Item[] };
  site.route(
    `/feed-${n}.xml`,
    sends(() => write(feed.items)),
  );
  return {
    hubs,
    hub: hubs[0] as Hub,
    url,
    feed,
    write,
    link: (name: string) => `${site.origin}/news/${name}-${n}.html`,
  };
}

describe('over HTTP', () => {
  let service: Service;
  let dashboard: Dashboard;
  beforeAll(async () => {
    service = await testService({ KHABAR_PUBLIC_URL: PUBLIC_URL, KHABAR_TOKEN: 'a-long-enough-token' });
    dashboard = await startDashboard(service);
    service.start();
  });
  afterAll(() => dashboard.close());

  test('a feed with a hub – subscribed, verified, and what is pushed with its signature becomes an article', async () => {
    const { hub, url, write, link } = publish();
    const asked = hub.nextRequest();
    await service.stores.feeds.add({ url, folders: [] }, new Date());
    const form = await asked;
    expect(form).toMatchObject({ 'hub.mode': 'subscribe', 'hub.topic': url, 'hub.lease_seconds': '1209600' });
    const callback = form['hub.callback'] ?? '';
    expect(callback).toMatch(/^https:\/\/desk\.example\/khabar\/websub\/[\w-]{32}$/);
    const here = callback.replace(PUBLIC_URL, dashboard.url);

    const verified = await fetch(`${here}?${new URLSearchParams(intent(form))}`);
    expect([verified.status, await verified.text()]).toEqual([200, 'تحقق-123']);
    const strange = await fetch(`${here}?${new URLSearchParams(intent(form, { 'hub.topic': 'https://x.example/' }))}`);
    expect(strange.status).toBe(404);

    const page = new URL(link('pushed')).pathname;
    site.route(page, (_request, response) => void response.end(newsPage('افتتاح المكتبة الجديدة', ['نص الخبر'])));
    const push = (body: string, signature: string) =>
      fetch(here, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/rss+xml; charset=utf-8', 'x-hub-signature': signature },
      });
    const forged = write([{ title: 'خبر مزور', link: link('forged') }]);
    expect((await push(forged, sign(forged, 'a guess'))).status).toBe(202);
    const body = write([{ title: 'افتتاح المكتبة الجديدة', link: link('pushed'), at: new Date() }]);
    const fetched = site.requested(page);
    expect((await push(body, sign(body, form['hub.secret']))).status).toBe(202);
    await fetched;
    expect(await service.stores.articles.find(link('forged').replace('http:', 'https:'))).toBeNull();

    const large = await push('x'.repeat(5_000_001), 'sha256=00');
    expect(large.status).toBe(413);
    // Everything else still needs the token, and so does a path that only looks like it.
    for (const path of ['/feeds', '/api/feeds', '/websub/', '/websub/a/../feeds', '/websub/..%2ffeeds?x'])
      expect([401, 404]).toContain((await fetch(dashboard.url + path)).status);
    expect((await fetch(`${dashboard.url}/websub/unknown`)).status).toBe(404);
    expect((await fetch(`${dashboard.url}/websub/unknown`, { method: 'POST', body })).status).toBe(410);
  });
});

describe('stages', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await stageBench({ KHABAR_PUBLIC_URL: PUBLIC_URL });
    bench.clock.now = new Date(); // the database removes pushes by its own clock
  });
  const tend = () => tendSubscriptions(bench.deps);
  const poll = (feedId: string) => bench.run('poll-feed', { feedId });
  const now = () => bench.clock.now;

  async function subscribe(url: string): Promise<string> {
    await bench.deps.stores.feeds.add({ url, folders: [] }, now());
    const id = (await bench.deps.stores.feeds.find(url))?._id ?? '';
    await poll(id);
    return id;
  }
  async function subscriptionOf(feedId: string): Promise<Subscription> {
    const found = (await bench.deps.stores.subscriptions.ofFeeds([feedId])).get(feedId);
    if (!found) throw new Error('the feed has no subscription');
    return found;
  }
  const answer = async (feedId: string, query: Record<string, string>) =>
    answerHub(await subscriptionOf(feedId), query, bench.deps, now());
  /** Subscribed and confirmed by its hub. */
  async function pushed(hubCount = 1, lease: Record<string, string> = {}) {
    const published = publish(hubCount);
    const feedId = await subscribe(published.url);
    await tend();
    await answer(feedId, intent(published.hub.asked.at(-1) ?? {}, lease));
    return { ...published, feedId };
  }
  async function push(feedId: string, body: string) {
    const subscription = await subscriptionOf(feedId);
    const signature = sign(body, subscription.secret);
    const job = await receivePush(subscription, { body: Buffer.from(body), signature }, bench.deps);
    return job && bench.run('poll-feed', job);
  }

  test('a lease – confirmed for no more than 14 days and renewed before its end, at the same address', async () => {
    const { feedId, hub } = await pushed(1, { 'hub.lease_seconds': '31536000' });
    const first = await subscriptionOf(feedId);
    expect(first).toMatchObject({ state: 'active', attempts: 0, leaseEndsAt: new Date(now().getTime() + 14 * DAY) });
    bench.clock.advance(11 * DAY);
    expect(await tend()).toBe(0);
    bench.clock.advance(DAY);
    expect(await tend()).toBe(1);
    expect(hub.asked).toHaveLength(2);
    expect(hub.asked[1]).toEqual(hub.asked[0]);
    expect(await subscriptionOf(feedId)).toMatchObject({ state: 'active' });
    await answer(feedId, intent(hub.asked[1] ?? {}));
    expect((await subscriptionOf(feedId)).leaseEndsAt).toEqual(new Date(now().getTime() + 10 * DAY));
  });

  test('a hub that denies – not asked again at the next poll, and the feed turns to its other hub', async () => {
    const { feedId, hubs, feed, link } = await pushed(2);
    const [first, second] = hubs;
    await answer(feedId, intent(first?.asked[0] ?? {}, { 'hub.mode': 'denied', 'hub.reason': 'too many' }));
    expect(await subscriptionOf(feedId)).toMatchObject({ state: 'denied', reason: 'the hub says: too many' });
    feed.items = [{ title: 'خبر جديد في المدينة', link: link('after') }];
    await poll(feedId);
    await tend();
    expect([first?.asked.length, second?.asked.length]).toEqual([1, 1]);
    expect(await subscriptionOf(feedId)).toMatchObject({ hub: second?.url, state: 'requested' });
  });

  test('the database goes away while hubs are asked – that is told, and the process does not end', async () => {
    const { deps, run } = await stageBench({ KHABAR_PUBLIC_URL: PUBLIC_URL });
    for (let i = 0; i < 10; i++) await deps.stores.feeds.add({ url: publish().url, folders: [] }, deps.now());
    for (const { _id } of await deps.stores.feeds.list()) await run('poll-feed', { feedId: _id });
    const { hostname, port } = new URL(testMongoUri());
    const way = await breakableWay({ host: hostname, port: Number(port) });
    const stores = await openStores(
      `mongodb://${hostname}:${way.port}/?directConnection=true`,
      deps.config.MONGODB_DATABASE,
    );
    closeAfterFile(() => stores.close());
    way.cutAt.push('feeds'); // when it has claimed one subscription, and looks for the next
    const unheard = hearUnheard();
    const tended = tendSubscriptions({ ...deps, stores });
    const failed = await tended.catch((error: unknown) => error);
    expect(explainStoreError(failed)).toMatchObject({ code: 'STORE_DOWN' });
    expect(await unheard()).toEqual([]);
  });

  test.each([
    [404, 'HTTP_404'],
    [500, 'HTTP_5XX'],
  ])('a hub that answers %i – told on the subscription, asked again in an hour', async (status, code) => {
    const { hub, url } = publish();
    hub.status = status;
    const feedId = await subscribe(url);
    await tend();
    expect(await subscriptionOf(feedId)).toMatchObject({ state: 'requested', attempts: 1, lastError: { code } });
    bench.clock.advance(HOUR);
    hub.status = 202;
    await tend();
    expect(hub.asked).toHaveLength(2);
    await answer(feedId, intent(hub.asked[1] ?? {}));
    expect(await subscriptionOf(feedId)).not.toHaveProperty('lastError');
  });

  test('a hub that never confirms – given up for a month after a day of asking', async () => {
    const { hub, url } = publish();
    const feedId = await subscribe(url);
    for (let i = 0; i < 25; i++) {
      await tend();
      bench.clock.advance(HOUR);
    }
    expect(hub.asked).toHaveLength(24);
    expect(await subscriptionOf(feedId)).toMatchObject({ state: 'denied' });
    bench.clock.advance(30 * DAY);
    await tend();
    await expect(subscriptionOf(feedId)).rejects.toThrow('no subscription');
  });

  test('what is pushed – new entries only once, the rhythm learnt, the next poll and validators as they were', async () => {
    const { feedId, feed, write, link } = await pushed();
    const { feeds } = bench.deps.stores;
    const before = await feeds.get(feedId);
    const items = [{ title: 'خبر عاجل من الميناء', link: link('fast'), at: now() }];
    expect(await push(feedId, write(items))).toMatchObject({ outcome: 'pushed', facts: { fresh: 1 } });
    expect(await push(feedId, write(items))).toMatchObject({
      outcome: 'pushed',
      emit: [expect.anything()],
      facts: { fresh: 0 },
    });
    const after = await feeds.get(feedId);
    expect(after).toMatchObject({ entriesSeen: 1, lastNewAt: now(), nextPollAt: before?.nextPollAt });
    expect(after?.bodyHash).toBe(before?.bodyHash);
    expect(after?.schedule?.daily.at(-1)).toMatchObject({ entries: 1 });
    feed.items = items;
    expect(await poll(feedId)).toMatchObject({ outcome: 'polled', facts: { fresh: 0 } });
    expect((await subscriptionOf(feedId)).score).toEqual({ pushed: 1, missed: 0 });
  });

  test('a push with more than a feed may bring on one day – the rest is left, and the feed says so', async () => {
    const { feedId, write, link } = await pushed();
    const { config } = bench.deps;
    bench.deps.config = { ...config, KHABAR_FEED_DAILY_ENTRIES: 1 };
    const items = ['a', 'b', 'c'].map((name) => ({ title: `خبر من الميناء ${name}`, link: link(`flood-${name}`) }));
    expect(await push(feedId, write(items))).toMatchObject({ outcome: 'pushed', facts: { fresh: 1, left: 2 } });
    expect(await push(feedId, write(items))).toMatchObject({ outcome: 'pushed', facts: { fresh: 0, left: 2 } });
    bench.deps.config = config;
    expect(await bench.deps.stores.feeds.get(feedId)).toMatchObject({
      entriesSeen: 1,
      lastError: { code: 'TOO_MANY_ENTRIES' },
    });
  });

  test.each([
    ['an empty push', ''],
    ['a page', '<!doctype html><title>x</title>'],
  ])('%s – the feed is polled instead', async (_case, body) => {
    const { feedId } = await pushed();
    expect(await push(feedId, body)).toMatchObject({ outcome: 'push-unreadable' });
    expect((await bench.deps.stores.feeds.get(feedId))?.nextPollAt).toEqual(now());
    expect(await bench.deps.stores.pushes.countWaiting(feedId)).toBe(0);
  });

  test('a hub that brings everything – polls become a safety net until it misses some', async () => {
    const { feedId, feed, write, link } = await pushed();
    const waitAfterPoll = async () => {
      await poll(feedId);
      const next = (await bench.deps.stores.feeds.get(feedId))?.nextPollAt ?? now();
      return (next.getTime() - now().getTime()) / MINUTE;
    };
    for (let i = 0; i < 12; i++) {
      bench.clock.advance(10 * MINUTE);
      const item = { title: `خبر رقم ${i} من المدينة القديمة`, link: link(`good-${i}`), at: now() };
      feed.items = [item, ...feed.items];
      await push(feedId, write([item]));
    }
    // Twelve entries within six hours: polled every 7.5 minutes without a hub, every 30 with a good one.
    expect(await waitAfterPoll()).toBeGreaterThan(25);
    for (let i = 0; i < 4; i++) await miss(feed, feedId, link(`missed-${i}`));
    expect(await waitAfterPoll()).toBeLessThan(10);
  });

  /** A poll finds an entry that the hub has not brought within 20 minutes. */
  async function miss(feed: { items: Item[] }, feedId: string, link: string): Promise<void> {
    feed.items = [{ title: `خبر فائت من المدينة ${link}`, link, at: now() }, ...feed.items];
    bench.clock.advance(20 * MINUTE);
    await poll(feedId);
  }

  test('a hub that misses all – is left, and not asked again', async () => {
    const { feedId, hub, feed, link } = await pushed();
    for (let i = 0; i < 9; i++) await miss(feed, feedId, link(`missed-${i}`));
    expect(await subscriptionOf(feedId)).toMatchObject({ state: 'active' });
    await miss(feed, feedId, link('missed-9'));
    await miss(feed, feedId, link('missed-10'));
    expect(await subscriptionOf(feedId)).toMatchObject({ state: 'leaving' });
    await tend();
    expect(hub.asked.at(-1)).toMatchObject({ 'hub.mode': 'unsubscribe' });
    expect(await answer(feedId, intent(hub.asked.at(-1) ?? {}))).toEqual({ status: 200, body: 'تحقق-123' });
    await miss(feed, feedId, link('missed-11'));
    expect(await subscriptionOf(feedId)).toMatchObject({ state: 'denied' });
  });

  test.each(['paused', 'removed'])('a feed that is %s – leaves its hub', async (how) => {
    const { feedId, hub, feed, link, url } = await pushed();
    const { feeds, subscriptions } = bench.deps.stores;
    if (how === 'paused') await feeds.setStatus(feedId, 'paused', now());
    else await feeds.remove(feedId, now());
    expect(await push(feedId, rss([]))).toBeUndefined();
    await tend();
    expect(hub.asked.at(-1)).toMatchObject({ 'hub.mode': 'unsubscribe', 'hub.topic': url });
    await answer(feedId, intent(hub.asked.at(-1) ?? {}));
    expect((await subscriptions.ofFeeds([feedId])).size).toBe(0);
    if (how === 'removed') return;
    feed.items = [{ title: 'خبر بعد العودة', link: link('back') }];
    await feeds.setStatus(feedId, 'active', now());
    await poll(feedId);
    expect(await subscriptionOf(feedId)).toMatchObject({ state: 'requested' });
  });

  test('a feed removed while its poll was under way – is not subscribed for ever', async () => {
    const { hub, url } = publish();
    const { feeds, subscriptions } = bench.deps.stores;
    const feedId = await subscribe(url);
    await feeds.remove(feedId, now());
    await subscriptions.follow(feedId, { hubs: [hub.url], topic: url }, now());
    for (let i = 0; i < 2; i++) await tend();
    expect(hub.asked.map((form) => form['hub.mode'])).not.toContain('subscribe');
  });

  test('pushes and polls at the same moment – each counts in the score of the hub', async () => {
    const { url, feedId } = await pushed();
    const feed = await bench.deps.stores.feeds.find(url);
    if (!feed) throw new Error(`no feed at ${url}`);
    const { pushed: before } = (await subscriptionOf(feedId)).score;
    await Promise.all(Array.from({ length: 8 }, () => scorePush(feed, 1, bench.deps)));
    expect((await subscriptionOf(feedId)).score.pushed).toBe(before + 8);
  });

  test('another public address – the hub is given the new one', async () => {
    const { hub } = await pushed();
    const config = { ...bench.deps.config, KHABAR_PUBLIC_URL: 'https://new.example/' };
    await tendSubscriptions({ ...bench.deps, config });
    expect(hub.asked.at(-1)?.['hub.callback']).toMatch(/^https:\/\/new\.example\/websub\//);
    await tend();
  });

  test('an HTTP Link header – outranks the document', async () => {
    const hub = startHub(site, '/hub-of-header');
    site.route('/feed-with-header.xml', (request, response, path) =>
      sends(() => rss([]), { link: `<${hub.url}>; rel="hub", </topic.xml>; rel="self"` })(request, response, path),
    );
    const feedId = await subscribe(`${site.origin}/feed-with-header.xml`);
    expect(await subscriptionOf(feedId)).toMatchObject({ hub: hub.url, topic: `${site.origin}/topic.xml` });
  });

  test('without a public address – nobody is asked', async () => {
    const { url, hub } = publish();
    const config = { ...bench.deps.config, KHABAR_PUBLIC_URL: undefined };
    await bench.deps.stores.feeds.add({ url, folders: [] }, now());
    const feed = await bench.deps.stores.feeds.find(url);
    const { pollFeed } = await import('../../../src/workers/poll-feed/stage.ts');
    const { createLogger } = await import('../../../src/shared/logger.ts');
    const context = {
      log: createLogger('silent'),
      signal: new AbortController().signal,
      attempt: 1,
      lastAttempt: true,
      startedAt: now(),
      replay: false,
    };
    await pollFeed.run({ feedId: feed?._id ?? '' }, { ...bench.deps, config }, context);
    expect(await tendSubscriptions({ ...bench.deps, config })).toBe(0);
    expect(hub.asked).toEqual([]);
    expect((await bench.deps.stores.subscriptions.ofFeeds([feed?._id ?? ''])).size).toBe(0);
  });
});
