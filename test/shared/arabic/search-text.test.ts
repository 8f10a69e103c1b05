import { expect, test } from 'vitest';
import { searchQuery, searchText } from '../../../src/shared/arabic/search-text.ts';

const finds = (query: string, text: string) => ` ${searchText(text)} `.includes(` ${searchQuery(query).search} `);

test.each([
  ['اليمن', 'دعم ومساندة لليمن'],
  ['أبين', 'سيطرت على مناطق في ابين'],
  ['أبين', 'اشتباكات بأبين'],
  ['القذافى', 'سقوط نظام القذافي'],
  ['الانتخابات', 'جرت انتخابات حرة'],
  ['مدرسة', 'في المدرسه القديمة'],
  ['٢٠١٢', 'عام 2012'],
  ['elections', 'an election was held'],
])('searchText – %s is found in "%s"', (query, text) => {
  expect(finds(query, text)).toBe(true);
});

test.each([
  ['أبين', 'أب لثلاثة أطفال'],
  ['كاتب', 'مكتب البريد'],
])('searchText – %s is not found in "%s"', (query, text) => {
  expect(finds(query, text)).toBe(false);
});

test('searchText – a phrase keeps its order', () => {
  const { search } = searchQuery('"مجلس الأمن الدولي"');
  expect(searchText('قرار مجلس الأمن الدولي 2014')).toContain(search.replaceAll('"', ''));
});

test('searchQuery – phrases, exclusions and filters', () => {
  expect(searchQuery('اليمن "مجلس الأمن" -روسيا lang:ar entity:country:YE source:"الشرق الأوسط"')).toEqual({
    search: 'يمن "مجلس امن" -روسيا',
    filters: { lang: 'ar', entity: 'country:YE', source: 'الشرق الأوسط' },
  });
});

test.each(['', '"', '-', ':::', '   ', '"" -""'])('searchQuery – nothing to search in %j', (query) => {
  expect(searchQuery(query).search).toBe('');
});

test('searchText – a megabyte of one letter', () => {
  expect(searchText('ب'.repeat(1_000_000)).length).toBeGreaterThan(0);
});
