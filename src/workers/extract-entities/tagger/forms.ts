import { partClitics } from '../../../shared/arabic/clitics.ts';
import { foldText } from '../../../shared/arabic/fold.ts';
import { combine, hashSlice, hashText } from './hash.ts';
import type { Entry, Lexicon } from './lexicon.ts';
import { MARK, REACH, ROW, type Writing } from './templates.ts';

/** What the tagger sees of a word wherever it stands, as 32-bit numbers. */
export interface Form {
  /** The numbers that templates take, in the order of their row, without the mark. */
  row: Int32Array;
  /** Prefixes, suffixes and n-grams, each hashed with its kind. */
  pieces: Int32Array;
  entry: Entry;
}

/** Beyond the first and the last token of a sentence. */
export const EDGE_ROW = new Int32Array(MARK).fill(1);

const UPPER = /\p{Lu}/u;
const LOWER = /\p{Ll}/u;
const DIGIT = /\p{Nd}/u;
const LETTER = /[\p{L}\p{M}]/u;

/** Shape of a word: X upper, x lower, d digit, Arabic and other letters as one class, signs as they are; runs shortened. */
function shapeOf(word: string): string {
  let shape = '';
  for (const character of word) {
    let kind = character;
    if (UPPER.test(character)) kind = 'X';
    else if (LOWER.test(character)) kind = 'x';
    else if (DIGIT.test(character)) kind = 'd';
    else if (LETTER.test(character)) kind = 'a';
    const length = shape.length;
    if (length >= 2 && shape[length - 1] === kind && shape[length - 2] === kind) continue;
    shape += kind;
  }
  return shape;
}

const LONE_CLITIC = /^[وفبلك]/;
const TWO_CLITICS = /^[وف][بلك]/;

/** What a word may be without the letters written onto it: a lone conjunction or preposition, or what comes before the article. */
function arabicVariants(folded: string, stem: string): string[] {
  const variants = [folded];
  if (LONE_CLITIC.test(folded) && folded.length > 3) variants.push(folded.slice(1));
  if (TWO_CLITICS.test(folded) && folded.length > 4) variants.push(folded.slice(2));
  if (stem !== folded && stem.length > 2) variants.push(`ال${stem}`);
  return variants;
}

/** The form of a word as it is written, of one language. */
export function formOf(word: string, writing: Writing, lexicon: Lexicon): Form {
  const folded = foldText(word);
  const parts = writing === 'joined' ? partClitics(folded) : undefined;
  const stem = parts ? parts.stem : folded;
  const pieces: number[] = [];
  const add = (kind: number, value: number) => pieces.push(combine(kind, value));
  const n = folded.length;
  if (writing !== 'ideographic') {
    for (let k = 1; k <= 4 && k < n; k += 1) {
      add(100 + k, hashSlice(folded, 0, k));
      add(110 + k, hashSlice(folded, n - k, n));
    }
  }
  if (parts) {
    for (let k = 2; k <= 4; k += 1) {
      if (k < stem.length) add(120 + k, hashSlice(stem, 0, k));
      for (let i = 0; i + k <= stem.length; i += 1) add(130 + k, hashSlice(stem, i, i + k));
    }
    add(140, hashText(parts.pronoun));
    add(141, hashText(word.slice(-1)));
    // A single letter before a name without the article (ببيروت, وكلينتون): the word without it.
    if (LONE_CLITIC.test(folded) && n > 3) add(142, hashSlice(folded, 1, n));
  } else if (writing === 'plain') {
    const padded = `^${folded}$`;
    for (let i = 0; i + 3 <= padded.length; i += 1) add(133, hashSlice(padded, i, i + 3));
  }
  add(150, Math.min(word.length, 10));
  return {
    row: Int32Array.of(
      hashText(folded),
      hashText(stem),
      parts ? hashText(`${parts.proclitic}+${parts.article}`) : 0,
      hashText(shapeOf(word)),
      n > 2 ? hashSlice(folded, n - 2, n) : hashText(folded),
    ),
    pieces: new Int32Array(pieces),
    entry: lexicon.entry(parts ? arabicVariants(folded, stem) : [folded], stem),
  };
}

/** The rows of a sentence, with REACH more before and behind it; the row of token `i` starts at `baseOf(i)`. */
export function rowsOf(forms: readonly Pick<Form, 'row'>[], marks: Int32Array): Int32Array {
  const rows = new Int32Array((forms.length + 2 * REACH) * ROW);
  for (let i = -REACH; i < forms.length + REACH; i += 1) {
    const base = baseOf(i);
    const row = forms[i]?.row ?? EDGE_ROW;
    for (let k = 0; k < MARK; k += 1) rows[base + k] = row[k] as number;
    rows[base + MARK] = marks[i] ?? 0;
  }
  return rows;
}

export const baseOf = (i: number): number => (i + REACH) * ROW;
