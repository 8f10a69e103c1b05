import { expect, test } from 'vitest';
import { parseLooseDate } from '../../src/shared/dates.ts';
import { lunarHijriDate, solarHijriDate } from '../../src/shared/hijri-dates.ts';

/** The calendars of ICU are the reference: one day in eleven over 130 years. */
test.each([
  ['persian', solarHijriDate],
  ['islamic-civil', lunarHijriDate],
])('hijri dates – agree with ICU: %s', (calendar, toDate) => {
  const format = new Intl.DateTimeFormat(`en-u-ca-${calendar}`, {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  });
  for (let time = Date.UTC(1930, 0, 1); time < Date.UTC(2060, 0, 1); time += 11 * 86_400_000) {
    const parts = Object.fromEntries(format.formatToParts(new Date(time)).map((p) => [p.type, Number(p.value)]));
    const date = toDate(parts.relatedYear ?? parts.year ?? 0, parts.month ?? 0, parts.day ?? 0);
    expect(date?.getTime(), `${calendar} ${JSON.stringify(parts)}`).toBe(time);
  }
});

test.each([
  ['۱۳۹۹/۰۲/۲۱ - ۱۸:۵۹', '2020-05-10T18:59:00.000Z'],
  ['جدی ۰۳, ۱۴۰۳', '2024-12-23T00:00:00.000Z'],
  ['۲۱ اردیبهشت ۱۳۹۹', '2020-05-10T00:00:00.000Z'],
  ['الخميس 11 رمضان 1445 هـ', '2024-03-21T00:00:00.000Z'],
  ['5 ربيع الأول 1446', '2024-09-09T00:00:00.000Z'],
  ['1399/13/01', undefined],
])('parseLooseDate – Hijri day %s', (text, expected) => {
  expect(parseLooseDate(text)?.date.toISOString()).toBe(expected);
});
