import { beforeAll, expect, test } from 'vitest';
import { buildCatalogue } from '../../src/newsstand/catalogue.ts';
import type { Item } from '../../src/newsstand/model.ts';

const now = new Date('2026-03-18T12:00:00Z');

function itemsOf(seed: number, count: number): Item[] {
  return [...buildCatalogue({ seed, count, now }).items.values()].flat();
}

function textOf(item: Item): string {
  return item
    .content()
    .body.map(({ text }) => text)
    .join('\n');
}

/** 3-word shingles of the text, case and marks folded away as any comparison of copies does. */
function shinglesOf(item: Item): Set<string> {
  const words =
    textOf(item)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.slice(2).map((word, index) => `${words[index]} ${words[index + 1]} ${word}`));
}

/** Calls `pair` with the containment (shared over the smaller set) of every pair that shares a shingle. */
function eachContainment(items: readonly Item[], pair: (a: Item, b: Item, containment: number) => void): void {
  const sets = items.map(shinglesOf);
  const holders = new Map<string, number[]>();
  sets.forEach((set, index) => {
    const shared = new Map<number, number>();
    for (const shingle of set) {
      const earlier = holders.get(shingle) ?? [];
      for (const other of earlier) shared.set(other, (shared.get(other) ?? 0) + 1);
      earlier.push(index);
      holders.set(shingle, earlier);
    }
    for (const [other, count] of shared) {
      const smaller = Math.min(set.size, sets[other]?.size ?? 0);
      pair(items[other] as Item, items[index] as Item, count / smaller);
    }
  });
}

const originalOf = (item: Item) => item.wireOf ?? item.id;

let written: Item[];
let generated: Item[];
beforeAll(() => {
  written = itemsOf(1, 0);
  generated = itemsOf(7, 1_000).filter((item) => item.generated);
});

test('written articles – at least forty originals, eighteen of them Arabic, and eight stories with copies', () => {
  const originals = written.filter(({ wireOf }) => wireOf === undefined);
  expect(originals.length).toBeGreaterThanOrEqual(40);
  expect(originals.filter(({ language }) => language === 'ar').length).toBeGreaterThanOrEqual(18);
  expect(new Set(written.flatMap(({ wireOf }) => wireOf ?? [])).size).toBeGreaterThanOrEqual(8);
});

test('written articles – some events are told in several languages', () => {
  const languages = new Map<string, Set<string>>();
  for (const { storyId, language } of written) {
    languages.set(storyId, (languages.get(storyId) ?? new Set()).add(language));
  }
  expect([...languages.values()].filter((set) => set.size >= 3).length).toBeGreaterThanOrEqual(2);
});

