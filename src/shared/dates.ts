import { lunarHijriDate, solarHijriDate } from './hijri-dates.ts';

/** How much of a date the text states; the rest of `date` is its earliest moment. */
export type DatePrecision = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

export interface LooseDate {
  date: Date;
  precision: DatePrecision;
}

/**
 * Month names, January first. Arabic has three sets, and feeds use them all: Egypt and the Gulf, the Levant and Iraq, the Maghreb
 * (Tunisia and Algeria from French, Morocco its own). Keys are compared after `fold`, so hamza forms and accents need no variants.
 */
const MONTH_NAMES: string[][] = [
  'january jan januar janvier janv enero ene janeiro gennaio gen ocak oca январь января янв ιανουαριος ιανουαριου ιαν januari január січня stycznia styczeń ledna leden siječnja ianuarie tammikuuta januara січня januára يناير جانفي ژانویه جنوری ינואר जनवरी জানুয়ারি มกราคม ม.ค'.split(
    ' ',
  ),
  'february feb februar fevrier fevr fev febrero fevereiro febbraio şubat şub февраль февраля фев φεβρουαριος φεβρουαριου φεβ februari február lutego luty února únor veljače februarie helmikuuta februara лютого februára فبراير شباط فيفري فوریه فروری פברואר फरवरी ফেব্রুয়ারি กุมภาพันธ์ ก.พ'.split(
    ' ',
  ),
  'march mar märz maerz mars marzo março mart март марта мар μαρτιος μαρτιου μαρ μαρτ maart marts maret március marca marzec března březen ožujka martie maaliskuuta березня مارس آذار مارچ מרץ मार्च মার্চ มีนาคม มี.ค'.split(
    ' ',
  ),
  'april apr avril avr abril abr aprile nisan nis апрель апреля апр απριλιος απριλιου απρ április kwietnia kwiecień dubna duben travnja aprilie huhtikuuta aprila квітня apríla أبريل نيسان أفريل آوریل اپریل אפריל अप्रैल এপ্রিল เมษายน เม.ย'.split(
    ' ',
  ),
  'may mai mayo maio maggio mag mayıs май мая μαιος μαιου μαι μαϊ mei május maj maja května květen svibnja toukokuuta травня mája مايو أيار ماي مه مئی מאי मई মে พฤษภาคม พ.ค'.split(
    ' ',
  ),
  'june jun juni juin junio junho giugno giu haziran haz июнь июня июн ιουνιος ιουνιου ιουν június czerwca czerwiec června červen lipnja iunie kesäkuuta juna червня júna يونيو يونية حزيران جوان ژوئن جون יוני जून জুন มิถุนายน มิ.ย'.split(
    ' ',
  ),
  'july jul juli juillet juil julio julho luglio lug temmuz tem июль июля июл ιουλιος ιουλιου ιουλ július lipca lipiec července červenec srpnja iulie heinäkuuta jula липня júla يوليو يولية تموز جويلية يوليوز ژوئیه جولائی יולי जुलाई জুলাই กรกฎาคม ก.ค'.split(
    ' ',
  ),
  'august aug août aout agosto ago ağustos ağu август августа авг αυγουστος αυγουστου αυγ agustus augusti augustus augusztus sierpnia sierpień srpna srpen kolovoza elokuuta avgusta серпня augusta أغسطس آب أوت غشت اوت اگست אוגוסט अगस्त আগস্ট สิงหาคม ส.ค'.split(
    ' ',
  ),
  'september sep sept septembre septiembre setembro set settembre eylül eyl сентябрь сентября сен сент σεπτεμβριος σεπτεμβριου σεπ σεπτ szeptember września wrzesień září rujna septembrie syyskuuta septembra вересня سبتمبر أيلول شتنبر سپتامبر ستمبر ספטמבר सितंबर सितम्बर সেপ্টেম্বর กันยายน ก.ย'.split(
    ' ',
  ),
  'october oct oktober okt octobre octubre outubro out ottobre ott ekim eki октябрь октября окт οκτωβριος οκτωβριου οκτ október października październik října říjen octombrie lokakuuta oktobra жовтня októbra أكتوبر تشرين_أول اکتبر اکتوبر אוקטובר अक्टूबर অক্টোবর ตุลาคม ต.ค'.split(
    ' ',
  ),
  'november nov novembre noviembre novembro kasım kas ноябрь ноября ноя νοεμβριος νοεμβριου νοε listopada listopadu listopad studenoga noiembrie marraskuuta novembra листопада نوفمبر نونبر تشرين_ثاني نوامبر نومبر נובמבר नवंबर नवम्बर নভেম্বর พฤศจิกายน พ.ย'.split(
    ' ',
  ),
  'december dec dezember dez décembre déc diciembre dic dezembro dicembre aralık ara декабрь декабря дек δεκεμβριος δεκεμβριου δεκ desember des grudnia grudzień prosince prosinec prosinca decembrie joulukuuta decembra грудня ديسمبر دجنبر كانون_أول دسامبر دسمبر דצמבר दिसंबर दिसम्बर ডিসেম্বর ธันวาคม ธ.ค'.split(
    ' ',
  ),
];

