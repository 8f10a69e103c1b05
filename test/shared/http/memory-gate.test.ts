import { expect, test } from 'vitest';
import { createMemoryGate, type GateRules, type Turn } from '../../../src/shared/http/index.ts';

const SITE = 'news.example';

function setup(rules: GateRules = {}) {
  const clock = { now: 1_000_000 };
  const gate = createMemoryGate({ rules, now: () => clock.now, random: () => 0.5 });
  const enter = (ticket: string, options = {}) => gate.enter(SITE, ticket, options);
  const start = async (ticket: string, options = {}): Promise<Turn> => {
    const answer = await enter(ticket, options);
    if (!answer.ok) throw new Error(`refused for ${answer.waitMs} ms`);
    return answer;
  };
  return { clock, gate, enter, start };
}

const refused = (waitMs: number) => ({ ok: false, waitMs });

test('enter – refused callers are promised slots of their own, and find them kept', async () => {
  const { clock, enter, start } = setup();
  await (await start('a')).leave();
  expect(await enter('b')).toEqual(refused(1_000));
  expect(await enter('c')).toEqual(refused(2_000));
  clock.now += 400;
  expect(await enter('b')).toEqual(refused(600));
  clock.now += 600;
  expect(await enter('d')).toEqual(refused(2_000));
  await (await start('b')).leave();
  clock.now += 1_000;
  await start('c');
});

test('enter – a clock that is set back keeps no site shut', async () => {
  const { clock, start } = setup();
  await (await start('a')).leave();
  clock.now -= 600_000;
  await start('b');
});

test('enter – a newcomer does not take a slot promised to another that comes a little late', async () => {
  const { clock, enter, start } = setup();
  await (await start('a')).leave();
  expect(await enter('b')).toEqual(refused(1_000));
  clock.now += 1_300;
  expect(await enter('c')).toMatchObject({ ok: false });
  await start('b');
});

test('enter – slots nobody comes for pass', async () => {
  const { clock, enter, start } = setup();
  await (await start('a')).leave();
  for (const ticket of ['b', 'c', 'd']) await enter(ticket);
  clock.now += 10_000;
  await start('e');
});

test('enter – a holder that comes late keeps its precedence', async () => {
  const { clock, enter, start } = setup();
  await (await start('a')).leave();
  for (const ticket of ['b', 'c', 'd']) await enter(ticket);
  clock.now += 2_500;
  await (await start('c')).leave();
  expect(await enter('b')).toEqual(refused(1_000));
  expect(await enter('e')).toMatchObject({ ok: false });
  clock.now += 1_000;
  await start('b');
});

test('enter – no more at once than the cap, until one leaves or its lease runs out', async () => {
  const { clock, enter, start } = setup({ inFlight: 2, leaseMs: 30_000 });
  const first = await start('a');
  clock.now += 1_000;
  await start('b', { leaseMs: 5_000 });
  clock.now += 1_000;
  expect(await enter('c')).toEqual(refused(1_000));
  clock.now += 1_000;
  expect(await enter('c')).toEqual(refused(1_000));
  await first.leave();
  clock.now += 1_000;
  await start('c');
  clock.now += 1_000;
  expect(await enter('d')).toMatchObject({ ok: false });
  // b's holder died; its lease ends 5 s after it began, and d comes at the pace of a's turn.
  clock.now += 1_050;
  await start('d');
});

test('leave – a hold keeps everybody away, then lets them in one by one', async () => {
  const { clock, enter, start } = setup();
  await (await start('a')).leave(60_000);
  expect(await enter('b')).toEqual(refused(60_000));
  expect(await enter('c')).toEqual(refused(61_000));
  clock.now += 60_000;
  await start('b');
  expect(await enter('c')).toEqual(refused(1_000));
});

test('leave – a shorter hold does not end a longer one', async () => {
  const { clock, enter, start } = setup();
  const first = await start('a');
  clock.now += 1_000;
  const second = await start('b');
  await first.leave(60_000);
  await second.leave(5_000);
  expect(await enter('c')).toEqual(refused(60_000));
});

test('enter – the crawl-delay of robots.txt is remembered, within bounds', async () => {
  const { clock, enter, start } = setup();
  await (await start('page', { spacingMs: 7_000 })).leave();
  expect(await enter('feed')).toEqual(refused(7_000));
  clock.now += 7_000;
  await (await start('feed')).leave();
  expect(await enter('next', { spacingMs: 86_400_000 })).toEqual(refused(30_000));
  clock.now += 30_000;
  await (await start('next', { spacingMs: 0 })).leave();
  expect(await enter('last')).toEqual(refused(1_000));
});

test('enter – the operator’s spacing for a site is stronger than robots.txt', async () => {
  const { enter, start } = setup({ spacingMsBySite: { [SITE]: 200 } });
  await (await start('a', { spacingMs: 7_000 })).leave();
  expect(await enter('b', { spacingMs: 7_000 })).toEqual(refused(200));
});

