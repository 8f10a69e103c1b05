import { Buffer } from 'node:buffer';
import { readdirSync, readFileSync } from 'node:fs';

/** What a stock phrase of page furniture announces. */
export type PhraseKind =
  | 'related'
  | 'newsletter'
  | 'share'
  | 'comments'
  | 'tags'
  | 'legal'
  | 'caption'
  | 'byline'
  | 'date'
  | 'paywall';

export interface PhraseMatch {
  kind: PhraseKind;
  /** The phrase is the whole text. */
  whole: boolean;
  /** Code units of the folded text that the phrase covers. */
  length: number;
}

const FOLDER = new URL('../../../data/phrases/', import.meta.url);
/** Phrases of scripts without spaces that a longer text begins with have no more folded code units than this. */
const MAX_UNSPACED = 14;

let phrases: Map<string, PhraseKind> | undefined;
/** The longest phrase, in folded code units, by first word. */
let longestWith: ReadonlyMap<string, number> = new Map();

/** All languages at once: pages mix them, and declared languages are often wrong. */
function load(): Map<string, PhraseKind> {
  const map = new Map<string, PhraseKind>();
  for (const file of readdirSync(FOLDER).sort()) {
    const lists = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Record<PhraseKind, string[]>;
    for (const [kind, list] of Object.entries(lists) as [PhraseKind, string[]][]) {
      for (const phrase of list) {
        const folded = fold(phrase);
        if (folded !== '' && !map.has(folded)) map.set(folded, kind);
      }
    }
  }
  return map;
}

const MARKS = /[\u0300-\u036f\u064b-\u065f\u0670\u0640\u05b0-\u05c7\u200c-\u200f\u202a-\u202e\u2066-\u2069]/g;
const ARABIC = /[\u0600-\u06ff]/;

/** Units of FOLDED that are no letter or figure of a folded text. */
const DROPPED = 0;
const SPACE = 32;
const BY_PATTERNS = 0xffff;
/**
 * What a UTF-16 code unit becomes: DROPPED, a space, or one other unit. Of Latin, Greek, Cyrillic, Hebrew and Arabic letters and general
 * punctuation; what becomes more than one unit, depends on its neighbours or lies beyond is left to the patterns.
 */
const FOLDED = foldedUnits();

function foldedUnits(): Uint16Array {
  const table = new Uint16Array(0x2070).fill(BY_PATTERNS);
  const between = '\u0001';
  for (const [first, end] of [
    [0x02, 0x700],
    [0x2000, 0x2070],
  ] as const) {
    const units = Array.from({ length: end - first }, (_, i) => String.fromCharCode(first + i));
    const folded = withPatterns(units.join(between)).replace(/[^\p{L}\p{N}\p{Mc}\u0001]+/gu, ' ');
    folded.split(between).forEach((unit, i) => {
      if (unit.length <= 1) table[first + i] = unit === '' ? DROPPED : unit.charCodeAt(0);
    });
  }
  table.fill(SPACE, 0, 0x02);
  // Their small letter is another one at the end of a word.
  for (const sigma of 'ΣϹ') table[sigma.charCodeAt(0)] = BY_PATTERNS;
  return table;
}

/** Lower case, no marks, one alef, yeh and heh. */
function withPatterns(text: string): string {
  const folded = text.normalize('NFKD').toLowerCase().replace(MARKS, '');
  if (!ARABIC.test(folded)) return folded;
  return folded
    .replace(/[آأإٱ]/g, 'ا')
    .replace(/[ىیې]/g, 'ي')
    .replace(/ک/g, 'ك')
    .replace(/[ةۀە]/g, 'ه')
    .replace(/ؤ/g, 'و')
    .replace(/ئ/g, 'ي');
}

/** Where a text is folded; longer ones, which are no titles or lines, are left to the patterns. */
const written = new Uint16Array(8_192);
const bytesWritten = Buffer.from(written.buffer);

/** A form in which spellings of one phrase meet: lower case, no marks, one alef, yeh and heh, punctuation as single spaces. */
export function fold(text: string): string {
  const { length } = text;
  if (length > written.length) return foldByPatterns(text);
  let end = 0;
  let before = SPACE;
  let isSame = true;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    const folded = unit < FOLDED.length ? (FOLDED[unit] as number) : BY_PATTERNS;
    if (folded === BY_PATTERNS) return foldByPatterns(text);
    if (folded !== unit) isSame = false;
    if (folded === DROPPED) continue;
    if (folded === SPACE && before === SPACE) {
      isSame = false;
      continue;
    }
    written[end++] = folded;
    before = folded;
  }
  if (before === SPACE && end > 0) end--;
  else if (isSame) return text;
  return bytesWritten.toString('utf16le', 0, 2 * end);
}

function foldByPatterns(text: string): string {
  return withPatterns(text)
    .replace(/[^\p{L}\p{N}\p{Mc}]+/gu, ' ')
    .trim();
}

/** The scripts of NO_SPACES begin behind those of Europe, Arabia and India. */
function mayLackSpaces(folded: string): boolean {
  for (let i = 0; i < 4 && i < folded.length; i++) if (folded.charCodeAt(i) >= 0xe00) return true;
  return false;
}
const NO_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** The longest known phrase the text begins with. `folded` is from `fold`. */
export function matchPhrase(folded: string): PhraseMatch | undefined {
  if (!phrases) {
    phrases = load();
    longestWith = longestByFirstWord(phrases.keys());
  }
  if (folded === '') return undefined;
  if (mayLackSpaces(folded) && NO_SPACES.test(folded.slice(0, 4))) return matchUnspaced(folded, phrases);
  const gap = folded.indexOf(' ');
  // Most lines begin with a word no phrase begins with.
  const longest = longestWith.get(gap < 0 ? folded : folded.slice(0, gap));
  if (longest === undefined) return undefined;
  const whole = folded.length <= longest ? phrases.get(folded) : undefined;
  if (whole) return { kind: whole, whole: true, length: folded.length };
  let best: PhraseMatch | undefined;
  for (let end = gap; end > 0 && end <= longest; end = folded.indexOf(' ', end + 1)) {
    const kind = phrases.get(folded.slice(0, end));
    if (kind) best = { kind, whole: false, length: end };
  }
  return best;
}

function matchUnspaced(folded: string, known: ReadonlyMap<string, PhraseKind>): PhraseMatch | undefined {
  const whole = known.get(folded);
  if (whole) return { kind: whole, whole: true, length: folded.length };
  for (let end = Math.min(folded.length, MAX_UNSPACED); end >= 2; end--) {
    const kind = known.get(folded.slice(0, end).trim());
    if (kind) return { kind, whole: false, length: end };
  }
  return undefined;
}

function longestByFirstWord(known: Iterable<string>): Map<string, number> {
  const longest = new Map<string, number>();
  for (const phrase of known) {
    const first = phrase.split(' ', 1)[0] as string;
    longest.set(first, Math.max(phrase.length, longest.get(first) ?? 0));
  }
  return longest;
}
