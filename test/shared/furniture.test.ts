import { expect, test } from 'vitest';
import { findFurniture, type PageLines } from '../../src/shared/furniture.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-03-01T08:00:00Z');

/** Pages of as many stories, a day apart in all, each with the lines given for it. */
function pages(count: number, linesOf: (n: number) => Partial<PageLines>): PageLines[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `page ${n}`,
    at: new Date(START + (n * 24 * HOUR) / count),
    title: `title ${n}`,
    gist: [`gist ${n}a`, `gist ${n}b`],
    closing: [`end ${n}`],
    inner: [`line ${n}`],
    ...linesOf(n),
  }));
}
const found = (list: PageLines[]) => [...findFurniture(list)].sort();

test.each([
  ['a closing line of four stories', pages(4, () => ({ closing: ['follow us'] })), ['follow us']],
  ['of three only', pages(3, () => ({ closing: ['follow us'] })), []],
  [
    'of four versions of one story, by title',
    pages(6, (n) => (n < 4 ? { title: 'ceasefire', closing: ['the talks go on'] } : {})),
    [],
  ],
  [
    'of four updates of one story under new titles, half of its text the same',
    pages(6, (n) => (n < 4 ? { gist: ['background', `news ${n}`], closing: ['the talks go on'] } : {})),
    [],
  ],
  [
    'of four stories in forty, a tenth',
    pages(40, (n) => (n % 10 === 0 ? { closing: ['follow us'] } : {})),
    ['follow us'],
  ],
  ['of three in forty', pages(40, (n) => (n % 15 === 0 ? { closing: ['follow us'] } : {})), []],
  ['a line anywhere in half of the stories', pages(16, (n) => (n % 2 ? {} : { inner: ['subscribe'] })), ['subscribe']],
  ['anywhere in a third', pages(24, (n) => (n % 3 ? {} : { inner: ['he told reporters'] })), []],
])('findFurniture – %s', (_case, list, expected) => {
  expect(found(list)).toEqual(expected);
});

test('findFurniture – lines of one afternoon may belong to the event of the day', () => {
  const list = pages(8, () => ({ closing: ['voting goes on until six'] }));
  const at = (n: number) => new Date(START + (n * HOUR) / 2);
  expect(found(list.map((page, n) => ({ ...page, at: at(n) })))).toEqual([]);
});
