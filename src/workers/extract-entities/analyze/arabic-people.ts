/** People in Arabic text by what stands before a name: a title, an office, or a given name followed by another. */
import type { Candidate } from './find-names.ts';
import { type Known, knowledge, nisbaCountry } from './knowledge.ts';
import {
  NOT_FAMILY_NAMES,
  ORGANIZATION_HEADS,
  PARTICLES,
  SAYING_PARTICIPLES,
  SAYING_VERBS,
  TITLES,
} from './lexicon.ts';
import { endsSentence, offsetIn, type Stem, stemsOf, type Word } from './words.ts';

/** Words between an office and its holder: مستشار الرئيس الأمريكي لشؤون مكافحة الإرهاب، جون برينان. */
const MAX_OFFICE_WORDS = 9;
/** Words of a name, without بن and the like, and with them. */
const MAX_NAME_WORDS = 5;
const MAX_LINEAGE_WORDS = 12;
const SPEAKS_FOR = /(?:متحدث|ناطق)/;
/** Offices named after a place: محافظ نينوى أثيل النجيفي. */
const OF_PLACE = /^[وفبل]?(?:ال)?(?:محافظ|حاكم|عمده|والي|امير|سفير|قايد|رييس|مدير|ممثل|ملك|نايب|اسقف|بطريرك)$/;
/** Words that introduce a name and are no office. */
const NAMING = /^(?:يدعي|تدعي|اسمه|واسمه|اسمها|المدعو|المدعوه|المواطن|المواطنه)$/;
/** Whose son, or of which house: any name may follow. آل is folded to ال. */
export const LINEAGE = /^(?:بن|ابن|بنت|ال)$/;
const REGNAL = /^ال(?:اول|ثاني|ثالث|رابع|خامس|سادس|سابع|ثامن|عاشر)$/;
const CONNECTOR = /^(?:بن|ابن|ال|ولد|بنت|ابو|ام|دي|فون|فان|دا|لا|لو|مك|ماك|ديل|دو|بو|فو|اوغلو|ايت|اولاد)$/;

/** Offices that other offices belong to: in مستشار الرئيس the name after is the adviser's. */
export function isTitle(key: string): boolean {
  return TITLES.has(key) || TITLES.has(key.replace(/^[وفبل]/, '')) || TITLES.has(key.replace(/^لل/, 'ال'));
}

/** True for a word that may be part of a name after the first. */
function continuesName(word: Word, index: number): boolean {
  const { givenNames, common } = knowledge();
  if (word.script !== 'arabic' || word.indefinite) return false;
  const { key } = word;
  if (PARTICLES.has(key)) return false;
  if (givenNames.has(key) || CONNECTOR.test(key) || /^(?:ابو|ابي|عبد)/.test(key)) return true;
  if (NOT_FAMILY_NAMES.has(key) || SAYING_VERBS.has(key) || SAYING_PARTICIPLES.has(key)) return false;
  if (/^[وفبلك]?[بلك]?(?:ال|لل)/.test(key) && !key.startsWith('ال')) return false;
  if (key.startsWith('ال')) {
    if (key.length < 4 || common.has(key)) return false;
    return index <= 1 ? true : key.endsWith('ي') && nisbaCountry(key) === undefined;
  }
  // لقرائه: to his readers.
  if (/^[لب].*(?:ه|ها|هم)$/.test(key) && index > 0) return false;
  if (index > 2 || key.length < 3 || common.has(key) || TITLES.has(key)) return false;
  return !/^[يت].{3,}(?:ون|ان|ه)$/.test(key) && !isFiniteVerb(key);
}

const isPlainNoun = ({ key }: Word): boolean =>
  !PARTICLES.has(key) &&
  !SAYING_VERBS.has(key) &&
  !SAYING_PARTICIPLES.has(key) &&
  !isFiniteVerb(key) &&
  !/^[وفبلك]?(?:ال|لل)/.test(key) &&
  key.length >= 3;

const isUnknown = ({ key }: Word): boolean =>
  !knowledge().givenNames.has(key) && !CONNECTOR.test(key) && !key.startsWith('ال');

