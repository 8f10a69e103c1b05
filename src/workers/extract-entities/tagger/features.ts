import { partClitics } from '../../../shared/arabic/clitics.ts';
import { foldText } from '../../../shared/arabic/fold.ts';
import { combine, hashSlice, hashText } from './hash.ts';
import type { Entry, Lexicon } from './lexicon.ts';

/**
 * What the tagger sees of a token: itself, its pieces, its neighbours and what our lists say of them, each as one 32-bit
 * number. Templates follow Benajiba & Rosso (2008) and AbdelRahman et al. (2010) for Arabic, Ratinov & Roth (CoNLL 2009)
 * for English.
 */

export interface SentenceFeatures {
  /** Feature hashes of each token. */
  tokens: Int32Array[];
  /** What the lists say of each token, see lexicon.ts. */
  marks: Int32Array;
}

export interface FeatureOptions {
  language: string;
  lexicon: Lexicon;
}

/** Hashes of one token, computed once and combined by the templates. */
interface Form {
  word: number;
  stem: number;
  /** Proclitics and article. */
  clitics: number;
  shape: number;
  entry: Entry;
  /** Pieces: prefixes, suffixes and n-grams, hashed with their kind. */
  pieces: Int32Array;
  /** Short suffix and prefix for use in conjunctions. */
  suffix: number;
}

const EDGE: Form = {
  word: 1,
  stem: 1,
  clitics: 1,
  shape: 1,
  entry: { variants: [''], stem: '' },
  pieces: new Int32Array(0),
  suffix: 1,
};

const CACHE_SIZE = 30_000;

/** Shape of a word: X upper, x lower, d digit, Arabic and other letters as one class, signs as they are; runs shortened. */
function shapeOf(word: string): string {
  let shape = '';
  for (const character of word) {
    let kind = character;
    if (/\p{Lu}/u.test(character)) kind = 'X';
    else if (/\p{Ll}/u.test(character)) kind = 'x';
    else if (/\p{Nd}/u.test(character)) kind = 'd';
    else if (/[\p{L}\p{M}]/u.test(character)) kind = 'a';
    const length = shape.length;
    if (length >= 2 && shape[length - 1] === kind && shape[length - 2] === kind) continue;
    shape += kind;
  }
  return shape;
}

/** What a word may be without the letters written onto it: a lone conjunction or preposition, or what comes before the article. */
function arabicVariants(folded: string, stem: string): string[] {
  const variants = [folded];
  if (/^[وفبلك]/u.test(folded) && folded.length > 3) variants.push(folded.slice(1));
  if (/^[وف][بلك]/u.test(folded) && folded.length > 4) variants.push(folded.slice(2));
  if (stem !== folded && stem.length > 2) variants.push(`ال${stem}`);
  return variants;
}

