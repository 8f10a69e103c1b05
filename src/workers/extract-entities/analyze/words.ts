/**
 * Words of a text with their place in it, in the folded spelling in which names and trigger words are compared.
 * Folding forgives what Arabic newsrooms write differently: hamza seats, ى/ي, ة/ه, vowel signs, tatweel, Persian ی and ک;
 * in Latin script it drops accents and case.
 */
import { foldText } from '../../../shared/arabic/fold.ts';
import { remembering } from '../remembering.ts';

/** One comparable unit: a word, a number, or two Arabic words that make one name part (عبد الله, أبو ظبي). */
export interface Word {
  start: number;
  end: number;
  /** Folded spelling. */
  key: string;
  /** What stands between the word before and this one. */
  gap: string;
  script: 'arabic' | 'latin' | 'cyrillic' | 'han' | 'number' | 'other';
  /** Where each code unit of `key` comes from, when folding dropped or joined some. */
  offsets: number[] | undefined;
  /** Written with the ending of an indefinite noun (قراراً): no name. */
  indefinite: boolean;
  /** How it may be read: an Arabic word as `stemsOf` says, any other as it stands. */
  stems: readonly Stem[];
}

const WORD =
  /\p{Script=Han}|[\p{N}]+(?:[.,٫٬][\p{N}]+)*|[\p{Script=Arabic}\p{M}\u0640]+|(?:(?!\p{Script=Arabic})[\p{L}\p{M}])+/gu;
const ARABIC = /[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]/;
const CYRILLIC = /^[\u0400-\u04ff]/;

/** Russian and other Cyrillic case endings, so that Москва and Москве are one key. */
const CYRILLIC_ENDING = /(?:ами|ями|ого|его|ому|ему|ой|ей|ом|ем|ым|им|ах|ях|ую|юю|ию|ия|ии|ая|яя|ы|и|а|я|у|ю|е|о|ь|й)$/;

/** Folds one word: `foldText` for every script, accents dropped outside Arabic, case endings dropped in Cyrillic. */
export function foldWord(word: string): string {
  if (/^[a-z]+$/.test(word)) return word;
  // على the preposition is kept apart from علي the name.
  if (ARABIC.test(word)) return word.endsWith('على') && word.length <= 4 ? word : foldText(word);
  const key = foldText(word)
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replace(/ı/g, 'i')
    .replace(/ø/g, 'o')
    .replace(/ß/g, 'ss');
  return key.length >= 5 && CYRILLIC.test(key) ? key.replace(CYRILLIC_ENDING, '') : key;
}

function scriptOf(word: string): Word['script'] {
  if (/^\p{N}/u.test(word)) return 'number';
  if (ARABIC.test(word)) return 'arabic';
  if (/^\p{Script=Latin}/u.test(word)) return 'latin';
  if (/^\p{Script=Cyrillic}/u.test(word)) return 'cyrillic';
  if (/^\p{Script=Han}/u.test(word)) return 'han';
  return 'other';
}

const JOINS_NEXT = /^[وف]?[بلك]?(?:عبد|ابو|ابي|ابا|ام|بو)$/;
const JOINED_AFTER_ABD = /^(?:ال|رب|مناف|نبي)/;
const TANWIN = /[\u064b-\u064d]/;

/** What a word is, wherever it stands. */
const spellingOf = remembering((raw) => {
  const script = scriptOf(raw);
  const key = foldWord(raw);
  const shortened = script === 'arabic' && key.length !== raw.length;
  const stems = script === 'arabic' ? stemsOf(key) : [{ skip: 0, key, clitics: '' }];
  return { key, script, stems, shortened, indefinite: shortened && TANWIN.test(raw) };
});

