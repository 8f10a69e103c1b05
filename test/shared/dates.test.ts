import { describe, expect, test } from 'vitest';
import { parseLooseDate } from '../../src/shared/dates.ts';

const now = new Date('2026-11-22T12:00:00Z');
const read = (text: string) => {
  const found = parseLooseDate(text, { now });
  return found && `${found.date.toISOString().replace('.000Z', 'Z')} ${found.precision}`;
};

const CASES: [string, string | undefined][] = [
  // ISO 8601 and its relatives
  ['2003-12-31T10:14:55Z', '2003-12-31T10:14:55Z second'],
  ['2003-12-31T10:14:55-08:00', '2003-12-31T18:14:55Z second'],
  ['2003-12-31T10:14:55+0330', '2003-12-31T06:44:55Z second'],
  ['2003-12-31t10:14:55z', '2003-12-31T10:14:55Z second'],
  ['2026-11-22T13:45:00+03', '2026-11-22T10:45:00Z second'],
  ['2026-11-22T13:45:00 +03:00', '2026-11-22T10:45:00Z second'],
  ['2026-11-22T13:45:00,5Z', '2026-11-22T13:45:00.500Z second'],
  ['2026-11-22T13:45:00.123456789Z', '2026-11-22T13:45:00.123Z second'],
  ['2004-07-08 23:56:58.0', '2004-07-08T23:56:58Z second'],
  ['2004-05-28T11:05', '2004-05-28T11:05:00Z minute'],
  ['2004-07-13T9:15-05:00', '2004-07-13T14:15:00Z minute'],
  ['20261122T134500Z', '2026-11-22T13:45:00Z second'],
  ['20031231', '2003-12-31T00:00:00Z day'],
  ['2003-12-31', '2003-12-31T00:00:00Z day'],
  ['2003-335', '2003-12-01T00:00:00Z day'],
  ['2003-12', '2003-12-01T00:00:00Z month'],
  ['2003', '2003-01-01T00:00:00Z year'],
  ['  2003-12-31  ', '2003-12-31T00:00:00Z day'],
  // RFC 822 and what feeds make of it
  ['Thu, 01 Jan 2004 19:48:21 GMT', '2004-01-01T19:48:21Z second'],
  ['Thu, 01 January 2004 19:48:21 +0100', '2004-01-01T18:48:21Z second'],
  ['Thu, 5 Jan 04 9:01 EST', '2004-01-05T14:01:00Z minute'],
  ['Thu 5 Jan 95 09:01:02 UT', '1995-01-05T09:01:02Z second'],
  ['01 Jan 2004 19:48', '2004-01-01T19:48:00Z minute'],
  ['Sun, 22 Nov 2026 13:45:00 GMT+3', '2026-11-22T10:45:00Z second'],
  ['Sun, 22 Nov 2026 13:45:00 +03:00', '2026-11-22T10:45:00Z second'],
  ['Sun, 22 Nov 2026 13:45:00 Z', '2026-11-22T13:45:00Z second'],
  ['Sun, 22-Nov-26 13:45:00 GMT', '2026-11-22T13:45:00Z second'],
  ['Wed, 19 Jan 2005 24:00:00 +0000', '2005-01-20T00:00:00Z second'],
  ['Tue, 31 Dec 2019 23:59:60 GMT', '2020-01-01T00:00:00Z second'],
  ['Thu Jan 05 2004 10:00:00 GMT+0100 (CET)', '2004-01-05T09:00:00Z second'],
  ['Sun Jan  4 16:29:06 PDT 2004', '2004-01-04T23:29:06Z second'],
  ['Fri, 2006/09/15 08:19:53 EDT', '2006-09-15T12:19:53Z second'],
  ['Sat, 6 Dec 2003 9:9 GMT', '2003-12-06T09:09:00Z minute'],
  ['Jan 5, 2004, 10:00 PM EST', '2004-01-06T03:00:00Z minute'],
  ['Sunday, November 22, 2026 - 13:45', '2026-11-22T13:45:00Z minute'],
  ['Mon, 05 Jan 2004 12:30 AM', '2004-01-05T00:30:00Z minute'],
  // numbers only
  ['1/5/2004 10:00:00 PM', '2004-01-05T22:00:00Z second'],
  ['5/1/2004 22:00', '2004-01-05T22:00:00Z minute'],
  ['11/22/2026', '2026-11-22T00:00:00Z day'],
  ['22-11-2026 10:15', '2026-11-22T10:15:00Z minute'],
  ['05.01.2004 10:11', '2004-01-05T10:11:00Z minute'],
  ['2026/11/22', '2026-11-22T00:00:00Z day'],
  ['22/11/26', '2026-11-22T00:00:00Z day'],
  ['1735689600', '2025-01-01T00:00:00Z second'],
  ['1735689600000', '2025-01-01T00:00:00Z second'],
  ['Fri, 05/03/2024 - 08:00', '2024-05-03T08:00:00Z minute'],
  ['Thứ sáu, 7/3/2025', '2025-03-07T00:00:00Z day'],
  ['Wednesday 05/01/2024', '2024-05-01T00:00:00Z day'],
  ['Sun, 05/03/2024 - 08:00', '2024-03-05T08:00:00Z minute'],
  ['/Date(1735689600000)/', '2025-01-01T00:00:00Z second'],
  // other years and digits
  ['3 พฤษภาคม 2567 10:15 น.', '2024-05-03T10:15:00Z minute'],
  ['วันศุกร์ที่ 3 พ.ค. พ.ศ. 2567', '2024-05-03T00:00:00Z day'],
  ['令和6年5月3日', '2024-05-03T00:00:00Z day'],
  ['平成元年１月８日', '1989-01-08T00:00:00Z day'],
  ['民國113年5月3日 10:15', '2024-05-03T10:15:00Z minute'],
  ['३ मई २०२४', '2024-05-03T00:00:00Z day'],
  ['৩ মে ২০২৪, ১০:১৫', '2024-05-03T10:15:00Z minute'],
  ['03 tháng 5, 2024', '2024-05-03T00:00:00Z day'],
  ['3 במאי 2024', '2024-05-03T00:00:00Z day'],
  // ago
  ['vor 3 Tagen', '2026-11-19T12:00:00Z day'],
  ['hace 2 horas', '2026-11-22T10:00:00Z hour'],
  ['há 3 dias', '2026-11-19T12:00:00Z day'],
  ['3 дня назад', '2026-11-19T12:00:00Z day'],
  ['3 gün önce', '2026-11-19T12:00:00Z day'],
  ['۳ روز پیش', '2026-11-19T12:00:00Z day'],
  ['3 دن قبل', '2026-11-19T12:00:00Z day'],
  ['3天前', '2026-11-19T12:00:00Z day'],
  ['2時間前', '2026-11-22T10:00:00Z hour'],
  ['3일 전', '2026-11-19T12:00:00Z day'],
  ['vor Gericht, 3 Tage', undefined],
  ['once a day', undefined],
  // Arabic: Egypt and the Gulf, the Levant, the Maghreb, both digits, halves of the day
  ['22 نوفمبر 2026', '2026-11-22T00:00:00Z day'],
  ['الأحد، 22 نوفمبر 2026 09:30:00 +0300', '2026-11-22T06:30:00Z second'],
  ['الأحد 22 نوفمبر/تشرين الثاني 2026 - 13:45', '2026-11-22T13:45:00Z minute'],
  ['٢٢ تشرين الثاني ٢٠٢٦ ٠١:٤٥ م', '2026-11-22T13:45:00Z minute'],
  ['٢٠٢٦-١١-٢٢', '2026-11-22T00:00:00Z day'],
  ['كانون الثاني 5, 2024', '2024-01-05T00:00:00Z day'],
  ['5 كانون الأول 2024 الساعة 5:30 مساءً بتوقيت غرينتش', '2024-12-05T17:30:00Z minute'],
  ['3 تشرين الأول 2024', '2024-10-03T00:00:00Z day'],
  ['1 آذار 2024', '2024-03-01T00:00:00Z day'],
  ['1 اذار 2024', '2024-03-01T00:00:00Z day'],
  ['9 أيّار 2024', '2024-05-09T00:00:00Z day'],
  ['12 مايو 2024م', '2024-05-12T00:00:00Z day'],
  ['12 جويلية 2024 10:00', '2024-07-12T10:00:00Z minute'],
  ['3 فيفري 2024', '2024-02-03T00:00:00Z day'],
  ['12 أوت 2024', '2024-08-12T00:00:00Z day'],
  ['غشت 12, 2024', '2024-08-12T00:00:00Z day'],
  ['22 نونبر 2026', '2026-11-22T00:00:00Z day'],
  ['7 شتنبر 2026', '2026-09-07T00:00:00Z day'],
  ['30 دجنبر 2026 8:15 ص', '2026-12-30T08:15:00Z minute'],
  ['السبت ١ يونيه ٢٠٢٤', '2024-06-01T00:00:00Z day'],
  ['١/٦/٢٠٢٤', '2024-06-01T00:00:00Z day'],
  // French and other languages
  ['mardi 5 août 2025 à 14h30', '2025-08-05T14:30:00Z minute'],
  ['1er février 2025', '2025-02-01T00:00:00Z day'],
  ['jeu., 12 déc. 2024 08:00:00 +0100', '2024-12-12T07:00:00Z second'],
  ['mars 2024', '2024-03-01T00:00:00Z month'],
  ['15 de octubre de 2024', '2024-10-15T00:00:00Z day'],
  ['5. März 2024', '2024-03-05T00:00:00Z day'],
  ['12 Ağustos 2024', '2024-08-12T00:00:00Z day'],
  ['7 ноября 2024', '2024-11-07T00:00:00Z day'],
  ['Κυρ, 11 Ιούλ 2004 12:00:00 EST', '2004-07-11T17:00:00Z second'],
  ['2004년 05월 28일 오후 01:31:15', '2004-05-28T13:31:15Z second'],
  ['2004年5月28日', '2004-05-28T00:00:00Z day'],
  // relative to now
  ['منذ ساعتين', '2026-11-22T10:00:00Z hour'],
  ['منذ 3 ساعات', '2026-11-22T09:00:00Z hour'],
  ['قبل 20 دقيقة', '2026-11-22T11:40:00Z minute'],
  ['أمس', '2026-11-21T00:00:00Z day'],
  ['3 hours ago', '2026-11-22T09:00:00Z hour'],
  ['il y a 2 jours', '2026-11-20T12:00:00Z day'],
  ['Yesterday', '2026-11-21T00:00:00Z day'],
  // no date
  ['', undefined],
  ['bogus', undefined],
  ['12', undefined],
  ['foo 2020', undefined],
  ['August 5', undefined],
  ['Thu, 31 Jun 2004 19:48:21 GMT', undefined],
  ['2003-13-01', undefined],
  ['2003-12-31T25:14:55Z', undefined],
  ['0000-00-00 00:00:00', undefined],
  ['Mon, 01 Jan 0001 00:00:00 GMT', undefined],
  [
    '5 in every 10 people read the news in 2024, a study of 12 May said, and much more than that was written about it all',
    undefined,
  ],
  ['x'.repeat(100_000), undefined],
  ['2026-július-3T9:15-05:00', '2026-07-03T14:15:00Z minute'],
  ['26-11-03T10:14:55Z', '2026-11-03T10:14:55Z second'],
];

describe('parseLooseDate', () => {
  test.each(CASES)('%s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test('relative words mean nothing without now', () => {
    expect(parseLooseDate('منذ ساعتين')).toBeUndefined();
  });
});

test.each<[string, string]>([
  ['Polish', 'stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia'],
  ['Czech', 'ledna února března dubna května června července srpna září října listopadu prosince'],
  ['Ukrainian', 'січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня'],
  ['Slovak', 'januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra'],
  ['Romanian', 'ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie'],
  ['Swedish', 'januari februari mars april maj juni juli augusti september oktober november december'],
  ['Danish', 'januar februar marts april maj juni juli august september oktober november december'],
  [
    'Finnish',
    'tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta',
  ],
  ['Hindi', 'जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर'],
  ['Bengali', 'জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর'],
  ['Thai', 'มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม'],
  ['Thai, short', 'ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.'],
])('parseLooseDate – the twelve months in %s', (_language, names) => {
  const months = names.split(' ').map((name) => read(`9 ${name} 2024`)?.slice(5, 7));
  expect(months).toEqual(Array.from({ length: 12 }, (_m, i) => String(i + 1).padStart(2, '0')));
});
