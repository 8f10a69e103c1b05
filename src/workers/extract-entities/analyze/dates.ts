/**
 * Dates and times as reports write them, in Arabic, English, French and Spanish, resolved against the day of publication:
 * `الأحد`, `فبراير/شباط الماضي`, `منذ ساعتين`, `12 رمضان 1433 هـ`, `last week`, `il y a deux jours`, `el lunes`.
 * A bare number is never a year: `قرار مجلس الأمن 2014` is a resolution.
 */
import type { DateMention } from '../../../shared/model.ts';
import { arabicAt } from './arabic-dates.ts';
import { fromHijri, validDay } from './calendar.ts';
import type { FoundDate } from './date-words.ts';
import { dayMonthAt } from './day-month.ts';
import { latinAt } from './latin-dates.ts';
import type { Word } from './words.ts';

/** `publishedAt` in milliseconds; without it only full dates are resolved. */
export function findDates(text: string, words: Word[], language: string, publishedAt?: number): DateMention[] {
  const found: DateMention[] = [];
  for (let at = 0; at < words.length; at++) {
    const one = dateAt(text, words, at, language, publishedAt);
    if (one === undefined) continue;
    const start = (words[one.first] as Word).start;
    const end = closeBracket(text, start, (words[one.last] as Word).end);
    const mention: DateMention = { text: text.slice(start, end), start, end };
    if (one.period)
      Object.assign(mention, {
        from: iso(one.period.from, one.period.instants),
        to: iso(one.period.to, one.period.instants),
      });
    found.push(mention);
    at = one.last;
  }
  return found;
}

/** أبريل (نيسان): the bracket opened inside is closed inside. */
function closeBracket(text: string, start: number, end: number): number {
  const inside = text.slice(start, end);
  return text.charAt(end) === ')' && inside.lastIndexOf('(') > inside.lastIndexOf(')') ? end + 1 : end;
}

function iso(time: number, instant = false): string {
  const text = new Date(time).toISOString();
  return instant ? text : text.slice(0, 10);
}

function dateAt(text: string, words: Word[], at: number, language: string, now?: number): FoundDate | undefined {
  const word = words[at] as Word;
  return (
    numericDate(text, words, at) ??
    (word.script === 'arabic' ? arabicAt(words, at, now) : latinAt(text, words, at, language, now)) ??
    dayMonthAt(words, at, now)
  );
}

/** 2012-05-13, 13/5/2012, 13-05-2012. */
function numericDate(text: string, words: Word[], at: number): FoundDate | undefined {
  const [a, b, c] = [words[at], words[at + 1], words[at + 2]];
  if (a?.script !== 'number' || b?.script !== 'number' || c?.script !== 'number') return undefined;
  if (!/^[-/.]$/.test(b.gap) || b.gap !== c.gap || /[\d/]/.test(text.charAt(c.end))) return undefined;
  const [x, y, z] = [Number(a.key), Number(b.key), Number(c.key)];
  if (c.key.length === 4 && z > 1300 && z < 1500) {
    const hijri = fromHijri(z, y, x);
    return hijri === undefined ? undefined : { first: at, last: at + 2, period: { from: hijri, to: hijri } };
  }
  const time =
    a.key.length === 4 ? validDay(x, y, z) : c.key.length === 4 ? (validDay(z, y, x) ?? validDay(z, x, y)) : undefined;
  return time === undefined ? undefined : { first: at, last: at + 2, period: { from: time, to: time } };
}
