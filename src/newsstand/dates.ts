/** Dates inside texts are written as slots, so that a story says the right weekday whenever the newsstand opens. */

const DAY_MS = 86_400_000;

/** Locales chosen for their month names and digits: Levantine/Gulf pairs, Solar Hijri for Persian. */
const LOCALES: Record<string, string> = {
  ar: 'ar-EG-u-nu-latn',
  en: 'en-GB',
  fr: 'fr-FR',
  es: 'es-ES',
  de: 'de-DE',
  fa: 'fa-IR-u-ca-persian',
  ru: 'ru-RU',
  tr: 'tr-TR',
  ur: 'ur-PK-u-nu-latn',
  zh: 'zh-CN',
};

/** Month names of Arabic newsrooms that print both calendars' names: "فبراير/شباط". */
const LEVANTINE_MONTHS =
  'كانون الثاني,شباط,آذار,نيسان,أيار,حزيران,تموز,آب,أيلول,تشرين الأول,تشرين الثاني,كانون الأول'.split(',');

type DateSlot = 'weekday' | 'date' | 'month' | 'year' | 'monthyear';

/**
 * Fills `{weekday}`, `{date:-3}`, `{month:-30}`, `{monthyear:-60}` and `{year:-365}` relative to `publishedAt`;
 * the number is an offset in days. Written in the manner of the language.
 */
export function fillDates(text: string, language: string, publishedAt: Date): string {
  return text.replace(/\{(weekday|date|monthyear|month|year)(?::(-?\d+))?\}/g, (_slot, kind: DateSlot, days = '0') =>
    writeDate(kind, new Date(publishedAt.getTime() + Number(days) * DAY_MS), language),
  );
}

function writeDate(kind: DateSlot, date: Date, language: string): string {
  const write = (options: Intl.DateTimeFormatOptions) => formatter(LOCALES[language] ?? 'en-GB', options).format(date);
  if (language === 'ar' && (kind === 'month' || kind === 'date' || kind === 'monthyear')) {
    const month = `${write({ month: 'long' })}/${LEVANTINE_MONTHS[date.getUTCMonth()]}`;
    if (kind === 'month') return month;
    return kind === 'date' ? `${date.getUTCDate()} ${month}` : `${month} ${date.getUTCFullYear()}`;
  }
  switch (kind) {
    case 'weekday':
      return write({ weekday: 'long' });
    case 'date':
      return write({ day: 'numeric', month: 'long' });
    case 'month':
      return write({ month: 'long' });
    case 'monthyear':
      return write({ month: 'long', year: 'numeric' });
    case 'year':
      return language === 'zh' ? String(date.getUTCFullYear()) : write({ year: 'numeric' });
  }
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** A date formatter on UTC. They are kept: making one costs as much as writing a whole article. */
export function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options });
  formatters.set(key, known);
  return known;
}

/** RFC 3339 on a clock `offset` (as in +03:00) from UTC. */
export function writeIsoLocal(date: Date, offset: string): string {
  return `${shiftBy(date, offset).toISOString().slice(0, 19)}${offset}`;
}

/** The date form of RSS 2.0, on a clock `offset` from UTC. */
export function writeRfc822(date: Date, offset: string): string {
  return shiftBy(date, offset).toUTCString().replace('GMT', offset.replace(':', ''));
}

/** A date whose UTC fields show what a clock `offset` from UTC shows. */
export function shiftBy(date: Date, offset: string): Date {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(offset) ?? [];
  if (!sign) throw new Error(`newsstand: bad offset ${offset}`);
  const shiftMs = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return new Date(date.getTime() + (sign === '-' ? -shiftMs : shiftMs));
}
