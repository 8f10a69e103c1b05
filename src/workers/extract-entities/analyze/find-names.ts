/** Names the knowledge base holds, wherever they stand in the text, with the context deciding among namesakes. */
import type { EntityType } from '../../../shared/model.ts';
import { type Known, knowledge, nisbaCountry, type Phrase } from './knowledge.ts';
import { LOCATIVES, PLACE_HEADS } from './lexicon.ts';
import { endsSentence, offsetIn, type Stem, staysTogether, type Word } from './words.ts';

/** A stretch of words held to be a name. */
export interface Candidate {
  /** First and last word. */
  first: number;
  last: number;
  start: number;
  end: number;
  type: EntityType;
  /** Folded name without particles, the key under which mentions of one name meet. */
  key: string;
  /** Whom it may mean, best known first; empty for a name we do not know. */
  senses: Known[];
  source: 'known' | 'place' | 'rule' | 'tagger';
  /** Also an ordinary word: stands only if the text gives a reason. */
  cautious?: boolean;
  role?: string;
  country?: string;
  /** Provisional id and English name of an organ of a state, made by pattern. */
  pattern?: { id: string; english: string; country?: string };
  confidence: number;
}

interface Match {
  phrases: Phrase[];
  stem: Stem;
  length: number;
}

/** The longest known names that start at word `at`. */
function matchAt(text: string, words: Word[], at: number, language: string): Match | undefined {
  const word = words[at] as Word;
  const { phrases } = knowledge();
  for (const stem of word.stems) {
    const filed = phrases.get(stem.key);
    if (filed === undefined) continue;
    let length = 0;
    const found: Phrase[] = [];
    for (const phrase of filed) {
      if (phrase.rest.length + 1 < length) break;
      if (phrase.languages && !phrase.languages.includes(language)) continue;
      if (!fits(text, words, at, phrase)) continue;
      length = phrase.rest.length + 1;
      found.push(phrase);
    }
    if (found.length > 0) return { phrases: found, stem, length };
  }
  return undefined;
}

function fits(text: string, words: Word[], at: number, phrase: Phrase): boolean {
  for (let index = 0; index < phrase.rest.length; index++) {
    const word = words[at + index + 1];
    if (word === undefined || word.key !== phrase.rest[index] || !joinsName(word.gap)) return false;
  }
  const first = words[at] as Word;
  if (first.script !== 'latin' && first.script !== 'cyrillic') return true;
  const last = words[at + phrase.rest.length] as Word;
  if (phrase.capitals) return /^[A-Z.& ]+$/.test(text.slice(first.start, last.end));
  return (
    /^\p{Lu}/u.test(text.charAt(first.start)) ||
    /^(?:al|bin|ibn|el|pope|pape|papa|king|roi|rey|queen|reine|reina|prince|principe|emir|mullah|sultan|armee)$/.test(
      first.key,
    )
  );
}

/** Names are also written with points between initials (U.S.). */
const joinsName = (gap: string): boolean => staysTogether(gap) || /^[.&] ?$/.test(gap);

/** Words that, after القاعدة and the like, show that a thing and not the group is meant. */
const ORDINARY_AFTER =
  /^(?:ال(?:جويه|عسكريه|بحريه|شعبيه|ذهبيه|قانونيه|عريضه|اساسيه|جديده|رييسيه|حسابيه|انتخابيه|جماهيريه|صناعيه)|التي)$/;

/** السلطات السعودية: a country's name that is spelt like the adjective qualifies the definite noun before it. */
function isAdjective(words: Word[], at: number, key: string): boolean {
  const before = words[at - 1];
  return (
    key === 'السعوديه' &&
    before !== undefined &&
    (words[at] as Word).gap === ' ' &&
    /^[وفبلك]{0,2}(?:ال|لل)/.test(before.key) &&
    nisbaCountry(before.key) === undefined
  );
}

/** Sharon Doyle: what is the family name of somebody famous begins the name of somebody else. */
function isGivenName(text: string, words: Word[], at: number, { phrases }: Match): boolean {
  const next = words[at + 1];
  if (next?.gap !== ' ' || next.script !== 'latin' || phrases.some(({ known }) => known.type !== 'person'))
    return false;
  return /^\p{Lu}\p{Ll}/u.test(text.slice(next.start, next.start + 2)) && !knowledge().phrases.has(next.key);
}

/** صلاة المغرب is a prayer. */
const OTHERWISE_BEFORE = /^(?:صلاه|اذان|وقت|عقب|بعد) المغرب$/;

/** All known names of the text, not yet resolved against each other. */
export function findKnown(text: string, words: Word[], language = 'ar'): Candidate[] {
  const candidates: Candidate[] = [];
  for (let at = 0; at < words.length; at++) {
    const match = matchAt(text, words, at, language);
    // شرطياً تركياً: a Turk, not Turkey.
    if (match?.length === 1 && (words[at] as Word).indefinite) continue;
    // سورية الجنسية: of Syrian nationality.
    if (match?.length === 1 && (words[at + 1]?.key === 'الجنسيه' || words[at + 1]?.key === 'الاصل')) continue;
    if (match?.length === 1 && isAdjective(words, at, match.stem.key)) continue;
    if (match?.length === 1 && isGivenName(text, words, at, match)) continue;
    if (match === undefined || (match.length === 1 && OTHERWISE_BEFORE.test(`${words[at - 1]?.key} ${match.stem.key}`)))
      continue;
    const place = match.length === 1 ? placeNamedAfter(text, words, at, match) : undefined;
    candidates.push(...(place ? [place] : candidatesOf(text, words, at, match, language)));
  }
  return candidates;
}

