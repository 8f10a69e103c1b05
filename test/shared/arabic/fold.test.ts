import { expect, test } from 'vitest';
import { foldText, foldWithOffsets } from '../../../src/shared/arabic/fold.ts';

test.each([
  ['hamza seats of alef', 'أحمد إلى آخر ٱلباب', 'احمد الي اخر الباب'],
  ['alef maqsura, hamza on ya and waw', 'مستشفى رئيس مؤتمر', 'مستشفي رييس موتمر'],
  ['ta marbuta', 'مدرسة', 'مدرسه'],
  ['harakat and superscript alef', 'مُحَمَّدٌ هٰذا', 'محمد هذا'],
  ['tatweel', 'خبــــر', 'خبر'],
  ['Arabic-Indic and Persian digits', '١٢٣ ۴۵۶', '123 456'],
  ['Arabic percent and separators', '٢٫٥٪ ١٬٠٠٠', '2.5% 1,000'],
  ['presentation forms and lam-alef ligatures', 'ﺍﻟﺴﻼﻡ ﻷﻥ', 'السلام لان'],
  ['spacing harakat inside a word', 'شكرا\ufe70ً', 'شكرا'],
  ['Persian and Urdu keyboards', 'کتاب ایران ہے', 'كتاب ايران هي'],
  ['bidi and zero-width controls', '\u202bخبر\u202c\u200f \u2067عاجل\u2069\ufeff', 'خبر عاجل'],
  ['decomposed hamza', 'ا\u0654حمد', 'احمد'],
  ['lower case and full width', 'ＲＥＵＴＥＲＳ Café', 'reuters café'],
  ['final sigma', 'ΟΔΟΣ οδός', 'οδοσ οδόσ'],
  ['letters it must keep apart', 'ء گ ژ چ پ', 'ء گ ژ چ پ'],
])('foldText – %s', (_case, text, folded) => {
  expect(foldText(text)).toBe(folded);
});

const samples = ['أُخْرَى في ﷲ ٢٠٢٦', 'e\u0301tude ﬁn İstanbul', '각 한국', '👩‍👩‍👧 نص 𝐁𝐨𝐥𝐝', '\u064bبداية', ''];

test.each(samples)('foldText – folding again changes nothing: %s', (text) => {
  expect(foldText(foldText(text))).toBe(foldText(text));
});

test('foldText – a text longer than one chunk is whole', () => {
  const word = 'أخبار ';
  expect(foldText(word.repeat(5000))).toBe('اخبار '.repeat(5000));
});

test.each(samples)('foldWithOffsets – gives the same text as foldText: %s', (text) => {
  const { text: folded, offsets } = foldWithOffsets(text);
  expect(folded).toBe(foldText(text));
  expect(offsets).toHaveLength(folded.length + 1);
  expect(offsets.at(-1)).toBe(text.length);
});

test('foldWithOffsets – a find in folded text is shown in the original', () => {
  const original = 'قال الرَّئيسُ أحــمد إنّ';
  const { text, offsets } = foldWithOffsets(original);
  const at = text.indexOf('احمد');
  expect(original.slice(offsets[at], offsets[at + 4]).trim()).toBe('أحــمد');
});

test('foldText – a text with characters to normalise folds like its parts', () => {
  const parts = ['أُخْرَى وآخر', 'ΟΔΟΣ', 'Île 12٪', 'کتاب ٣٫٥', 'ﻻ', 'e\u0301t', 'ẞtraße'];
  const joined = parts.join(' | ');
  expect(foldText(joined)).toBe(parts.map(foldText).join(' | '));
  expect(foldText(`${joined} 😀`)).toBe(`${foldText(joined)} 😀`);
});
