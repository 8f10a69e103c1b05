import { describe, expect, test } from 'vitest';
import type { FeedSchedule } from '../../../src/shared/model.ts';
import {
  gradeFailure,
  learnPush,
  type PollObservation,
  planNextPoll,
} from '../../../src/workers/poll-feed/next-poll.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const now = new Date('2026-11-22T12:00:00Z');
/** No jitter, and no unconditional poll. */
const middle = () => 0.5;

const known = (part: Partial<FeedSchedule> = {}): FeedSchedule => ({
  intervalMs: HOUR,
  daily: [{ day: '2026-11-22', entries: 0 }],
  observedSince: now.getTime() - 14 * DAY,
  failures: 0,
  ...part,
});
const week = (perDay: number) => Array.from({ length: 7 }, (_x, i) => ({ day: `2026-11-${16 + i}`, entries: perDay }));
const plan = (previous: FeedSchedule | undefined, seen: PollObservation, random = middle, push?: boolean) =>
  planNextPoll(previous, seen, { now, random, push });
const waitMinutes = (...args: Parameters<typeof plan>) => (plan(...args).nextPollAt.getTime() - now.getTime()) / MINUTE;
const nothingNew: PollObservation = { kind: 'document', total: 20, fresh: 0 };
const oneNew: PollObservation = { kind: 'document', total: 20, fresh: 1 };
const failed = (part: Partial<Extract<PollObservation, { kind: 'failed' }>> = {}): PollObservation => ({
  kind: 'failed',
  grade: 'temporary',
  ...part,
});

describe('planNextPoll – interval', () => {
  const cases: [string, FeedSchedule | undefined, PollObservation, number][] = [
    // 7 d ÷ (4 × weekly); one more entry arrives with the poll
    ['4 a day', known({ daily: week(4) }), oneNew, (7 * 24 * 60) / (4 * 29)],
    ['20 a day', known({ daily: week(20) }), oneNew, (7 * 24 * 60) / (4 * 141)],
    ['500 a day: the lower bound', known({ daily: week(500) }), oneNew, 5],
    ['1 a week: the upper bound', known(), oneNew, 360],
    [
      'observed for one day only',
      known({ daily: [{ day: '2026-11-22', entries: 11 }], observedSince: now.getTime() - DAY }),
      oneNew,
      (24 * 60) / (4 * 12),
    ],
    ['nothing new', known({ intervalMs: 40 * MINUTE, daily: week(4) }), nothingNew, 50],
    ['not modified', known({ intervalMs: 40 * MINUTE, daily: week(4) }), { kind: 'not-modified' }, 50],
    ['nothing new, at the bound', known({ intervalMs: 350 * MINUTE, daily: week(1) }), nothingNew, 360],
    ['silent for 14 days: up to 24 h', known({ intervalMs: 20 * HOUR, daily: [] }), nothingNew, 24 * 60],
    [
      'overflow halves',
      known({ intervalMs: 40 * MINUTE, daily: week(0) }),
      { kind: 'document', total: 20, fresh: 14 },
      20,
    ],
    ['a third known is no overflow', known({ intervalMs: 40 * MINUTE }), { kind: 'document', total: 3, fresh: 2 }, 360],
    ['overflow at the lower bound', known({ intervalMs: 6 * MINUTE }), { kind: 'document', total: 20, fresh: 20 }, 5],
    ['two entries cannot overflow', known({ intervalMs: 40 * MINUTE }), { kind: 'document', total: 2, fresh: 2 }, 360],
    ['first poll, no dates', undefined, { kind: 'document', total: 20, fresh: 20 }, 360],
    [
      'first poll, 20 entries in the last 10 hours',
      undefined,
      {
        kind: 'document',
        total: 20,
        fresh: 20,
        publishedAt: Array.from({ length: 20 }, (_x, i) => now.getTime() - (i + 1) * 30 * MINUTE),
      },
      (10 * 60) / 80,
    ],
    [
      'first poll, dates in the future and long ago do not count',
      undefined,
      { kind: 'document', total: 2, fresh: 2, publishedAt: [now.getTime() + DAY, now.getTime() - 400 * DAY] },
      360,
    ],
    ['first poll fails', undefined, failed(), 60],
  ];
  test.each(cases)('%s', (_case, previous, seen, minutes) => {
    expect(waitMinutes(previous, seen)).toBeCloseTo(minutes, 1);
  });
});

test('planNextPoll – a first poll that fails leaves the first document to be learnt from later', () => {
  const dates = Array.from({ length: 20 }, (_x, i) => now.getTime() - (i + 1) * 30 * MINUTE);
  const afterFailure = plan(undefined, failed()).schedule;
  const document: PollObservation = { kind: 'document', total: 20, fresh: 20, publishedAt: dates };
  expect(plan(afterFailure, document).schedule).toEqual(plan(undefined, document).schedule);
});