test('written articles – no slot or reference is left in any text', () => {
  for (const item of written) {
    const { title, caption, subtitle } = item.content();
    expect(`${title}${caption}${subtitle}${textOf(item)}`, item.id).not.toMatch(/[{}[\]]|^#|---/m);
  }
});

test('written articles – weekdays follow the clock they are dated by', () => {
  const find = (items: Item[]) => items.find(({ id }) => id === 'en/suez-tanker.ledger') as Item;
  const nextDay = buildCatalogue({ seed: 1, count: 0, now: new Date('2026-03-19T12:00:00Z') });
  expect(textOf(find(written))).toContain('before dawn on Wednesday');
  expect(textOf(find([...nextDay.items.values()].flat()))).toContain('before dawn on Thursday');
});

test('written articles – copies are close to their original, different texts are not', () => {
  const copies = new Set(written.filter(({ wireOf }) => wireOf !== undefined));
  eachContainment(written, (a, b, containment) => {
    if (originalOf(a) === originalOf(b)) copies.delete(a.wireOf ? a : b);
    const where = `${a.id} ${b.id}`;
    if (originalOf(a) !== originalOf(b)) expect(containment, where).toBeLessThan(0.3);
    else expect(containment, where).toBeGreaterThan(0.35);
  });
  expect([...copies].map(({ id }) => id)).toEqual([]);
});

test('written articles – a copy stands on another outlet than its original, and later', () => {
  const byId = new Map(written.map((item) => [item.id, item]));
  for (const copy of written.filter(({ wireOf }) => wireOf !== undefined)) {
    const original = byId.get(copy.wireOf ?? '') as Item;
    expect(copy.outletId, copy.id).not.toBe(original.outletId);
    expect(copy.publishedAt.getTime(), copy.id).toBeGreaterThan(original.publishedAt.getTime());
    expect(copy.edit, copy.id).toMatch(/^(light|heavy|truncated|extended|headline)$/);
  }
});

test('generated articles – the same seed gives the same articles, more of them only add', () => {
  const texts = (items: Item[]) => new Map(items.filter((item) => item.generated).map((item) => [item.id, item]));
  const [first, again, other] = [itemsOf(7, 200), itemsOf(7, 200), itemsOf(8, 200)].map(texts) as Map<string, Item>[];
  let different = 0;
  for (const [id, item] of first ?? []) {
    const twin = again?.get(id) as Item;
    expect([twin.content(), twin.outletId, twin.wireOf]).toEqual([item.content(), item.outletId, item.wireOf]);
    if (textOf(other?.get(id) as Item) !== textOf(item)) different++;
  }
  expect(different).toBe(200);
  const more = texts(itemsOf(7, 400));
  const undated = (item: Item) => textOf(item).replaceAll(/\p{L}*day|[^\p{L}]/gu, '').length;
  for (const [id, item] of first ?? [])
    expect(Math.abs(undated(more.get(id) as Item) - undated(item))).toBeLessThan(120);
});

test('generated articles – Arabic first, about one in seven a flagged copy on another outlet', () => {
  const share = (of: (item: Item) => boolean) => generated.filter(of).length / generated.length;
  expect(share(({ language }) => language === 'ar')).toBeGreaterThan(0.5);
  expect(share(({ wireOf }) => wireOf !== undefined)).toBeGreaterThan(0.1);
  expect(share(({ wireOf }) => wireOf !== undefined)).toBeLessThan(0.2);
  const byId = new Map(generated.map((item) => [item.id, item]));
  for (const copy of generated.filter(({ wireOf }) => wireOf !== undefined)) {
    const original = byId.get(copy.wireOf ?? '') as Item;
    expect(original.wireOf).toBeUndefined();
    expect(copy.outletId).not.toBe(original.outletId);
    expect(copy.publishedAt.getTime()).toBeGreaterThan(original.publishedAt.getTime());
    expect(copy.storyId).toBe(original.storyId);
  }
});

test('generated articles – flagged copies are near-duplicates, and nothing else is', () => {
  const far: string[] = [];
  const near: string[] = [];
  eachContainment(generated, (a, b, containment) => {
    if (originalOf(a) === originalOf(b) ? containment < 0.5 : containment >= 0.35) {
      (originalOf(a) === originalOf(b) ? far : near).push(`${a.id} ${b.id} ${containment}`);
    }
  });
  expect({ far, near }).toEqual({ far: [], near: [] });
});

test('generated articles – nothing of the grammar is left in a text', () => {
  for (const item of generated) {
    expect(`${item.content().title}\n${textOf(item)}`, item.id).not.toMatch(/[{}<>|]|undefined/);
  }
});

test('generated articles – outlets are added so that no feed passes a thousand entries', () => {
  const { outlets, items } = buildCatalogue({ seed: 1, count: 12_000, now });
  expect(Math.max(...[...items.values()].map((list) => list.length))).toBeLessThanOrEqual(1_000);
  expect(new Set(outlets.map(({ id }) => id)).size).toBe(outlets.length);
  expect([...items.values()].flat().filter((item) => item.generated)).toHaveLength(12_000);
  const numbers = new Set([...items.values()].flat().map(({ number }) => number));
  expect(numbers.size).toBe([...items.values()].flat().length);
});
