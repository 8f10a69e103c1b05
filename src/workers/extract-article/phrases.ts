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
/** Longest phrase, in folded code units; longer texts are matched by their beginning only. */
const MAX_PHRASE_LENGTH = 60;

let phrases: Map<string, PhraseKind> | undefined;
let firstWords: ReadonlySet<string> = new Set();

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

/** A form in which spellings of one phrase meet: lower case, no marks, one alef, yeh and heh, punctuation as single spaces. */
export function fold(text: string): string {
  if (PLAIN.test(text)) {
    const lower = text.toLowerCase();
    return isFolded(lower) ? lower : lower.replace(/[^a-z0-9]+/g, ' ').trim();
  }
  let folded = text.normalize('NFKD').toLowerCase().replace(MARKS, '');
  if (ARABIC.test(folded)) {
    folded = folded
      .replace(/[آأإٱ]/g, 'ا')
      .replace(/[ىیې]/g, 'ي')
      .replace(/ک/g, 'ك')
      .replace(/[ةۀە]/g, 'ه')
      .replace(/ؤ/g, 'و')
      .replace(/ئ/g, 'ي');
  }
  return folded.replace(/[^\p{L}\p{N}\p{Mc}]+/gu, ' ').trim();
}

/** Words of small letters and figures with single spaces between them, as most menu lines are: nothing is left to do. */
function isFolded(lower: string): boolean {
  let before = SPACE;
  for (let i = 0; i < lower.length; i++) {
    const unit = lower.charCodeAt(i);
    const isInWord = (unit >= 97 && unit <= 122) || (unit >= 48 && unit <= 57);
    if (!isInWord && (unit !== SPACE || before === SPACE)) return false;
    before = unit;
  }
  return before !== SPACE || lower === '';
}
const SPACE = 32;

/** No letters but a to z; signs that decompose decompose into signs. */
const PLAIN = /^[\u0000-\u007f\u00a0\u00ab\u00bb\u2000-\u200b\u2010-\u2029\u202f-\u205f]*$/;
const ARABIC = /[\u0600-\u06ff]/;

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
    firstWords = new Set([...phrases.keys()].map((p) => p.split(' ')[0] as string));
  }
  if (folded === '') return undefined;
  const gap = folded.indexOf(' ');
  const lacksSpaces = mayLackSpaces(folded) && NO_SPACES.test(folded.slice(0, 4));
  // Most lines begin with a word no phrase begins with.
  if (!lacksSpaces && !firstWords.has(gap < 0 ? folded : folded.slice(0, gap))) return undefined;
  const whole = folded.length <= MAX_PHRASE_LENGTH ? phrases.get(folded) : undefined;
  if (whole) return { kind: whole, whole: true, length: folded.length };
  let best: PhraseMatch | undefined;
  if (lacksSpaces) {
    for (let end = Math.min(folded.length, 14); end >= 2; end--) {
      const kind = phrases.get(folded.slice(0, end).trim());
      if (kind) return { kind, whole: false, length: end };
    }
    return undefined;
  }
  for (let end = gap; end > 0 && end <= MAX_PHRASE_LENGTH; end = folded.indexOf(' ', end + 1)) {
    const kind = phrases.get(folded.slice(0, end));
    if (kind) best = { kind, whole: false, length: end };
  }
  return best;
}
