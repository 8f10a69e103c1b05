import type { FeedSchedule } from '../../shared/model.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

const MIN_INTERVAL_MS = 5 * MINUTE_MS;
const MAX_INTERVAL_MS = 6 * HOUR_MS;
/** For feeds without an entry in the days remembered, for publisher's hints, back-off and Retry-After. */
const LONGEST_WAIT_MS = DAY_MS;
const REMEMBERED_DAYS = 14;
/** Polls per expected entry: a quarter of its spacing bounds the mean delay to an eighth. */
const POLLS_PER_ENTRY = 4;
/** Fewer known entries than this in a document mean that others fell off between two polls. Source: Media Cloud's rss-fetcher. */
const MIN_KNOWN_SHARE = 1 / 3;
const QUIET_FACTOR = 1.25;
const JITTER = 0.1;
/** With a hub that pushes, polls are only a safety net. */
const PUSH_FACTOR = 4;
/** Some servers keep an ETag for a changed body: a share of polls goes without validators. Source: NewsBlur. */
const UNCONDITIONAL_SHARE = 0.01;
const MOVE_POLLS = 5;
const MOVE_MS = 2 * DAY_MS;
const GONE_POLLS = 3;
const GONE_MS = 3 * DAY_MS;
/** A parked feed is looked at this seldom, since some come back. */
const PARKED_MS = WEEK_MS;
/** Between the polls of a feed that has never been read. */
const FIRST_RETRY_MS = HOUR_MS;
/** The least evidence a rate is computed from. */
const MIN_EVIDENCE_MS = 6 * HOUR_MS;

/** How much a failure counts. Hard: no feed there and no sign of one. Soft: may come back. Temporary: usually gone at the next poll. */
export type FailureGrade = 'hard' | 'soft' | 'temporary';
const FAILURE_WEIGHT: Record<FailureGrade, number> = { hard: 1, soft: 0.5, temporary: 0.25 };

/** What one poll saw. */
export type PollObservation = {
  /** Where permanent redirects (301, 308) led, when there were any. */
  movedTo?: { url: string; sameSite: boolean };
  /** How long the response stays fresh by Cache-Control or Expires. */
  cacheMs?: number;
} & (
  | {
      kind: 'document';
      /** Entries in the document, and those never seen before. */
      total: number;
      fresh: number;
      /** Publication times in epoch milliseconds; they seed the rhythm on the first poll. */
      publishedAt?: number[];
      ttlMinutes?: number;
      skipHours?: number[];
      skipDays?: number[];
    }
  | { kind: 'not-modified' }
  | {
      kind: 'failed';
      grade: FailureGrade;
      /** 410. */
      gone?: boolean;
      /** 429, or 503 with Retry-After. */
      throttled?: boolean;
      retryAfterMs?: number;
    }
);

export interface PollPlan {
  schedule: FeedSchedule;
  nextPollAt: Date;
  /** Ask without validators then. */
  unconditional: boolean;
  /** The feed has moved for good within its site: save this URL. */
  moveTo?: string;
  /** It seems to have moved to another site: an operator should confirm. */
  proposeMove?: string;
  /** The publisher says it is gone; `nextPollAt` is then a week away. */
  park?: boolean;
}

/**
 * When a feed is next polled, and what its polls have taught so far. `previous` is undefined on the first poll.
 *
 * The interval is 7 d ÷ (4 × weekly entries) within 5 min and 6 h; halved when under a third of the entries were known, since some
 * may have been missed; ×1.25 when there was nothing new, up to 24 h for feeds that have been silent for 14 days. The publisher's
 * ttl, sy:*, Cache-Control and Expires lengthen it up to 24 h; failures multiply it, linearly, up to 24 h; ±10 % jitter spreads it;
 * skipHours and skipDays move it to the next hour they leave open.
 */
