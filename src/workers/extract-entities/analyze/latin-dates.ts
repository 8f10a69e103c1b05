/** English, French and Spanish dates and times: last week, il y a deux jours, el lunes, in 2012. */
import { at1, backFrom, DAY_MS, dayOf, relativePeriod, weekday, year } from './calendar.ts';
import {
  type FoundDate,
  LATIN_CURRENT,
  LATIN_FUTURE,
  LATIN_PAST,
  MONTHS,
  UNITS,
  WEEKDAYS,
  YEAR_CUE,
  YESTERDAY,
} from './date-words.ts';
import { dayMonthAt } from './day-month.ts';
import { numberAt } from './numbers.ts';
import { endsSentence, type Word } from './words.ts';

export function latinAt(
  text: string,
  words: Word[],
  at: number,
  language: string,
  now?: number,
): FoundDate | undefined {
  const word = words[at] as Word;
  const { key } = word;
  const next = words[at + 1];
  const close = next && /^[ \u00a0]$/.test(next.gap) ? next.key : '';
  const offset = YESTERDAY.get(key);
  if (offset !== undefined)
    return { first: at, last: at, ...(now === undefined ? {} : at1(dayOf(now) + offset * DAY_MS)) };
  if (key === 'aujourd' && close === '' && next?.key === 'hui')
    return { first: at, last: at + 1, ...(now === undefined ? {} : at1(dayOf(now))) };
  const capital = language !== 'en' || /^\p{Lu}/u.test(text.charAt(word.start));
  const number = WEEKDAYS.get(key);
  if (number !== undefined && capital && !(key === 'domingo' && /^\p{Lu}/u.test(text.charAt(word.start)))) {
    const before = words[at - 1]?.key ?? '';
    const ahead = LATIN_FUTURE.has(before) || LATIN_FUTURE.has(close) || looksAhead(words, at, language);
    const behind = LATIN_PAST.has(before) || LATIN_PAST.has(close);
    const first = LATIN_FUTURE.has(before) || LATIN_PAST.has(before) || LATIN_CURRENT.has(before) ? at - 1 : at;
    const dated = words[at + (ahead && LATIN_FUTURE.has(close) ? 2 : 1)];
    if (dated && (dated.script === 'number' || MONTHS.has(dated.key)) && /^,? $/.test(dated.gap)) {
      const full = dayMonthAt(words, words.indexOf(dated), now);
      if (full?.period && full.last > words.indexOf(dated)) return { first, last: full.last, period: full.period };
    }
    const last = LATIN_FUTURE.has(close) || LATIN_PAST.has(close) || PART_OF_DAY.test(close) ? at + 1 : at;
    const time = now === undefined ? undefined : weekday(now, number, ahead);
    return {
      first,
      last,
      ...(time === undefined ? {} : at1(behind && now !== undefined && time === dayOf(now) ? time - 7 * DAY_MS : time)),
    };
  }
  // last week, this year, next month
  const english = UNITS.get(close);
  if (
    english &&
    (LATIN_PAST.has(key) || LATIN_FUTURE.has(key) || LATIN_CURRENT.has(key)) &&
    english[0] !== 'hour' &&
    english[0] !== 'minute' &&
    !/s$/.test(close.replace(/^mois$|^mes$/, ''))
  ) {
    const direction = LATIN_PAST.has(key) ? -1 : LATIN_FUTURE.has(key) ? 1 : 0;
    return {
      first: at,
      last: at + 1,
      ...(now === undefined ? {} : { period: relativePeriod(english[0], false, direction, now) }),
    };
  }
  // la semaine dernière, el mes pasado
  const roman = UNITS.get(key);
  if (
    roman &&
    (LATIN_PAST.has(close) || LATIN_FUTURE.has(close)) &&
    language !== 'en' &&
    !/^(?:jours|dias|ans|anos|meses|semaines|semanas|annees)$/.test(key)
  ) {
    return {
      first: at,
      last: at + 1,
      ...(now === undefined ? {} : { period: relativePeriod(roman[0], false, LATIN_PAST.has(close) ? -1 : 1, now) }),
    };
  }
  // three days ago; il y a trois jours; hace tres días
  const lead = key === 'hace' ? at + 1 : key === 'il' && close === 'y' && words[at + 2]?.key === 'a' ? at + 3 : at;
  const count = numberAt(words, lead) ?? (/^(?:a|an)$/.test(key) ? { value: 1, first: at, last: at } : undefined);
  if (count) {
    const name = UNITS.get(words[count.last + 1]?.key ?? '');
    const last = count.last + 1;
    if (name && words[last]?.gap === ' ' && (lead > at || words[last + 1]?.key === 'ago')) {
      const end = lead > at ? last : last + 1;
      return {
        first: at,
        last: end,
        ...(now === undefined || ('vague' in count && count.vague)
          ? {}
          : { period: backFrom(now, name[0], count.value, -1, false) }),
      };
    }
  }
  // until at least 2025
  if (
    YEAR_CUE.has(key) &&
    close === 'at' &&
    words[at + 2]?.key === 'least' &&
    /^20\d\d$/.test(words[at + 3]?.key ?? '')
  )
    return { first: at + 3, last: at + 3, period: year(Number(words[at + 3]?.key)) };
  // in 2012, depuis 2011
  if (
    next?.script === 'number' &&
    next.gap === ' ' &&
    /^(?:1[89]|20)\d\d$/.test(next.key) &&
    YEAR_CUE.has(key) &&
    !/^[%€$]/.test(text.slice(next.end).trimStart()) &&
    !UNITS.has(words[at + 2]?.key ?? '')
  ) {
    return { first: at + 1, last: at + 1, period: year(Number(next.key)) };
  }
  return undefined;
}

const PART_OF_DAY = /^(?:night|morning|evening|afternoon|soir|matin)$/;
const AHEAD_REACH = 9;

/** will visit on Tuesday, se rendra jeudi: a verb of the future before the day, in the same sentence. */
function looksAhead(words: Word[], at: number, language: string): boolean {
  for (let index = at - 1; index >= Math.max(0, at - AHEAD_REACH); index--) {
    if (endsSentence((words[index + 1] as Word).gap)) return false;
    const { key } = words[index] as Word;
    if (/^(?:will|shall)$/.test(key) || (language === 'fr' && /^.{3,}(?:ra|ront)$/.test(key))) return true;
  }
  return false;
}
