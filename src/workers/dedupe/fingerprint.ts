import { hash as digest } from 'node:crypto';
import { foldUnits } from '../../shared/arabic/fold.ts';
import { unitsMatching } from '../../shared/arabic/unit-table.ts';

/**
 * What two texts are compared by: hashes of their folded three-word shingles in reading order, the numbers they state, and a
 * hash of the whole. Words are runs of letters and digits; scripts written without blanks take short runs of characters for words.
 */
export interface Fingerprint {
  /** 32-bit hashes of the word shingles, in reading order, repetitions included. */
  shingles: Uint32Array;
  /** Hashes of the numbers in the text, distinct, ascending. */
  numbers: Uint32Array;
  /** 15 bytes in base64 of the folded word stream; undefined for a text without words, which equals nothing. */
  contentHash: string | undefined;
}

/** A text read once; {@link fingerprint} then takes what is not furniture. */
export interface ReadText {
  /** 32-bit hash of each folded word, in reading order. */
  words: Uint32Array;
  /** Whether the word is a number. */
  isNumber: Uint8Array;
  paragraphs: TextParagraph[];
}

export interface TextParagraph {
  /** First word, and one past the last. */
  start: number;
  end: number;
  hash: number;
  /** Short enough to be page furniture: a share line, a copyright note, a newsletter box. */
  short: boolean;
}

export const SHINGLE_WORDS = 3;

/** Longer paragraphs are text, however often they come. In characters of folded text. */
const MAX_FURNITURE_CHARS = 400;

/** A text with fewer words is compared together with its title: picture captions and flashes say nothing alone. */
const MIN_WORDS_WITHOUT_TITLE = 20;

/** 15 bytes in base64. */
const CONTENT_HASH_CHARS = 20;

const SEPARATOR = 0;
const LETTER = 1;
const DIGIT = 2;
const LINE_BREAK = 3;
/** Han, kana: two characters stand for a word. */
const PAIR = 4;
/** Thai, Lao, Khmer, Burmese: four characters stand for a word. */
const FOURSOME = 5;
const CLASS = classifyUnits();

