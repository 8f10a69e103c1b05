/** Arabic dates and times: الأحد، العام الماضي، منذ ساعتين، نهاية الشهر، الربع الأخير من عام 2011. */
import { at1, backFrom, DAY_MS, dayOf, month, type Period, relativePeriod, weekday, year } from './calendar.ts';
import {
  CURRENT,
  DEFINITE,
  EDGES,
  type FoundDate,
  FUTURE,
  PARTS_OF_DAY,
  PAST,
  QUARTERS,
  strip,
  stripAny,
  UNITS,
  WEEKDAYS,
  YEAR_CUE,
} from './date-words.ts';
import { dayMonthAt } from './day-month.ts';
import { numberAt } from './numbers.ts';
import { endsSentence, type Word, wordSet } from './words.ts';

export function arabicAt(words: Word[], at: number, now?: number): FoundDate | undefined {
  const word = words[at] as Word;
  const key = strip(word.key);
  const next = words[at + 1];
  const nextKey = next && /^[ \u00a0]$/.test(next.gap) ? next.key : '';
  // يوم الأحد، مساء الأحد الماضي
  const lead = PARTS_OF_DAY.has(word.key) || PARTS_OF_DAY.has(stripAny(word.key)) || word.key === 'اليوم' ? at + 1 : at;
  const weekdayKey = lead === at ? key : nextKey;
  const number = WEEKDAYS.get(weekdayKey);
  if (number !== undefined && !(lead === at && NOT_WEEKDAY_BEFORE.test(words[at - 1]?.key ?? '')))
    return weekdayDate(words, at, lead, number, now);
  const part = partOfDay(words, at, now) ?? partOfYear(words, at, now);
  if (part) return part;
  // هذا العام, هذا الأسبوع.
  const running = /^هذ(?:ا|ه)$/.test(stripAny(word.key)) ? DEFINITE.get(nextKey) : undefined;
  if (running && !running[1] && running[0] !== 'day')
    return {
      first: at,
      last: at + 1,
      ...(now === undefined ? {} : { period: relativePeriod(running[0], false, 0, now) }),
    };
  const edged = EDGES.has(stripAny(word.key)) ? DEFINITE.get(nextKey) : undefined;
  if (edged && !edged[1] && edged[0] !== 'day') {
    const more = words[at + 2];
    const turned = more?.gap === ' ' && (PAST.has(more.key) || FUTURE.has(more.key) || CURRENT.has(more.key));
    const direction = !turned || CURRENT.has(more.key) ? 0 : PAST.has(more.key) ? -1 : 1;
    return {
      first: at,
      last: turned ? at + 2 : at + 1,
      ...(now === undefined ? {} : { period: relativePeriod(edged[0], false, direction, now) }),
    };
  }
  const relative = DEFINITE.get(key);
  if (
    relative &&
    nextKey &&
    !(key === 'العام' && OFFICE_BEFORE.test(words[at - 1]?.key ?? '')) &&
    (PAST.has(nextKey) || FUTURE.has(nextKey) || CURRENT.has(nextKey))
  ) {
    const direction = PAST.has(nextKey) ? -1 : FUTURE.has(nextKey) ? 1 : 0;
    // "الأسبوع الأخير", "العام السابق" are only sometimes counted from today: kept, unresolved.
    const vague = /^ال(?:اخير|اخيره|سابق|سابقه|تالي)$/.test(nextKey);
    return {
      first: at,
      last: at + 1,
      ...(now === undefined || vague ? {} : { period: relativePeriod(relative[0], relative[1], direction, now) }),
    };
  }
  // العام 2012, عام 2012, في 2011
  const yearValue =
    next?.script === 'number' && /^ $/.test(next.gap) && /^\d{4}$/.test(next.key) ? Number(next.key) : undefined;
  if (yearValue !== undefined && yearValue >= 1000 && yearValue <= 2200) {
    const cue = stripAny(word.key);
    const hijri = words[at + 2]?.key === 'ه' || (yearValue >= 1380 && yearValue <= 1500);
    if (YEAR_CUE.has(cue) || YEAR_CUE.has(word.key) || key === 'العام' || key === 'السنه')
      return { first: at, ...pairedYear(words, at + 1, yearValue, hijri) };
    if (
      /^[وف]?(?:في|حتي|خلال|بحلول)$/.test(word.key) &&
      yearValue >= 1900 &&
      yearValue <= 2100 &&
      !CLOSES_COUNT.has(words[at + 2]?.key ?? '')
    )
      return { first: at + 1, last: at + 1, period: year(yearValue) };
  }
  if (/^(?:امس|البارحه)$/.test(key)) {
    const before = nextKey === 'الاول';
    const dayName = WEEKDAYS.get(nextKey) !== undefined;
    return {
      first: at,
      last: before || dayName ? at + 1 : at,
      ...(now === undefined ? {} : at1(dayOf(now) - (before ? 2 : 1) * DAY_MS)),
    };
  }
  if (key === 'غدا' || key === 'الغد')
    return { first: at, last: at, ...(now === undefined ? {} : at1(dayOf(now) + DAY_MS)) };
  if (
    key === 'اليوم' &&
    word.key === 'اليوم' &&
    !/^(?:هذا|ذلك|نفس|ذات|في|منذ|طوال|خلال|حتي)$/.test(words[at - 1]?.key ?? '') &&
    !nextKey.startsWith('ال')
  ) {
    return { first: at, last: at, ...(now === undefined ? {} : at1(dayOf(now))) };
  }
  if (/^[وف]?(?:موخرا|حديثا)$/.test(word.key)) return { first: at, last: at };
  return ago(words, at, now);
}