/** Makes the feature extractor of one language. */
export function featureExtractor({ language, lexicon }: FeatureOptions) {
  const arabic = language === 'ar' || language === 'fa' || language === 'ur';
  const ideographic = language === 'zh';
  const cache = new Map<string, Form>();

  function formOf(word: string): Form {
    const known = cache.get(word);
    if (known) return known;
    const folded = foldText(word);
    const parts = arabic ? partClitics(folded) : undefined;
    const stemText = parts ? parts.stem : folded;
    const pieces: number[] = [];
    const add = (kind: number, value: number) => pieces.push(combine(kind, value));
    if (!ideographic) {
      const n = folded.length;
      for (let k = 1; k <= 4 && k < n; k += 1) {
        add(100 + k, hashSlice(folded, 0, k));
        add(110 + k, hashSlice(folded, n - k, n));
      }
      const s = stemText.length;
      if (arabic) {
        for (let k = 2; k <= 4; k += 1) {
          if (k < s) add(120 + k, hashSlice(stemText, 0, k));
          for (let i = 0; i + k <= s; i += 1) add(130 + k, hashSlice(stemText, i, i + k));
        }
        add(140, hashText(parts?.pronoun ?? ''));
        add(141, hashText(word.slice(-1)));
        // A single letter before a name without the article (ببيروت, وكلينتون): the word without it.
        if (/^[وفبلك]/u.test(folded) && n > 3) add(142, hashSlice(folded, 1, n));
      } else {
        const padded = `^${folded}$`;
        for (let i = 0; i + 3 <= padded.length; i += 1) add(133, hashSlice(padded, i, i + 3));
      }
    }
    add(150, Math.min(word.length, 10));
    const form: Form = {
      word: hashText(folded),
      stem: hashText(stemText),
      clitics: parts ? hashText(`${parts.proclitic}+${parts.article}`) : 0,
      shape: hashText(shapeOf(word)),
      entry: { variants: arabic ? arabicVariants(folded, stemText) : [folded], stem: stemText },
      pieces: Int32Array.from(pieces),
      suffix: folded.length > 2 ? hashSlice(folded, folded.length - 2, folded.length) : hashText(folded),
    };
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(word, form);
    return form;
  }

  return function extract(words: readonly string[]): SentenceFeatures {
    const n = words.length;
    const forms = words.map(formOf);
    const marks = lexicon.mark(forms.map((form) => form.entry));
    const at = (i: number): Form => (i < 0 || i >= n ? EDGE : (forms[i] as Form));
    const markAt = (i: number): number => (i < 0 || i >= n ? 0 : (marks[i] as number));
    const tokens: Int32Array[] = [];
    for (let i = 0; i < n; i += 1) {
      const out: number[] = [];
      const put = (template: number, value: number) => out.push(combine(template, value));
      const put2 = (template: number, a: number, b: number) => out.push(combine(combine(template, a), b));
      const put3 = (template: number, a: number, b: number, c: number) =>
        out.push(combine(combine(combine(template, a), b), c));
      const w2 = at(i - 2);
      const w1 = at(i - 1);
      const w = at(i);
      const x1 = at(i + 1);
      const x2 = at(i + 2);
      put(1, w.word);
      put(2, w1.word);
      put(3, x1.word);
      put(4, w2.word);
      put(5, x2.word);
      put2(6, w1.word, w.word);
      put2(7, w.word, x1.word);
      put2(8, w1.word, x1.word);
      put2(9, w2.word, w1.word);
      put2(10, x1.word, x2.word);
      if (ideographic) {
        put3(11, w1.word, w.word, x1.word);
        put3(12, w2.word, w1.word, w.word);
        put3(13, w.word, x1.word, x2.word);
        put2(14, w2.word, w.word);
        put2(15, w.word, x2.word);
      }
      put(20, w.shape);
      put2(21, w1.shape, w.shape);
      put2(22, w.shape, x1.shape);
      put3(23, w1.shape, w.shape, x1.shape);
      if (arabic) {
        put(30, w.stem);
        put(31, w1.stem);
        put(32, x1.stem);
        put(33, w2.stem);
        put(34, x2.stem);
        put2(35, w1.stem, w.stem);
        put2(36, w.stem, x1.stem);
        put(40, w.clitics);
        put(41, w1.clitics);
        put(42, x1.clitics);
        put3(43, w1.clitics, w.clitics, x1.clitics);
        put2(44, w.clitics, w.suffix);
        put2(45, w1.stem, w.clitics);
        put2(46, w1.word, w.suffix);
      }
      if (!ideographic) {
        put(50, w1.suffix);
        put(51, x1.suffix);
        put2(52, w1.suffix, w.suffix);
        put2(53, w.suffix, x1.suffix);
      }
      for (const piece of w.pieces) put(60, piece);
      put(61, i === 0 ? 1 : i === 1 ? 2 : i === n - 1 ? 3 : 0);
      if (i === 0) put2(62, w.shape, x1.shape);
      const m = markAt(i);
      const m1 = markAt(i - 1);
      const p1 = markAt(i + 1);
      for (let bit = 0; bit < 31; bit += 1) {
        if (m & (1 << bit)) put(70, bit);
        if (m1 & (1 << bit)) put(71, bit);
        if (p1 & (1 << bit)) put(72, bit);
      }
      put(73, m);
      put2(74, m1, m);
      put2(75, m, p1);
      put3(76, m1, m, p1);
      if (m) put2(77, m, w.shape);
      put2(78, m, w.suffix);
      put2(79, w1.word, m);
      put2(80, m, x1.word);
      if (arabic) put2(81, w.clitics, m);
      out.push(combine(99, 0));
      tokens.push(Int32Array.from(out));
    }
    return { tokens, marks };
  };
}
