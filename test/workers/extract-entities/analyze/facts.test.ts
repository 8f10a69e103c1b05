import { expect, test } from 'vitest';
import { analyzeArticle } from '../../../../src/workers/extract-entities/analyze/index.ts';

const casualties = (text: string, language = 'ar') =>
  analyzeArticle({ text, language }).casualties.map(({ kind, count, text: span }) => [kind, count, span]);

test.each([
  ['a digit before its noun', 'أسفر الهجوم عن مصرع 24 مسلحاً.', [['killed', 24, 'مصرع 24 مسلحاً']]],
  ['a number word before its people', 'إن أربعة من الجنود قتلوا.', [['killed', 4, 'أربعة من الجنود قتلوا']]],
  ['a dual', 'أعلن الجيش مقتل جنديين في الكمين.', [['killed', 2, 'مقتل جنديين']]],
  [
    'two kinds in one clause',
    'قُتل خمسة أشخاص وأصيب اثنا عشر آخرون بجروح.',
    [
      ['killed', 5, 'قُتل خمسة أشخاص'],
      ['wounded', 12, 'أصيب اثنا عشر آخرون'],
    ],
  ],
  [
    'counted nouns',
    'سقط 7 قتلى و15 جريحا.',
    [
      ['killed', 7, '7 قتلى'],
      ['wounded', 15, '15 جريحا'],
    ],
  ],
  [
    'an idiom that closes behind its people',
    'لقي عشرات المدنيين مصرعهم.',
    [['killed', 20, 'لقي عشرات المدنيين مصرعهم']],
  ],
  [
    'missing',
    'لا يزال 30 مهاجرا في عداد المفقودين بعد فقدان 12 شخصا.',
    [
      ['missing', 30, '30 مهاجرا في عداد المفقودين'],
      ['missing', 12, 'فقدان 12 شخصا'],
    ],
  ],
  ['a number of days is no toll', 'مقتل زعيم التنظيم قبل 3 أيام في غارة استمرت 4 ساعات.', []],
  ['an ordinal is one', 'أدى الانفجار إلى جرح ثالث.', [['wounded', 1, 'جرح ثالث']]],
  ['dozens with the article', 'وقعت تفجيرات أوقعت عشرات القتلى.', [['killed', 20, 'عشرات القتلى']]],
  ['part of a toll is not told twice', 'قتل سبعة أشخاص، بينهم ضابطان، في الهجوم.', [['killed', 7, 'قتل سبعة أشخاص']]],
  ['a fear is no toll', 'يخشى مسؤولون أن يتجاوز العدد ألف قتيل.', []],
  ['nor is a guess', 'قال إن نحو عشرة آلاف شخص ربما لقوا حتفهم.', []],
  ['a denial is no toll', 'لم يقتل 5 جنود كما أشيع.', []],
])('casualties – %s', (_case, text, expected) => {
  expect(casualties(text)).toEqual(expected);
});

test.each([
  [
    'en',
    'The blast killed at least 12 people and wounded 30 others.',
    [
      ['killed', 12],
      ['wounded', 30],
    ],
  ],
  ['en', 'Three soldiers were killed and two were injured in 2012.', [['killed', 3]]],
  [
    'fr',
    'Onze soldats ont été tués et six autres blessés.',
    [
      ['killed', 11],
      ['wounded', 6],
    ],
  ],
  [
    'en',
    'At least 45 people died and dozens were missing.',
    [
      ['killed', 45],
      ['missing', 20],
    ],
  ],
  ['ar', 'قُتل سبعة أشخاص من بينهم 3 عسكريين.', [['killed', 7]]],
  ['fr', "L'attentat a fait 14 morts et une trentaine de blessés.", [['killed', 14]]],
  [
    'es',
    'Al menos cinco personas murieron y 20 resultaron heridas.',
    [
      ['killed', 5],
      ['wounded', 20],
    ],
  ],
])('casualties – %s: %s', (language, text, expected) => {
  expect(casualties(text, language).map(([kind, count]) => [kind, count])).toEqual(expect.arrayContaining(expected));
});

/** Sunday 13 May 2012. */
const PUBLISHED = '2012-05-13T18:00:00Z';
const dates = (text: string, language = 'ar') =>
  analyzeArticle({ text, language, publishedAt: PUBLISHED }).dates.map(({ text: span, from, to }) =>
    from === to ? [span, from] : [span, from, to],
  );

