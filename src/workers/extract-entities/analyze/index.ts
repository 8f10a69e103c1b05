/** What an article says: where it is from, whom and what it names, who is quoted, who came to harm, and when. */
import type { Analysis, Direction, Entity, Mention } from '../../../shared/model.ts';
import { detectLanguage } from '../../../shared/text/language.ts';
import { findEntities } from '../tagger/find-entities.ts';
import { findOrganizations } from './arabic-organizations.ts';
import { findPeople } from './arabic-people.ts';
import { findPlaces } from './arabic-places.ts';
import { findArabicQuotes } from './arabic-quotes.ts';
import { findCasualties } from './casualties.ts';
import { datelinePlaces, findDateline } from './dateline.ts';
import { findDates } from './dates.ts';
import { buildEntities } from './entities.ts';
import { type Candidate, countriesOf, findKnown } from './find-names.ts';
import type { Found } from './found.ts';
import { knowledge } from './knowledge.ts';
import { findLatinBodies } from './latin-bodies.ts';
import { findLatinPeople } from './latin-names.ts';
import { findLatinQuotes } from './latin-quotes.ts';
import { findOutlets } from './outlets.ts';
import { settle } from './settle.ts';
import { fromTagger } from './tagged.ts';
import { wordsOf } from './words.ts';

export { soundKey } from '../../../shared/arabic/sound-key.ts';
export { provisionalId, romanize } from './romanize.ts';

export interface AnalyzeInput {
  title?: string;
  text: string;
  /** ISO 639 code; detected when absent. */
  language?: string;
  /** ISO 8601: what `yesterday` is counted from. */
  publishedAt?: string;
  /** ISO 3166-1 alpha-2 of the outlet: decides among namesakes when the text does not. */
  country?: string;
}

const RTL = new Set(['ar', 'fa', 'ur', 'he', 'ckb', 'ps', 'sd', 'ug', 'yi', 'dv']);

/**
 * Offsets in the result are UTF-16 code units of `text`. Pure; the knowledge base is read at the first call. `mentions` stand for
 * what the tagger of the language would find.
 */
export function analyzeArticle(article: AnalyzeInput, mentions?: Mention[]): Analysis {
  const { text } = article;
  const language = article.language ?? detectLanguage(`${article.title ?? ''}\n${text}`).language;
  const direction: Direction = RTL.has(language) ? 'rtl' : 'ltr';
  const words = wordsOf(text);
  const dateline = findDateline(text);
  const known = findKnown(text, words, language);
  const countries = countriesOf(words, known, article.country);
  const titleWords = wordsOf(article.title ?? '');
  for (const [country, count] of countriesOf(titleWords, findKnown(article.title ?? '', titleWords, language)))
    countries.set(country, (countries.get(country) ?? 0) + count);
  const places = dateline ? datelinePlaces(dateline, words).filter((place) => !overlapsAny(place, known)) : [];
  const candidates: Candidate[] = [...known, ...places, ...findOutlets(text, words, dateline)];
  const tagged = fromTagger(text, words, mentions ?? findEntities(text, language));
  if (language === 'ar') {
    candidates.push(
      ...findPeople(text, words, [...known, ...tagged], countries),
      ...findOrganizations(text, words, known),
      ...findPlaces(words, known, countries),
    );
  }
  if (language !== 'ar') {
    candidates.push(...findLatinBodies(text, words, language, [...known, ...tagged]));
    candidates.push(...findLatinPeople(text, words).filter((one) => !overlapsAny(one, tagged)));
  }
  candidates.push(...unclaimed(tagged, candidates));
  const found = buildEntities(text, words, settle(candidates), countries, language);
  return {
    language,
    direction,
    ...(dateline ? { dateline: namedDateline(dateline, found) } : {}),
    entities: found.map(toEntity),
    quotes: language === 'ar' ? findArabicQuotes(text, words, found) : findLatinQuotes(text, words, found, language),
    casualties: findCasualties(text, words),
    dates: findDates(text, words, language, published(article.publishedAt)),
  };
}

function overlapsAny(one: Candidate, others: Candidate[]): boolean {
  let low = 0;
  let high = others.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((others[middle] as Candidate).last < one.first) low = middle + 1;
    else high = middle;
  }
  const next = others[low];
  return next !== undefined && next.first <= one.last;
}

/** Tagged names that say more than the rules and the knowledge base do. */
function unclaimed(tagged: Candidate[], claimed: Candidate[]): Candidate[] {
  const byWord = new Map<number, Candidate[]>();
  for (const candidate of claimed) {
    for (let at = candidate.first; at <= candidate.last; at++) byWord.set(at, [...(byWord.get(at) ?? []), candidate]);
  }
  const families = new Set(
    claimed.filter((one) => one.type === 'person' && one.last > one.first).map((one) => one.key.split(' ').at(-1)),
  );
  const { givenNames } = knowledge();
  return tagged.filter((tag) => {
    // وشكر هادي, هادي وفدا: the family name of somebody named in full, and a neighbour.
    const parts = tag.key.split(' ');
    if (tag.type === 'person' && parts.length > 1) {
      const [first = '', second = ''] = parts;
      // هادي السلطة: the family name, and what the sentence goes on with.
      if (parts.length === 2 && families.has(first) && !givenNames.has(second)) return false;
      if (parts.some((part) => families.has(part)) && !givenNames.has(first)) return false;
    }
    for (let at = tag.first; at <= tag.last; at++) {
      for (const other of byWord.get(at) ?? []) {
        if (other.cautious && other.type !== tag.type) continue;
        const same = other.start === tag.start && other.end === tag.end;
        // A known place inside a body's name belongs to it; everything else we found ourselves stands.
        const contained =
          other.first >= tag.first && other.last <= tag.last && other.last - other.first < tag.last - tag.first;
        if (
          !(same && other.type === tag.type) &&
          !(contained && other.type === 'location' && tag.type === 'organization')
        )
          return false;
      }
    }
    return true;
  });
}

function toEntity({ entity, mentions }: Found): Entity {
  return { ...entity, mentions: mentions.map(({ text, start, end }) => ({ text, start, end })) };
}

function namedDateline(dateline: NonNullable<ReturnType<typeof findDateline>>, found: Found[]): Analysis['dateline'] {
  const { agencySpan, ...plain } = dateline;
  const agency = agencySpan && found.find((one) => one.mentions.some((mention) => mention.start === agencySpan.start));
  return agency?.known && /[\u0600-\u06ff]/.test(plain.agency ?? '') ? { ...plain, agency: agency.entity.name } : plain;
}

function published(publishedAt: string | undefined): number | undefined {
  const time = Date.parse(publishedAt ?? '');
  return Number.isNaN(time) ? undefined : time;
}