export function planNextPoll(
  previous: FeedSchedule | undefined,
  seen: PollObservation,
  env: { now: Date; random: () => number; push?: boolean },
): PollPlan {
  const now = env.now.getTime();
  const schedule: FeedSchedule = previous
    ? { ...previous, daily: recent(previous.daily, now) }
    : { intervalMs: FIRST_RETRY_MS, daily: [], failures: 0 };

  if (seen.kind === 'failed') {
    schedule.failures += FAILURE_WEIGHT[seen.grade];
    schedule.failingSince ??= now;
  } else {
    schedule.failures = 0;
    delete schedule.failingSince;
    delete schedule.gone;
  }
  if (seen.kind === 'document') {
    learnDocument(schedule, seen, now);
  } else if (seen.kind === 'not-modified') {
    schedule.intervalMs = lengthened(schedule);
  }
  const move = trackMove(schedule, seen, now);
  const park = trackGone(schedule, seen, now);

  let waitMs = schedule.intervalMs;
  if (env.push) waitMs = Math.min(waitMs * PUSH_FACTOR, Math.max(waitMs, MAX_INTERVAL_MS));
  const hintMs = Math.max((schedule.ttlMinutes ?? 0) * MINUTE_MS, seen.cacheMs ?? 0);
  waitMs = Math.max(waitMs, Math.min(hintMs, LONGEST_WAIT_MS));
  waitMs = Math.min(waitMs * Math.max(1, schedule.failures), LONGEST_WAIT_MS);
  waitMs *= 1 + JITTER * (2 * env.random() - 1);
  if (seen.kind === 'failed' && seen.throttled) {
    // Not before the server says; without a word from it, up to an hour later, so that feeds of one host come apart.
    const asked = seen.retryAfterMs === undefined ? waitMs + env.random() * HOUR_MS : seen.retryAfterMs;
    waitMs = Math.max(waitMs, Math.min(asked, LONGEST_WAIT_MS));
  }
  if (park) waitMs = PARKED_MS;
  const nextPollAt = new Date(nextOpenHour(Math.round(now + waitMs), schedule));
  return {
    schedule,
    nextPollAt,
    unconditional: env.random() < UNCONDITIONAL_SHARE,
    ...move,
    ...(park ? { park } : {}),
  };
}

function learnDocument(
  schedule: FeedSchedule,
  seen: Extract<PollObservation, { kind: 'document' }>,
  now: number,
): void {
  for (const key of ['ttlMinutes', 'skipHours', 'skipDays'] as const) {
    if (seen[key] === undefined) delete schedule[key];
    else Object.assign(schedule, { [key]: seen[key] });
  }
  if (schedule.observedSince === undefined) {
    schedule.observedSince = seedRhythm(schedule, seen.publishedAt ?? [], now);
    schedule.intervalMs = idealInterval(schedule, now);
    return;
  }
  if (seen.fresh === 0) {
    schedule.intervalMs = lengthened(schedule);
    return;
  }
  addEntries(schedule, now, seen.fresh);
  const ideal = idealInterval(schedule, now);
  const overflows = seen.total >= 3 && seen.total - seen.fresh < seen.total * MIN_KNOWN_SHARE;
  schedule.intervalMs = overflows ? clampInterval(Math.min(ideal, schedule.intervalMs) / 2) : ideal;
}

/** What a hub's push of new entries says about a feed's rhythm; when it is polled next stays as planned. */
export function learnPush(previous: FeedSchedule, fresh: number, now: Date): FeedSchedule {
  const schedule = { ...previous, daily: recent(previous.daily, now.getTime()) };
  addEntries(schedule, now.getTime(), fresh);
  schedule.intervalMs = idealInterval(schedule, now.getTime());
  return schedule;
}

/** The formula over the last seven days, or over the time observed when that is less. */
function idealInterval(schedule: FeedSchedule, now: number): number {
  const weekAgo = dayOf(now - WEEK_MS + DAY_MS);
  let entries = 0;
  for (const { day, entries: n } of schedule.daily) if (day >= weekAgo) entries += n;
  if (entries === 0) return MAX_INTERVAL_MS;
  const evidenceMs = Math.min(WEEK_MS, Math.max(MIN_EVIDENCE_MS, now - (schedule.observedSince ?? now)));
  return clampInterval(evidenceMs / (POLLS_PER_ENTRY * entries));
}

function clampInterval(ms: number): number {
  return Math.round(Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, ms)));
}

function lengthened(schedule: FeedSchedule): number {
  const longest = schedule.daily.length === 0 ? LONGEST_WAIT_MS : MAX_INTERVAL_MS;
  return Math.round(Math.min(schedule.intervalMs * QUIET_FACTOR, Math.max(longest, MIN_INTERVAL_MS)));
}