/** Minutes east of UTC. RFC 822 §5, and the abbreviations news feeds use; ambiguous ones follow the larger press (IST India, BST Britain). */
const ZONES: Record<string, number> = {
  z: 0,
  ut: 0,
  utc: 0,
  gmt: 0,
  wet: 0,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
  akst: -540,
  akdt: -480,
  hst: -600,
  ast: -240,
  adt: -180,
  nst: -210,
  ndt: -150,
  brt: -180,
  art: -180,
  clt: -240,
  bst: 60,
  west: 60,
  cet: 60,
  cest: 120,
  met: 60,
  mest: 120,
  mez: 60,
  mesz: 120,
  wat: 60,
  cat: 120,
  sast: 120,
  eet: 120,
  eest: 180,
  eat: 180,
  msk: 180,
  trt: 180,
  gst: 240,
  irst: 210,
  irdt: 270,
  pkt: 300,
  ist: 330,
  npt: 345,
  ict: 420,
  wib: 420,
  hkt: 480,
  sgt: 480,
  myt: 480,
  pht: 480,
  awst: 480,
  jst: 540,
  kst: 540,
  acst: 570,
  aest: 600,
  acdt: 630,
  aedt: 660,
  nzst: 720,
  nzdt: 780,
  غرينتش: 0,
  جرينتش: 0,
  جرينيتش: 0,
};

/** Kept apart from ordinary words: Arabic marks the half of the day with a letter, ص or م. */
const MORNING = new Set(['am', 'a.m', 'ص', 'صباحا', 'الصباح', '오전', '上午', '午前', 'πμ']);
const EVENING = new Set(['pm', 'p.m', 'م', 'مساء', 'المساء', 'ظهرا', 'عصرا', 'ليلا', '오후', '下午', '午後', 'μμ']);

/** Years of Japanese reigns and of the Republic of China, and the Gregorian year before their first. */
const ERAS: Record<string, number> = { 令和: 2018, 平成: 1988, 昭和: 1925, 民国: 1911, 民國: 1911 };
/** Thai years count from 543 BC. */
const BUDDHIST_YEARS = 543;
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
/** An English weekday; Vietnamese ones begin with "thu" and a number. */
const WEEKDAY =
  /(?<!\p{L})(sun|mon|tue|wed|thu|fri|sat)(?:s|rs|day|sday|nesday|rsday|urday)?(?!\p{L})(?! (?:hai|ba|tu|nam|sau|bay)(?!\p{L}))/u;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Longer texts are prose, not a date. */
const MAX_DATE_CHARS = 120;
const MAX_DATE_TOKENS = 14;

const ASCII = /^[\x00-\x7f]*$/;
/** Where the digits of other scripts are. */
const BEHIND_HEBREW = /[\u0660-\uffff]/;

/**
 * The moment a feed, page or metadata field means. Understands ISO 8601 (W3C-DTF, ordinal days, basic form), RFC 822/2822 with
 * every sloppiness feeds show, ctime, epoch seconds and milliseconds, day-month-year with names in Arabic (all three sets,
 * also doubled as in `نوفمبر/تشرين الثاني`), English, French and a dozen more, and `3 hours ago`, `منذ ساعتين`, `أمس` when
 * `now` is given. Any digits, and years of Thailand, Japan and Taiwan. Without a zone the time is taken as UTC; `05/04/2024` is
 * 5 April unless an English weekday or a 12-hour clock suggests the American order. Two-digit years: 00–69 are 2000s (POSIX). Undefined when no date can be read.
 */
