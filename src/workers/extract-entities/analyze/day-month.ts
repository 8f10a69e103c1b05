/** A day, month and year in words: 13 مايو/أيار 2012, التاسع من سبتمبر, 15 رمضان 1433, March 13, el 5 de mayo. */
import { DAY_MS, fromHijri, hijriYear, month, type Period, validDay } from './calendar.ts';
import {
  CURRENT,
  type FoundDate,
  FUTURE,
  HIJRI_MONTHS,
  HIJRI_PAIRS,
  LATIN_FUTURE,
  LATIN_PAST,
  MONTHS,
  ORDINALS,
  PAST,
  SYRIAC_PAIRS,
  strip,
  stripAny,
  TENS,
  WEAK_MONTHS,
} from './date-words.ts';
import { digitsOf } from './numbers.ts';
import type { Word } from './words.ts';

const PAIR_FIRST = /(?:تشرين|كانون|ربيع|جمادي|ذو|ذي)$/;

interface MonthName {
  number: number;
  last: number;
  hijri: boolean;
}

/** The month that starts at word `at`, with its second name behind a slash: فبراير/شباط. */
function monthAt(words: Word[], at: number, second = false): MonthName | undefined {
  const word = words[at];
  if (word === undefined) return undefined;
  const paired = PAIR_FIRST.test(word.key);
  if (!paired && !MONTHS.has(word.key) && !HIJRI_MONTHS.has(word.key) && !/^[وفبلك]/.test(word.key)) return undefined;
  const following = words[at + 1]?.key ?? '';
  const whole = MONTHS.has(word.key) || HIJRI_MONTHS.has(word.key) || SYRIAC_PAIRS.has(`${word.key} ${following}`);
  const key = whole ? word.key : stripAny(word.key);
  const pair = `${key} ${following}`;
  let number = MONTHS.get(key) ?? SYRIAC_PAIRS.get(pair);
  let last = at + (MONTHS.get(key) === undefined && number !== undefined ? 1 : 0);
  if (number) {
    const gap = words[last + 1]?.gap ?? '';
    if (!second && /^ ?[/(] ?$|^ $/.test(gap)) {
      const other = monthAt(words, last + 1, true);
      if (other && other.number === number) last = other.last;
    }
    return { number, last, hijri: false };
  }
  number = HIJRI_PAIRS.get(pair);
  if (number) return { number, last: at + 1, hijri: true };
  number = HIJRI_MONTHS.get(key);
  return number ? { number, last: at, hijri: true } : undefined;
}

/** A day, month and year in the order of the language, as far as they are given. */
export function dayMonthAt(words: Word[], at: number, now?: number, joined = false): FoundDate | undefined {
  const word = words[at] as Word;
  let first = at;
  let named: MonthName | undefined;
  let date: number | undefined;
  if (word.script === 'number' && Number(word.key) >= 1 && Number(word.key) <= 31) {
    let next = at + 1;
    while (next <= at + 2 && /^(?:من|شهر|de|of|th|st|nd|rd|er)$/.test(words[next]?.key ?? '')) next++;
    if (/^[ \u00a0]?$/.test(words[at + 1]?.gap ?? 'x')) named = monthAt(words, next);
    // يومي 16 و17 يونيو; 3 and 4 May.
    const other = words[at + 2];
    if (
      !joined &&
      named === undefined &&
      /^(?:و|and|et|y)$/.test(words[at + 1]?.key ?? '') &&
      other?.script === 'number'
    ) {
      const second = dayMonthAt(words, at + 2, now, true);
      const to = second?.period?.to;
      if (second && second.first === at + 2)
        return {
          first: at,
          last: second.last,
          ...(to === undefined ? {} : { period: { from: to - (Number(other.key) - Number(word.key)) * DAY_MS, to } }),
        };
    }
    date = Number(word.key);
    if (named === undefined) return undefined;
  } else if (ORDINALS.has(strip(word.key)) || TENS.has(strip(word.key))) {
    const ordinal = ordinalAt(words, at);
    if (words[ordinal.last + 1]?.key !== 'من' || words[ordinal.last + 1]?.gap !== ' ') return undefined;
    named = monthAt(words, words[ordinal.last + 2]?.key === 'شهر' ? ordinal.last + 3 : ordinal.last + 2);
    if (named === undefined) return undefined;
    date = ordinal.value;
  } else {
    named = monthAt(words, at);
    if (named === undefined) return undefined;
    const next = words[named.last + 1];
    // March 13, 2012.
    if (
      word.script === 'latin' &&
      next?.script === 'number' &&
      next.gap === ' ' &&
      Number(next.key) >= 1 &&
      Number(next.key) <= 31
    ) {
      date = Number(next.key);
      named = { ...named, last: named.last + 1 };
    }
  }
  let last = named.last;
  let yearNumber: number | undefined;
  let moved = 0;
  let following = last + 1;
  if (
    /^(?:من|عام|سنه|de|del|of|لعام|لسنه|العام)$/.test(words[following]?.key ?? '') &&
    /^[ ,،]*$/.test(words[following]?.gap ?? 'x')
  )
    following++;
  const next = words[following];
  const value = next?.script === 'number' ? digitsOf(next.key) : undefined;
  if (
    next &&
    value !== undefined &&
    next.key.length === 4 &&
    /^\)?[ ,،]{1,2}$/.test(next.gap) &&
    (named.hijri ? value > 1300 && value < 1600 : value > 1000 && value < 2200)
  ) {
    yearNumber = value;
    last = following;
    // 1445 هـ.
    if (named.hijri && words[last + 1]?.key === 'ه' && words[last + 1]?.gap === ' ') last++;
  } else if (
    next &&
    /^\)? $/.test(next.gap) &&
    (PAST.has(next.key) ||
      FUTURE.has(next.key) ||
      CURRENT.has(next.key) ||
      LATIN_PAST.has(next.key) ||
      LATIN_FUTURE.has(next.key))
  ) {
    moved =
      PAST.has(next.key) || LATIN_PAST.has(next.key) ? -1 : FUTURE.has(next.key) || LATIN_FUTURE.has(next.key) ? 1 : 0;
    last = following;
  }
  const before = words[at - 1];
  const lone = date === undefined && yearNumber === undefined && last === named.last;
  if (
    lone &&
    WEAK_MONTHS.has(word.key) &&
    !/^(?:في|شهر|منذ|حتي|in|en|since|depuis|desde|last|next|de|until)$/.test(before?.key ?? '') &&
    named.last === at
  )
    return undefined;
  if (word.script === 'latin' && lone && /^[a-z]/.test(word.key) && WEAK_MONTHS.has(word.key) && before === undefined)
    return undefined;
  if (before?.key === 'شهر' && first === at) first--;
  // last November, next March.
  if (first === at && date === undefined && word.script === 'latin' && /^[ \u00a0]$/.test(word.gap) && before) {
    const turn = LATIN_PAST.has(before.key) ? -1 : LATIN_FUTURE.has(before.key) ? 1 : 0;
    if (turn !== 0 && moved === 0) return { first: at - 1, last, ...periodOf(named, date, yearNumber, turn, now) };
  }
  return { first, last, ...periodOf(named, date, yearNumber, moved, now) };
}

