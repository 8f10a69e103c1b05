import { foldText } from '../../shared/arabic/fold.ts';
import type { Article } from '../../shared/model.ts';

/**
 * What tells of which event an article speaks, whatever its language: names, numbers and days. Words are no part of it, since they
 * differ between languages.
 */
export interface EventEvidence {
  /**
   * Ids of people, organisations and places → country they belong to, or ''. A name that no list knows has one id in all languages
   * only as far as its spellings were merged.
   */
  names: Map<string, string>;
  /** Numbers it states, casualties in words included, as `numbersIn` writes them, and days that are not its own (2026-03-12). */
  numbers: Set<string>;
  /** People killed, of each statement. */
  killed: number[];
}

export type ArticleOfEvent = Pick<Article, 'title' | 'text' | 'entities' | 'casualties' | 'dates' | 'publishedAt'>;

/** News says what happened at the start; further numbers are background that other stories share. */
const BODY_CHARS = 1200;
/** A day nearer to its publication is in every report of the week. */
const OTHER_DAY_MS = 3 * 86_400_000;

export function evidenceOf({
  title = '',
  text = '',
  entities = [],
  casualties = [],
  dates = [],
  publishedAt,
}: ArticleOfEvent): EventEvidence {
  const names = new Map<string, string>();
  for (const { id, type, country = '' } of entities) {
    names.set(id, country);
    // Reuters is no sign of Britain.
    if (country !== '' && type !== 'organization') names.set(`country:${country}`, country);
  }
  const numbers = numbersIn(`${title}\n${blank(text.slice(0, BODY_CHARS), dates)}`);
  for (const { count } of casualties) if (count >= LEAST_NUMBER) numbers.add(String(count));
  for (const { from, to } of dates) {
    const apart = publishedAt === undefined ? 0 : Math.abs(Date.parse(from ?? '') - publishedAt.getTime());
    if (from !== undefined && from === to && apart > OTHER_DAY_MS) numbers.add(from);
  }
  const killed = casualties.flatMap(({ kind, count }) => (kind === 'killed' ? [count] : []));
  return { names, numbers, killed };
}

/** Names and numbers that both have. */
export function sharedEvidence(a: EventEvidence, b: EventEvidence): { names: string[]; numbers: string[] } {
  return {
    names: [...a.names.keys()].filter((id) => b.names.has(id)),
    numbers: [...a.numbers].filter((number) => b.numbers.has(number)),
  };
}

/** The beginning of a text without its dates, which may lie beyond it: their days and years say little of what happened. */
function blank(text: string, spans: readonly { start: number; end: number }[]): string {
  let out = text;
  for (const { start, end } of spans) {
    if (start >= text.length) continue;
    out = out.slice(0, start) + ' '.repeat(Math.min(end, text.length) - start) + out.slice(end);
  }
  return out;
}

/** Smaller ones are in every text. */
const LEAST_NUMBER = 4;
const NUMBER =
  /(\d+(?:[.,\u00a0\u202f' ]\d{3}(?!\d))*(?:[.,]\d+)?)([\u00a0 ]?(?:الف|الاف|هزار|thousand|mille?|тыс\p{L}*|tausend|bin)(?!\p{L}))?/gu;
const THOUSANDS = /^\d{1,3}(?:[.,\u00a0\u202f' ]\d{3})+$/;
const YEAR = /^(?:19|20)\d\d$/;

/**
 * Numbers of a text in digits of any script, as plain decimals: 1,340, 1 340 and 1.34 thousand are 1340, and 6,1 and ٦٫١ are 6.1.
 * Years and small ones are left out.
 */
export function numbersIn(text: string): Set<string> {
  const numbers = new Set<string>();
  for (const [, written = '', thousand] of foldText(text).matchAll(NUMBER)) {
    const plain = THOUSANDS.test(written) ? written.replace(/\D/g, '') : written.replace(',', '.');
    const value = Number(plain) * (thousand === undefined ? 1 : 1000);
    if (!YEAR.test(written) && (value >= LEAST_NUMBER || !Number.isInteger(value)) && Number.isFinite(value))
      numbers.add(String(value));
  }
  return numbers;
}