test('enter – sites do not wait for each other', async () => {
  const { gate, start } = setup();
  await start('a');
  expect(await gate.enter('other.example', 'b')).toMatchObject({ ok: true });
});

test('enter – beyond the horizon callers come back at random rather than be promised', async () => {
  const { enter, start } = setup({ horizonMs: 3_000 });
  await (await start('a')).leave();
  for (const waitMs of [1_000, 2_000, 3_000, 4_000]) expect(await enter(`b${waitMs}`)).toEqual(refused(waitMs));
  expect(await enter('c')).toEqual(refused(1_000 + 0.75 * 3_000));
  expect(await enter('d')).toEqual(refused(1_000 + 0.75 * 3_000));
});

test('enter – without spacing only the cap counts, and who waits does not spin', async () => {
  const { clock, enter, start } = setup({ spacingMs: 0, inFlight: 2 });
  const first = await start('a');
  await start('b');
  expect(await enter('c')).toEqual(refused(10));
  expect(await enter('d')).toEqual(refused(20));
  clock.now += 10;
  await first.leave();
  await start('c');
});

test('enter – an urgent errand goes before those that wait', async () => {
  const { clock, enter, start } = setup();
  await (await start('a')).leave();
  for (const ticket of ['b', 'c', 'd']) await enter(ticket);
  expect(await enter('feed', { urgent: true })).toEqual(refused(1_000));
  expect(await enter('feed 2', { urgent: true })).toEqual(refused(2_000));
  clock.now += 1_000;
  await (await start('feed', { urgent: true })).leave();
  expect(await enter('b')).toEqual(refused(1_000));
});

test('enter – who waits for a place comes back at the pace of the turns', async () => {
  const { clock, enter, start } = setup({ spacingMs: 0, inFlight: 2 });
  const first = await start('a');
  clock.now += 20_000;
  await first.leave();
  await start('b');
  await start('c');
  expect(await enter('d')).toEqual(refused(7_000));
  expect(await enter('e')).toEqual(refused(14_000));
});

/** Callers that come when they were told to, up to `lateMs` late, and take `workMs` for their errand. */
async function simulate(options: { callers: number; lateMs: number; workMs: number; rules?: GateRules }) {
  const { clock, enter } = setup(options.rules);
  let seed = 7;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  const events: { at: number; run: () => Promise<void> }[] = [];
  const starts: { ticket: number; at: number }[] = [];
  let entered = 0;
  const arrive = (ticket: number) => async () => {
    entered += 1;
    const answer = await enter(String(ticket));
    if (answer.ok) {
      starts.push({ ticket, at: clock.now });
      events.push({ at: clock.now + options.workMs, run: () => answer.leave() });
    } else {
      events.push({ at: clock.now + answer.waitMs + Math.floor(random() * options.lateMs), run: arrive(ticket) });
    }
  };
  for (let i = 0; i < options.callers; i++) events.push({ at: clock.now + i, run: arrive(i) });
  while (events.length > 0) {
    events.sort((a, b) => b.at - a.at);
    const next = events.pop();
    clock.now = Math.max(clock.now, next?.at ?? 0);
    await next?.run();
  }
  const gaps = starts.slice(1).map(({ at }, i) => at - (starts[i]?.at ?? 0));
  const elapsed = (starts.at(-1)?.at ?? 0) - (starts[0]?.at ?? 0);
  return { starts, entered, gaps, perStart: elapsed / (options.callers - 1) };
}

test('enter – a site without spacing is kept busy', async () => {
  const { perStart, entered } = await simulate({
    callers: 2_000,
    lateMs: 3,
    workMs: 30,
    rules: { spacingMs: 0, inFlight: 8 },
  });
  // Ideal: 30 ms / 8 = 3.75 ms.
  expect(perStart).toBeLessThan(6);
  expect(entered / 2_000).toBeLessThan(5);
});

test.each([
  ['on time', { callers: 200, lateMs: 0, workMs: 300 }, 2, 1_001],
  ['a little late', { callers: 200, lateMs: 100, workMs: 300 }, 5, 1_100],
  ['very late', { callers: 200, lateMs: 20_000, workMs: 300 }, 6, 1_700],
  ['many more than the horizon', { callers: 2_000, lateMs: 100, workMs: 300 }, 8, 1_100],
  ['at a slow site', { callers: 100, lateMs: 100, workMs: 5_000 }, 8, 2_800],
])('enter – callers %s all get their turn, spaced and without churn', async (_case, options, mostEnters, mostMs) => {
  const { starts, entered, gaps, perStart } = await simulate(options);
  expect(new Set(starts.map(({ ticket }) => ticket)).size).toBe(options.callers);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000);
  expect(entered / options.callers).toBeLessThanOrEqual(mostEnters);
  expect(perStart).toBeLessThanOrEqual(mostMs);
});