export function parseLooseDate(text: string, opts: { now?: Date } = {}): LooseDate | undefined {
  const trimmed = text.trim();
  if (!trimmed || trimmed.length > MAX_DATE_CHARS) return undefined;
  return parseIso(trimmed) ?? parseFolded(fold(trimmed), opts.now);
}

function parseFolded(text: string, now: Date | undefined): LooseDate | undefined {
  return (
    parseIso(text) ?? parseEpoch(text) ?? parseWords(text) ?? parseHijri(text) ?? (now && parseRelative(text, now))
  );
}

/** ISO 8601 as in RFC 3339, W3C-DTF and the shorter forms; T may be blank, colons and dashes of the zone may be missing. */
const ISO =
  /^([+-]?\d{4})(?:-?(\d{2})(?:-?(\d{2}))?|-(\d{3}))?(?:(?:[Tt_]|\s+)(\d{1,2})(?::?(\d{2})(?::?(\d{2})(?:[.,:](\d+))?)?)?\s*(z|Z|utc|UTC|GMT|gmt)?\s*([+-]\d{1,2}(?::?\d{2})?)?)?$/;

function parseIso(text: string): LooseDate | undefined {
  // A time after a T tells that two digits in front are the year.
  const short = /^(\d{2})(-\d{2}-\d{2}[Tt]\d.*)$/s.exec(text);
  const m = ISO.exec(short ? fullYear(Number(short[1])) + (short[2] ?? '') : text);
  if (!m) return undefined;
  const [, year, month, day, ordinal, hour, minute, second, fraction, , zone] = m;
  if (/^\d{6}$/.test(text) || (/^\d{8}$/.test(text) && !isPlausibleYear(Number(year)))) return undefined;
  const parts: DateParts = { year: Number(year), month: Number(month ?? 1), day: Number(day ?? 1) };
  let precision: DatePrecision = day ? 'day' : month ? 'month' : 'year';
  if (ordinal) {
    parts.day = Number(ordinal);
    parts.ordinal = true;
    precision = 'day';
  }
  if (hour !== undefined) {
    if (precision !== 'day') return undefined;
    parts.hour = Number(hour);
    parts.minute = Number(minute ?? 0);
    parts.second = Number(second ?? 0);
    parts.ms = fraction ? Math.floor(Number(`0.${fraction}`) * 1000) : 0;
    parts.offset = zone ? offsetMinutes(zone) : 0;
    precision = second !== undefined ? 'second' : minute !== undefined ? 'minute' : 'hour';
  }
  return build(parts, precision);
}

/** Solar months of Iran, then their Afghan names. Compared after `fold`. */
const SOLAR_MONTHS = [
  'فروردین حمل',
  'اردیبهشت ثور',
  'خرداد جوزا',
  'تیر سرطان',
  'مرداد اسد',
  'شهریور سنبله',
  'مهر میزان',
  'آبان عقرب',
  'آذر قوس',
  'دی جدی',
  'بهمن دلو',
  'اسفند حوت',
].map((names) => names.split(' ').map(foldLetters));
/** First words of the lunar months; a following اول/ثاني (or آخرة) tells the two Rabi and the two Jumada apart. */
const LUNAR_MONTHS = [
  'محرم',
  'صفر',
  'ربيع_1',
  'ربيع_2',
  'جمادى_1',
  'جمادى_2',
  'رجب',
  'شعبان',
  'رمضان',
  'شوال',
  'ذو_القعدة',
  'ذو_الحجة',
].map(foldLetters);
/** A Hijri year before this is taken as solar (2046), from it on as lunar (2004). */
const FIRST_LUNAR_YEAR = 1425;
const HIJRI_YEAR = /1[34]\d{2}/;

