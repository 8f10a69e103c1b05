import { expect, test } from 'vitest';
import { driftOf } from '../../src/shared/drift.ts';

const times = (n: number, score: number) => Array<number>(n).fill(score);
/** Scores that scatter evenly around a mean. */
const scattered = (n: number, mean: number, by: number) => times(n, mean).map((score, i) => score + (i % 2 ? by : -by));

test.each([
  ['steady scores', times(60, 0.9)],
  ['scores that scatter', scattered(60, 0.7, 0.25)],
  ['scores that rise', [...times(50, 0.5), ...times(10, 0.9)]],
  ['one bad page', [...times(50, 0.9), ...times(9, 0.9), 0.1]],
  ['a fall too small to matter', [...times(50, 0.9), ...times(10, 0.82)]],
  ['a short past', [...times(19, 0.9), ...times(10, 0.2)]],
  ['nothing', []],
])('%s – no drift', (_name, scores) => {
  expect(driftOf(scores)).toBeUndefined();
});

test('ten pages clearly below the past – how far', () => {
  const { past, recent } = driftOf([...scattered(50, 0.8, 0.1), ...times(10, 0.4)]) ?? {};
  expect(past).toBeCloseTo(0.8);
  expect(recent).toBeCloseTo(0.4);
});
