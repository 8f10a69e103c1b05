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
