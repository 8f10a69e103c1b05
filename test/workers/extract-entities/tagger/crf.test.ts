import { expect, test } from 'vitest';
import { seededRandom } from '../../../../src/shared/seeded-random.ts';
import { posterior, viterbi } from '../../../../src/workers/extract-entities/tagger/crf.ts';
import {
  LABEL_COUNT as L,
  labelsOf,
  mayFollow,
  spansOf,
} from '../../../../src/workers/extract-entities/tagger/labels.ts';

const LENGTH = 3;

/** Every legal label sequence with its score, the slow way. */
function everySequence(emissions: Float64Array, transitions: Float64Array) {
  const all: { labels: number[]; score: number }[] = [];
  const extend = (labels: number[], score: number) => {
    const last = labels.at(-1) ?? -1;
    if (labels.length === LENGTH) {
      if (mayFollow(last, -1)) all.push({ labels, score });
      return;
    }
    for (let y = 0; y < L; y += 1) {
      if (!mayFollow(last, y)) continue;
      const step = last < 0 ? 0 : (transitions[last * L + y] as number);
      extend([...labels, y], score + step + (emissions[labels.length * L + y] as number));
    }
  };
  extend([], 0);
  return all;
}

test.each([1, 2, 3])('crf – best sequence and probabilities agree with enumeration, seed %i', (seed) => {
  const random = seededRandom(seed);
  const emissions = Float64Array.from({ length: LENGTH * L }, () => random() * 4 - 2);
  const transitions = Float64Array.from({ length: L * L }, () => random() * 2 - 1);
  const all = everySequence(emissions, transitions);
  const best = all.reduce((a, b) => (b.score > a.score ? b : a));
  expect([...viterbi(emissions, transitions, LENGTH)]).toEqual(best.labels);

  const z = all.reduce((sum, { score }) => sum + Math.exp(score), 0);
  const { nodes, edges, logZ } = posterior(emissions, transitions, LENGTH, true);
  expect(logZ).toBeCloseTo(Math.log(z), 8);
  for (let t = 0; t < LENGTH; t += 1) {
    for (let y = 0; y < L; y += 1) {
      const share =
        all.filter(({ labels }) => labels[t] === y).reduce((sum, { score }) => sum + Math.exp(score), 0) / z;
      expect(nodes[t * L + y]).toBeCloseTo(share, 8);
    }
  }
  expect(edges?.reduce((sum, value) => sum + value, 0)).toBeCloseTo(LENGTH - 1, 8);
});

test('labels – spans survive the way to labels and back', () => {
  const spans = [
    { start: 0, end: 1, type: 'LOC' as const },
    { start: 1, end: 4, type: 'PER' as const },
    { start: 5, end: 7, type: 'ORG' as const },
  ];
  expect(spansOf(labelsOf(spans, 8))).toEqual(spans);
});
