import { expect, test } from 'vitest';
import { sparingly } from '../../src/dashboard/sparingly.ts';

/** A question whose answers the test gives, on a clock of the test's. */
function setup() {
  let time = 0;
  let asked = 0;
  const waiting: { resolve(answer: number): void; reject(error: Error): void }[] = [];
  const ask = sparingly(
    () => {
      asked++;
      return new Promise<number>((resolve, reject) => waiting.push({ resolve, reject }));
    },
    () => time,
  );
  return {
    ask,
    asked: () => asked,
    pass: (ms: number) => {
      time += ms;
    },
    answer: async (value: number) => {
      waiting.shift()?.resolve(value);
      await Promise.resolve();
    },
    fail: async () => {
      waiting.shift()?.reject(new Error('away'));
      await Promise.resolve();
    },
  };
}

test('sparingly – callers share the answer under way, however long it takes', async () => {
  const { ask, asked, pass, answer } = setup();
  const first = ask();
  pass(60_000);
  const second = ask();
  await answer(1);
  expect([await first, await second, asked()]).toEqual([1, 1, 1]);
});

test('sparingly – a quick answer is asked for anew', async () => {
  const { ask, asked, pass, answer } = setup();
  const first = ask();
  pass(20);
  await answer(1);
  const second = ask();
  await answer(2);
  expect([await first, await second, asked()]).toEqual([1, 2, 2]);
});

test('sparingly – a slow one is given again for ten times as long as it took', async () => {
  const { ask, asked, pass, answer } = setup();
  const first = ask();
  pass(500);
  await answer(1);
  expect(await first).toBe(1);
  pass(4_999);
  expect(await ask()).toBe(1);
  pass(1);
  const later = ask();
  await answer(2);
  expect([await later, asked()]).toEqual([2, 2]);
});

test('sparingly – a failure is told those who wait, and not given again', async () => {
  const { ask, asked, pass, answer, fail } = setup();
  const first = ask();
  const second = ask();
  pass(500);
  await fail();
  await expect(first).rejects.toThrow('away');
  await expect(second).rejects.toThrow('away');
  const third = ask();
  await answer(3);
  expect([await third, asked()]).toEqual([3, 2]);
});