test.each([
  ['الأحد', [['الأحد', '2012-05-13']]],
  ['يوم السبت', [['يوم السبت', '2012-05-12']]],
  ['الاثنين المقبل', [['الاثنين المقبل', '2012-05-14']]],
  ['فبراير/شباط الماضي', [['فبراير/شباط الماضي', '2012-02-01', '2012-02-29']]],
  ['كانون الأول الماضي', [['كانون الأول الماضي', '2011-12-01', '2011-12-31']]],
  ['12 مايو/أيار 2011', [['12 مايو/أيار 2011', '2011-05-12']]],
  ['العام الماضي', [['العام الماضي', '2011-01-01', '2011-12-31']]],
  ['في التاسع من سبتمبر/أيلول الماضي', [['التاسع من سبتمبر/أيلول الماضي', '2011-09-09']]],
  ['الحادي والعشرين من يناير 2010', [['الحادي والعشرين من يناير 2010', '2010-01-21']]],
  ['العشرين من شهر مارس', [['العشرين من شهر مارس', '2012-03-20']]],
  ['قبل نهاية العام', [['نهاية العام', '2012-01-01', '2012-12-31']]],
  ['مطلع الشهر المقبل', [['مطلع الشهر المقبل', '2012-06-01', '2012-06-30']]],
  ['في الربع الأخير من عام 2011', [['الربع الأخير من عام 2011', '2011-10-01', '2011-12-31']]],
  ['النصف الأول من العام الماضي', [['النصف الأول من العام الماضي', '2011-01-01', '2011-06-30']]],
  ['الطابق التاسع من المبنى', []],
  ['الأسبوع الماضي', [['الأسبوع الماضي', '2012-04-30', '2012-05-06']]],
  ['منذ ساعتين', [['منذ ساعتين', '2012-05-13T16:00:00.000Z', '2012-05-13T18:00:00.000Z']]],
  ['قبل ثلاثة أيام', [['قبل ثلاثة أيام', '2012-05-10']]],
  ['أمس', [['أمس', '2012-05-12']]],
  ['15 رمضان 1433 هـ', [['15 رمضان 1433 هـ', '2012-08-03']]],
  ['هذا العام', [['هذا العام', '2012-01-01', '2012-12-31']]],
  ['فجر اليوم الأحد', [['فجر اليوم الأحد', '2012-05-13']]],
  ['مساء أمس', [['مساء أمس', '2012-05-12']]],
  ['ليلة السبت', [['ليلة السبت', '2012-05-12']]],
  ['أبريل (نيسان) الماضي', [['أبريل (نيسان) الماضي', '2012-04-01', '2012-04-30']]],
  ['في 3 غشت 2011', [['3 غشت 2011', '2011-08-03']]],
  ['قبل تسع دقائق من النهاية', []],
  ['وقع الهجوم عام 2009 في المدينة', [['عام 2009', '2009-01-01', '2009-12-31']]],
  ['قرار مجلس الأمن الدولي 2014', []],
  ['باع المصنع 2012 سيارة', []],
])('dates – %s', (text, expected) => {
  expect(dates(text)).toEqual(expected);
});

test.each([
  ['en', 'on Tuesday', [['Tuesday', '2012-05-08']]],
  ['en', 'She will visit on Tuesday.', [['Tuesday', '2012-05-15']]],
  ['en', 'last November', [['last November', '2011-11-01', '2011-11-30']]],
  ['fr', 'mardi soir', [['mardi soir', '2012-05-08']]],
  ['en', 'on March 3, 2011', [['March 3, 2011', '2011-03-03']]],
  ['en', 'two days ago', [['two days ago', '2012-05-11']]],
  ['en', 'It may rain; they march on.', []],
  ['fr', 'la semaine dernière', [['semaine dernière', '2012-04-30', '2012-05-06']]],
  ['fr', 'il y a trois jours', [['il y a trois jours', '2012-05-10']]],
  ['es', 'hace dos semanas', [['hace dos semanas', '2012-04-29']]],
  ['es', 'el 5 de mayo de 2010', [['5 de mayo de 2010', '2010-05-05']]],
])('dates – %s: %s', (language, text, expected) => {
  expect(dates(text, language)).toEqual(expected);
});
