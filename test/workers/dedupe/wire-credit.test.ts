import { describe, expect, test } from 'vitest';
import { AGENCIES_AT_LARGE, agencyOfSite, findWireCredit } from '../../../src/workers/dedupe/wire-credit.ts';

const BODY =
  'قال مسؤول إن الاجتماع سيعقد الأسبوع المقبل في العاصمة بحضور ممثلين عن عشرين دولة ومنظمة لبحث سبل التعاون في مجال المياه والطاقة. وأضاف أن جدول الأعمال يتضمن ثلاث جلسات مغلقة وجلسة ختامية مفتوحة أمام الصحافيين في اليوم الأخير.';
const ENGLISH =
  'The meeting will be held next week in the capital with delegates of twenty countries, an official said, to discuss how they can work together on water and energy over the coming decade. Three sessions are closed to the press and the last one is open to all.';

describe('findWireCredit – credits', () => {
  test.each([
    ['dateline in brackets', `القاهرة (رويترز) - ${BODY}`, 'Reuters', 'dateline'],
    ['brackets first', `(أ ف ب) - ${BODY}`, 'AFP', 'dateline'],
    ['initials with dots', `باريس (أ.ف.ب) ${BODY}`, 'AFP', 'dateline'],
    ['dateline with dash and colon', `دبي - رويترز: ${BODY}`, 'Reuters', 'dateline'],
    ['agencies at large', `عواصم - وكالات: ${BODY}`, AGENCIES_AT_LARGE, 'dateline'],
    ['an outlet and an agency', `جدة (واس، الأفق) ${BODY}`, 'SPA', 'dateline'],
    ['alone on the first line', `فرانس برس\n${BODY}`, 'AFP', 'dateline'],
    ['English dateline', `CAIRO (AP) — ${ENGLISH}`, 'AP', 'dateline'],
    ['dateline with date', `LONDON, Jan 2 (Reuters) - ${ENGLISH}`, 'Reuters', 'dateline'],
    ['French dateline', `PARIS, 3 mai (AFP) - ${ENGLISH}`, 'AFP', 'dateline'],
    ['sign-off in brackets', `${BODY} (أ ف ب)`, 'AFP', 'sign-off'],
    ['sign-off behind a dash', `${ENGLISH} — AP`, 'AP', 'sign-off'],
    ['sign-off with copyright', `${ENGLISH}\n© AFP`, 'AFP', 'sign-off'],
    ['source line', `${BODY}\nالمصدر: رويترز`, 'Reuters', 'sign-off'],
    ['source line, agencies', `${BODY}\nالمصدر: وكالات`, AGENCIES_AT_LARGE, 'sign-off'],
    ['English source line', `${ENGLISH} Source: Reuters`, 'Reuters', 'sign-off'],
  ])('%s', (_case, text, agency, place) => {
    expect(findWireCredit({ text })).toEqual({ agency, place });
  });

  test.each([
    ['رويترز', 'Reuters'],
    ['By Reuters', 'Reuters'],
    ['AFP', 'AFP'],
    ['The Associated Press', 'AP'],
    ['وكالة الأناضول', 'Anadolu'],
    ['Le Monde avec AFP', undefined],
    ['سامي العبيدي', undefined],
  ])('byline %s', (author, agency) => {
    expect(findWireCredit({ text: BODY, authors: [author] })?.agency).toBe(agency);
  });

  test('what extraction found', () => {
    expect(findWireCredit({ text: BODY, agency: 'Reuters' })).toEqual({ agency: 'Reuters', place: 'byline' });
  });
});

test.each([
  ['no credit', BODY],
  ['an agency as a source in the text', `قالت وكالة رويترز إن ${BODY}`],
  ['an agency as the subject', `Reuters said on Monday it would move its newsroom. ${ENGLISH}`],
  ['its name in the middle', `${ENGLISH} The figures were first reported by Reuters and confirmed later. ${ENGLISH}`],
  ['an abbreviation inside a word', `CAIRO (APPLE) — ${ENGLISH}`],
  ['an empty text', ''],
])('findWireCredit – none for %s', (_case, text) => {
  expect(findWireCredit({ text })).toBeUndefined();
});

test.each([
  ['https://www.reuters.com/world/x', 'Reuters'],
  ['https://arabic.reuters.com/x', 'Reuters'],
  ['https://wam.ae/ar/x', 'WAM'],
  ['https://reuters.com.example.org/', undefined],
  ['nonsense', undefined],
])('agencyOfSite – %s', (url, agency) => {
  expect(agencyOfSite(url)).toBe(agency);
});