/** Word `last`, or the one after it when it is a family name nobody knows and the name visibly ends there. */
function familyAfter(words: Word[], last: number): number {
  const next = words[last + 1];
  const plain = next?.script === 'arabic' && next.gap === ' ' && isPlainNoun(next) && !next.indefinite;
  return plain && !knowledge().common.has(next.key) && closes(words[last + 2]) ? last + 1 : last;
}

/** A comma, a bracket, or the particle that opens what the named one says. */
const closes = (after: Word | undefined): boolean =>
  after === undefined || /^[،,.)":؛]/.test(after.gap) || PARTICLES.has(after.key);

/** Present-tense verbs and ones carrying an object pronoun, as far as spelling shows it. */
export function isFiniteVerb(key: string): boolean {
  // Past tenses of the eighth and tenth forms too: انتقد, استقبل.
  return /^(?:سي|ست|ي[تنس]|ي.{3}$)|^است.{3}$|^(?:ا[نعجرفقخحش]ت|الت).{2}$/.test(key) || /(?:وا|هما|.{3}تم)$/.test(key);
}

/** The last word of the name that starts at `first`: also محمد بن سلمان بن عبد العزيز آل سعود. */
export function nameEnd(words: Word[], first: number): number {
  let last = first;
  let counted = 1;
  while (last - first + 1 < MAX_LINEAGE_WORDS) {
    const next = words[last + 1];
    if (next === undefined || !/^[ \u00a0]$|^ ?- ?$/.test(next.gap)) break;
    const { givenNames } = knowledge();
    if (next.key.startsWith('و') && givenNames.has(next.key.slice(1)) && !givenNames.has(next.key)) break;
    const ofLineage = LINEAGE.test((words[last] as Word).key) && next.script === 'arabic' && !PARTICLES.has(next.key);
    if (!ofLineage) {
      // عبد الله الثاني ابن الحسين.
      const numbered = REGNAL.test(next.key) && counted === 1;
      if (!numbered && !LINEAGE.test(next.key) && (counted === MAX_NAME_WORDS || !continuesName(next, counted))) break;
      // A third word nobody knows is a name only where the name visibly ends.
      if (counted === 2 && isUnknown(next) && !closes(words[last + 2])) break;
      if (!CONNECTOR.test(next.key)) counted++;
    }
    last++;
  }
  while (last > first && CONNECTOR.test((words[last] as Word).key)) last--;
  return last;
}

