import { expect, test } from 'vitest';
import { splitSentences } from '../../../src/shared/text/sentences.ts';

test.each([
  [
    'stops of two scripts',
    'وصل الوفد أمس. هل يغادر اليوم؟ لا نعلم.',
    ['وصل الوفد أمس.', 'هل يغادر اليوم؟', 'لا نعلم.'],
  ],
  [
    'a cross-head without a stop',
    'انتهى الاجتماع\nردود الفعل\nرحبت النقابة.',
    ['انتهى الاجتماع', 'ردود الفعل', 'رحبت النقابة.'],
  ],
  [
    'a closing mark glued to the next word',
    'قالت «لن نغلق المصنع.»وأضافت أن العمل مستمر.',
    ['قالت «لن نغلق المصنع.»', 'وأضافت أن العمل مستمر.'],
  ],
  [
    'an unbalanced mark',
    'قال "لن نرحل. ثم غادر القاعة. وصفق الحضور.',
    ['قال "لن نرحل.', 'ثم غادر القاعة.', 'وصفق الحضور.'],
  ],
  [
    'titles and initials',
    'Dr. Salma R. Haddad met Gov. Park. They talked.',
    ['Dr. Salma R. Haddad met Gov. Park.', 'They talked.'],
  ],
  ['an Arabic title', 'افتتح د. سامر الخطيب المعرض. حضره المئات.', ['افتتح د. سامر الخطيب المعرض.', 'حضره المئات.']],
  [
    'numbers and domains',
    'It rose 2.5 points, says example.org. Nobody knew.',
    ['It rose 2.5 points, says example.org.', 'Nobody knew.'],
  ],
  ['Chinese', '他来了。“我们赢了！”她说。', ['他来了。', '“我们赢了！”', '她说。']],
  ['nothing', ' \n\n ', []],
])('splitSentences – %s', (_case, text, expected) => {
  const sentences = splitSentences(text);
  expect(sentences.map((sentence) => sentence.text)).toEqual(expected);
  for (const { text: part, start, end } of sentences) expect(text.slice(start, end)).toBe(part);
});