function classifyUnits(): Uint8Array {
  const classes = unitsMatching(/[\p{L}\p{N}\p{M}]+/gu); // LETTER is 1
  classes.fill(LETTER, 0xd800, 0xe000); // surrogates
  const paint = (units: Uint8Array, kind: number) =>
    units.forEach((matches, unit) => {
      if (matches === 1) classes[unit] = kind;
    });
  paint(unitsMatching(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu), PAIR);
  paint(unitsMatching(/[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu), FOURSOME);
  classes.fill(DIGIT, 0x30, 0x3a);
  classes[0x0a] = LINE_BREAK;
  classes[0x0d] = LINE_BREAK;
  classes[0x2028] = LINE_BREAK;
  classes[0x2029] = LINE_BREAK;
  return classes;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Reads a text into word hashes. Pass the title when the text may be too short to be compared alone. */
export function readText(title: string, text: string): ReadText {
  const body = readFolded(foldUnits(text));
  return body.words.length >= MIN_WORDS_WITHOUT_TITLE ? body : readFolded(foldUnits(`${title}\n${text}`));
}

/** Room for the words of a text while they are counted; grown when needed. */
let wordRoom = new Uint32Array(4096);
let numberRoom = new Uint8Array(4096);

function readFolded(text: Uint16Array): ReadText {
  if (wordRoom.length < text.length) {
    wordRoom = new Uint32Array(text.length * 2);
    numberRoom = new Uint8Array(text.length * 2);
  }
  const words = wordRoom;
  const isNumber = numberRoom;
  const paragraphs: TextParagraph[] = [];
  let count = 0;
  let paragraphStart = 0;
  let paragraphChars = 0;
  let at = 0;

  const endParagraph = () => {
    if (count > paragraphStart) {
      let hash = FNV_OFFSET;
      for (let i = paragraphStart; i < count; i++) hash = Math.imul(hash ^ (words[i] as number), FNV_PRIME);
      paragraphs.push({
        start: paragraphStart,
        end: count,
        hash: mix(hash),
        short: at - paragraphChars <= MAX_FURNITURE_CHARS,
      });
    }
    paragraphStart = count;
    paragraphChars = at + 1;
  };

  while (at < text.length) {
    const kind = CLASS[text[at] as number] as number;
    if (kind === SEPARATOR) {
      at++;
    } else if (kind === LINE_BREAK) {
      endParagraph();
      at++;
    } else if (kind === PAIR || kind === FOURSOME) {
      isNumber[count] = 0;
      words[count++] = hashUnits(text, at, Math.min(text.length, at + (kind === PAIR ? 2 : 4)));
      at++;
    } else {
      const start = at;
      let digits = kind === DIGIT;
      let hash = FNV_OFFSET;
      for (; at < text.length; at++) {
        const unit = text[at] as number;
        const next = CLASS[unit] as number;
        if (next === DIGIT || next === LETTER) {
          if (next === LETTER) digits = false;
          hash = Math.imul(hash ^ unit, FNV_PRIME);
        } else if (!(digits && at > start && isDigitSeparator(unit) && isDigit(text, at + 1))) break;
      }
      isNumber[count] = digits ? 1 : 0;
      words[count++] = hash;
    }
  }
  endParagraph();
  return { words: words.slice(0, count), isNumber: isNumber.slice(0, count), paragraphs };
}

/** `1,200` and `1200` are one number, and so are `3.5` and `3,5`; `5:18` is one number, whose hour alone says little. */
const isDigitSeparator = (unit: number) => unit === 0x2e || unit === 0x2c || unit === 0x3a;
const isDigit = (text: Uint16Array, at: number) => at < text.length && CLASS[text[at] as number] === DIGIT;

function hashUnits(text: Uint16Array, start: number, end: number): number {
  let hash = FNV_OFFSET;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (text[i] as number), FNV_PRIME);
  return hash;
}

/** The finaliser of MurmurHash3 (Appleby, public domain): every bit of the input moves every bit of the output. */
function mix(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const NO_NUMBERS = new Uint32Array();

/** The fingerprint of a read text without its furniture paragraphs. A text that is furniture throughout is taken whole. */
export function fingerprint(read: ReadText, isFurniture?: (paragraph: TextParagraph) => boolean): Fingerprint {
  const { words, isNumber } = isFurniture === undefined ? read : withoutFurniture(read, isFurniture);
  const shingles = new Uint32Array(Math.max(0, words.length - SHINGLE_WORDS + 1));
  for (let i = 0; i < shingles.length; i++) {
    const first = words[i] as number;
    const second = words[i + 1] as number;
    const third = words[i + 2] as number;
    shingles[i] = mix(Math.imul(Math.imul(first, 0x9e3779b1) ^ second, 0x85ebca77) + Math.imul(third, 0xc2b2ae3d));
  }
  const numbers: number[] = [];
  for (let i = 0; i < words.length; i++) if (isNumber[i] === 1) numbers.push(words[i] as number);
  return {
    shingles,
    numbers: numbers.length === 0 ? NO_NUMBERS : Uint32Array.from(new Set(numbers)).sort(),
    contentHash: words.length === 0 ? undefined : hashWords(words),
  };
}

function withoutFurniture(read: ReadText, isFurniture: (paragraph: TextParagraph) => boolean): ReadText {
  const kept = read.paragraphs.filter((paragraph) => !(paragraph.short && isFurniture(paragraph)));
  if (kept.length === read.paragraphs.length || kept.length === 0) return read;
  const length = kept.reduce((sum, { start, end }) => sum + end - start, 0);
  const words = new Uint32Array(length);
  const isNumber = new Uint8Array(length);
  let at = 0;
  for (const { start, end } of kept) {
    words.set(read.words.subarray(start, end), at);
    isNumber.set(read.isNumber.subarray(start, end), at);
    at += end - start;
  }
  return { words, isNumber, paragraphs: kept };
}

function hashWords(words: Uint32Array): string {
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  return digest('sha1', bytes, 'base64').slice(0, CONTENT_HASH_CHARS);
}
