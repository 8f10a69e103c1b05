/** People in Arabic text by what stands before a name: a title, an office, or a given name followed by another. */
import type { Candidate } from './find-names.ts';
import { knowledge, nisbaCountry } from './knowledge.ts';
import { NOT_FAMILY_NAMES, PARTICLES, SAYING_PARTICIPLES, SAYING_VERBS, TITLES } from './lexicon.ts';
import { endsSentence, offsetIn, type Stem, stemsOf, type Word } from './words.ts';

/** Words between an office and its holder: مستشار الرئيس الأمريكي لشؤون مكافحة الإرهاب، جون برينان. */
const MAX_OFFICE_WORDS = 9;
const MAX_NAME_WORDS = 5;
const CONNECTOR = /^(?:بن|ابن|ال|ولد|بنت|ابو|ام|دي|فون|فان|دا|لا|لو|مك|ماك|ديل|دو|بو|فو|اوغلو|ايت|اولاد)$/;

/** Offices that other offices belong to: in مستشار الرئيس the name after is the adviser's. */
export function isTitle(key: string): boolean {
  return TITLES.has(key) || TITLES.has(key.replace(/^[وفبل]/, '')) || TITLES.has(key.replace(/^لل/, 'ال'));
}

/** True for a word that may be part of a name after the first. */
function continuesName(word: Word, index: number): boolean {
  const { givenNames, common } = knowledge();
  if (word.script !== 'arabic' || /ًا|اً|[ًٌٍ]/.test(word.key)) return false;
  const { key } = word;
  if (PARTICLES.has(key)) return false;
  if (givenNames.has(key) || CONNECTOR.test(key) || /^(?:ابو|ابي|عبد)/.test(key)) return true;
  if (NOT_FAMILY_NAMES.has(key) || SAYING_VERBS.has(key) || SAYING_PARTICIPLES.has(key)) return false;
  if (/^[وفبلك]?[بلك]?(?:ال|لل)/.test(key) && !key.startsWith('ال')) return false;
  if (key.startsWith('ال')) {
    if (key.length < 4 || common.has(key)) return false;
    return index <= 1 ? true : key.endsWith('ي') && nisbaCountry(key) === undefined;
  }
  if (index > 1 || key.length < 3 || common.has(key) || TITLES.has(key)) return false;
  return !/^[يت].{3,}(?:ون|ان|ه)$/.test(key) && !isFiniteVerb(key);
}

/** Present-tense verbs and ones carrying an object pronoun, as far as spelling shows it. */
function isFiniteVerb(key: string): boolean {
  return /^(?:سي|ست|ي[تنس])/.test(key) || /(?:وا|تم|هما)$/.test(key);
}

/** The last word of the name that starts at `first`. */
function nameEnd(words: Word[], first: number): number {
  let last = first;
  while (last - first + 1 < MAX_NAME_WORDS) {
    const next = words[last + 1];
    if (next === undefined || !/^[ \u00a0]$|^ ?- ?$/.test(next.gap)) break;
    if (
      next.key.startsWith('و') &&
      knowledge().givenNames.has(next.key.slice(1)) &&
      !knowledge().givenNames.has(next.key)
    )
      break;
    if (!continuesName(next, last - first + 1)) break;
    last++;
  }
  while (last > first && CONNECTOR.test((words[last] as Word).key)) last--;
  return last;
}

function givenNameStem(word: Word): Stem | undefined {
  const { givenNames } = knowledge();
  return stemsOf(word.key).find((stem) => givenNames.has(stem.key) && !PARTICLES.has(stem.key));
}

function person(
  words: Word[],
  first: number,
  skip: number,
  last: number,
  confidence: number,
  role?: string,
): Candidate {
  const word = words[first] as Word;
  const keys = words.slice(first, last + 1).map((part) => part.key);
  keys[0] = word.key.slice(skip);
  return {
    first,
    last,
    start: offsetIn(word, skip),
    end: (words[last] as Word).end,
    type: 'person',
    key: keys.join(' '),
    senses: [],
    source: 'rule',
    confidence,
    ...(role ? { role } : {}),
  };
}

