import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { blockClassifier, type StoredClassifier } from '../../../src/workers/extract-article/classifier.ts';
import { CONTEXT_FEATURES, LOCAL_FEATURES } from '../../../src/workers/extract-article/feature-columns.ts';

const stored = JSON.parse(
  readFileSync(new URL('../../../data/block-classifier.json', import.meta.url), 'utf8'),
) as StoredClassifier;
const classifier = blockClassifier(LOCAL_FEATURES, CONTEXT_FEATURES);

/** Rows near the edges the trees ask about, always the same. */
function makeRows(forest: StoredClassifier['local'], width: number, count: number): Float32Array {
  const rows = new Float32Array(width * count);
  let state = 7;
  for (let at = 0; at < rows.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const node = state % forest.feature.length;
    const row = Math.floor(at / width);
    const column = forest.feature[node] as number;
    if (column >= 0) rows[row * width + column] = (forest.value[node] as number) + (state % 3) - 1;
  }
  return rows;
}

/** The probability of a row by all trees, walked one after the other as they are stored. */
function walk({ base, roots, feature, value, right }: StoredClassifier['local'], row: Float32Array): number {
  let sum = base;
  for (const root of roots) {
    let node = root;
    for (let column = feature[node] as number; column >= 0; column = feature[node] as number)
      node = (row[column] as number) <= Math.fround(value[node] as number) ? node + 1 : (right[node] as number);
    sum += value[node] as number;
  }
  return 1 / (1 + Math.exp(-sum));
}

const rowOf = (rows: Float32Array, width: number, i: number) => rows.subarray(i * width, (i + 1) * width);

test('first – what the trees say, or nothing of a block the first of them give up', () => {
  const width = LOCAL_FEATURES.length;
  const rows = makeRows(stored.local, width, 200);
  const found = classifier.first(rows, width);
  const given = [...found.keys()].filter((i) => found[i] === 0);
  for (const [i, p] of found.entries()) if (p > 0) expect(p).toBeCloseTo(walk(stored.local, rowOf(rows, width, i)), 5);
  for (const i of given) expect(walk(stored.local, rowOf(rows, width, i))).toBeLessThan(0.2);
  expect(given.length).toBeLessThan(found.length);
});

test('second – what the trees say, on the same side where the first half is clear', () => {
  const width = CONTEXT_FEATURES.length;
  const rows = makeRows(stored.context, width, 200);
  const found = classifier.second(rows, width);
  const inDoubt = [...found.entries()].filter(([, p]) => p > 0.02 && p < 0.95);
  expect(inDoubt.length).toBeGreaterThan(0);
  for (const [i, p] of inDoubt) expect(p).toBeCloseTo(walk(stored.context, rowOf(rows, width, i)), 5);
});
