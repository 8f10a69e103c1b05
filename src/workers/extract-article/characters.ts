import { unitsMatching } from '../../shared/arabic/unit-table.ts';

/** Flags of a UTF-16 code unit in UNIT_FLAGS: one look-up instead of a pattern for each question. */
export const LETTER = 1;
/** Letters, marks and numbers. */
export const IN_WORD = 1 << 1;
/** Han and kana: a word each. */
export const LONE_WORD = 1 << 2;
/** Scripts that say more per character: Han, kana, Hangul, Thai. */
const DENSE = 1 << 3;
export const UPPER = 1 << 4;
export const LOWER = 1 << 5;
export const DIGIT = 1 << 6;
/** Sentence marks of any script. */
export const STOP = 1 << 7;
export const COMMA = 1 << 8;
/** Half of a character beyond the tables: patterns have to answer then. */
export const SURROGATE = 1 << 9;
/** Neither Latin nor general punctuation. */
export const FOREIGN = 1 << 10;
/** What every e-mail or web address holds, `www.` apart. */
export const ADDRESS_SIGN = 1 << 11;
/** What every copyright sign holds. */
export const COPYRIGHT_SIGN = 1 << 12;
/** Blank to those who count characters. */
export const BLANK = 1 << 13;
export const RIGHT_TO_LEFT = 1 << 14;
/** White space, NULs and signs of no width, which a block's text has as single spaces. */
export const COLLAPSED = 1 << 15;

export const UNIT_FLAGS = buildTable();

function buildTable(): Uint16Array {
  const table = new Uint16Array(0x10000);
  const add = (flag: number, first: number, last: number) => {
    for (let c = first; c <= last; c++) table[c] = (table[c] as number) | flag;
  };
  const addMatching = (flag: number, pattern: RegExp) => {
    const matching = unitsMatching(pattern);
    for (let c = 0; c < matching.length; c++) if (matching[c] === 1) table[c] = (table[c] as number) | flag;
  };
  const addChars = (flag: number, chars: string) => {
    for (const char of chars) table[char.charCodeAt(0)] = (table[char.charCodeAt(0)] as number) | flag;
  };
  addMatching(LETTER, /\p{L}+/gu);
  addMatching(IN_WORD, /[\p{L}\p{M}\p{N}]+/gu);
  addMatching(LONE_WORD, /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu);
  addMatching(DENSE, /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]+/gu);
  addMatching(UPPER, /\p{Lu}+/gu);
  addMatching(LOWER, /\p{Ll}+/gu);
  // ASCII, Arabic-Indic, Persian and Devanagari.
  for (const zero of [0x30, 0x660, 0x6f0, 0x966]) add(DIGIT, zero, zero + 9);
  addChars(STOP, '.!?。！？؟۔।');
  addChars(COMMA, ',;،؛、，');
  add(SURROGATE, 0xd800, 0xdfff);
  add(FOREIGN, 0x300, 0x1fff);
  add(FOREIGN, 0x2070, 0xffff);
  addChars(ADDRESS_SIGN, '@/');
  addChars(COPYRIGHT_SIGN, '©®(');
  add(BLANK, 0, 32);
  addChars(BLANK, '\u00a0');
  addMatching(COLLAPSED, /[\s\u0000\u200b\u2060]+/gu);
  add(RIGHT_TO_LEFT, 0x590, 0x8ff);
  add(RIGHT_TO_LEFT, 0xfb1d, 0xfdff);
  add(RIGHT_TO_LEFT, 0xfe70, 0xfeff);
  return table;
}

export function flagsAt(text: string, index: number): number {
  return UNIT_FLAGS[text.charCodeAt(index)] as number;
}

/** Words as `wordsOf`, `countWords` and Vocabulary understand them; texts with surrogates are left to it. */
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{M}\p{N}]+/gu;

/** End of the word that begins at `start`, or `start` where none does. */
function wordEnd(text: string, start: number): number {
  const flags = flagsAt(text, start);
  if ((flags & (LONE_WORD | IN_WORD)) === 0) return start;
  let end = start + 1;
  if ((flags & LONE_WORD) === 0) while (end < text.length && flagsAt(text, end) & IN_WORD) end++;
  return end;
}

/** Lower-case words; a character each in scripts without spaces. */
export function wordsOf(text: string, limit = Number.POSITIVE_INFINITY): string[] {
  const lower = text.toLowerCase();
  const words: string[] = [];
  for (let i = 0; i < lower.length && words.length < limit; ) {
    if (flagsAt(lower, i) & SURROGATE) return wordsByPattern(lower, limit);
    const end = wordEnd(lower, i);
    if (end > i) words.push(lower.slice(i, end));
    i = Math.max(end, i + 1);
  }
  return words;
}

function wordsByPattern(lower: string, limit: number): string[] {
  return (lower.match(WORD) ?? []).slice(0, limit);
}

/** Share of the words that are among others. */
export function shareIn(words: readonly string[], others: ReadonlySet<string>): number {
  if (words.length === 0) return 0;
  let found = 0;
  for (const word of words) if (others.has(word)) found++;
  return found / words.length;
}

export function countWords(text: string): number {
  let words = 0;
  /** The flag of characters that go on with the word being read. */
  let goingOn = 0;
  for (let i = 0; i < text.length; i++) {
    const flags = flagsAt(text, i);
    if (flags & goingOn) continue;
    if (flags & SURROGATE) return text.match(WORD)?.length ?? 0;
    if (flags & (IN_WORD | LONE_WORD)) words++;
    goingOn = flags & LONE_WORD ? 0 : flags & IN_WORD;
  }
  return words;
}

/** Characters of scripts that say more per character. */
export function countDense(text: string): number {
  let dense = 0;
  for (let i = 0; i < text.length; i++) {
    const flags = flagsAt(text, i);
    if (flags & SURROGATE) return text.match(DENSE_CHARACTER)?.length ?? 0;
    if (flags & DENSE) dense++;
  }
  return dense;
}
const DENSE_CHARACTER = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/gu;
