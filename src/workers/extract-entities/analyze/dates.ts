/**
 * Dates and times as reports write them, in Arabic, English, French and Spanish, resolved against the day of publication:
 * `الأحد`, `فبراير/شباط الماضي`, `منذ ساعتين`, `12 رمضان 1433 هـ`, `last week`, `il y a deux jours`, `el lunes`.
 * A bare number is never a year: `قرار مجلس الأمن 2014` is a resolution.
 */
import type { DateMention } from '../../../shared/model.ts';
import {
  DAY_MS,
  day,
  dayOf,
  fromHijri,
  hijriYear,
  month,
  type Period,
  validDay,
  week,
  weekday,
  year,
} from './calendar.ts';
import { digitsOf, numberAt } from './numbers.ts';
import { endsSentence, foldWord, type Word, wordSet } from './words.ts';

function table(...lists: string[]): Map<string, number> {
  return new Map(lists.flatMap((list, index) => list.split(' ').map((word) => [foldWord(word), index] as const)));
}

const WEEKDAYS = table(
  'الأحد sunday sundays dimanche domingo',
  'الاثنين الإثنين الأثنين monday mondays lundi lunes',
  'الثلاثاء tuesday tuesdays mardi martes',
  'الأربعاء wednesday wednesdays mercredi miercoles',
  'الخميس thursday thursdays jeudi jueves',
  'الجمعة friday fridays vendredi viernes',
  'السبت saturday saturdays samedi sabado',
);
/** Index 0 is unused so that the value is the month. */
const MONTHS = table(
  '',
  'يناير جانفي january janvier enero',
  'فبراير شباط فيفري february fevrier febrero',
  'مارس آذار march mars marzo',
  'أبريل إبريل نيسان أفريل april avril abril',
  'مايو أيار ماي may mai mayo',
  'يونيو يونية حزيران جوان june juin junio',
  'يوليو يوليه تموز جويلية july juillet julio',
  'أغسطس آب أوت august aout agosto',
  'سبتمبر أيلول شتنبر september septembre septiembre',
  'أكتوبر اكتوبر october octobre octubre',
  'نوفمبر نونبر november novembre noviembre',
  'ديسمبر دجنبر december decembre diciembre',
);
/** Syriac months of two words. */
const SYRIAC_PAIRS: Record<string, number> = {
  'تشرين الاول': 10,
  'تشرين الثاني': 11,
  'كانون الاول': 12,
  'كانون الثاني': 1,
};
const HIJRI_MONTHS = table('', 'محرم المحرم', 'صفر', '', '', '', '', 'رجب', 'شعبان', 'رمضان', 'شوال');
const HIJRI_PAIRS: Record<string, number> = {
  'ربيع الاول': 3,
  'ربيع الثاني': 4,
  'ربيع الاخر': 4,
  'جمادي الاولي': 5,
  'جمادي الاخره': 6,
  'جمادي الثانيه': 6,
  'ذو القعده': 11,
  'ذي القعده': 11,
  'ذو الحجه': 12,
  'ذي الحجه': 12,
};
/** Months whose names are also words or people (may, mars, آب as father): they need a day, year or preposition beside them. */
const WEAK_MONTHS = wordSet('may march mars mai آب أوت ماي رجب شعبان صفر رمضان جوان محرم مارس أيار');

type Unit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year' | 'decade';
const UNITS = new Map<string, [Unit, number]>();
function unit(name: Unit, one: string, two = ''): void {
  for (const word of one.split(' ')) UNITS.set(foldWord(word), [name, 1]);
  for (const word of two.split(' ').filter(Boolean)) UNITS.set(foldWord(word), [name, 2]);
}
unit('minute', 'دقيقة دقائق minute minutes minuto minutos', 'دقيقتين دقيقتان');
unit('hour', 'ساعة ساعات hour hours heure heures hora horas', 'ساعتين ساعتان');
unit('day', 'يوم يوما أيام day days jour jours dia dias', 'يومين يومان');
unit('week', 'أسبوع أسبوعا أسابيع week weeks semaine semaines semana semanas', 'أسبوعين أسبوعان');
unit('month', 'شهر شهرا أشهر شهور month months mois mes meses', 'شهرين شهران');
unit('year', 'عام عاما أعوام سنة سنوات سنين year years an ans annee annees ano anos', 'عامين سنتين عامان سنتان');
unit('decade', 'عقد عقود decade decades decennie decennies decada decadas', 'عقدين');

