import { expect, test } from 'vitest';
import { findEntities } from '../../../../src/workers/extract-entities/tagger/find-entities.ts';

test.each([
  ['ar', 'وصل وزير الخارجية الفرنسي إلى القاهرة أمس.', 'القاهرة', 'location'],
  ['ar', 'وقال رئيس الاتحاد محمد عبد الله إن المباراة تأجلت.', 'محمد عبد الله', 'person'],
  ['ar', 'وأضرب الناشط عبد الهادي الخواجة عن الطعام منذ شهرين.', 'عبد الهادي الخواجة', 'person'],
  ['en', 'The minister flew from Paris to Berlin on Monday.', 'Berlin', 'location'],
  ['zh', '总统昨天在北京会见了记者。', '北京', 'location'],
])('findEntities – a name in %s: %s', (language, text, name, type) => {
  const found = findEntities(text, language);
  expect(found).toContainEqual(expect.objectContaining({ text: name, type }));
  for (const { text: mention, start, end, confidence } of found) {
    expect(text.slice(start, end)).toBe(mention);
    expect(confidence).toBeGreaterThan(0);
    expect(confidence).toBeLessThanOrEqual(1);
  }
});

test('findEntities – offsets hold across sentences', () => {
  const text = 'عاد الوفد إلى بغداد.\nوغادر الوزير إلى دمشق.';
  const found = findEntities(text, 'ar').map(({ text: name, start }) => [name, start]);
  expect(found).toEqual([
    ['بغداد', text.indexOf('بغداد')],
    ['دمشق', text.indexOf('دمشق')],
  ]);
});
