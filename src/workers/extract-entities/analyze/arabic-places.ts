/** Places in Arabic text announced by their kind, also through quotation marks and lists: مدينتي "جعار" و"زنجبار" بمحافظة "أبين. */
import { nameEnd } from './arabic-people.ts';
import { type Candidate, wordBefore } from './find-names.ts';
import { type Known, knowledge, nisbaCountry } from './knowledge.ts';
import {
  COMPOUND_PLACE,
  LOCATIVES,
  NOT_FAMILY_NAMES,
  NOT_PLACES,
  PARTICLES,
  PLACE_HEADS,
  PLURAL_PLACE_HEADS,
  SURE_PLACE_HEADS,
  TITLES,
} from './lexicon.ts';
import { offsetIn, type Stem, type Word, wordSet } from './words.ts';

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
  const { stems } = words[at] as Word;
  for (const stem of allowClitics ? stems : stems.slice(0, 1)) {
    const longest = Math.min(MAX_PLACE_WORDS, places.longest(stem.key));
    const names = [stem.key];
    for (let next = words[at + 1]; next && names.length < longest; next = words[at + names.length]) {
      if (next.gap !== ' ' && next.gap !== '-') break;
      names.push(`${names.at(-1)} ${next.key}`);
    }
    for (let more = names.length - 1; more >= 0; more--) {
      const key = names[more] as string;
      const senses = places.get(key);
      if (senses) return { last: at + more, senses, key, skip: stem.skip };
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

const KINDS_OF_STATE = wordSet('جمهورية مملكة سلطنة');
const FEATURES = wordSet('وادي بحيرة مضيق هضبة نهر');
const HONOURING = wordSet('ملعب استاد ستاد مطار جسر شارع ميدان سد');
/** Nouns that belong to the name of the place behind them, or make one of whom it honours. */
const WIDENING = new Set([...KINDS_OF_STATE, ...FEATURES, ...HONOURING]);

/** `known` are the places found already: what is listed behind one is likely another. */
export function findPlaces(words: Word[], known: Candidate[], countries: Map<string, number>): Candidate[] {
  const found: Candidate[] = [];
  const located = known.filter(({ type }) => type === 'location');
  const ends = new Set(located.map(({ last }) => last));
  const states = new Map(located.filter(({ senses }) => senses[0]?.kind === 'country').map((one) => [one.first, one]));
  const add = (one: Candidate) => {
    found.push(one);
    ends.add(one.last);
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as Word;
    if (word.script !== 'arabic') continue;
    const stems = word.stems;
    const head = stems.find((stem) => PLACE_HEADS.has(stem.key));
    const wider = stems.some(({ key }) => WIDENING.has(key))
      ? (countryWhole(words, states, stems, at) ?? feature(words, stems, at) ?? honouring(words, stems, at))
      : undefined;
    if (wider) add(wider);
    if (head && !wider) {
      for (const one of announced(words, at, head.key)) add(one);
      continue;
    }
    const governed = GOVERNS.test(word.key) ? governedPlace(words, at + 1) : undefined;
    if (governed) add(governed);
    const bare = placeAt(words, at, true);
    const unlisted = bare === undefined || bare.last === at ? unlistedTown(words, stems, at) : undefined;
    if (unlisted) add(unlisted);
    if (bare === undefined || unlisted) continue;
    const sure =
      bare.last > at ? isTown(words, at, bare, countries) : isPlaceInContext(words, at, bare, ends, countries);
    if (sure) add(place(words, at, { ...bare, senses: sure }, bare.last > at ? 0.9 : 0.6, 'place'));
  }
  return found;
}

const countOf = (known: Known, countries: Map<string, number>): number => countries.get(known.country ?? '') ?? 0;

/**
 * The senses of a name of several words: no ordinary words meet so by chance, but people may be called like a town (بندر عباس, علي
 * الغربي), and some names are made of ordinary words (رأس العين). Those need the country to be spoken of, or a preposition.
 */
function isTown(words: Word[], at: number, name: PlaceName, countries: Map<string, number>): Known[] | undefined {
  const { common, givenNames } = knowledge();
  const parts = name.key.split(' ');
  const first = parts[0] as string;
  const before = wordBefore(words, at);
  if (PLACE_HEADS.has(first) || TITLES.has(before)) return undefined;
  const compound = COMPOUND_PLACE.test(first);
  const ordinary = parts.every((part) => common.has(part) || common.has(part.replace(/^ال/, '')));
  const human = givenNames.has(first) && (!compound || givenNames.has(parts[1] as string));
  if (!ordinary && !human) return name.senses;
  const spokenOf = name.senses.filter((known) => countOf(known, countries) >= 1);
  const prefix = (words[at] as Word).key.slice(0, name.skip);
  if (spokenOf.length > 0 && (compound || LOCATIVES.has(before) || /ب$/.test(prefix))) return spokenOf;
  // A preposition of place alone tells nothing of people: من علي الغربي.
  return human && compound && IN_PLACE.test(before) ? name.senses : undefined;
}

/** The senses of a single word that is a place of a country the text speaks of, behind a preposition or another place. */
function isPlaceInContext(
  words: Word[],
  at: number,
  name: PlaceName,
  ends: Set<number>,
  countries: Map<string, number>,
): Known[] | undefined {
  const { common } = knowledge();
  const word = words[at] as Word;
  if (common.has(word.key) || common.has(name.key) || NOT_PLACES.has(name.key) || name.key.length < 3) return undefined;
  const prefix = word.key.slice(0, name.skip);
  const listed = prefix === 'و' && word.gap === ' ' && ends.has(at - 1);
  const behind = prefix === '' && LOCATIVES.has(wordBefore(words, at));
  if (!listed && !behind && !(/ب$/.test(prefix) && name.key.length >= 4)) return undefined;
  const inContext = name.senses.filter((known) => countOf(known, countries) >= (listed ? 1 : 2));
  return inContext.length > 0 ? inContext : undefined;
}

/** جمهورية كازاخستان: what kind of state a country is belongs to its full name. */
function countryWhole(
  words: Word[],
  states: Map<number, Candidate>,
  stems: readonly Stem[],
  at: number,
): Candidate | undefined {
  const stem = stems.find(({ key }) => KINDS_OF_STATE.has(key));
  if (stem === undefined || words[at + 1]?.gap !== ' ') return undefined;
  const country = states.get(at + 1);
  if (country === undefined) return undefined;
  const name = { last: country.last, senses: country.senses, key: `${stem.key} ${country.key}`, skip: stem.skip };
  return place(words, at, name, 0.97, 'known');
}

/** وادي عومران: a feature of the land on no list bears what it is in its name. */
function feature(words: Word[], stems: readonly Stem[], at: number): Candidate | undefined {
  const next = words[at + 1];
  const stem = stems.find(({ key }) => FEATURES.has(key));
  if (stem === undefined || next?.gap !== ' ' || next.script !== 'arabic' || next.key.length < 4) return undefined;
  const { common, places } = knowledge();
  if (common.has(next.key) || places.has(next.key) || PARTICLES.has(next.key) || nisbaCountry(next.key) !== undefined)
    return undefined;
  return place(words, at, { last: at + 1, senses: [], key: `${stem.key} ${next.key}`, skip: stem.skip }, 0.7, 'rule');
}

/** Places that people are honoured with: ملعب محمد بن زايد, مطار الملك خالد. */
function honouring(words: Word[], stems: readonly Stem[], at: number): Candidate | undefined {
  const { givenNames } = knowledge();
  if (!stems.some(({ key }) => HONOURING.has(key))) return undefined;
  const from = ROYAL.test(words[at + 1]?.key ?? '') ? at + 2 : at + 1;
  const first = words[from];
  if (first?.gap !== ' ' || words[at + 1]?.gap !== ' ' || !givenNames.has(first.key)) return undefined;
  const last = nameEnd(words, from);
  if (last === at + 1) return undefined;
  const key = words.slice(at + 1, last + 1).map((word) => word.key);
  return place(words, at + 1, { last, senses: [], key: key.join(' '), skip: 0 }, 0.97, 'known');
}
const ROYAL = /^(?:الملك|الامير|الشيخ|السلطان|الرييس|الشهيد)$/;

/** First words of two-word towns that hardly begin anything else. */
const TOWN_FIRST = /^(?:بندر|خان|سيدي|بني|دير|بيت|كفر|تل|عين|راس|حفر|بورت|سان|سانت|سانتا|نيو|شرم|كفار|ريشون)$/;

/** قرب بندر خمير, في بورت سانت جو: a town on no list, behind a preposition of place. */
function unlistedTown(words: Word[], stems: readonly Stem[], at: number): Candidate | undefined {
  const next = words[at + 1];
  if (next?.gap !== ' ' || next.script !== 'arabic') return undefined;
  const stem = stems.find(({ key }) => TOWN_FIRST.test(key));
  if (stem === undefined || !(stem.clitics.endsWith('ب') || IN_PLACE.test(wordBefore(words, at)))) return undefined;
  const { common } = knowledge();
  if (next.key.length < 3 || common.has(next.key) || PARTICLES.has(next.key) || nisbaCountry(next.key) !== undefined)
    return undefined;
  const name = { last: at + 1, senses: [], key: `${stem.key} ${next.key}`, skip: stem.skip };
  return place(words, at, name, 0.75, 'rule');
}
const IN_PLACE = /^(?:في|قرب|شمال|جنوب|شرق|غرب|شمالي|جنوبي|شرقي|غربي)$/;

/** Offices whose holders govern a place. */
const GOVERNS = /^[وفبل]?(?:محافظ|حاكم|والي|عمده)$/;

/** محافظ هرمزكان، مهدي دوستي: the place of an office, known or closed by a comma. */
function governedPlace(words: Word[], at: number): Candidate | undefined {
  const word = words[at];
  const { common, givenNames } = knowledge();
  if (word === undefined || word.gap !== ' ' || word.script !== 'arabic') return undefined;
  const known = placeAt(words, at, false);
  if (known && !common.has(known.key) && !givenNames.has(known.key)) return place(words, at, known, 0.8, 'place');
  const plain =
    /^[،,]/.test(words[at + 1]?.gap ?? '') &&
    word.key.length >= 4 &&
    !common.has(word.key) &&
    !givenNames.has(word.key) &&
    !/^[وفبلك]?(?:ال|لل)/.test(word.key) &&
    nisbaCountry(word.key) === undefined;
  return plain ? place(words, at, { last: at, senses: [], key: word.key, skip: 0 }, 0.7, 'rule') : undefined;
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
  if (known && known.last === index && COMPOUND_PLACE.test(key) && /^ $/.test(words[index + 1]?.gap ?? ''))
    known.senses = [];
  if (known?.senses.length === 0)
    return { ...known, last: index + 1, key: `${known.key} ${(words[index + 1] as Word).key}` };
  if (known && (quoted || !common.has(key) || known.last > index || /^ال/.test(key))) return known;
  if (nisbaCountry(key) !== undefined || key.length < 2 || (!quoted && common.has(key) && !COMPOUND_PLACE.test(key)))
    return undefined;
  if (/^[بلك]ال|^لل/.test(key)) return undefined;
  // باب السباع, عين عيسى: names whose first word is common.
  const next = words[index + 1];
  if (COMPOUND_PLACE.test(key) && next?.gap === ' ' && !PARTICLES.has(next.key))
    return { last: index + 1, senses: [], key: `${key} ${next.key}`, skip };
  return { last: index, senses: [], key, skip };
}

const TIME = /^(?:امس|اليوم|غدا|الان|فجر|مساء|صباح)$/;