function givenNameStem(word: Word): Stem | undefined {
  const { givenNames } = knowledge();
  return word.stems.find((stem) => givenNames.has(stem.key) && !PARTICLES.has(stem.key));
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

/**
 * Names after an office, given names that a family name follows, and whose words are told. `known` are names already found: an office
 * before one of them is its role.
 */
export function findPeople(
  text: string,
  words: Word[],
  known: Candidate[],
  countries: Map<string, number>,
): Candidate[] {
  const people = new Map(known.filter((one) => one.type === 'person').map((one) => [one.first, one]));
  const { givenNames } = knowledge();
  const found: Candidate[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as Word;
    if (word.script !== 'arabic') continue;
    if (isTitle(word.key)) {
      const named = afterOffice(text, words, at, people, countries);
      if (named) found.push(named);
    }
    const quotedPerson = WHAT_HE_SAID.test(word.key) ? beforeSaying(words, at) : undefined;
    if (quotedPerson) found.push(quotedPerson);
    const given = givenNameStem(word);
    if (given === undefined) continue;
    // المتحدث باسم: on behalf of, not Bassem.
    if (given.key === 'باسم' && !givenNames.has(words[at + 1]?.key ?? '')) continue;
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
    // طالب المدعي العام: a verb spelt like a given name.
    if (TITLES.has((words[at + 1] as Word).key)) continue;
    if (!sure && (knowledge().common.has(word.key) || !closes(words[last + 1]))) continue;
    found.push(person(words, at, given.skip, last, sure ? 0.85 : 0.6));
  }
  return found;
}

const WHAT_HE_SAID = /^قول(?:ه|ها)$/;

/** نقلت عن القيادي في الجبهة حمة الهمامي قوله: two words nobody knows right before what was said are its speaker. */
function beforeSaying(words: Word[], at: number): Candidate | undefined {
  const { common, places } = knowledge();
  const [first, family] = [words[at - 2], words[at - 1]];
  if (first?.script !== 'arabic' || family?.script !== 'arabic' || first.key.startsWith('ال')) return undefined;
  if (family.gap !== ' ' || (words[at] as Word).gap !== ' ' || !/^[ ،]+$/.test(first.gap)) return undefined;
  const plain = ({ key, indefinite }: Word) =>
    !indefinite &&
    key.length >= 3 &&
    !common.has(key) &&
    !PARTICLES.has(key) &&
    !isTitle(key) &&
    !NOT_FAMILY_NAMES.has(key) &&
    !ORGANIZATION_HEADS.has(key) &&
    nisbaCountry(key) === undefined;
  if (!plain(first) || !plain(family) || places.has(`${first.key} ${family.key}`)) return undefined;
  return person(words, at - 2, 0, at - 1, 0.7);
}

function givenOrFamily(word: Word): boolean {
  const { givenNames, common } = knowledge();
  return (
    givenNames.has(word.key) ||
    CONNECTOR.test(word.key) ||
    (word.key.startsWith('ال') && !common.has(word.key) && /(?:ي|اوي)$/.test(word.key))
  );
}

/** الرئيس هادي: one we know by the family name, of the country the office or the text speaks of. */
function holderOf(words: Word[], office: number, at: number, countries: Map<string, number>): Known | undefined {
  if (!(words[office] as Word).key.startsWith('ال') && at === office + 1) return undefined;
  const named = knowledge().families.get((words[at] as Word).key);
  if (named === undefined || (words[at] as Word).indefinite) return undefined;
  const next = words[at + 1];
  // A given name with another behind it is somebody else: الرئيس صالح الصماد.
  if (
    next?.gap === ' ' &&
    continuesName(next, 1) &&
    (knowledge().givenNames.has(next.key) || next.key.startsWith('ال'))
  )
    return undefined;
  const nation = words
    .slice(office, at)
    .map((word) => nisbaCountry(word.key))
    .find(Boolean);
  let best: Known | undefined;
  for (const one of named) {
    if (one.country === undefined || (nation !== undefined && one.country !== nation)) continue;
    const count = countries.get(one.country) ?? 0;
    if (count >= 1 && (best === undefined || count > (countries.get(best.country as string) ?? 0))) best = one;
  }
  return best;
}

/** The office as the text puts it, without a conjunction or preposition written onto it. */
function roleText(text: string, office: Word, end: number): string | undefined {
  if (NAMING.test(office.key)) return undefined;
  const marks = text.slice(office.start, end).match(/["«»“”]/g)?.length ?? 0;
  const closed = marks % 2 === 1 && /["»”]/.test(text.charAt(end)) ? end + 1 : end;
  return text
    .slice(office.start, closed)
    .replace(/^[وف]?[بلك]?(?=ال)|^[وفبلك](?=(?:رئيس|وزير|مدير|محافظ|قائد|زعيم|أمين|متحدث|ناطق))/, '')
    .replace(/^لل/, 'ال');
}

/** The holder named after the office that starts at `at`, with the office as role. */
function afterOffice(
  text: string,
  words: Word[],
  at: number,
  people: Map<number, Candidate>,
  countries: Map<string, number>,
): Candidate | undefined {
  const office = words[at] as Word;
  const { givenNames, common } = knowledge();
  let crossed = false;
  for (let index = at + 1; index <= at + MAX_OFFICE_WORDS && index < words.length; index++) {
    const word = words[index] as Word;
    if (endsSentence(word.gap) || /[:;؛«»]/.test(word.gap)) return undefined;
    if (word.script !== 'arabic') continue;
    const adjacent = index === at + 1;
    if (SPEAKS_FOR.test(office.key) && word.key === 'باسم') continue;
    const afterComma = /^[،,] ?$/.test(word.gap) || /^ ?["“«(] ?$/.test(word.gap);
    const holder = people.get(index);
    // The tagger's bare هادي says less than what we know: الرئيس هادي is one we know by the family name.
    const unknown = holder === undefined || (holder.last === index && holder.senses.length === 0);
    const famous = unknown && (index - at <= 2 || afterComma) ? holderOf(words, at, index, countries) : undefined;
    if (famous)
      return {
        ...person(words, index, 0, index, 0.9, roleText(text, office, (words[index - 1] as Word).end)),
        senses: [famous],
      };
    if (holder && holder.start === word.start && (holder.last > index || adjacent) && isTitle(office.key)) {
      const until = (words[index - 1] as Word).end;
      const whole =
        holder.senses.length === 0 ? Math.max(nameEnd(words, index), familyAfter(words, holder.last)) : holder.last;
      // The tagger may stop short of the family name.
      if (whole > holder.last) return person(words, index, 0, whole, 0.9, roleText(text, office, until));
      return { ...holder, ...(roleText(text, office, until) ? { role: roleText(text, office, until) as string } : {}) };
    }
    const role = () => roleText(text, office, (words[index - 1] as Word).end);
    const known = givenNames.has(word.key) && !PARTICLES.has(word.key);
    let last = nameEnd(words, index);
    // المحامي أيمن عودة إلى: behind an office even an ordinary word is a family name, where the name visibly ends.
    const family = words[index + 1];
    if (
      known &&
      last === index &&
      family?.gap === ' ' &&
      family.script === 'arabic' &&
      closes(words[index + 2]) &&
      isPlainNoun(family)
    )
      last++;
    if (known && (last > index || (adjacent && office.key.startsWith('ال'))))
      return person(words, index, 0, last, 0.9, role());
    if (PARTICLES.has(word.key) || SAYING_VERBS.has(word.key) || SAYING_PARTICIPLES.has(word.key)) {
      if (!/^(?:في|ب|من|عن|لدي)$/.test(word.key)) return undefined;
      crossed = true;
      continue;
    }
    // المقيم في المملكة بقتل زوجته: the sentence has moved on from the office.
    if (crossed && /^ب/.test(word.key) && common.has(word.key.slice(1))) return undefined;
    const plain =
      !word.key.startsWith('ال') &&
      !/^[وفبلك]{0,2}(?:ال|لل)/.test(word.key) &&
      !common.has(word.key) &&
      nisbaCountry(word.key) === undefined &&
      !isTitle(word.key);
    // An unknown word is a name right after a definite office, or behind the comma that closes the office.
    const ofPlace =
      index > at + 1 && OF_PLACE.test(office.key) && knowledge().places.has((words[index - 1] as Word).key);
    if (adjacent && OF_PLACE.test(office.key) && knowledge().places.has(word.key) && !known) continue;
    const definite =
      office.key.startsWith('ال') ||
      (words[index - 1] as Word).key.startsWith('ال') ||
      nisbaCountry((words[index - 1] as Word).key) !== undefined;
    // وزير الإعلام في جوبا، برنابا ماريال، قال: between commas behind an office it is the holder, wherever the office is.
    const apposed = afterComma && last > index && /^[،,]/.test(words[last + 1]?.gap ?? '');
    if (
      plain &&
      (definite || ofPlace || apposed) &&
      (!crossed || apposed) &&
      !word.key.startsWith('و') &&
      !hasParticle(word.key) &&
      word.key.length >= 3 &&
      !isFiniteVerb(word.key) &&
      ((adjacent && last > index) ||
        (afterComma && last > index) ||
        nisbaBefore(words, index, last) ||
        (ofPlace && last > index))
    ) {
      return person(words, index, 0, last, 0.7, role());
    }
    if (/^[،,]/.test(word.gap) && !isTitle(word.key) && !(word.key.startsWith('ال') && nisbaCountry(word.key)))
      return undefined;
  }
  return undefined;
}

/** لهيئة, بوزارة: a particle and an ordinary word. */
function hasParticle(key: string): boolean {
  const { common } = knowledge();
  return stemsOf(key).some(
    (stem) => stem.skip > 0 && stem.key.length > 3 && (common.has(stem.key) || ORGANIZATION_HEADS.has(stem.key)),
  );
}

function nisbaBefore(words: Word[], index: number, last: number): boolean {
  return last > index && nisbaCountry((words[index - 1] as Word).key) !== undefined;
}
