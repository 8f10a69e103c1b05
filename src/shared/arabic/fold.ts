/**
 * One folding of text for everything that compares words: near-duplicates, stories, search and entity names.
 * Two spellings of one Arabic word that outlets use side by side (أحمد and احمد, مدرسة and مدرسه, ١٢ and 12) fold to one string.
 * Lossy on purpose: compare folded text, never show it.
 */

import { unitsMatching } from './unit-table.ts';

/** What each UTF-16 code unit of NFKC, lower-case text becomes; 0 drops it. */
const FOLDED = buildTable();

function buildTable(): Uint16Array {
  const table = Uint16Array.from({ length: 0x10000 }, (_, unit) => unit);
  const drop = (first: number, last = first) => table.fill(0, first, last + 1);
  const map = (from: string, to: string) => {
    for (const char of from) table[char.charCodeAt(0)] = to.charCodeAt(0);
  };

  drop(0x0610, 0x061a); // honorifics and small high marks
  drop(0x0640); // tatweel
  drop(0x064b, 0x065f); // harakat, and combining madda and hamza
  drop(0x0670); // superscript alef
  drop(0x06d6, 0x06dc); // Quranic marks
  drop(0x06df, 0x06e4);
  drop(0x06e7, 0x06e8);
  drop(0x06ea, 0x06ed);
  drop(0x08d3, 0x08e1);
  drop(0x08e3, 0x08ff);
  drop(0x0674); // high hamza, what NFKC leaves of ٵ ٶ ٸ

  drop(0x00ad); // soft hyphen
  drop(0x061c); // Arabic letter mark
  drop(0x180e);
  drop(0x200b, 0x200f); // zero width space, (non-)joiners, LRM, RLM
  drop(0x202a, 0x202e); // bidi embeddings and overrides
  drop(0x2060, 0x2064);
  drop(0x2066, 0x206f); // bidi isolates and deprecated controls
  drop(0xfe00, 0xfe0f); // variation selectors
  drop(0xfeff); // byte order mark

  map('أإآٱٲٳ', 'ا');
  map('ىئیېۍےۓؠ', 'ي');
  map('ؤ', 'و');
  map('ةہھەۀۂۃ', 'ه');
  map('کڪ', 'ك');
  map('ς', 'σ'); // lower case of Σ depends on its place in the word, so one form is kept

  for (let digit = 0; digit <= 9; digit++) {
    table[0x0660 + digit] = 0x30 + digit; // Arabic-Indic
    table[0x06f0 + digit] = 0x30 + digit; // Persian and Urdu
  }
  map('٪', '%');
  map('٫', '.');
  map('٬', ',');
  return table;
}

/** Spacing forms of single harakat: NFKC would put a blank in the middle of a word for them. */
const SPACING_HARAKAT = /[\ufe70-\ufe7f]/g;

const NEEDS_NORMALIZING = 0xffff;
/** Folding of one code unit on its own, and {@link NEEDS_NORMALIZING} for one that NFKC may expand, or compose with its neighbour. */
const FOLDED_ALONE = buildAloneTable();

function buildAloneTable(): Uint16Array {
  const units = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit));
  const normal = units.slice(1).join('\0').normalize('NFKC').toLowerCase().split('\0');
  const table = new Uint16Array(0x10000);
  for (let unit = 1; unit < 0x10000; unit++) {
    const alone = normal[unit - 1] as string;
    table[unit] = alone.length === 1 ? (FOLDED[alone.charCodeAt(0)] as number) : NEEDS_NORMALIZING;
  }
  const isMark = unitsMatching(/\p{M}+/gu);
  for (let unit = 1; unit < 0x10000; unit++) {
    const composes = unit >= 0x0653 && unit <= 0x0655;
    if (composes || (isMark[unit] === 1 && FOLDED[unit] !== 0)) table[unit] = NEEDS_NORMALIZING;
  }
  table.fill(NEEDS_NORMALIZING, 0x1100, 0x1200); // Hangul jamo
  table.fill(NEEDS_NORMALIZING, 0xa960, 0xa980);
  table.fill(NEEDS_NORMALIZING, 0xd7b0, 0xe000); // more jamo, surrogates
  table.fill(NEEDS_NORMALIZING, 0xfe70, 0xfe80);
  return table;
}

/**
 * NFKC, lower case, presentation forms resolved, harakat, tatweel, bidi and zero-width controls dropped, and the letter variants of
 * Arabic, Persian and Urdu keyboards brought to one letter: أإآٱ→ا, ى ئ ی→ي, ة ہ ھ→ه, ؤ→و, ک→ك. Arabic-Indic and Persian digits
 * become ASCII. Idempotent. Other scripts keep their accents. Words stay words: nothing is split or joined.
 */
export function foldText(text: string): string {
  return stringOf(foldUnits(text));
}

/** The UTF-16 code units of {@link foldText}, for callers that hash and never show them. */
export function foldUnits(text: string): Uint16Array {
  const units = new Uint16Array(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = FOLDED_ALONE[text.charCodeAt(i)] as number;
    if (unit === NEEDS_NORMALIZING) return foldNormalized(text);
    if (unit !== 0) units[length++] = unit;
  }
  return units.subarray(0, length);
}

function foldNormalized(text: string): Uint16Array {
  const normal = text.replace(SPACING_HARAKAT, '').normalize('NFKC').toLowerCase();
  const units = new Uint16Array(normal.length);
  let length = 0;
  for (let i = 0; i < normal.length; i++) {
    const unit = FOLDED[normal.charCodeAt(i)] as number;
    if (unit !== 0) units[length++] = unit;
  }
  return units.subarray(0, length);
}

/** Most code units turned into a string in one call: argument lists have a limit. */
const CHUNK = 8192;

export function stringOf(units: Uint16Array): string {
  let text = '';
  for (let start = 0; start < units.length; start += CHUNK) {
    text += String.fromCharCode.apply(null, units.subarray(start, start + CHUNK) as unknown as number[]);
  }
  return text;
}

export interface FoldedText {
  text: string;
  /** For each code unit of `text`, and one past its end, the offset in the original where its character starts. */
  offsets: Uint32Array;
}

/** A character with what NFKC may compose it with: its marks, and the jamo of a Hangul syllable. */
const CLUSTER = /[\u1100-\u11ff]+|[^\p{M}]\p{M}*|\p{M}+/gu;

/** {@link foldText} that also says where each folded code unit came from, so that a find in folded text can be shown in the original. */
export function foldWithOffsets(text: string): FoldedText {
  const offsets: number[] = [];
  let folded = '';
  for (const { 0: cluster, index } of text.matchAll(CLUSTER)) {
    const part = cluster.length === 1 && cluster < '\u0080' ? cluster.toLowerCase() : foldText(cluster);
    folded += part;
    for (let i = 0; i < part.length; i++) offsets.push(index);
  }
  offsets.push(text.length);
  return { text: folded, offsets: Uint32Array.from(offsets) };
}