/** Definite Arabic units: الأسبوع الماضي. */
const DEFINITE: Record<string, [Unit, plural: boolean]> = {
  اليوم: ['day', false],
  الليله: ['day', false],
  الاسبوع: ['week', false],
  الشهر: ['month', false],
  العام: ['year', false],
  السنه: ['year', false],
  الايام: ['day', true],
  الساعات: ['hour', true],
  الاسابيع: ['week', true],
  الاشهر: ['month', true],
  الشهور: ['month', true],
  السنوات: ['year', true],
  الاعوام: ['year', true],
  العقد: ['decade', false],
  الشهرين: ['month', true],
  العامين: ['year', true],
  اليومين: ['day', true],
  الاسبوعين: ['week', true],
};
const PAST = wordSet(
  'الماضي الماضية الماضيين الماضيتين المنصرم المنصرمة الفائت الفائتة المنقضي الأخيرة الأخير السابق السابقة الماضى',
);
const FUTURE = wordSet('المقبل المقبلة القادم القادمة المقبلين القادمين التالي');
const CURRENT = wordSet('الجاري الجارية الحالي الحالية');
const PARTS_OF_DAY = wordSet('مساء صباح فجر ظهر عصر ليل ليلة منتصف يوم نهار بيوم');
const YEAR_CUE = wordSet(
  'عام سنة لعام بعام منذ العام صيف ربيع خريف شتاء مطلع نهاية بداية منتصف أواخر أوائل عامي وعام in since year until by before after during from depuis en annee de ano desde hasta del durante',
);

interface Found {
  first: number;
  last: number;
  period?: Period;
}