describe('planNextPoll – what the publisher asks', () => {
  const busy = known({ daily: week(100) });
  const cases: [string, FeedSchedule, PollObservation, number][] = [
    ['ttl', busy, { ...oneNew, ttlMinutes: 45 }, 45],
    [
      'ttl of an earlier document',
      known({ daily: week(100), intervalMs: 5 * MINUTE, ttlMinutes: 45 }),
      { kind: 'not-modified' },
      45,
    ],
    ['ttl shorter than the rhythm', known(), { ...oneNew, ttlMinutes: 45 }, 360],
    ['ttl beyond 24 h', busy, { ...oneNew, ttlMinutes: 100_000 }, 24 * 60],
    ['cache lifetime', busy, { ...oneNew, cacheMs: 20 * MINUTE }, 20],
    ['the longest of both', busy, { ...oneNew, ttlMinutes: 15, cacheMs: 20 * MINUTE }, 20],
    ['skipHours', known(), { ...oneNew, skipHours: [18, 19] }, 8 * 60],
    ['skipDays', known(), { ...oneNew, skipDays: [0, 1] }, 36 * 60],
    ['everything skipped: ignored', known(), { ...oneNew, skipDays: [0, 1, 2, 3, 4, 5, 6] }, 360],
  ];
  test.each(cases)('%s', (_case, previous, seen, minutes) => {
    expect(waitMinutes(previous, seen)).toBeCloseTo(minutes, 1);
  });

  test('a ttl that is no longer stated is forgotten', () => {
    expect(plan(known({ ttlMinutes: 600, daily: week(100) }), oneNew).schedule.ttlMinutes).toBeUndefined();
  });
});

describe('planNextPoll – failures', () => {
  const at = (failures: number) => known({ intervalMs: HOUR, failures });
  const cases: [string, FeedSchedule, PollObservation, number, number][] = [
    ['temporary', at(0), failed(), 0.25, 60],
    ['soft', at(0), failed({ grade: 'soft' }), 0.5, 60],
    ['hard', at(0), failed({ grade: 'hard' }), 1, 60],
    ['the fifth temporary one', at(1), failed(), 1.25, 75],
    ['linear', at(4), failed({ grade: 'hard' }), 5, 300],
    ['at most 24 h', at(40), failed({ grade: 'hard' }), 41, 24 * 60],
    ['Retry-After', at(0), failed({ throttled: true, retryAfterMs: 3 * HOUR }), 0.25, 180],
    ['Retry-After shorter than the interval', at(0), failed({ throttled: true, retryAfterMs: 1_000 }), 0.25, 60],
    ['Retry-After beyond 24 h', at(0), failed({ throttled: true, retryAfterMs: 99 * DAY }), 0.25, 24 * 60],
    ['429 without Retry-After: half an hour on the average', at(0), failed({ throttled: true }), 0.25, 90],
    ['success forgives everything', at(12), { kind: 'not-modified' }, 0, 75],
  ];
  test.each(cases)('%s', (_case, previous, seen, failures, minutes) => {
    expect(plan(previous, seen).schedule.failures).toBe(failures);
    expect(waitMinutes(previous, seen)).toBeCloseTo(minutes, 1);
  });

  test('since when a feed fails is kept until it works again', () => {
    const first = plan(known(), failed()).schedule;
    expect(first.failingSince).toBe(now.getTime());
    const later = planNextPoll(first, failed(), { now: new Date(now.getTime() + DAY), random: middle });
    expect(later.schedule.failingSince).toBe(now.getTime());
    expect(plan(later.schedule, nothingNew).schedule.failingSince).toBeUndefined();
  });
});

describe('planNextPoll – jitter, push, unconditional polls', () => {
  test.each([
    [0, 324],
    [0.5, 360],
    [0.999999, 396],
  ])('random %f spreads by a tenth', (random, minutes) => {
    expect(waitMinutes(known(), oneNew, () => random)).toBeCloseTo(minutes, 1);
  });

  test('one poll in a hundred goes without validators', () => {
    expect(plan(known(), oneNew, () => 0.009).unconditional).toBe(true);
    expect(plan(known(), oneNew, () => 0.011).unconditional).toBe(false);
  });

  test('a pushing hub leaves polls as a safety net', () => {
    expect(waitMinutes(known({ daily: week(20) }), oneNew, middle, true)).toBeCloseTo((4 * 7 * 24 * 60) / (4 * 141), 1);
    expect(waitMinutes(known(), oneNew, middle, true)).toBe(360);
  });

  test('what is pushed – counts for the rhythm, and nothing else', () => {
    const before = known({ daily: week(20), failures: 0.5, failingSince: 1, ttlMinutes: 30 });
    expect(learnPush(before, 4, now)).toEqual({
      ...before,
      daily: [...week(20).slice(0, -1), { day: '2026-11-22', entries: 24 }],
      intervalMs: Math.round((7 * DAY) / (4 * 144)),
    });
  });
});

