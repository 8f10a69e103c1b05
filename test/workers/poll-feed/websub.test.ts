import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Subscription } from '../../../src/shared/model.ts';
import {
  hubLinks,
  isSignedBy,
  judgeHub,
  leaseMs,
  NEW_HUB,
  renewalAt,
  scoreHub,
  subscriptionForm,
  verifyIntent,
} from '../../../src/workers/poll-feed/websub.ts';

const now = new Date('2026-11-22T12:00:00Z');
const DAY = 86_400_000;
const subscription = (state: Subscription['state'] = 'requested') => ({
  topic: 'https://news.example/feed?a=1&b=2',
  secret: 's3cret',
  state,
});
const query = (part: Record<string, string> = {}) => ({
  'hub.mode': 'subscribe',
  'hub.topic': 'https://news.example/feed?a=1&b=2',
  'hub.challenge': 'abc',
  'hub.lease_seconds': '864000',
  ...part,
});

test('subscriptionForm – escapes, and gives the secret only to subscribe', () => {
  const form = new URLSearchParams(subscriptionForm('subscribe', subscription(), 'https://khabar.example/websub/1'));
  expect(Object.fromEntries(form)).toEqual({
    'hub.mode': 'subscribe',
    'hub.topic': 'https://news.example/feed?a=1&b=2',
    'hub.callback': 'https://khabar.example/websub/1',
    'hub.lease_seconds': '1209600',
    'hub.secret': 's3cret',
  });
  expect(subscriptionForm('unsubscribe', subscription(), 'https://khabar.example/websub/1')).not.toContain('s3cret');
});

describe('verifyIntent', () => {
  test.each(['requested', 'active'] as const)('%s – confirmed, with its lease', (state) => {
    expect(verifyIntent(subscription(state), query(), now)).toEqual({
      status: 200,
      body: 'abc',
      change: { to: 'active', leaseEndsAt: new Date(now.getTime() + 10 * DAY) },
    });
  });

  test.each([
    ['another topic', subscription(), query({ 'hub.topic': 'https://news.example/other' })],
    ['no subscription', undefined, query()],
    ['no challenge', subscription(), query({ 'hub.challenge': '' })],
    ['unsubscribing an active one', subscription('active'), query({ 'hub.mode': 'unsubscribe' })],
    ['subscribing one that leaves', subscription('leaving'), query()],
    ['subscribing one that was denied', subscription('denied'), query()],
    ['an unknown mode', subscription(), query({ 'hub.mode': 'publish' })],
    ['a denial of another topic', subscription(), query({ 'hub.mode': 'denied', 'hub.topic': 'https://x.example/' })],
  ])('%s is refused and changes nothing', (_case, known, q) => {
    expect(verifyIntent(known, q, now)).toEqual({ status: 404, body: '' });
  });

  test('an end that was asked for ends it', () => {
    expect(verifyIntent(subscription('leaving'), query({ 'hub.mode': 'unsubscribe' }), now)).toEqual({
      status: 200,
      body: 'abc',
      change: { to: 'ended' },
    });
  });

  test('a denial is remembered', () => {
    expect(verifyIntent(subscription('active'), query({ 'hub.mode': 'denied' }), now).change).toEqual({ to: 'denied' });
  });
});

test.each([
  ['864000', 10 * DAY],
  ['31536000', 14 * DAY],
  ['60', 3_600_000],
  ['soon', 10 * DAY],
  [undefined, 10 * DAY],
])('leaseMs – %s', (seconds, ms) => {
  expect(leaseMs(seconds)).toBe(ms);
});

test('renewalAt – before the lease ends', () => {
  expect(renewalAt(now, new Date(now.getTime() + 10 * DAY))).toEqual(new Date(now.getTime() + 8 * DAY));
});

describe('isSignedBy', () => {
  const body = new TextEncoder().encode('<rss>خبر</rss>');
  const sign = (method: string, secret = 's3cret') =>
    `${method}=${createHmac(method, secret).update(body).digest('hex')}`;
  test.each([
    ['sha1', sign('sha1'), true],
    ['sha256', sign('sha256'), true],
    ['sha384', sign('sha384'), true],
    ['sha512 in upper case', sign('sha512').toUpperCase(), true],
    ['another secret', sign('sha256', 'x'), false],
    ['a cut signature', sign('sha256').slice(0, -2), false],
    ['an unknown method', sign('md5'), false],
    ['no method', sign('sha256').slice(7), false],
    ['none', undefined, false],
  ])('%s', (_case, header, valid) => {
    expect(isSignedBy('s3cret', body, header)).toBe(valid);
  });

  test('another body', () => {
    expect(isSignedBy('s3cret', new Uint8Array([1]), sign('sha256'))).toBe(false);
  });
});

test.each([
  [
    '<https://hub.example/>; rel="hub", <https://a.example/f>; rel="self"',
    { hubs: ['https://hub.example/'], self: 'https://a.example/f' },
  ],
  ['</hub>; title="a, b"; rel=hub', { hubs: ['https://a.example/hub'] }],
  ['<https://h.example/>; rel="preconnect hub", <https://h.example/>; rel=hub', { hubs: ['https://h.example/'] }],
  ['<https://h.example/>; rel="hubs"', { hubs: [] }],
  ['garbage <', { hubs: [] }],
  [undefined, { hubs: [] }],
])('hubLinks – %s', (header, expected) => {
  expect(hubLinks(header, 'https://a.example/feed')).toEqual(expected);
});

describe('judgeHub', () => {
  const history = (pushed: number, missed: number, start = NEW_HUB) => {
    let score = start;
    for (let i = 0; i < pushed; i++) score = scoreHub(score, { pushed: 1 });
    for (let i = 0; i < missed; i++) score = scoreHub(score, { missed: 1 });
    return score;
  };
  test.each([
    ['too little seen', history(4, 0), 'unknown'],
    ['pushes everything', history(30, 0), 'reliable'],
    ['misses one in ten', history(27, 1), 'reliable'],
    ['misses a third', history(20, 8), 'unreliable'],
    ['never pushed', history(0, 12), 'useless'],
    ['was good and stopped', history(200, 60), 'useless'],
    ['was bad and recovered', history(60, 0, history(0, 30)), 'reliable'],
  ])('%s', (_case, score, judgement) => {
    expect(judgeHub(score)).toBe(judgement);
  });
});