/** `publishedAt` in milliseconds; without it only full dates are resolved. */
export function findDates(text: string, words: Word[], language: string, publishedAt?: number): DateMention[] {
  const found: DateMention[] = [];
  for (let at = 0; at < words.length; at++) {
    const one = dateAt(text, words, at, language, publishedAt);
    if (one === undefined) continue;
    const start = (words[one.first] as Word).start;
    const end = (words[one.last] as Word).end;
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

function iso(time: number, instant = false): string {
  const text = new Date(time).toISOString();
  return instant ? text : text.slice(0, 10);
}

/** A word without a conjunction or preposition written onto it. */
const strip = (key: string): string => key.replace(/^[وف]?[بلك]?(?=ال.{3})/, '').replace(/^لل(?=.{3})/, 'ال');
const stripAny = (key: string): string => key.replace(/^[وف]?[بلك]?(?=.{3})/, '');

function dateAt(text: string, words: Word[], at: number, language: string, now?: number): Found | undefined {
  const word = words[at] as Word;
  return (
    numericDate(text, words, at) ??
    (word.script === 'arabic' ? arabicAt(words, at, now) : latinAt(text, words, at, language, now)) ??
    dayMonthAt(words, at, now)
  );
}

/** 2012-05-13, 13/5/2012, 13-05-2012. */
function numericDate(text: string, words: Word[], at: number): Found | undefined {
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
  const whole = MONTHS.has(word.key) || HIJRI_MONTHS.has(word.key) || `${word.key} ${following}` in SYRIAC_PAIRS;
  const key = whole ? word.key : stripAny(word.key);
  const pair = `${key} ${following}`;
  let number = MONTHS.get(key) ?? SYRIAC_PAIRS[pair];
  let last = at + (MONTHS.get(key) === undefined && number !== undefined ? 1 : 0);
  if (number) {
    const gap = words[last + 1]?.gap ?? '';
    if (!second && /^ ?[/(] ?$|^ $/.test(gap)) {
      const other = monthAt(words, last + 1, true);
      if (other && other.number === number) last = other.last;
    }
    return { number, last, hijri: false };
  }
  number = HIJRI_PAIRS[pair];
  if (number) return { number, last: at + 1, hijri: true };
  number = HIJRI_MONTHS.get(key);
  return number ? { number, last: at, hijri: true } : undefined;
}

/** A day, month and year in the order of the language, as far as they are given. */
function dayMonthAt(words: Word[], at: number, now?: number, joined = false): Found | undefined {
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
    /^[ ,،]{1,2}$/.test(next.gap) &&
    (named.hijri ? value > 1300 && value < 1600 : value > 1000 && value < 2200)
  ) {
    yearNumber = value;
    last = following;
  } else if (
    next &&
    next.gap === ' ' &&
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
  return { first, last, ...periodOf(named, date, yearNumber, moved, now) };
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

const at1 = (from: number): { period: Period } => ({ period: { from, to: from } });

function arabicAt(words: Word[], at: number, now?: number): Found | undefined {
  const word = words[at] as Word;
  const key = strip(word.key);
  const next = words[at + 1];
  const nextKey = next && /^[ \u00a0]$/.test(next.gap) ? next.key : '';
  // يوم الأحد، مساء الأحد الماضي
  const lead = PARTS_OF_DAY.has(stripAny(word.key)) || word.key === 'اليوم' ? at + 1 : at;
  const weekdayKey = lead === at ? key : nextKey;
  const number = WEEKDAYS.get(weekdayKey);
  if (number !== undefined && !(lead === at && NOT_WEEKDAY_BEFORE.test(words[at - 1]?.key ?? '')))
    return weekdayDate(words, at, lead, number, now);
  const relative = DEFINITE[key];
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

function weekdayDate(words: Word[], first: number, lead: number, number: number, now?: number): Found {
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
function ago(words: Word[], at: number, now?: number): Found | undefined {
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

function relativePeriod(name: Unit, plural: boolean, direction: number, now: number): Period {
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
function backFrom(now: number, name: Unit, count: number, sign: number, stretch: boolean): Period {
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

const LATIN_PAST = wordSet(
  'last past dernier derniere passe passee pasado pasada previous ultimo ultima derniers dernieres pasados pasadas',
);
const LATIN_FUTURE = wordSet('next coming prochain prochaine proximo proxima');
const LATIN_CURRENT = wordSet('this ce cette este esta');
const YESTERDAY: Record<string, number> = {
  yesterday: -1,
  hier: -1,
  ayer: -1,
  today: 0,
  tomorrow: 1,
  demain: 1,
  hoy: 0,
  anteayer: -2,
  tonight: 0,
};

function latinAt(text: string, words: Word[], at: number, language: string, now?: number): Found | undefined {
  const word = words[at] as Word;
  const { key } = word;
  const next = words[at + 1];
  const close = next && /^[ \u00a0]$/.test(next.gap) ? next.key : '';
  const offset = YESTERDAY[key];
  if (offset !== undefined)
    return { first: at, last: at, ...(now === undefined ? {} : at1(dayOf(now) + offset * DAY_MS)) };
  if (key === 'aujourd' && close === '' && next?.key === 'hui')
    return { first: at, last: at + 1, ...(now === undefined ? {} : at1(dayOf(now))) };
  const capital = language !== 'en' || /^\p{Lu}/u.test(text.charAt(word.start));
  const number = WEEKDAYS.get(key);
  if (number !== undefined && capital && !(key === 'domingo' && /^\p{Lu}/u.test(text.charAt(word.start)))) {
    const before = words[at - 1]?.key ?? '';
    const ahead = LATIN_FUTURE.has(before) || LATIN_FUTURE.has(close);
    const behind = LATIN_PAST.has(before) || LATIN_PAST.has(close);
    const first = LATIN_FUTURE.has(before) || LATIN_PAST.has(before) ? at - 1 : at;
    const dated = words[at + (ahead && LATIN_FUTURE.has(close) ? 2 : 1)];
    if (dated && (dated.script === 'number' || MONTHS.has(dated.key)) && /^,? $/.test(dated.gap)) {
      const full = dayMonthAt(words, words.indexOf(dated), now);
      if (full?.period && full.last > words.indexOf(dated)) return { first, last: full.last, period: full.period };
    }
    const last = LATIN_FUTURE.has(close) || LATIN_PAST.has(close) ? at + 1 : at;
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