/** Names after an office, and given names that a family name follows. */
export function findPeople(text: string, words: Word[]): Candidate[] {
  const { givenNames } = knowledge();
  const found: Candidate[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as Word;
    if (word.script !== 'arabic') continue;
    if (isTitle(word.key)) {
      const named = afterOffice(text, words, at);
      if (named) found.push(named);
    }
    const given = givenNameStem(word);
    if (given === undefined) continue;
    const next = words[at + 1];
    const before = words[at - 1];
    const last = nameEnd(words, at);
    if (next === undefined || last === at) continue;
    // A given name alone, or one inside a longer name, is no start.
    if (before && /^ $/.test(word.gap) && given.skip === 0 && CONNECTOR.test(before.key)) continue;
    // Given names are also ordinary words (سعيد, كريم, ناجي): the next word must then be a name for sure.
    const sure = givenOrFamily(words[at + 1] as Word);
    if (given.clitics !== '' && !sure) continue;
    // أمينة القاعة, رائد الفضاء: an office spelt like a given name.
    if (TITLES.has(given.key) && !givenNames.has((words[at + 1] as Word).key)) continue;
    if (knowledge().common.has(word.key) && !sure) continue;
    found.push(person(words, at, given.skip, last, sure ? 0.85 : 0.6));
  }
  return found;
}

function givenOrFamily(word: Word): boolean {
  const { givenNames, common } = knowledge();
  return (
    givenNames.has(word.key) ||
    CONNECTOR.test(word.key) ||
    (word.key.startsWith('ال') && !common.has(word.key) && /(?:ي|اوي)$/.test(word.key))
  );
}

/** The holder named after the office that starts at `at`, with the office as role. */
function afterOffice(text: string, words: Word[], at: number): Candidate | undefined {
  const office = words[at] as Word;
  const { givenNames, common } = knowledge();
  for (let index = at + 1; index <= at + MAX_OFFICE_WORDS && index < words.length; index++) {
    const word = words[index] as Word;
    if (endsSentence(word.gap) || /[:;؛«»]/.test(word.gap)) return undefined;
    if (word.script !== 'arabic') continue;
    const adjacent = index === at + 1;
    const afterComma = /^[،,] ?$/.test(word.gap) || /^ ?["“«(] ?$/.test(word.gap);
    const role = () => text.slice(office.start, (words[index - 1] as Word).end).replace(/^[وف](?=ال|ر)/, '');
    const known = givenNames.has(word.key);
    const last = nameEnd(words, index);
    if (known && (last > index || adjacent)) return person(words, index, 0, last, 0.9, role());
    if (PARTICLES.has(word.key) || SAYING_VERBS.has(word.key) || SAYING_PARTICIPLES.has(word.key)) {
      if (!/^(?:في|ب|من|عن|لدي)$/.test(word.key)) return undefined;
      continue;
    }
    const plain =
      !word.key.startsWith('ال') &&
      !/^[وفبلك]{0,2}(?:ال|لل)/.test(word.key) &&
      !common.has(word.key) &&
      nisbaCountry(word.key) === undefined &&
      !isTitle(word.key);
    // An unknown word is a name right after a definite office, or behind the comma that closes the office.
    const definite =
      office.key.startsWith('ال') ||
      (words[index - 1] as Word).key.startsWith('ال') ||
      nisbaCountry((words[index - 1] as Word).key) !== undefined;
    if (
      plain &&
      definite &&
      word.key.length >= 3 &&
      !isFiniteVerb(word.key) &&
      ((adjacent && last > index) || (afterComma && last > index) || nisbaBefore(words, index, last))
    ) {
      return person(words, index, 0, last, 0.7, role());
    }
    if (afterComma && !isTitle(word.key)) return undefined;
  }
  return undefined;
}

function nisbaBefore(words: Word[], index: number, last: number): boolean {
  return last > index && nisbaCountry((words[index - 1] as Word).key) !== undefined;
}
