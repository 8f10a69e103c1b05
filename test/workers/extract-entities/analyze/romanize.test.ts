import { expect, test } from 'vitest';
import { provisionalId, romanize, soundKey } from '../../../../src/workers/extract-entities/analyze/index.ts';

test.each([
  ['القذافي', ['Gaddafi', 'Qadhafi', 'Kadhafi', 'al-Gathafi', 'القذافى']],
  ['محمد مرسي', ['Mohamed Morsi', 'Mohammed Mursi', 'Muhammad Morsy']],
  ['عبد الفتاح السيسي', ['Abdel Fattah al-Sisi', 'Abdul Fatah Al Sissi']],
  ['أسامة بن لادن', ['Osama bin Laden', 'Usama Bin Ladin']],
  ['نوري المالكي', ['Nouri al-Maliki', 'Nuri Al-Maliki']],
])('soundKey – %s in other spellings', (name, spellings) => {
  for (const spelling of spellings) expect(soundKey(spelling)).toBe(soundKey(name));
});

test.each([
  ['محمد مرسي', 'محمد بديع'],
  ['Merkel', 'Macron'],
])('soundKey – %s is not %s', (one, other) => {
  expect(soundKey(one)).not.toBe(soundKey(other));
});

test('romanize – usual spellings for given names, letters for the rest', () => {
  expect(romanize('سالم باعوم')).toBe('Salem Baaum');
});

test('provisionalId – one id for the spellings of one name, marked as provisional', () => {
  expect(provisionalId('person', 'سالم باعوم')).toBe('person:~salem-baaum');
  expect(provisionalId('person', 'jane doe')).toBe('person:~jane-doe');
});
