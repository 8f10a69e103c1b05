import { combine } from './hash.ts';

/**
 * Which numbers of a token and its neighbours make one feature of the tagger. The templates follow Benajiba & Rosso (2008) and
 * AbdelRahman et al. (2010) for Arabic, Ratinov & Roth (CoNLL 2009) for English. Their numbers are part of the trained models,
 * their order of what a training run gives.
 */

/** What a row of numbers holds of a token, see forms.ts; `mark` is what the lists say of it, see lexicon.ts. */
const ATTRIBUTES = ['word', 'stem', 'clitics', 'shape', 'suffix', 'mark'];
/** Numbers in a row. */
export const ROW = ATTRIBUTES.length;
export const SHAPE = ATTRIBUTES.indexOf('shape');
/** The last number of a row; those before it are of the word alone. */
export const MARK = ROW - 1;
/** Tokens a template looks back or ahead at most. */
export const REACH = 2;

export interface Template {
  number: number;
  /** Where the numbers it takes stand, counted from the start of the token's own row. */
  at: readonly number[];
  /** Only for tokens that the lists say something of. */
  listed: boolean;
}

/** Reads `6 word-1 word`: template 6 takes the word before and the word itself. Templates are parted by commas. */
function read(templates: string): Template[] {
  return templates.split(',').map((template) => {
    const [number, ...taken] = template.trim().split(' ');
    const at = taken.map((part) => {
      const [name = '', offset] = part.split(/(?=[+-])/);
      return Number(offset ?? 0) * ROW + ATTRIBUTES.indexOf(name);
    });
    return { number: Number(number), at, listed: number === '77' };
  });
}

const WORDS = read(`
  1 word, 2 word-1, 3 word+1, 4 word-2, 5 word+2,
  6 word-1 word, 7 word word+1, 8 word-1 word+1, 9 word-2 word-1, 10 word+1 word+2`);
const IDEOGRAPHS = read(`
  11 word-1 word word+1, 12 word-2 word-1 word, 13 word word+1 word+2, 14 word-2 word, 15 word word+2`);
const SHAPES = read('20 shape, 21 shape-1 shape, 22 shape shape+1, 23 shape-1 shape shape+1');
const CLITICS = read(`
  30 stem, 31 stem-1, 32 stem+1, 33 stem-2, 34 stem+2, 35 stem-1 stem, 36 stem stem+1,
  40 clitics, 41 clitics-1, 42 clitics+1, 43 clitics-1 clitics clitics+1,
  44 clitics suffix, 45 stem-1 clitics, 46 word-1 suffix`);
const SUFFIXES = read('50 suffix-1, 51 suffix+1, 52 suffix-1 suffix, 53 suffix suffix+1');
const MARKS = read(`
  73 mark, 74 mark-1 mark, 75 mark mark+1, 76 mark-1 mark mark+1, 77 mark shape, 78 mark suffix,
  79 word-1 mark, 80 mark word+1`);
const MARKED_CLITICS = read('81 clitics mark');

/** How words are made in a language: of letters joined to a stem, of ideographs that are tokens each, or otherwise. */
export type Writing = 'joined' | 'ideographic' | 'plain';

export function writingOf(language: string): Writing {
  if (language === 'zh') return 'ideographic';
  return language === 'ar' || language === 'fa' || language === 'ur' ? 'joined' : 'plain';
}

/** The templates of a kind of writing: those of words, and those that take a mark. */
export function templatesFor(writing: Writing): { words: Template[]; marks: Template[] } {
  if (writing === 'ideographic') return { words: [...WORDS, ...IDEOGRAPHS, ...SHAPES], marks: MARKS };
  if (writing === 'plain') return { words: [...WORDS, ...SHAPES, ...SUFFIXES], marks: MARKS };
  return { words: [...WORDS, ...SHAPES, ...CLITICS, ...SUFFIXES], marks: [...MARKS, ...MARKED_CLITICS] };
}

/** The token, counted from the template's own, that a number it takes is of. */
export const tokenOf = (at: number): number => Math.floor(at / ROW);

/** The feature a template makes of the token whose row starts at `base`. */
export function featureAt({ number, at }: Template, rows: Int32Array, base: number): number {
  let feature = number;
  for (let part = 0; part < at.length; part += 1) {
    feature = combine(feature, rows[base + (at[part] as number)] as number);
  }
  return feature;
}

/** One piece of a word, see forms.ts. */
export const pieceFeature = (piece: number): number => combine(60, piece);

/** Where in its sentence of `length` tokens token `i` stands. */
export const placeFeature = (i: number, length: number): number =>
  combine(61, i === 0 ? 1 : i === 1 ? 2 : i === length - 1 ? 3 : 0);

/** The shape of the first word beside that of the second. */
export const OPENING = read('62 shape shape+1')[0] as Template;

/** Bits of a mark that are features by themselves, of the token and of those beside it. */
export const MARK_BITS = Array.from({ length: 31 }, (_, bit) => bit);
/** The tokens, counted from the one in question, whose bits are looked at. */
export const BITS_OF = [0, -1, 1];
/** One bit of the mark of a token: of the one in question, or of a neighbour. */
export const bitFeature = (bit: number, offset: number): number =>
  combine(offset === 0 ? 70 : offset < 0 ? 71 : 72, bit);

/** Of every token. */
export const ANY = combine(99, 0);
