import { expect, test } from 'vitest';
import type { ParagraphChange } from '../../../src/shared/model.ts';
import { diffParagraphs, earlierVersion } from '../../../src/workers/extract-article/versions.ts';

const at = new Date('2026-06-01T12:00:00Z');

/** Undoes a diff, which is what it is kept for. */
function restore(newer: string[], diff: ParagraphChange[]): string[] {
  const older = [...newer];
  for (const { at, removed, added } of [...diff].reverse()) older.splice(at, added.length, ...removed);
  return older;
}

test.each<[string, string, string, ParagraphChange[]]>([
  ['nothing', 'أ ب', 'أ ب', []],
  ['a paragraph added at the end', 'أ', 'أ ب', [{ at: 1, removed: [], added: ['ب'] }]],
  ['one added at the beginning', 'ب', 'أ ب', [{ at: 0, removed: [], added: ['أ'] }]],
  ['one taken away', 'أ ب ج', 'أ ج', [{ at: 1, removed: ['ب'], added: [] }]],
  ['one replaced', 'أ ب ج', 'أ د ج', [{ at: 1, removed: ['ب'], added: ['د'] }]],
  [
    'two places',
    'أ ب ج د',
    'ه أ ب و د',
    [
      { at: 0, removed: [], added: ['ه'] },
      { at: 3, removed: ['ج'], added: ['و'] },
    ],
  ],
  ['all of it', 'أ ب', 'ج', [{ at: 0, removed: ['أ', 'ب'], added: ['ج'] }]],
  ['from nothing', '', 'أ', [{ at: 0, removed: [], added: ['أ'] }]],
])('diffParagraphs – %s', (_case, before, after, changes) => {
  const [older, newer] = [before.split(' ').filter(Boolean), after.split(' ').filter(Boolean)];
  const diff = diffParagraphs(older, newer);
  expect(diff).toEqual(changes);
  expect(restore(newer, diff)).toEqual(older);
});

test('diffParagraphs – texts with nothing in common and thousands of paragraphs', () => {
  const older = Array.from({ length: 3_000 }, (_, i) => `قديم ${i}`);
  const newer = Array.from({ length: 3_000 }, (_, i) => `جديد ${i}`);
  expect(restore(newer, diffParagraphs(older, newer))).toEqual(older);
});

test('diffParagraphs – moved and repeated paragraphs are given back in order', () => {
  const older = ['أ', 'ب', 'أ', 'ج', 'د', 'أ'];
  const newer = ['ج', 'أ', 'أ', 'ه', 'أ', 'ب'];
  expect(restore(newer, diffParagraphs(older, newer))).toEqual(older);
});

test.each([
  ['the same', 'عنوان', 'فقرة أولى\nفقرة ثانية'],
  ['other white space', ' عنوان ', 'فقرة  أولى\n\nفقرة ثانية\n'],
  ['no title on the page', '', 'فقرة أولى\nفقرة ثانية'],
])('earlierVersion – %s is no new version', (_case, title, text) => {
  const before = { title: 'عنوان', text: 'فقرة أولى\nفقرة ثانية' };
  expect(earlierVersion(before, { title, text }, at)).toBeUndefined();
});

test('earlierVersion – a new number of dead is a new version, and so is another headline', () => {
  const before = { title: 'انفجار', text: 'قتل 3 أشخاص', version: 4 };
  expect(earlierVersion(before, { title: 'انفجار', text: 'قتل 5 أشخاص' }, at)).toMatchObject({
    n: 4,
    title: 'انفجار',
    replacedAt: at,
    diff: [{ at: 0, removed: ['قتل 3 أشخاص'], added: ['قتل 5 أشخاص'] }],
  });
  expect(earlierVersion(before, { title: 'انفجار كبير', text: 'قتل 3 أشخاص' }, at)).toMatchObject({ n: 4, diff: [] });
});
