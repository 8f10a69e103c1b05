/** Calendar days without clocks or zones: a day is a UTC midnight in milliseconds. */

export const DAY_MS = 86_400_000;

export interface Period {
  /** First day, or instant for spans of hours, in milliseconds. */
  from: number;
  /** Last day, inclusive, or instant. */
  to: number;
  /** The bounds are instants, not days. */
  instants?: boolean;
}

export const dayOf = (time: number): number => Math.floor(time / DAY_MS) * DAY_MS;

export const day = (year: number, month: number, date: number): number => Date.UTC(year, month - 1, date);

/** A date that exists, or undefined (31 April). */
export function validDay(year: number, month: number, date: number): number | undefined {
  const time = day(year, month, date);
  const made = new Date(time);
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === date ? time : undefined;
}

export const month = (year: number, number: number): Period => ({
  from: day(year, number, 1),
  to: day(year, number + 1, 0),
});

export const year = (number: number): Period => ({ from: day(number, 1, 1), to: day(number, 12, 31) });

/** The week of `time`, Monday to Sunday (ISO 8601), moved by `offset` weeks. */
export function week(time: number, offset: number): Period {
  const start = dayOf(time) - ((new Date(time).getUTCDay() + 6) % 7) * DAY_MS + offset * 7 * DAY_MS;
  return { from: start, to: start + 6 * DAY_MS };
}

/** The day of the week (0 = Sunday) last reached on or before `time`; with `next`, first reached after it. */
export function weekday(time: number, number: number, next = false): number {
  const today = dayOf(time);
  const back = (new Date(today).getUTCDay() - number + 7) % 7;
  return next ? today + (7 - back) * DAY_MS : today - back * DAY_MS;
}

let hijri: Intl.DateTimeFormat | undefined;

function hijriParts(time: number): [year: number, month: number, date: number] {
  hijri ??= new Intl.DateTimeFormat('en-u-ca-islamic-umalqura-nu-latn', {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    timeZone: 'UTC',
  });
  const parts = hijri.formatToParts(time);
  const part = (type: string) => Number.parseInt(parts.find((one) => one.type === type)?.value ?? '', 10);
  return [part('year'), part('month'), part('day')];
}

/** The Gregorian day of a Hijri date in the Umm al-Qura calendar, or undefined when there is none. */
export function fromHijri(year: number, month: number, date: number): number | undefined {
  if (year < 1300 || year > 1600 || month < 1 || month > 12 || date < 1 || date > 30) return undefined;
  // 354.367 days a year, 29.53 a month from 1 Muharram 1300 (12 November 1882); then walk to the day.
  let time = Date.UTC(1882, 10, 12) + Math.round((year - 1300) * 354.367 + (month - 1) * 29.53 + date - 1) * DAY_MS;
  for (let step = 0; step < 8; step++) {
    const [y, m, d] = hijriParts(time);
    const off = (year - y) * 354 + (month - m) * 29.5 + (date - d);
    if (year === y && month === m && date === d) return time;
    time += (Math.round(off) || (off > 0 ? 1 : -1)) * DAY_MS;
  }
  return undefined;
}

/** The Hijri year at `time`. */
export const hijriYear = (time: number): number => hijriParts(time)[0];

export type Unit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year' | 'decade';

export const at1 = (from: number): { period: Period } => ({ period: { from, to: from } });

/** The unit before (-1), of (0) or after (1) now; of several, the stretch that ends or begins now. */
export function relativePeriod(name: Unit, plural: boolean, direction: number, now: number): Period {
  const today = new Date(now);
  const thisYear = today.getUTCFullYear();
  const thisMonth = today.getUTCMonth() + 1;
  if (plural) {
    const spans: Record<Unit, number> = {
      second: 1,
      minute: 1,
      hour: 1,
      day: 7,
      week: 31,
      month: 365,
      year: 3650,
      decade: 36500,
    };
    const length = spans[name] * DAY_MS;
    return direction > 0
      ? { from: dayOf(now), to: dayOf(now) + length }
      : { from: dayOf(now) - length, to: dayOf(now) };
  }
  if (name === 'week') return week(now, direction);
  if (name === 'month') return month(thisYear, thisMonth + direction);
  if (name === 'year') return year(thisYear + direction);
  if (name === 'decade') {
    const start = Math.floor(thisYear / 10) * 10 + direction * 10;
    return { from: day(start, 1, 1), to: day(start + 9, 12, 31) };
  }
  const time = dayOf(now) + direction * DAY_MS;
  return { from: time, to: time };
}

/** The day (or hour) `count` units away from `now`; a whole stretch with `stretch`. */
export function backFrom(now: number, name: Unit, count: number, sign: number, stretch: boolean): Period {
  if (name === 'hour' || name === 'minute' || name === 'second') {
    const other = now + sign * count * (name === 'hour' ? 3_600_000 : name === 'minute' ? 60_000 : 1000);
    return { from: Math.min(now, other), to: stretch ? Math.max(now, other) : Math.min(now, other), instants: true };
  }
  const date = new Date(dayOf(now));
  if (name === 'day') date.setUTCDate(date.getUTCDate() + sign * count);
  if (name === 'week') date.setUTCDate(date.getUTCDate() + sign * count * 7);
  if (name === 'month') date.setUTCMonth(date.getUTCMonth() + sign * count);
  if (name === 'year') date.setUTCFullYear(date.getUTCFullYear() + sign * count);
  if (name === 'decade') date.setUTCFullYear(date.getUTCFullYear() + sign * count * 10);
  const other = Math.min(Math.max(date.getTime(), -6e13), 6e13);
  const today = dayOf(now);
  return stretch ? { from: Math.min(other, today), to: Math.max(other, today) } : { from: other, to: other };
}
