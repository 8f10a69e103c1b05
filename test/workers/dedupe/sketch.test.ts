import { describe, expect, test } from 'vitest';
import { compare } from '../../../src/workers/dedupe/compare.ts';
import { fingerprint, readText } from '../../../src/workers/dedupe/fingerprint.ts';
import { estimateContainment, sketchOf } from '../../../src/workers/dedupe/sketch.ts';
import { decodeStoredSketch, encodeStoredSketch } from '../../../src/workers/dedupe/stored-sketch.ts';
import { rewritten, story, words } from './texts.ts';

const print = (text: string) => fingerprint(readText('', text));

describe('fingerprint', () => {
  test('numbers – separators of thousands and decimals, and Arabic digits, make no difference', () => {
    const filler = words(1, 20).join(' ');
    expect(print(`${filler} ١٬٢٠٠ و 3.5`).numbers).toEqual(print(`${filler} 1200 و ٣٫٥`).numbers);
    expect(print(`${filler} 1200`).numbers).toHaveLength(1);
    expect(print(`${filler} b52`).numbers).toHaveLength(0);
  });

  test('a text of n words has n - 2 shingles, one of two words none', () => {
    expect(print(words(1, 50).join('، ')).shingles).toHaveLength(48);
    expect(fingerprint(readText('', 'خبر عاجل')).shingles).toHaveLength(0);
  });

  test('furniture is left out, unless nothing else is there', () => {
    const read = readText('', `${words(1, 30).join(' ')}\n${words(2, 10).join(' ')}`);
    const last = read.paragraphs.at(-1)?.hash;
    expect(fingerprint(read, ({ hash }) => hash === last)).toEqual(print(words(1, 30).join(' ')));
    expect(fingerprint(read, () => true)).toEqual(fingerprint(read));
  });
});

describe('sketch', () => {
  test.each([10, 60, 400, 3000])('of a text of %i words holds every shingle hash below its bound', (count) => {
    const { shingles } = print(words(3, count).join(' '));
    const { hashes, bound } = sketchOf(shingles);
    expect([...hashes]).toEqual([...new Set(shingles)].filter((hash) => hash < bound).sort((a, b) => a - b));
    expect(hashes.length).toBeLessThanOrEqual(160);
    expect(hashes.length).toBeGreaterThanOrEqual(Math.min(32, count - 2));
  });

  test.each([
    ['a whole text', story(4, 600), 1],
    ['a rewritten text', rewritten(story(4, 600), 2), undefined],
    ['an excerpt', story(4, 600).split('\n')[1] as string, 1],
    ['another text', story(5, 600), 0],
  ])('estimateContainment – %s', (_case, text, exact) => {
    const [a, b] = [print(story(4, 600)), print(text)];
    const [mine, other] = [sketchOf(b.shingles), sketchOf(a.shingles)];
    const known = new Set(other.hashes);
    const shared = mine.hashes.filter((hash) => known.has(hash)).length;
    const estimate = estimateContainment(mine, { size: other.hashes.length, bound: other.bound }, shared);
    expect(estimate).toBeCloseTo(exact ?? compare(a, b).containment, 0.3);
  });

  test('stored bytes – are read back whole, and refused when they are of another kind', () => {
    const { shingles, contentHash } = print(story(6));
    const stored = { contentHash, sketch: sketchOf(shingles), paragraphs: [1, 2 ** 32 - 1] };
    const bytes = encodeStoredSketch(stored);
    expect(decodeStoredSketch(bytes)).toEqual(stored);
    expect(decodeStoredSketch(bytes.subarray(0, -1))).toBeUndefined();
    expect(decodeStoredSketch(new Uint8Array())).toBeUndefined();
    expect(decodeStoredSketch(Uint8Array.from(bytes, (byte, i) => (i === 0 ? 99 : byte)))).toBeUndefined();
  });
});

describe('compare', () => {
  test('containment is that of the shorter text, gap and length ratio likewise', () => {
    const whole = print(words(8, 200).join(' '));
    const excerpt = print(words(8, 50).join(' '));
    expect(compare(whole, excerpt)).toEqual({ containment: 1, widestGap: 0, numbersShared: 1, lengthRatio: 48 / 198 });
    expect(compare(excerpt, whole)).toEqual(compare(whole, excerpt));
  });

  test('a foreign middle is the widest gap', () => {
    const other = [...words(8, 30), ...words(9, 60), ...words(8, 60).slice(30)].join(' ');
    const { widestGap } = compare(print(words(8, 120).join(' ')), print(other));
    expect(widestGap).toBeGreaterThan(0.4);
    expect(widestGap).toBeLessThan(0.6);
  });
});