/** A day of the Hijri calendars, by number or with a month's name: 1399/02/21, جدی ۰۳, ۱۴۰۳, 14 رمضان 1445 هـ. */
function parseHijri(text: string): LooseDate | undefined {
  if (!HIJRI_YEAR.test(text)) return undefined;
  const clock = takeClock(` ${text} `);
  const rest = (clock ? clock.rest : text)
    .replace(/(ربيع|جمادي) (?:ال)?(?:اول|اولي)/g, '$1_1')
    .replace(/(ربيع|جمادي) (?:ال)?(?:ثاني|ثانيه|اخر|اخره)/g, '$1_2')
    .replace(/ذ[وي] (?:ال)?(قعده|حجه)/g, 'ذو_ال$1');
  const numeric = /(?<!\d)(1[34]\d{2})[./-](\d{1,2})[./-](\d{1,2})(?!\d)/.exec(rest) ?? undefined;
  let day: [number, number, number] | undefined;
  let lunar: boolean | undefined;
  if (numeric) day = [Number(numeric[1]), Number(numeric[2]), Number(numeric[3])];
  else {
    const words = rest.match(/[\p{L}_][\p{L}_\d]*|\d+/gu) ?? [];
    const year = words.find((w) => /^1[34]\d{2}$/.test(w));
    const number = words.find((w) => /^\d{1,2}$/.test(w));
    if (!year || !number || words.length > MAX_DATE_TOKENS) return undefined;
    for (const word of words) {
      const solar = SOLAR_MONTHS.findIndex((names) => names.includes(word));
      const moon = LUNAR_MONTHS.indexOf(word);
      if (solar < 0 && moon < 0) continue;
      lunar = moon >= 0;
      day = [Number(year), (lunar ? moon : solar) + 1, Number(number)];
      break;
    }
  }
  if (!day) return undefined;
  lunar ??= day[0] >= FIRST_LUNAR_YEAR;
  const date = lunar ? lunarHijriDate(...day) : solarHijriDate(...day);
  if (!date) return undefined;
  if (!clock) return { date, precision: 'day' };
  const { hour, minute, second, ms, offset } = clock.time;
  if (hour > 24 || minute > 59 || second > 60) return undefined;
  return {
    date: new Date(date.getTime() + hour * HOUR_MS + (minute - offset) * MINUTE_MS + second * 1000 + ms),
    precision: clock.precision,
  };
}

/** Seconds or milliseconds since 1970, between 1990 and 2100, bare or as .NET writes them. */
function parseEpoch(written: string): LooseDate | undefined {
  const text = /^\/date\((\d{12,13})(?:[+-]\d{4})?\)\/$/.exec(written)?.[1] ?? written;
  if (!/^\d{9,10}(?:\.\d+)?$|^\d{12,13}$/.test(text)) return undefined;
  const ms = text.length >= 12 && !text.includes('.') ? Number(text) : Number(text) * 1000;
  const date = new Date(Math.floor(ms));
  return isPlausibleYear(date.getUTCFullYear()) ? { date, precision: 'second' } : undefined;
}

interface DateParts {
  year: number;
  month: number;
  day: number;
  /** `day` counts from 1 January. */
  ordinal?: boolean;
  hour?: number;
  minute?: number;
  second?: number;
  ms?: number;
  /** Minutes east of UTC. */
  offset?: number;
}

function build(p: DateParts, precision: DatePrecision): LooseDate | undefined {
  const { year, month, day, hour = 0, minute = 0, second = 0, ms = 0, offset = 0 } = p;
  if (!isPlausibleYear(year) || month < 1 || month > 12 || day < 1 || day > (p.ordinal ? 366 : daysIn(year, month)))
    return undefined;
  if (hour > 24 || minute > 59 || second > 60 || Math.abs(offset) > 15 * 60) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second, ms) - offset * MINUTE_MS);
  return { date, precision };
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function isPlausibleYear(year: number): boolean {
  return year >= 1900 && year <= 2100;
}

function offsetMinutes(zone: string): number {
  const m = /([+-])(\d{1,2}):?(\d{2})?/.exec(zone);
  if (!m) return 0;
  return (m[1] === '-' ? -1 : 1) * (Number(m[2]) * 60 + Number(m[3] ?? 0));
}

