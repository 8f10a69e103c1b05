import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/shared/seeded-random.ts';
import { fold, matchPhrase } from '../../../src/workers/extract-article/phrases.ts';

/** What `fold` is to give, said in patterns. */
function folded(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f\u064b-\u065f\u0670\u0640\u05b0-\u05c7\u200c-\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[آأإٱ]/g, 'ا')
    .replace(/[ىیې]/g, 'ي')
    .replace(/ک/g, 'ك')
    .replace(/[ةۀە]/g, 'ه')
    .replace(/ؤ/g, 'و')
    .replace(/ئ/g, 'ي')
    .replace(/[^\p{L}\p{N}\p{Mc}]+/gu, ' ')
    .trim();
}

test('fold – every UTF-16 code unit, alone and between letters', () => {
  const wrong: string[] = [];
  for (let unit = 0; unit < 0x10000; unit++) {
    const char = String.fromCharCode(unit);
    for (const text of [char, `a${char}b`, `بـ${char}${char}ت `])
      if (fold(text) !== folded(text)) wrong.push(unit.toString(16));
  }
  expect(wrong).toEqual([]);
});

test('fold – texts of mixed scripts, marks and signs', () => {
  const random = seededRandom(11);
  const chars = [
    ...'abZ é É ß İ ı ΟΔΟΣ σς ñ ½ ﬁ ² “”«»—…\u00a0\u200b\u200f أإآ ة ى ـ َ ّ گ ی ۀ ١٢ ۳ 12 हिंदी 東京 ｶﾞ 한국 Ж ё 😀 !?,.;:()\n\t',
  ];
  for (let i = 0; i < 5_000; i++) {
    const text = Array.from(
      { length: Math.floor(random() * 30) },
      () => chars[Math.floor(random() * chars.length)],
    ).join('');
    expect(fold(text)).toBe(folded(text));
  }
});

test.each([8_192, 8_193, 200_000])('fold – a text of %i code units', (length) => {
  const text = 'Ab, '.repeat(length / 4 + 1).slice(0, length);
  expect(fold(text)).toBe(folded(text));
});

test.each([
  ['Read more: how the harbour was rebuilt', { kind: 'related', whole: false }],
  ['اقرأ أيضاً', { kind: 'related', whole: true }],
  ['Harbour masters read more than one chart', undefined],
])('matchPhrase – %s', (text, expected) => {
  const found = matchPhrase(fold(text));
  if (expected) expect(found).toMatchObject(expected);
  else expect(found).toBeUndefined();
});