/** The day that an ordinal names: الثالث عشر is 13. */
function ordinalAt(words: Word[], at: number): { value: number; last: number } {
  const key = strip((words[at] as Word).key);
  const tens = TENS.get(words[at + 1]?.key ?? '');
  const ones = ORDINALS.get(key);
  if (ones === undefined) return { value: TENS.get(key) as number, last: at };
  return tens === undefined ? { value: ones, last: at } : { value: ones + tens, last: at + 1 };
}

function periodOf(
  named: MonthName,
  date: number | undefined,
  given: number | undefined,
  moved: number,
  now?: number,
): { period?: Period } {
  if (named.hijri) {
    const hijri = given ?? (now === undefined ? undefined : hijriYear(now));
    if (hijri === undefined) return {};
    if (date !== undefined) {
      const time = fromHijri(hijri, named.number, date);
      return time === undefined ? {} : { period: { from: time, to: time } };
    }
    const from = fromHijri(hijri, named.number, 1);
    const next = named.number === 12 ? fromHijri(hijri + 1, 1, 1) : fromHijri(hijri, named.number + 1, 1);
    return from === undefined || next === undefined ? {} : { period: { from, to: next - DAY_MS } };
  }
  let chosen = given;
  if (chosen === undefined) {
    if (now === undefined) return {};
    const today = new Date(now);
    chosen = today.getUTCFullYear();
    const current = today.getUTCMonth() + 1;
    // A month without a year is the nearest one behind; with المقبل the nearest ahead.
    if (moved < 0 && named.number >= current) chosen--;
    else if (moved > 0 && named.number <= current) chosen++;
    else if (moved === 0 && named.number > current + 2) chosen--;
  }
  if (date === undefined) return { period: month(chosen, named.number) };
  const time = validDay(chosen, named.number, date);
  return time === undefined ? {} : { period: { from: time, to: time } };
}