/**
 * One spelling for letters and digits: ASCII digits, no accents, tatweel, vowel signs or direction marks, hamza carriers as
 * plain letters, two-word Levantine months joined.
 */
function fold(text: string): string {
  return foldLetters(text)
    .replace(/(تشرين|كانون) ?(?:ال)?(اول|ثاني)/g, '$1_$2')
    .replace(/كانون_ثاني/g, 'jan')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Digits of every script in Unicode's first plane as ASCII ones. Those of Indian scripts begin at 6 of their row of sixteen, others at 0. */
export function westernDigits(text: string): string {
  if (!BEHIND_HEBREW.test(text)) return text;
  return text.replace(/(?![0-9])\p{Nd}/gu, (d) => {
    const code = d.charCodeAt(0);
    return d.length > 1 ? d : String((code & 0xf) - (code >= 0x966 && code <= 0xd6f ? 6 : 0));
  });
}

function foldLetters(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return westernDigits(text)
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f\u0640\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/[\u0622\u0623\u0625\u0671]/g, 'ا')
    .replace(/[\u0649\u06cc]/g, 'ي')
    .replace(/\u06a9/g, 'ك')
    .replace(/\u0629/g, 'ه')
    .normalize('NFC')
    .replace(/(?<=\d)[مه](?!\p{L})/gu, ' ')
    .replace(/\u0131/g, 'i')
    .replace(/[\u2010-\u2015]/g, '-')
    .replace(/[،٬]/g, ',');
}

const MONTHS = new Map(MONTH_NAMES.flatMap((names, i) => names.map((name) => [foldLetters(name), i + 1] as const)));

