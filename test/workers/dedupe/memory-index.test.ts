import { describe, expect, test } from 'vitest';
import { createDeduper } from '../../../src/workers/dedupe/index.ts';
import { createMemoryIndex } from '../../../src/workers/dedupe/memory-index.ts';
import { rewritten, story, words } from './texts.ts';

const DAY_MS = 86_400_000;

/** Adds texts in order under the ids a, b, c… and returns the decisions. */
async function decide(texts: (string | { text: string; title?: string; source?: string; language?: string })[]) {
  const deduper = createDeduper();
  const decisions = [];
  for (const [i, text] of texts.entries()) {
    const article = typeof text === 'string' ? { text } : text;
    decisions.push(await deduper.add({ id: String.fromCharCode(97 + i), title: '', language: 'ar', ...article }));
  }
  return decisions;
}

describe('createDeduper – finds', () => {
  test('an equal text spelt another way as an exact copy', async () => {
    const original = `${story(1)} أحمد مدرسة ١٢`;
    const [, copy] = await decide([
      original,
      `  ${original.replaceAll('أ', 'ا').replaceAll('ة', 'ه').replace('١٢', '12')}  `,
    ]);
    expect(copy).toMatchObject({ duplicateOf: 'a', kind: 'exact', similarity: 1 });
  });

  test('a rewritten text as a near copy', async () => {
    const [, copy] = await decide([story(1), rewritten(story(1), 5)]);
    expect(copy).toMatchObject({ duplicateOf: 'a', kind: 'near' });
    expect(copy?.similarity).toBeGreaterThan(0.5);
    expect(copy?.similarity).toBeLessThan(1);
  });

  test('an excerpt as contained, whichever came first', async () => {
    const excerpt = story(1).split('\n')[0] as string;
    const whole = story(1, 120);
    expect((await decide([whole, excerpt]))[1]).toMatchObject({ duplicateOf: 'a', kind: 'contained' });
    expect((await decide([excerpt, whole]))[1]).toMatchObject({ duplicateOf: 'a', kind: 'contained' });
  });

  test('moved paragraphs', async () => {
    const [, copy] = await decide([story(1), story(1).split('\n').reverse().join('\n')]);
    expect(copy).toMatchObject({ duplicateOf: 'a', kind: 'near' });
  });

  test('the first article of the cluster for a copy of a copy', async () => {
    const [, , third] = await decide([story(1), rewritten(story(1), 6, 2), rewritten(rewritten(story(1), 6, 2), 6, 3)]);
    expect(third?.duplicateOf).toBe('a');
  });

  test('each copy of the one before, and the last of nothing in the first – the last stands alone', async () => {
    const parts = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => words(70 + n, 12));
    const mixed = (...four: number[]) =>
      Array.from({ length: 12 }, (_, i) => four.map((n) => parts[n - 1]?.slice(i - (i % 4), i - (i % 4) + 4).join(' ')))
        .filter((_, i) => i % 4 === 0)
        .flat()
        .join(' ');
    const [, second, third] = await decide([mixed(1, 2, 3, 4), mixed(3, 4, 5, 6), mixed(5, 6, 7, 8)]);
    const [, alone] = await decide([mixed(3, 4, 5, 6), mixed(5, 6, 7, 8)]);
    expect(second?.duplicateOf).toBe('a');
    expect(alone?.duplicateOf).toBe('a');
    expect(third?.duplicateOf).toBeUndefined();
  });

  test('copies in a script without blanks', async () => {
    const han = (seed: number) =>
      words(seed, 90)
        .map((w) =>
          String.fromCharCode(
            0x4e00 + ((w.charCodeAt(1) * 31 + w.charCodeAt(w.length - 1) * 7 + w.length * 977) % 5000),
          ),
        )
        .join('');
    const text = han(5);
    const [, copy, other] = await decide([
      { text, language: 'zh' },
      { text: `${text.slice(0, 50)}改${text.slice(51)}`, language: 'zh' },
      { text: han(6), language: 'zh' },
    ]);
    expect(copy).toMatchObject({ duplicateOf: 'a' });
    expect(other?.duplicateOf).toBeUndefined();
  });
});

