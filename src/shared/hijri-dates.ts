/**
 * Days of the two Hijri calendars as Gregorian dates. Solar (Iran, Afghanistan): 33-year leap cycle, right for 1300–1500 SH
 * (1921–2121). Lunar: the arithmetical calendar with the usual 30-year cycle (civil epoch), which may differ by a day from what was observed.
 */
const DAY_MS = 86_400_000;

/** Leap years within the 33-year cycle that begins in 1 SH (Birashk gives others after 1500 SH only). */
const SOLAR_LEAPS = new Set([1, 5, 9, 13, 17, 22, 26, 30]);
/** 1 Farvardin 1300 SH. */
const SOLAR_EPOCH_MS = Date.UTC(1921, 2, 21);
/** 1 Muharram 1 AH, civil: 19 July 622 in the Gregorian calendar. */
const LUNAR_EPOCH_DAYS = -492_148;

/** UTC midnight of a solar Hijri day, or undefined when there is no such day. Months 1–6 have 31 days, 7–11 have 30. */
export function solarHijriDate(year: number, month: number, day: number): Date | undefined {
  if (year < 1300 || year > 1500 || month < 1 || month > 12) return undefined;
  const isLeap = (y: number) => SOLAR_LEAPS.has(y % 33);
  const length = month <= 6 ? 31 : month <= 11 || isLeap(year) ? 30 : 29;
  if (day < 1 || day > length) return undefined;
  let days = month <= 7 ? (month - 1) * 31 : 186 + (month - 7) * 30;
  for (let y = 1300; y < year; y++) days += isLeap(y) ? 366 : 365;
  return new Date(SOLAR_EPOCH_MS + (days + day - 1) * DAY_MS);
}

/** UTC midnight of a lunar Hijri day, or undefined when there is no such day. */
export function lunarHijriDate(year: number, month: number, day: number): Date | undefined {
  if (year < 1300 || year > 1600 || month < 1 || month > 12 || day < 1 || day > 30) return undefined;
  const days = (year - 1) * 354 + Math.floor((3 + 11 * year) / 30) + Math.ceil(29.5 * (month - 1)) + day - 1;
  return new Date((LUNAR_EPOCH_DAYS + days) * DAY_MS);
}
