import { expect, test } from 'vitest';
import { findFurniture } from '../../../src/shared/furniture.ts';
import type { Paragraph } from '../../../src/shared/model.ts';
import {
  pageLines,
  paragraphKey,
  splitFurniture,
  withoutFurniture,
} from '../../../src/workers/extract-article/furniture.ts';

const SIGN_OFF = 'لمتابعة نشرتنا الأسبوعية سجلوا بريدكم لدى مكتب الصحيفة في المدينة.';
const body = (...lines: string[]): Paragraph[] => lines.map((text) => ({ type: 'p', text }));
const page = (n: number) => ({ id: String(n), at: new Date(Date.UTC(2026, 2, 1 + n)) });
const story = (n: number, ...more: string[]) =>
  body(
    `افتتحت البلدية اليوم الحديقة رقم ${n} في الحي الشمالي بحضور عدد من السكان والمهندسين الذين شاركوا في العمل`,
    `وقالت المهندسة المشرفة إن الأعمال استغرقت ${n} أشهر`,
    ...more,
  );

test('paragraphKey – one key for all spellings of a line', () => {
  expect(paragraphKey('إقرأ  المزيد في الصفحة الأولى')).toBe(paragraphKey('اقرا المزيد في الصفحه الأولى.'));
  expect(paragraphKey('غير ذلك')).not.toBe(paragraphKey('مثل ذلك'));
});

test('pageLines – what is known already goes on being known, though the pages no longer show it', () => {
  const seen = [1, 2, 3, 4].map((n) =>
    pageLines({ title: `خبر ${n}`, paragraphs: story(n, `سطر ${n} من الخبر نفسه`, SIGN_OFF) }, page(n)),
  );
  const known = findFurniture(seen);
  expect([...known]).toEqual([paragraphKey(SIGN_OFF)]);
  const later = [5, 6, 7, 8].map((n) => {
    const { own, furniture } = splitFurniture(story(n, `سطر ${n} من الخبر نفسه`, SIGN_OFF), known);
    expect(own.map(({ text }) => text)).not.toContain(SIGN_OFF);
    return pageLines({ title: `خبر ${n}`, paragraphs: own, furniture }, page(n));
  });
  expect([...findFurniture(later)]).toEqual([...known]);
});

test.each([
  ['a wire credit', story(1, 'المصدر: رويترز'), 'المصدر: رويترز', []],
  ['a signature', story(1, 'كتبت: سلمى الخطيب'), 'كتبت: سلمى الخطيب', []],
  ['a dateline of its own', [...body('بغداد - من مراسلنا'), ...story(1)], 'بغداد - من مراسلنا', []],
  ['a flash', body('هزة أرضية خفيفة تضرب سواحل الجزيرة'), 'هزة أرضية خفيفة تضرب سواحل الجزيرة', ['inner']],
  ['a sign-off', story(1, SIGN_OFF), SIGN_OFF, ['closing']],
])('pageLines – where %s is noted', (_case, paragraphs, line, places) => {
  const lines = pageLines({ title: 'خبر', paragraphs }, page(1));
  expect((['closing', 'inner'] as const).filter((place) => lines[place].includes(paragraphKey(line)))).toEqual(places);
});

test('pageLines – headings and tables recur in honest texts', () => {
  const paragraphs: Paragraph[] = [...story(1), { type: 'h2', text: 'ماذا حدث في المدينة أمس' }];
  const { closing, inner } = pageLines({ title: 'خبر', paragraphs }, page(1));
  expect([...closing, ...inner]).not.toContain(paragraphKey('ماذا حدث في المدينة أمس'));
});

test('splitFurniture – a page of nothing else keeps what it has', () => {
  const known = new Set([paragraphKey(SIGN_OFF)]);
  expect(splitFurniture(body(SIGN_OFF), known)).toEqual({ own: body(SIGN_OFF), furniture: [] });
});

test('withoutFurniture – a stored text loses what has been learnt since', () => {
  const known = new Set([paragraphKey(SIGN_OFF)]);
  expect(withoutFurniture(`خبر\n\n${SIGN_OFF}`, known).trim()).toBe('خبر');
});