describe('createDeduper – keeps apart', () => {
  test('different texts', async () => {
    expect((await decide([story(1), story(2)]))[1]?.duplicateOf).toBeUndefined();
  });

  test('two issues of a report that differ in their numbers', async () => {
    const report = (a: number, b: number, c: number, d: number) =>
      `${words(7, 20).join(' ')} ${a} ${words(8, 10).join(' ')} ${b} ${words(9, 10).join(' ')} ${c} ${words(10, 20).join(' ')} ${d}`;
    expect((await decide([report(31, 22, 72, 14), report(29, 18, 72, 20)]))[1]?.duplicateOf).toBeUndefined();
    expect((await decide([report(31, 22, 72, 14), report(31, 22, 72, 15)]))[1]?.duplicateOf).toBe('a');
  });

  test('two texts with one opening and end around different middles', async () => {
    const live = (seed: number) =>
      `${words(20, 30).join(' ')}\n${words(seed, 80).join(' ')}\n${words(21, 35).join(' ')}`;
    expect((await decide([live(1), live(2)]))[1]?.duplicateOf).toBeUndefined();
  });

  test('excerpts under the furniture of one source, once that is known', async () => {
    const furniture = words(30, 45).join(' ');
    const page = (seed: number) => ({ text: `${words(seed, 40).join(' ')}\n${furniture}`, source: 'a newspaper' });
    const decisions = await decide([page(1), page(2), page(3), page(4), page(5)]);
    expect(decisions.slice(2).map(({ duplicateOf }) => duplicateOf)).toEqual([undefined, undefined, undefined]);
  });

  test('a text that its outlet shows again and again is no furniture: what another takes over of it is found', async () => {
    const again = [1, 2, 3, 4].map((n) => ({
      text: `${words(50 + n, 4).join(' ')}\n${story(1)}`,
      source: 'a newspaper',
    }));
    const decisions = await decide([...again, { text: story(1), source: 'another' }]);
    expect(decisions.slice(1).map(({ duplicateOf }) => duplicateOf)).toEqual(['a', 'a', 'a', 'a']);
  });

  test('one text in two languages', async () => {
    const [, other] = await decide([{ text: story(1) }, { text: story(1), language: 'fa' }]);
    expect(other?.duplicateOf).toBeUndefined();
  });

  test('flashes of a few words with different titles', async () => {
    const [, other, same] = await decide([
      { title: words(1, 6).join(' '), text: 'شاهد الفيديو' },
      { title: words(2, 6).join(' '), text: 'شاهد الفيديو' },
      { title: words(1, 6).join(' '), text: 'شاهد الفيديو' },
    ]);
    expect(other?.duplicateOf).toBeUndefined();
    expect(same).toMatchObject({ duplicateOf: 'a', kind: 'exact' });
  });

  test('texts without words', async () => {
    expect((await decide(['', '—']))[1]?.duplicateOf).toBeUndefined();
  });
});

describe('createMemoryIndex', () => {
  const article = (id: string, text: string, seenAt = 0) => ({ id, title: '', text, language: 'ar', seenAt });

  test('an article asked about again gets the same answer', async () => {
    const index = createMemoryIndex();
    await index.matchOrInsert(article('a', story(1)));
    const first = await index.matchOrInsert(article('b', rewritten(story(1), 5)));
    const again = await index.matchOrInsert(article('b', rewritten(story(1), 5)));
    expect(first).toMatchObject({ original: 'a', kind: 'near', again: false });
    expect(again).toEqual({ ...first, again: true });
    expect(await index.matchOrInsert(article('a', story(1)))).toMatchObject({ original: 'a', again: true });
  });

  test('near copies are found within the sketch window, exact ones within the content window', async () => {
    const index = createMemoryIndex({ sketchWindowDays: 7, contentWindowDays: 30 });
    await index.matchOrInsert(article('a', story(1)));
    await index.matchOrInsert(article('b', story(2)));
    expect((await index.matchOrInsert(article('c', rewritten(story(1), 5), 6 * DAY_MS))).original).toBe('a');
    expect((await index.matchOrInsert(article('d', rewritten(story(2), 5), 8 * DAY_MS))).original).toBe('d');
    expect((await index.matchOrInsert(article('e', story(2), 29 * DAY_MS))).original).toBe('b');
    expect((await index.matchOrInsert(article('f', story(1), 80 * DAY_MS))).original).toBe('f');
  });

  test('a stock phrase in very many articles joins none of them', async () => {
    const index = createMemoryIndex();
    const phrase = words(40, 12).join(' ');
    for (let i = 0; i < 80; i++) {
      const id = `p${i}`;
      expect((await index.matchOrInsert(article(id, `${phrase} ${words(100 + i, 40).join(' ')}`, i))).original).toBe(
        id,
      );
    }
  });
});
