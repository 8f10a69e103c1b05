/**
 * Polls, waste and delay of three schedules over 10,000 simulated feeds and 14 days:
 * every 15 minutes; in Miniflux's way (7 d ÷ weekly entries, 5 min to 24 h); Khabar's planNextPoll.
 * Run: npx tsx bench/poll-schedule.bench.ts [feeds]
 */
import type { FeedSchedule } from '../src/shared/model.ts';
import { seededRandom } from '../src/shared/seeded-random.ts';
import { type PollObservation, planNextPoll } from '../src/workers/poll-feed/next-poll.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 10, 1);
const DAYS = 14;
const END = START + DAYS * DAY;
/** Entries of the last day may rightly be found after the end. */
const COUNTED_UNTIL = END - DAY;
const SEED = 20261122;
const FEEDS = Number(process.argv[2] ?? 10_000);

const random = seededRandom(SEED);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

interface SimulatedFeed {
  /** Publication times, ascending, from 14 days before the start. */
  times: number[];
  /** Entries a document holds. */
  window: number;
  ttlMinutes?: number;
  conditional: boolean;
}

/**
 * A newsroom's rhythm: log-normal rates (median 6 a day, a tail of wires with hundreds, one in eight nearly silent), a working day in the
 * outlet's time zone, quieter weekends, and stories that come in bursts.
 */
function simulateFeed(): SimulatedFeed {
  const perDay = random() < 0.125 ? random() * 0.1 : Math.min(800, 6 * Math.exp(1.5 * normal()));
  const zone = Math.floor(random() * 24);
  const weekend = random() < 0.5 ? [5, 6] : [6, 0];
  const night = 0.05 + random() * 0.3;
  const weekendShare = 0.3 + random() * 0.7;
  const intensity = (t: number) => {
    const local = new Date(t + zone * HOUR);
    const hour = local.getUTCHours();
    const day = hour >= 7 && hour < 22 ? 1 : night;
    return day * (weekend.includes(local.getUTCDay()) ? weekendShare : 1);
  };
  const times: number[] = [];
  const peak = (perDay * 1.9) / DAY;
  for (let t = START - 14 * DAY; t < END; ) {
    t += -Math.log(1 - random()) / peak;
    if (random() > intensity(t)) continue;
    times.push(t);
    // A burst: corrections, follow-ups, a batch released at once.
    while (random() < 0.2) times.push(t + random() * 20 * MINUTE);
  }
  times.sort((a, b) => a - b);
  // What publishing systems state by default, whatever the rhythm: an hour, often; a quarter or half of one, sometimes.
  const hint = random();
  const ttlMinutes = hint < 0.35 ? 60 : hint < 0.5 ? 15 : hint < 0.55 ? 30 : undefined;
  return { times, window: [10, 20, 30, 50][Math.floor(random() * 4)] ?? 20, ttlMinutes, conditional: random() < 0.6 };
}

/** Index of the first time after `t`. */
function after(times: number[], t: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Poll {
  now: number;
  fresh: number;
  total: number;
  first: boolean;
  feed: SimulatedFeed;
  /** Index after the newest entry of the document. */
  upTo: number;
}
/** A schedule gives the wait after each poll; made anew for every feed. */
type Policy = () => (poll: Poll) => number;

const fixed: Policy = () => () => 15 * MINUTE;

const miniflux: Policy =
  () =>
  ({ now, feed, upTo }) => {
    const weekly = upTo - after(feed.times, now - 7 * DAY);
    const wait = weekly === 0 ? DAY : Math.min(DAY, Math.max(5 * MINUTE, (7 * DAY) / weekly));
    return Math.max(wait, (feed.ttlMinutes ?? 0) * MINUTE);
  };

const khabar =
  (obeyHints: boolean): Policy =>
  () => {
    let schedule: FeedSchedule | undefined;
    return ({ now, fresh, total, first, feed, upTo }) => {
      const seen: PollObservation =
        fresh === 0 && !first && feed.conditional
          ? { kind: 'not-modified' }
          : {
              kind: 'document',
              total,
              fresh,
              ...(obeyHints ? { ttlMinutes: feed.ttlMinutes } : {}),
              ...(first ? { publishedAt: feed.times.slice(Math.max(0, upTo - feed.window), upTo) } : {}),
            };
      const plan = planNextPoll(schedule, seen, { now: new Date(now), random });
      schedule = plan.schedule;
      return plan.nextPollAt.getTime() - now;
    };
  };

function run(feeds: SimulatedFeed[], policy: Policy) {
  const delays: number[] = [];
  let polls = 0;
  let wasted = 0;
  let missed = 0;
  for (const feed of feeds) {
    const nextWait = policy();
    let seenUpTo = 0;
    let first = true;
    for (let now = START + random() * 15 * MINUTE; now < END; ) {
      const upTo = after(feed.times, now);
      const oldest = Math.max(0, upTo - feed.window);
      const from = Math.max(seenUpTo, oldest);
      if (!first) {
        polls++;
        if (upTo === seenUpTo) wasted++;
        missed += Math.max(0, oldest - seenUpTo);
        for (let i = from; i < upTo; i++) {
          const published = feed.times[i] ?? 0;
          if (published >= START && published < COUNTED_UNTIL) delays.push(now - published);
        }
      }
      const wait = nextWait({ now, fresh: upTo - from, total: upTo - oldest, first, feed, upTo });
      seenUpTo = upTo;
      first = false;
      now += wait;
    }
  }
  delays.sort((a, b) => a - b);
  const at = (share: number) => +((delays[Math.floor(delays.length * share)] ?? 0) / MINUTE).toFixed(1);
  return {
    'polls/day': Math.round(polls / DAYS),
    'wasted %': +((100 * wasted) / polls).toFixed(1),
    'p50 min': at(0.5),
    'p95 min': at(0.95),
    'missed %': +((100 * missed) / (missed + delays.length)).toFixed(2),
  };
}

const feeds = Array.from({ length: FEEDS }, simulateFeed);
const perDay = feeds.map((f) => f.times.length / 28).sort((a, b) => a - b);
console.log(
  `${FEEDS} feeds, ${DAYS} days, entries a day: median ${perDay[FEEDS >> 1]?.toFixed(1)}, 95 % ${perDay[Math.floor(FEEDS * 0.95)]?.toFixed(0)}`,
);
const groups: [string, SimulatedFeed[]][] = [
  ['all', feeds],
  ['without hints', feeds.filter((f) => f.ttlMinutes === undefined)],
  ['busy (> 24 a day)', feeds.filter((f) => f.times.length > 24 * 28)],
  ['quiet (< 1 a day)', feeds.filter((f) => f.times.length < 28)],
];
for (const [name, group] of groups) {
  console.log(`\n${name}: ${group.length} feeds`);
  console.table({
    'every 15 min': run(group, fixed),
    'Miniflux style': run(group, miniflux),
    Khabar: run(group, khabar(true)),
    'Khabar, hints ignored': run(group, khabar(false)),
  });
}