/** Bandar Abbas: in scripts with capitals, a person's surname that ends the name of a place is no mention of the person. */
function placeNamedAfter(text: string, words: Word[], at: number, { phrases, stem }: Match): Candidate | undefined {
  const before = words[at - 1];
  const word = words[at] as Word;
  if (!before || word.gap !== ' ' || before.script !== word.script) return undefined;
  if (!/^\p{Lu}/u.test(text.charAt(before.start)) || phrases.some(({ known }) => known.type !== 'person'))
    return undefined;
  const key = `${before.key} ${stem.key}`;
  const senses = knowledge().places.get(key);
  if (!senses) return undefined;
  const span = { first: at - 1, last: at, start: before.start, end: word.end };
  return { ...span, type: 'location', key, senses, source: 'place', confidence: 0.8 };
}

/** وزير الخارجية الأمريكي, وزيرة الخارجية الأمريكية: part of an office, no body of its own. */
const PORTFOLIO = /^ال(?:خارجيه|داخليه|دفاع|خزانه|عدل)(?: |$)/;
const MINISTER = /^[وفبل]?(?:ال)?(?:وزير|وزيره|وزراء)$/;

function candidatesOf(text: string, words: Word[], at: number, match: Match, language: string): Candidate[] {
  const word = words[at] as Word;
  const byType = new Map<EntityType, Phrase[]>();
  for (const phrase of match.phrases) byType.set(phrase.known.type, [...(byType.get(phrase.known.type) ?? []), phrase]);
  const last = at + match.length - 1;
  return [...byType].flatMap(([type, phrases]): Candidate[] => {
    let first = at;
    let start = offsetIn(word, match.stem.skip);
    let key = [match.stem.key, ...words.slice(at + 1, last + 1).map((next) => next.key)].join(' ');
    // ولاية كاليفورنيا is the place California: the kind of place is not part of the name where the name is known without it.
    const next = words[at + 1];
    if (type === 'location' && match.length > 1 && next && PLACE_HEADS.has(match.stem.key)) {
      const inner = matchAt(text, words, at + 1, language);
      if (
        inner &&
        inner.length === match.length - 1 &&
        inner.phrases.some((phrase) => phrases.some((outer) => outer.known === phrase.known))
      ) {
        first = at + 1;
        start = next.start;
        key = words
          .slice(first, last + 1)
          .map((part) => part.key)
          .join(' ');
      }
    }
    if (type === 'organization' && PORTFOLIO.test(key) && MINISTER.test(words[at - 1]?.key ?? '')) return [];
    const cautious =
      phrases.every((phrase) => phrase.cautious) ||
      (ORDINARY_AFTER.test(words[last + 1]?.key ?? '') && match.length === 1);
    return [
      {
        first,
        last,
        start,
        end: (words[last] as Word).end,
        type,
        key,
        senses: phrases.map((phrase) => phrase.known),
        source: 'known',
        cautious,
        confidence: cautious ? 0.5 : 0.9,
      },
    ];
  });
}

/** How often each country is spoken of: its name, its people, its capital; what tells one Tripoli from the other. */
export function countriesOf(words: Word[], candidates: Candidate[], hint?: string): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (country: string | undefined, weight: number) => {
    if (country) counts.set(country, (counts.get(country) ?? 0) + weight);
  };
  if (hint) count(hint.toUpperCase(), 0.5);
  for (const word of words) count(nisbaCountry(word.key), 1);
  for (const { senses, cautious } of candidates) {
    const countries = new Set(senses.map((known) => known.country));
    if (countries.size === 1 && !cautious) count([...countries][0], senses[0]?.type === 'location' ? 1 : 0.5);
  }
  return counts;
}

/** The sense that fits the countries spoken of best; larger places win among equals. */
export function bestSense(senses: Known[], countries: Map<string, number>): Known | undefined {
  let best: Known | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const known of senses) {
    const size =
      known.kind === 'country' ? 1 : known.kind === 'capital' ? 0.8 : Math.log10((known.population ?? 0) + 10) / 10;
    const score = (known.country ? (countries.get(known.country) ?? 0) : 0) + size;
    if (score > bestScore) {
      best = known;
      bestScore = score;
    }
  }
  return best;
}

/** Whether a cautious place name has a reason to be one: a locative before it and its country spoken of. */
export function placeHasReason(words: Word[], candidate: Candidate, countries: Map<string, number>): boolean {
  const word = words[candidate.first] as Word;
  const inContext = candidate.senses.some((known) => (countries.get(known.country ?? '') ?? 0) >= 1);
  if (!inContext) return false;
  if (/ب$/.test(word.key.slice(0, candidate.start - word.start))) return true;
  return LOCATIVES.has(wordBefore(words, candidate.first));
}

/** The folded word before word `at` in its sentence, without a conjunction. */
export function wordBefore(words: Word[], at: number): string {
  const before = words[at - 1];
  return before === undefined || endsSentence((words[at] as Word).gap) ? '' : before.key.replace(/^[وف](?=.{2})/, '');
}