/** فجر اليوم الثلاثاء, مساء أمس: a part of a day that is counted from today. */
function partOfDay(words: Word[], at: number, now?: number): FoundDate | undefined {
  const next = words[at + 1];
  if (!PARTS_OF_DAY.has(stripAny((words[at] as Word).key)) || next?.gap !== ' ' || !/^(?:اليوم|امس)$/.test(next.key))
    return undefined;
  const day = arabicAt(words, at + 1, now);
  return day && { ...day, first: at };
}

const MONTHS_OF_PART = new Map([
  ['الربع', 3],
  ['النصف', 6],
]);

/** الربع الأخير من عام 2011, النصف الأول من العام الجاري. */
function partOfYear(words: Word[], at: number, now?: number): FoundDate | undefined {
  const months = MONTHS_OF_PART.get(strip((words[at] as Word).key));
  const which = QUARTERS.get(words[at + 1]?.key ?? '');
  if (months === undefined || which === undefined || words[at + 2]?.key !== 'من') return undefined;
  const whole = dateAtYear(words, at + 3, now);
  if (whole === undefined) return undefined;
  if (!whole.period) return { first: at, last: whole.last };
  const first = new Date(whole.period.from).getUTCFullYear();
  const number = words[at + 1]?.key === 'الاخير' ? 12 / months - 1 : which;
  const from = month(first, number * months + 1).from;
  return { first: at, last: whole.last, period: { from, to: month(first, number * months + months).to } };
}

/** عام 2011, العام الماضي. */
function dateAtYear(words: Word[], at: number, now?: number): FoundDate | undefined {
  const found = words[at]?.script === 'arabic' ? arabicAt(words, at, now) : undefined;
  return found && /^(?:عام|العام|سنه|السنه)$/.test((words[at] as Word).key) ? found : undefined;
}

/** عامي 2014 و2017. */
function pairedYear(words: Word[], last: number, from: number, hijri: boolean): { last: number; period?: Period } {
  const and = words[last + 1];
  const second = words[last + 2];
  const paired = and?.key === 'و' && second?.script === 'number' && second.gap === '' && /^\d{4}$/.test(second.key);
  const to = paired ? Number(second.key) : from;
  return {
    last: paired ? last + 2 : last,
    ...(hijri || to < from ? {} : { period: { from: year(from).from, to: year(to).to } }),
  };
}

/** الأمين العام السابق: general, not year. */
const OFFICE_BEFORE = /(?:امين|مدير|قايد|مفتش|مدعي|مفوض|راي|امانه|اداره|قياده|موتمر|قنصل|مراقب)$/;

const NOT_WEEKDAY_BEFORE = /^(?:صلاه|خطبه|جمعه|مسجد|جامع|صحيفه|كتله|تيار|حركه|حزب|الالف|جيش)$/;

const CLOSES_COUNT = wordSet('شخص شخصا من دولار متر كيلومتر حالة قتيل جندي');

function weekdayDate(words: Word[], first: number, lead: number, number: number, now?: number): FoundDate {
  let last = lead;
  let ahead = false;
  const next = words[lead + 1];
  if (next && next.gap === ' ' && (PAST.has(next.key) || FUTURE.has(next.key) || next.key === 'الجاري')) {
    ahead = FUTURE.has(next.key);
    last++;
  }
  // الأحد 13 مايو/أيار 2012: the full date says which Sunday.
  const dateWord = words[last + 1];
  if (dateWord?.script === 'number' && /^[ ،,(]{1,3}$/.test(dateWord.gap)) {
    const full = dayMonthAt(words, last + 1, now);
    if (full) return { first, last: full.last, ...(full.period ? { period: full.period } : {}) };
  }
  return { first, last, ...(now === undefined ? {} : at1(weekday(now, number, ahead))) };
}

/** منذ ساعتين, قبل ثلاثة أيام, خلال 24 ساعة. */
function ago(words: Word[], at: number, now?: number): FoundDate | undefined {
  const lead = /^[وف]?(منذ|قبل|بعد|خلال)$/.exec((words[at] as Word).key)?.[1];
  if (lead === undefined) return undefined;
  let index = at + 1;
  while (/^(?:نحو|حوالي|قرابه|اكثر|اقل|من|زهاء)$/.test(words[index]?.key ?? '')) index++;
  const direct = UNITS.get(words[index]?.key ?? '');
  const number = direct ? undefined : numberAt(words, index);
  const name = direct ?? (number ? UNITS.get(words[number.last + 1]?.key ?? '') : undefined);
  if (name === undefined) return undefined;
  const word = words[index] as Word;
  if (endsSentence(word.gap)) return undefined;
  // قبل تسع دقائق من النهاية: a time of the match.
  if (name[0] === 'minute' && words[number ? number.last + 2 : index + 1]?.key === 'من') return undefined;
  const count = number ? number.value : name[1];
  const last = number ? number.last + 1 : index;
  // "قبل يوم من" and "بعد ساعات من" count from an event, not from today.
  const fromEvent = /^(?:من|علي)$/.test(words[last + 1]?.key ?? '') && lead !== 'منذ' && lead !== 'خلال';
  const vague =
    number?.vague || /^(?:ايام|ساعات|اسابيع|اشهر|شهور|سنوات|اعوام|عقود|دقايق)$/.test((words[index] as Word).key);
  // "خلال أسبوعين" looks back or ahead; the word after may tell.
  const turned = words[last + 1]?.key ?? '';
  if (lead === 'خلال' && !PAST.has(turned) && !FUTURE.has(turned)) return { first: at, last };
  if (now === undefined || fromEvent || vague || (lead === 'بعد' && name[0] !== 'day')) return { first: at, last };
  return {
    first: at,
    last,
    period: backFrom(now, name[0], count, lead === 'بعد' ? 1 : -1, lead === 'خلال' || lead === 'منذ'),
  };
}
