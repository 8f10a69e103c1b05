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
/** Most blocks begin with a word no phrase begins with. */
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
  if (ASCII.test(text))
    return text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, ' ')
      .trim();
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

const ASCII = /^[\u0000-\u007f]*$/;
const ARABIC = /[\u0600-\u06ff]/;

const NO_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** The longest known phrase the text begins with. `folded` is from `fold`. */
export function matchPhrase(folded: string): PhraseMatch | undefined {
  if (!phrases) {
    phrases = load();
    firstWords = new Set([...phrases.keys()].map((p) => p.split(' ')[0] as string));
  }
  if (folded === '') return undefined;
  const whole = folded.length <= MAX_PHRASE_LENGTH ? phrases.get(folded) : undefined;
  if (whole) return { kind: whole, whole: true, length: folded.length };
  let best: PhraseMatch | undefined;
  const gap = folded.indexOf(' ');
  if (gap > 0 && !firstWords.has(folded.slice(0, gap)) && !NO_SPACES.test(folded.slice(0, 4))) return undefined;
  if (NO_SPACES.test(folded.slice(0, 4))) {
    for (let end = Math.min(folded.length, 14); end >= 2; end--) {
      const kind = phrases.get(folded.slice(0, end).trim());
      if (kind) return { kind, whole: false, length: end };
    }
    return undefined;
  }
  for (let end = folded.indexOf(' '); end > 0 && end <= MAX_PHRASE_LENGTH; end = folded.indexOf(' ', end + 1)) {
    const kind = phrases.get(folded.slice(0, end));
    if (kind) best = { kind, whole: false, length: end };
  }
  return best;
}
