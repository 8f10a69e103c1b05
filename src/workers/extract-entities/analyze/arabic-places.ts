/** Places in Arabic text announced by their kind, also through quotation marks and lists: مدينتي "جعار" و"زنجبار" بمحافظة "أبين. */
import type { Candidate } from './find-names.ts';
import { type Known, knowledge, nisbaCountry } from './knowledge.ts';
import {
  LOCATIVES,
  NOT_FAMILY_NAMES,
  NOT_PLACES,
  PARTICLES,
  PLACE_HEADS,
  PLURAL_PLACE_HEADS,
  SURE_PLACE_HEADS,
} from './lexicon.ts';
import { endsSentence, offsetIn, stemsOf, type Word } from './words.ts';

const MAX_PLACE_WORDS = 3;
/** Most names in one list. */
const MAX_LISTED = 12;
const BETWEEN = /^["”»']?[،,]?[ \u00a0]?["“«' ]*$/;
const OPENS = /^[ \u00a0]?["“”«'(]? ?$/;

interface PlaceName {
  last: number;
  senses: Known[];
  key: string;
  skip: number;
}

/** The longest name of the world list that starts at word `at`. */
function placeAt(words: Word[], at: number, allowClitics: boolean): PlaceName | undefined {
  const { places } = knowledge();
  const word = words[at] as Word;
  for (const stem of allowClitics ? stemsOf(word.key) : [{ skip: 0, key: word.key }]) {
    for (let length = MAX_PLACE_WORDS; length >= 1; length--) {
      const rest = words.slice(at + 1, at + length);
      if (rest.length !== length - 1 || rest.some((next) => next.gap !== ' ' && next.gap !== '-')) continue;
      const key = [stem.key, ...rest.map((next) => next.key)].join(' ');
      const senses = places.get(key);
      if (senses) return { last: at + length - 1, senses, key, skip: stem.skip };
    }
  }
  return undefined;
}

function place(
  words: Word[],
  first: number,
  name: PlaceName,
  confidence: number,
  source: Candidate['source'],
): Candidate {
  return {
    first,
    last: name.last,
    start: offsetIn(words[first] as Word, name.skip),
    end: (words[name.last] as Word).end,
    type: 'location',
    key: name.key,
    senses: name.senses,
    source,
    confidence,
  };
}

export function findPlaces(words: Word[], countries: Map<string, number>): Candidate[] {
  const found: Candidate[] = [];
  const { common } = knowledge();
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as Word;
    if (word.script !== 'arabic') continue;
    const head = stemsOf(word.key).find((stem) => PLACE_HEADS.has(stem.key));
    if (head) {
      found.push(...announced(words, at, head.key));
      continue;
    }
    // A place of a country the text speaks of, behind a preposition, and not an ordinary word.
    const bare = placeAt(words, at, true);
    if (
      bare === undefined ||
      common.has(word.key) ||
      common.has(bare.key) ||
      NOT_PLACES.has(bare.key) ||
      bare.key.length < 3
    )
      continue;
    const inContext = bare.senses.filter((known) => (countries.get(known.country ?? '') ?? 0) >= 2);
    if (inContext.length === 0) continue;
    const before = words[at - 1];
    const prefix = word.key.slice(0, bare.skip);
    const behind = before !== undefined && !endsSentence(word.gap) && LOCATIVES.has(before.key) && prefix === '';
    if (behind || (/ب$/.test(prefix) && bare.key.length >= 4 && !common.has(bare.key)))
      found.push(place(words, at, { ...bare, senses: inContext }, 0.6, 'place'));
  }
  return found;
}

/** The names after a place head at `at`, following a list when the head is dual or plural. */
function announced(words: Word[], at: number, head: string): Candidate[] {
  const found: Candidate[] = [];
  const several = PLURAL_PLACE_HEADS.has(head);
  let index = at + 1;
  // العاصمة اليمنية صنعاء, مدينة سرت الليبية: an adjective may stand between a definite head and the name.
  while (
    head.startsWith('ال') &&
    words[index] &&
    nisbaCountry((words[index] as Word).key) !== undefined &&
    (words[index] as Word).key.startsWith('ال')
  )
    index++;
  for (let count = 0; count < (several ? MAX_LISTED : 1); count++) {
    let joined = false;
    if (count > 0 && words[index]?.key === 'و') {
      // The conjunction may stand alone before a quotation mark: و"زنجبار".
      index++;
      joined = true;
    }
    const word = words[index];
    if (word === undefined || word.script !== 'arabic') break;
    if (!(count === 0 || joined ? OPENS : BETWEEN).test(word.gap)) break;
    if (count > 0 && !joined && !/^و/.test(word.key) && !/[،,]/.test(word.gap)) break;
    const name = nameAfterHead(words, index, count > 0 && !joined);
    if (name === undefined || (name.senses.length === 0 && !SURE_PLACE_HEADS.has(head))) break;
    // منطقة حدودية: an adjective.
    if (name.senses.length === 0 && /^(?:منطقه|ولايه|مدينه|قريه|بلده|جزيره|مقاطعه)$/.test(head) && /يه$/.test(name.key))
      break;
    found.push(place(words, index, name, 0.85, name.senses.length > 0 ? 'place' : 'rule'));
    index = name.last + 1;
  }
  return found;
}

function nameAfterHead(words: Word[], index: number, joined: boolean): PlaceName | undefined {
  const word = words[index] as Word;
  const { common, places } = knowledge();
  const skip = joined && word.key.startsWith('و') && !places.has(word.key) ? 1 : 0;
  const key = word.key.slice(skip);
  const quoted = /["“«']/.test(word.gap);
  if (NOT_PLACES.has(key) || PARTICLES.has(key) || NOT_FAMILY_NAMES.has(key) || TIME.test(key) || key.length < 2)
    return undefined;
  const known = placeAt(words, index, skip > 0);
  if (known && known.last === index && COMPOUND.test(key) && /^ $/.test(words[index + 1]?.gap ?? '')) known.senses = [];
  if (known?.senses.length === 0)
    return { ...known, last: index + 1, key: `${known.key} ${(words[index + 1] as Word).key}` };
  if (known && (quoted || !common.has(key) || known.last > index || /^ال/.test(key))) return known;
  if (nisbaCountry(key) !== undefined || key.length < 2 || (!quoted && common.has(key) && !COMPOUND.test(key)))
    return undefined;
  if (/^[بلك]ال|^لل/.test(key)) return undefined;
  // باب السباع, عين عيسى: names whose first word is common.
  const next = words[index + 1];
  if (COMPOUND.test(key) && next?.gap === ' ' && !PARTICLES.has(next.key))
    return { last: index + 1, senses: [], key: `${key} ${next.key}`, skip };
  return { last: index, senses: [], key, skip };
}

const COMPOUND =
  /^(?:باب|عين|راس|تل|دير|بيت|كفر|وادي|جبل|ام|ابو|بني|خان|برج|سوق|دار|قصر|بير|حوش|روض|شط|جسر|سيدي|اولاد|ايت|بن|نهر|مرج|تلعه|خربه)$/;

const TIME = /^(?:امس|اليوم|غدا|الان|فجر|مساء|صباح)$/;
