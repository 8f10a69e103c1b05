import { describe, expect, test } from 'vitest';
import { comparePieces, versionList } from '../../src/dashboard/version-list.ts';
import type { Article } from '../../src/shared/model.ts';

describe('comparePieces', () => {
  const compare = (removed: string[], added: string[]) =>
    comparePieces({ removed, added }).map(({ kind, text }) => `${kind[0]}:${text}`);

  test('a number corrected – only the number', () => {
    expect(compare(['قتل خمسة أشخاص في الحادث'], ['قتل سبعة أشخاص في الحادث'])).toEqual([
      's:قتل ',
      'r:خمسة',
      'a:سبعة',
      's: أشخاص في الحادث',
    ]);
  });

  test('two words in a row – one change', () => {
    expect(compare(['وصل مئة ألف زائر إلى الميناء'], ['وصل نحو مليون زائر إلى الميناء'])).toEqual([
      's:وصل ',
      'r:مئة ألف',
      'a:نحو مليون',
      's: زائر إلى الميناء',
    ]);
  });

  test.each([
    ['a paragraph added', [], ['نص جديد'], ['a:نص جديد']],
    ['a paragraph taken out', ['نص قديم'], [], ['r:نص قديم']],
    [
      'another text',
      ['The bridge was opened today.'],
      ['Rain is expected.'],
      ['r:The bridge was opened today.', 'a:Rain is expected.'],
    ],
  ])('%s – as a whole', (_case, removed, added, pieces) => {
    expect(compare(removed, added)).toEqual(pieces);
  });
});

describe('versionList', () => {
  const NOW = new Date('2026-06-01T12:00:00Z');
  const version = (n: number, title: string, removed: string[], added: string[]) => ({
    n,
    title,
    textHash: '',
    replacedAt: new Date('2026-06-01T10:00:00Z'),
    diff: [{ at: 0, removed, added }],
  });
  const page = (part: Partial<Article>) => versionList({ dir: 'rtl', lang: 'ar', ...part } as Article, NOW).text;

  test('an article that was never changed – nothing', () => {
    expect(page({ title: 'خبر' })).toBe('');
  });

  test('two changes – the latest first and open, in the direction of the text, escaped', () => {
    const text = page({
      title: 'مقتل سبعة في الحادث',
      version: 3,
      versions: [
        version(1, 'مقتل خمسة في الحادث', ['<b>نص</b>'], []),
        version(2, 'مقتل سبعة في الحادث', ['أصيب ثلاثة أشخاص'], ['أصيب أربعة أشخاص']),
      ],
    });
    expect(text).toContain('This is version 3.');
    expect(text.match(/<details/g)).toHaveLength(2);
    expect(text).toMatch(/<details open>\s*<summary[^>]*>From version 2 to 3, .*2 h ago.*: 1 place<\/summary>/);
    expect(text).toContain('<div dir="rtl" lang="ar">');
    expect(text).toContain('أصيب <del>ثلاثة</del> <ins>أربعة</ins> أشخاص');
    expect(text).toContain('1 place and the title</summary>');
    expect(text).toContain('مقتل <del>خمسة</del> <ins>سبعة</ins> في الحادث');
    expect(text).toContain('<del>&#60;b&#62;نص&#60;/b&#62;</del>');
  });
});