/** Polls in a row at given hours, all with the same observation. */
function poll(hours: number[], seen: PollObservation) {
  let schedule: FeedSchedule | undefined = known();
  const plans = [];
  for (const hour of hours) {
    const next = planNextPoll(schedule, seen, { now: new Date(now.getTime() + hour * HOUR), random: middle });
    schedule = next.schedule;
    plans.push(next);
  }
  return plans;
}

describe('planNextPoll – moved and gone', () => {
  const moved = (url = 'https://a.example/new.xml', sameSite = true): PollObservation => ({
    kind: 'not-modified',
    movedTo: { url, sameSite },
  });

  test('a redirect is saved after five polls over two days', () => {
    expect(poll([0, 12, 24, 36, 47], moved()).at(-1)?.moveTo).toBeUndefined();
    expect(poll([0, 1, 2, 48], moved()).at(-1)?.moveTo).toBeUndefined();
    const last = poll([0, 12, 24, 36, 48], moved()).at(-1);
    expect(last?.moveTo).toBe('https://a.example/new.xml');
    expect(last?.schedule.moved).toBeUndefined();
  });

  test('to another site it is proposed', () => {
    const last = poll([0, 12, 24, 36, 48], moved('https://b.example/', false)).at(-1);
    expect(last).toMatchObject({ proposeMove: 'https://b.example/' });
    expect(last?.moveTo).toBeUndefined();
  });

  test('another target or none starts again, a failure does not', () => {
    const state = poll([0, 12, 24, 36], moved()).at(-1)?.schedule;
    expect(plan(state, moved('https://a.example/other.xml')).schedule.moved?.polls).toBe(1);
    expect(plan(state, nothingNew).schedule.moved).toBeUndefined();
    expect(plan(state, failed()).schedule.moved?.polls).toBe(4);
  });

  const gone = failed({ grade: 'hard', gone: true });
  test('410 parks after three polls over three days, for a week', () => {
    expect(poll([0, 24, 48], gone).some((p) => p.park)).toBe(false);
    expect(poll([0, 80], gone).some((p) => p.park)).toBe(false);
    const last = poll([0, 24, 72], gone).at(-1);
    expect(last?.park).toBe(true);
    expect((last?.nextPollAt.getTime() ?? 0) - now.getTime() - 72 * HOUR).toBe(7 * DAY);
  });

  test('an answer in between clears it', () => {
    const state = poll([0, 24], gone).at(-1)?.schedule;
    expect(plan(state, nothingNew).schedule.gone).toBeUndefined();
  });
});

test('planNextPoll – the previous state is not changed, and the rhythm keeps 14 days', () => {
  const previous = known({
    daily: [
      { day: '2026-11-01', entries: 9 },
      { day: '2026-11-20', entries: 3 },
    ],
  });
  const copy = structuredClone(previous);
  const { schedule } = plan(previous, oneNew);
  expect(previous).toEqual(copy);
  expect(schedule.daily).toEqual([
    { day: '2026-11-20', entries: 3 },
    { day: '2026-11-22', entries: 1 },
  ]);
  expect(JSON.parse(JSON.stringify(schedule))).toEqual(schedule);
});

test.each([
  [{ status: 404 }, 'soft'],
  [{ status: 403 }, 'soft'],
  [{ status: 410 }, 'hard'],
  [{ status: 429 }, 'temporary'],
  [{ status: 503 }, 'temporary'],
  [{ status: 200, code: 'NOT_A_FEED' }, 'hard'],
  [{ status: 200, code: 'TOO_LARGE' }, 'soft'],
  [{ status: 200, code: 'EMPTY_DOCUMENT' }, 'soft'],
  [{ code: 'DNS_NOT_FOUND' }, 'hard'],
  [{ code: 'TIMEOUT' }, 'temporary'],
  [{ code: 'HTTP_5XX' }, 'temporary'],
  [{ code: 'TLS_CERTIFICATE' }, 'soft'],
  [{}, 'soft'],
])('gradeFailure – %o is %s', (failure, grade) => {
  expect(gradeFailure(failure)).toBe(grade);
});