/** The words of `text` from `from` on, in order. Linear in the length of the text. */
export function wordsOf(text: string, from = 0, to = text.length): Word[] {
  const words: Word[] = [];
  let before = from;
  WORD.lastIndex = from;
  for (let match = WORD.exec(text); match && match.index < to; match = WORD.exec(text)) {
    const raw = match[0];
    const start = match.index;
    const end = start + raw.length;
    const { key, script, stems, shortened, indefinite } = spellingOf(raw);
    if (key === '') continue;
    const gap = text.slice(before, start);
    const last = words.at(-1);
    before = end;
    if (last && script === 'arabic' && gap === ' ' && joins(last.key, key)) {
      const offsets = [...offsetsOf(text, last), ...keyOffsets(text, start, end)];
      const joined = last.key + key;
      words[words.length - 1] = { ...last, end, key: joined, offsets, stems: stemsOf(joined) };
      continue;
    }
    const offsets = shortened ? keyOffsets(text, start, end) : undefined;
    words.push({ start, end, key, gap, script, offsets, indefinite, stems });
  }
  return words;
}

/** Whether two folded Arabic words are one name part: عبد and الله, أبو and ظبي. */
export function joins(first: string, second: string): boolean {
  if (!JOINS_NEXT.test(first)) return false;
  if (first.endsWith('عبد')) return JOINED_AFTER_ABD.test(second);
  if (first.endsWith('ام')) return /^(?:درمان|قصر|الفحم|كلثوم)$/.test(second);
  return second.length >= 2;
}

function keyOffsets(text: string, start: number, end: number): number[] {
  const offsets: number[] = [];
  for (let index = start; index < end; index++) if (foldText(text.charAt(index)) !== '') offsets.push(index);
  return offsets;
}

function offsetsOf(text: string, word: Word): number[] {
  return word.offsets ?? keyOffsets(text, word.start, word.end);
}

/** Where code unit `index` of the folded spelling stands in the text. */
export function offsetIn(word: Word, index: number): number {
  return word.offsets?.[index] ?? word.start + index;
}

/** A reading of an Arabic word without some of its leading particles. */
export interface Stem {
  /** Folded code units left out. */
  skip: number;
  key: string;
  /** The particles taken off, for example `و`, `ب`, `ول`. */
  clitics: string;
}

/**
 * Readings of a folded Arabic word, longest first: as it stands, without و or ف, without ب, ل or ك, and with لل read as ل+ال.
 * Whether a particle really is one only the lexicon can tell.
 */
export function stemsOf(key: string): Stem[] {
  const stems: Stem[] = [{ skip: 0, key, clitics: '' }];
  preposition(stems, key, 0, '');
  const first = key.charAt(0);
  if ((first === 'و' || first === 'ف') && key.length >= 3) {
    const rest = key.slice(1);
    stems.push({ skip: 1, key: rest, clitics: first });
    preposition(stems, rest, 1, first);
  }
  return stems;
}

function preposition(stems: Stem[], key: string, skip: number, before: string): void {
  if (key.length < 3) return;
  const first = key.charAt(0);
  if (first === 'ل' && key.charAt(1) === 'ل') {
    stems.push({ skip: skip + 1, key: `ال${key.slice(2)}`, clitics: `${before}ل` });
  }
  if (first === 'ب' || first === 'ل' || first === 'ك') {
    stems.push({ skip: skip + 1, key: key.slice(1), clitics: before + first });
  }
}

/** A set of folded words from a readable list. */
export function wordSet(...lists: string[]): Set<string> {
  return new Set(
    lists
      .flatMap((list) => list.split(/\s+/))
      .filter(Boolean)
      .map(foldWord),
  );
}

/** True when a gap ends a sentence or a paragraph. */
export function endsSentence(gap: string): boolean {
  return gap !== ' ' && /[.!?؟…\n]/.test(gap);
}

/** True when nothing but spaces, quotation marks or a hyphen parts two words, so that they may belong to one name. */
export function staysTogether(gap: string): boolean {
  return gap === ' ' || /^[ \u00a0"«»“”„'‘’‹›\-–]*$/.test(gap);
}

/** Index of the first word that starts at or after `offset`. */
export function wordAt(words: readonly Word[], offset: number): number {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle] as Word).start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
