import { foldText } from '../../../shared/arabic/fold.ts';
import { has, type Kind, type Lexicon, type PhraseKind, phraseAt } from './lexicon.ts';

/**
 * Names in languages that have no tagger of their own: capitals, lists and a few cue words. Known phrases come first; then
 * runs of capitalised words that start with a given name, follow a title or hold the head of an organisation. Languages
 * without capitals get the known phrases only.
 */

export interface RuleSpan {
  start: number;
  end: number;
  type: 'PER' | 'ORG' | 'LOC';
  confidence: number;
}

/** Words that join the parts of one name and are not capitalised: Ludwig van Beethoven, Charles de Gaulle. */
const PARTICLES = new Set(
  'de da do dos das del della di du des von van der den zu zum bin ibn al el la le ben y e i af av'.split(' '),
);
/** German writes every noun with a capital, so that a capital alone proves nothing there. */
const CAPITALISED_NOUNS = new Set(['de', 'lb']);
const CAPITAL = /^\p{Lu}/u;
const CASED = /\p{Lu}|\p{Ll}/u;
const ACRONYM = /^\p{Lu}{2,6}$/u;
const INITIAL = /^\p{Lu}$/u;
const LATIN = /^\p{Script=Latin}/u;
/** Russian adjectives of places (Парижские, Британской) are names only together with the noun behind them. */
const CYRILLIC_ADJECTIVE = /ск(?:ий|ая|ое|ие|ого|ой|ому|им|ом|их|ими|ую)$/u;
const OPENS_SENTENCE = /^[«„“"'([—–-]$/u;

const TYPE: Record<PhraseKind, RuleSpan['type']> = { organization: 'ORG', place: 'LOC', person: 'PER' };

/** Case endings of Russian and its neighbours, and what the dictionary form may end in instead: в Москве, из Белграда, Римом. */
const CYRILLIC_ENDING = /(?:ого|его|ому|ему|ами|ями|ой|ей|ом|ем|ым|им|ую|ах|ях|ов|а|я|у|ю|е|ы|и)$/u;
const CYRILLIC_NOMINATIVES = ['', 'а', 'я', 'ь', 'й', 'о', 'ий', 'ый', 'ая'];

/** The word, and the forms it may be a case of. */
function caseForms(word: string): string[] {
  const forms = [word];
  const stem = word.replace(CYRILLIC_ENDING, '');
  if (stem !== word && stem.length >= 3) for (const ending of CYRILLIC_NOMINATIVES) forms.push(stem + ending);
  // The genitive of Germanic names: Pekings, Merkels.
  if (word.length > 5 && /[a-zäöü]s$/u.test(word)) forms.push(word.slice(0, -1));
  return forms;
}

export function nameByCapitals(words: readonly string[], language: string, lexicon: Lexicon): RuleSpan[] {
  const n = words.length;
  const folded = words.map(foldText);
  const marks = lexicon.mark(folded.map((word) => lexicon.entry(caseForms(word), word)));
  const is = (i: number, ...kinds: Kind[]) => i >= 0 && i < n && has(marks[i] as number, ...kinds);
  const capital = (i: number) => i >= 0 && i < n && CAPITAL.test(words[i] as string);
  const opens = (i: number) => i === 0 || (i === 1 && OPENS_SENTENCE.test(words[0] as string));
  const latin = words.filter((word) => LATIN.test(word)).length * 2 > words.filter((word) => CASED.test(word)).length;
  const shouting =
    words.filter((word) => ACRONYM.test(word)).length * 2 > words.filter((word) => CASED.test(word)).length;
  const spans: RuleSpan[] = [];
  let free = 0;
  const add = (start: number, end: number, type: RuleSpan['type'], confidence: number) => {
    spans.push({ start, end, type, confidence });
    free = end;
  };
  for (let i = 0; i < n; i += 1) {
    if (i < free) continue;
    const word = words[i] as string;
    const cased = CASED.test(word);
    if (cased && !CAPITAL.test(word)) continue;
    const phrase = phraseAt(marks, i);
    const end = cased ? runEnd(i) : i + phrase.length;

    // People: a given name and what follows it, or a capitalised run behind a title.
    if (cased && end - i >= 2 && is(i, 'given', 'known-given', 'personal') && phrase.kind !== 'organization') {
      add(i, personEnd(i, end), 'PER', 0.8);
      continue;
    }
    if (phrase.kind !== undefined && phrase.length > 0 && (!cased || knownEnough(i, phrase.length, phrase.kind))) {
      add(i, i + phrase.length, TYPE[phrase.kind], 0.8);
      continue;
    }
    if (!cased || shouting) continue;
    if (is(i - 1, 'title') && !is(i, 'title', 'nationality', 'orghead')) {
      add(i, end, 'PER', 0.7);
      continue;
    }
    if (end - i >= 2 && hasHead(i, end) && !CAPITALISED_NOUNS.has(language)) {
      add(i, end, 'ORG', 0.6);
      continue;
    }
    if (end - i >= 2 && is(end - 1, 'surname', 'family') && !is(i, 'title')) {
      add(i, end, 'PER', 0.6);
      continue;
    }
    if (ACRONYM.test(word) && !opens(i)) {
      add(i, i + 1, 'ORG', 0.5);
      continue;
    }
    if (opens(i) || CAPITALISED_NOUNS.has(language) || is(i, 'title', 'nationality', 'orghead', 'placehead')) continue;
    // What is left: mid-sentence capitals. Behind a preposition of place mostly places, else mostly people; titles of works
    // stand in quotation marks, and a Latin word among Cyrillic is a brand.
    if (OPENS_SENTENCE.test(words[i - 1] as string) || (end - i === 1 && CYRILLIC_ADJECTIVE.test(word))) continue;
    if (is(i - 1, 'say', 'placehead')) add(i, end, 'LOC', 0.4);
    else if (end - i >= 2) add(i, end, 'PER', 0.4);
    else if (word.length > 2 && LATIN.test(word) === latin) add(i, end, 'PER', 0.3);
  }
  return spans;

  /** End of the run of capitalised words from `i`, with particles and hyphens inside and initials with their dots. */
  function runEnd(i: number): number {
    let end = i + 1;
    while (end < n) {
      if (capital(end)) end += 1;
      else if (words[end] === '.' && INITIAL.test(words[end - 1] as string) && capital(end + 1)) end += 2;
      else if (words[end] === '-' && capital(end + 1)) end += 2;
      else if (PARTICLES.has(folded[end] as string) && capital(end + 1)) end += 2;
      else if (PARTICLES.has(folded[end] as string) && PARTICLES.has(folded[end + 1] ?? '') && capital(end + 2))
        end += 3;
      else break;
    }
    return end;
  }

  /** A person's name stops before an organisation, a title or, in German, a common noun. */
  function personEnd(start: number, end: number): number {
    for (let k = start + 1; k < end; k += 1) if (is(k, 'orghead', 'title', 'nationality')) return k;
    return CAPITALISED_NOUNS.has(language) ? Math.min(end, start + 4) : end;
  }

  function hasHead(start: number, end: number): boolean {
    for (let k = start; k < end; k += 1) if (is(k, 'orghead')) return true;
    return false;
  }

  /** One-word matches are doubted where lists and dictionaries overlap: Essen, Nice, Orange. */
  function knownEnough(start: number, length: number, kind: PhraseKind): boolean {
    if (length > 1) return true;
    if (kind === 'person') return !is(start, 'noun');
    if (kind === 'organization') return !opens(start) || ACRONYM.test(words[start] as string);
    if (is(start, 'country', 'region')) return true;
    const cue = is(start - 1, 'say', 'placehead');
    if (is(start, 'metropolis')) return !opens(start) && (cue || !CAPITALISED_NOUNS.has(language));
    return cue;
  }
}