/** The entries of the first document happened before we looked: their dates tell the rhythm so far. Returns since when. */
function seedRhythm(schedule: FeedSchedule, publishedAt: number[], now: number): number {
  const earliest = now - REMEMBERED_DAYS * DAY_MS;
  const dated = publishedAt.filter((t) => t <= now + HOUR_MS).sort((a, b) => a - b);
  for (const t of dated) if (t > earliest) addEntries(schedule, Math.min(t, now), 1);
  return Math.max(dated[0] ?? now, earliest);
}

function addEntries(schedule: FeedSchedule, at: number, entries: number): void {
  const day = dayOf(at);
  const last = schedule.daily.at(-1);
  if (last?.day === day) schedule.daily = [...schedule.daily.slice(0, -1), { day, entries: last.entries + entries }];
  else schedule.daily = [...schedule.daily, { day, entries }];
}

/** How many new entries the feed has had on the day of `now`. */
export function entriesOn(schedule: FeedSchedule | undefined, now: Date): number {
  const day = dayOf(now.getTime());
  return schedule?.daily.find((known) => known.day === day)?.entries ?? 0;
}

function recent(daily: FeedSchedule['daily'], now: number): FeedSchedule['daily'] {
  const first = dayOf(now - (REMEMBERED_DAYS - 1) * DAY_MS);
  return (daily[0]?.day ?? first) < first ? daily.filter(({ day }) => day >= first) : daily;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** A permanent redirect counts when every poll in a row sees the same one. A failed poll says nothing about it. */
function trackMove(
  schedule: FeedSchedule,
  seen: PollObservation,
  now: number,
): Pick<PollPlan, 'moveTo' | 'proposeMove'> {
  if (!seen.movedTo) {
    if (seen.kind !== 'failed') delete schedule.moved;
    return {};
  }
  if (seen.kind === 'failed') return {};
  const { url, sameSite } = seen.movedTo;
  const moved =
    schedule.moved?.url === url
      ? { ...schedule.moved, polls: schedule.moved.polls + 1 }
      : { url, polls: 1, since: now };
  schedule.moved = moved;
  if (moved.polls < MOVE_POLLS || now - moved.since < MOVE_MS) return {};
  if (!sameSite) return { proposeMove: url };
  delete schedule.moved;
  return { moveTo: url };
}

function trackGone(schedule: FeedSchedule, seen: PollObservation, now: number): boolean {
  if (seen.kind !== 'failed' || !seen.gone) return false;
  schedule.gone = { polls: (schedule.gone?.polls ?? 0) + 1, since: schedule.gone?.since ?? now };
  return schedule.gone.polls >= GONE_POLLS && now - schedule.gone.since >= GONE_MS;
}

/** First moment from `at` in an hour the publisher leaves open; `at` itself when none is left open. */
function nextOpenHour(at: number, { skipHours = [], skipDays = [] }: FeedSchedule): number {
  if (skipHours.length === 0 && skipDays.length === 0) return at;
  let t = at;
  for (let i = 0; i <= 7 * 24; i++) {
    const date = new Date(t);
    if (!skipHours.includes(date.getUTCHours()) && !skipDays.includes(date.getUTCDay())) return t;
    t = (Math.floor(t / HOUR_MS) + 1) * HOUR_MS;
  }
  return at;
}

/** Codes of failures that no later poll is likely to cure: the name, the address or the document are wrong. */
const HARD = new Set([
  'DNS_NOT_FOUND',
  'NOT_A_FEED',
  'BAD_URL',
  'BAD_SCHEME',
  'BAD_PORT',
  'CREDENTIALS_IN_URL',
  'ADDRESS_FORBIDDEN',
]);
const TEMPORARY = new Set([
  'HTTP_5XX',
  'DNS_TEMPORARY',
  'CONNECTION_REFUSED',
  'CONNECTION_RESET',
  'HOST_UNREACHABLE',
  'TIMEOUT',
  'ABORTED',
  'BODY_TRUNCATED',
  'BAD_HTTP',
]);

/** What a failed poll counts as: by its HTTP status, else by the stable code of the error; soft when neither says more. */
export function gradeFailure({ status, code = '' }: { status?: number; code?: string }): FailureGrade {
  if (status !== undefined && status >= 400) {
    if (status === 410) return 'hard';
    return status >= 500 || status === 408 || status === 425 || status === 429 ? 'temporary' : 'soft';
  }
  if (HARD.has(code)) return 'hard';
  return TEMPORARY.has(code) ? 'temporary' : 'soft';
}
