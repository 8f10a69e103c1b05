import { expect, test } from 'vitest';
import { detectLanguage } from '../../../src/shared/text/language.ts';

test.each([
  ['ar', 'Arab', 'rtl', 'افتتحت البلدية أمس حديقة جديدة في وسط المدينة القديمة'],
  ['fa', 'Arab', 'rtl', 'شهردار گفت که پارک تازه در مرکز شهر دیروز گشایش یافت'],
  ['ur', 'Arab', 'rtl', 'شہر کے وسط میں کل ایک نیا پارک کھول دیا گیا'],
  ['ckb', 'Arab', 'rtl', 'شارەوانی دوێنێ باخچەیەکی نوێی لە ناوەڕاستی شار کردەوە'],
  ['ps', 'Arab', 'rtl', 'ښاروالۍ پرون د ښار په منځ کې یو نوی پارک پرانیست'],
  ['he', 'Hebr', 'rtl', 'העירייה פתחה אתמול גן חדש במרכז העיר'],
  ['en', 'Latn', 'ltr', 'The city opened a new park in the old town yesterday'],
  ['zh', 'Hani', 'ltr', '市政府昨天在老城中心开放了一座新公园'],
  ['ja', 'Jpan', 'ltr', '市は昨日、旧市街の中心に新しい公園を開いた'],
  ['ko', 'Kore', 'ltr', '시는 어제 구시가지 중심에 새 공원을 열었다'],
  ['ru', 'Cyrl', 'ltr', 'Вчера мэрия открыла новый парк в центре старого города'],
  ['uk', 'Cyrl', 'ltr', 'Учора міська рада відкрила новий парк у центрі старого міста'],
])('detectLanguage – %s', (language, script, direction, text) => {
  expect(detectLanguage(text)).toMatchObject({ language, script, direction });
});

test('detectLanguage – a foreign brand does not change the language', () => {
  expect(detectLanguage('iPhone 30 Pro Max: هاتف جديد يصل إلى متاجر المدينة قبل نهاية العام').language).toBe('ar');
});

test.each(['', '12:30', 'OK', 'عاجل'])('detectLanguage – too short: «%s»', (text) => {
  expect(detectLanguage(text)).toMatchObject({ language: 'und', confidence: 0 });
});