/** A word is a month by its whole name, without the article, or an abbreviation of three letters or more of a Latin name. */
function monthOf(word: string): number | undefined {
  const plain = word.replace(/\.$/, '');
  return MONTHS.get(plain) ?? MONTHS.get(plain.replace(/^(?:ال|de|d'|ב)/, ''));
}

const CLOCK = /(?<![\d.])(\d{1,2})[:h](\d{1,2})?(?:[:m](\d{2})(?:[.,](\d{1,9}))?)?\s*(a\.?m\b|p\.?m\b)?(?![\d:])/;
const OFFSET = /(?:(?:gmt|utc|z)\s*)?(?<![\d:/-])([+-])\s?(\d{1,2}):?(\d{2})?(?=$|[\s(),])/;

/** Everything else: numbers, names and a clock in any order. */
function parseWords(text: string): LooseDate | undefined {
  let rest = ` ${text.replace(/\([^)]*\)/g, ' ')} `;
  const clock = takeClock(rest);
  if (clock) rest = clock.rest;
  rest = rest
    .replace(/(令和|平成|昭和|民[国國])\s*(\d{1,3}|元)\s*年/, (_m, era: string, year: string) => {
      return `${(ERAS[era] as number) + (year === '元' ? 1 : Number(year))}年`;
    })
    .replace(/(\d{1,2}) thang (\d{1,2}),?(?: nam)? (?=\d{4})/, '$1/$2/');
  const cjk = /(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]/.exec(rest);
  if (cjk)
    return build(
      { year: Number(cjk[1]), month: Number(cjk[2]), day: Number(cjk[3]), ...clock?.time },
      clock?.precision ?? 'day',
    );

  const tokens = rest.match(/\d+(?:[./-]\d+)*(?:er|st|nd|rd|th)?(?![\p{L}\d])|[\p{L}_][\p{L}\p{M}_.']*/gu) ?? [];
  if (tokens.length > MAX_DATE_TOKENS) return undefined;
  let month: number | undefined;
  const numbers: string[] = [];
  for (const token of tokens) {
    if (/^\d/.test(token)) numbers.push(...token.replace(/(?:er|st|nd|rd|th)$/, '').split(/(?<=^\d+)-(?=\d+$)/));
    else month ??= monthOf(token);
  }
  const day =
    month === undefined ? numericDay(numbers, clock?.twelveHour ?? false, weekdayIn(rest)) : namedDay(month, numbers);
  if (!day) return undefined;
  const { precision, ...parts } = day;
  if (!clock || precision !== 'day') return build(parts, precision);
  return build({ ...parts, ...clock.time }, clock.precision);
}

interface Clock {
  rest: string;
  time: { hour: number; minute: number; second: number; ms: number; offset: number };
  precision: DatePrecision;
  twelveHour: boolean;
}

/** Takes the time of day, its half and its zone out of the text. */
function takeClock(text: string): Clock | undefined {
  const m = CLOCK.exec(text.replace(/(\d{4}-(?:\d{1,2}|\p{L}{3,20})-\d{1,2})t(?=\d)/u, '$1 '));
  if (!m) return undefined;
  const source = m.input;
  let hour = Number(m[1]);
  const before = source.slice(0, m.index);
  let after = source.slice(m.index + m[0].length);
  let half = m[5] ? (m[5].startsWith('a') ? 'am' : 'pm') : undefined;
  const beside = [/^\s*([\p{L}.]+)/u.exec(after)?.[1], /([\p{L}]+)\s*$/u.exec(before)?.[1]];
  for (const word of beside) {
    const bare = word?.replace(/\.$/, '');
    if (half || !bare) continue;
    if (MORNING.has(bare)) half = 'am';
    else if (EVENING.has(bare)) half = 'pm';
  }
  if (half === 'pm' && hour < 12) hour += 12;
  if (half === 'am' && hour === 12) hour = 0;
  let offset = 0;
  const numeric = OFFSET.exec(after);
  if (numeric && !/\d{4}/.test(after.slice(0, numeric.index))) {
    offset = offsetMinutes(`${numeric[1]}${numeric[2]}${numeric[3] ? `:${numeric[3]}` : ''}`);
    if ((numeric[2]?.length ?? 0) > 2) return undefined;
    after = after.slice(0, numeric.index) + after.slice(numeric.index + numeric[0].length);
  } else {
    for (const word of after.match(/[\p{L}]+/gu) ?? []) {
      const zone = ZONES[word];
      if (zone === undefined) continue;
      offset = zone;
      break;
    }
  }
  return {
    rest: `${before} ${after}`,
    time: {
      hour,
      minute: Number(m[2] ?? 0),
      second: Number(m[3] ?? 0),
      ms: m[4] ? Math.floor(Number(`0.${m[4]}`) * 1000) : 0,
      offset,
    },
    precision: m[3] ? 'second' : m[2] ? 'minute' : 'hour',
    twelveHour: half !== undefined,
  };
}

type Day = { year: number; month: number; day: number; precision: DatePrecision };

function namedDay(month: number, numbers: string[]): Day | undefined {
  const plain = numbers.filter((n) => /^\d+$/.test(n)).map((n) => ({ value: Number(n), digits: n.length }));
  const yearOf = (value: number) => (value > 2400 ? value - BUDDHIST_YEARS : value);
  const yearAt = plain.findIndex((n) => n.digits === 4 && isPlausibleYear(yearOf(n.value)));
  if (yearAt >= 0) {
    const year = yearOf(plain[yearAt]?.value ?? 0);
    const day = plain.find((n, i) => i !== yearAt && n.digits <= 2 && n.value >= 1 && n.value <= 31)?.value;
    return day ? { year, month, day, precision: 'day' } : { year, month, day: 1, precision: 'month' };
  }
  // "5 Jan 04": the first number is the day unless it cannot be one ("87 Jan 5").
  const [a, b] = plain;
  if (!a || !b || a.digits > 2 || b.digits > 2) return undefined;
  if (a.value > 31) return { year: fullYear(a.value), month, day: b.value, precision: 'day' };
  return { year: fullYear(b.value), month, day: a.value, precision: 'day' };
}

/** The weekday of a date in English, 0 for Sunday, or -1. */
function weekdayIn(text: string): number {
  return WEEKDAYS.indexOf(WEEKDAY.exec(text)?.[1] ?? '');
}

/** `weekday` is as from `weekdayIn`. */
function numericDay(numbers: string[], twelveHour: boolean, weekday: number): Day | undefined {
  for (const n of numbers) {
    const m = /^(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})$/.exec(n);
    if (!m) continue;
    const [a, b, c] = [m[1] ?? '', m[3] ?? '', m[4] ?? ''];
    if (a.length === 4) return { year: Number(a), month: Number(b), day: Number(c), precision: 'day' };
    if (c.length === 3) continue;
    const year = c.length === 4 ? Number(c) : fullYear(Number(c));
    const falls = (month: string, day: string) => new Date(Date.UTC(year, Number(month) - 1, Number(day))).getUTCDay();
    const isAmerican = weekday < 0 ? twelveHour : falls(b, a) !== weekday && falls(a, b) === weekday;
    const monthFirst = Number(b) > 12 || (isAmerican && Number(a) <= 12);
    return monthFirst
      ? { year, month: Number(a), day: Number(b), precision: 'day' }
      : { year, month: Number(b), day: Number(a), precision: 'day' };
  }
  return undefined;
}

function fullYear(twoDigits: number): number {
  return twoDigits < 70 ? 2000 + twoDigits : 1900 + twoDigits;
}

/** Folded unit words → milliseconds and what they are precise to. Arabic duals count as two. */
const UNITS: [RegExp, number, DatePrecision][] = [
  [/^(?:seconds?|secs?|secondes?|sekunden?|segundos?|saniye|секунд[аы]?|ثانيه|ثواني?|ثانيتين|秒|초)$/, 1000, 'second'],
  [
    /^(?:minutes?|mins?|minuten?|minutos?|minuti|dakika|минут[аы]?|دقيقه|دقائق|دقيقتين|دقايق|منٹ|मिनट|分|分钟|分鐘|分钟前|分鐘前|分前|분|분전)$/,
    MINUTE_MS,
    'minute',
  ],
  [
    /^(?:hours?|hrs?|heures?|stunden?|horas?|or[ae]|saat|час(?:а|ов)?|ساعه|ساعات|ساعتين|ساعت|گھنٹے|گهنٹے|घटे|घंटे|小时|小時|小时前|小時前|時間|時間前|시간|시간전)$/,
    HOUR_MS,
    'hour',
  ],
  [
    /^(?:days?|jours?|tag(?:e|en)?|dias?|giorn[io]|gun|дн(?:я|ей)|день|يوم|ايام|يوما|يومين|روز|دن|दिन|天|天前|日前|일|일전)$/,
    DAY_MS,
    'day',
  ],
  [
    /^(?:weeks?|semaines?|wochen?|semanas?|settiman[ae]|hafta|недел[июя]|недель|اسبوع|اسابيع|اسبوعين|هفته|ہفتے|周|周前|週間|週間前|주|주전)$/,
    7 * DAY_MS,
    'day',
  ],
  [/^(?:months?|mois|شهر|اشهر|شهور|شهرين)$/, 30 * DAY_MS, 'month'],
];

/** Before or behind the number and its unit; Chinese, Japanese and Korean write it without a space. */
const AGO = /^(?:ago|vor|hace|ha|fa|atras|назад|тому|منذ|قبل|پيش|पहले|.{0,2}前|.{0,2}전)$/u;

function parseRelative(text: string, now: Date): LooseDate | undefined {
  const words = text.match(/\d+|\p{L}[\p{L}\p{M}]*/gu) ?? [];
  if (words.length > 8) return undefined;
  const dayStart = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()));
  if (words.some((w) => /^(?:yesterday|hier|امس)$/.test(w)))
    return { date: new Date(dayStart.getTime() - DAY_MS), precision: 'day' };
  if (words.some((w) => /^(?:today|aujourd|اليوم)$/.test(w))) return { date: dayStart, precision: 'day' };
  const isAgo = /\bil y a\b|\b(?:saniye|dakika|saat|gun|hafta) once\b/.test(text);
  const saysAgo = (from: number, to: number) => words.slice(Math.max(0, from), to).some((w) => AGO.test(w));
  for (const [i, word] of words.entries()) {
    const unit = UNITS.find(([pattern]) => pattern.test(word));
    if (!unit || !(isAgo || saysAgo(i - 2, i + 2))) continue;
    const before = words[i - 1] ?? '';
    const amount = /^\d+$/.test(before) ? Number(before) : word.endsWith('ين') ? 2 : 1;
    const date = new Date(now.getTime() - amount * unit[1]);
    return Number.isNaN(date.getTime()) ? undefined : { date, precision: unit[2] };
  }
  return undefined;
}
