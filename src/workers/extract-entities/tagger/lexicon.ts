import { brotliDecompressSync } from 'node:zlib';
import { combine, hashText } from './hash.ts';
import { compress, decodeAscending, encodeAscending } from './packing.ts';

/**
 * What our lists of names and words say about the tokens of a sentence. A list never decides that something is a name: city
 * lists hold «إلى» and "Of". It only sets bits the tagger has learnt to trust or doubt. The lists are kept as 32-bit hashes of
 * phrases, so that a quarter of a million entries cost a few megabytes.
 */

/** Kinds of entries, as bit numbers; order is part of the model format. */
export const KINDS = [
  'metropolis', // place of ≥ 500,000 people
  'city', // ≥ 100,000
  'town', // ≥ 15,000
  'village',
  'country',
  'given', // given names of a package
  'family', // family names of a package
  'personal', // full and part names, unsorted
  'noun', // common vocabulary
  'verb',
  'exact-noun', // derived: the word itself, not only its stem
  'exact-verb',
  'surname', // people in the news
  'media',
  'organization',
  'company',
  'club',
  'region',
  'title',
  'orghead',
  'placehead',
  'say',
  'nationality',
  'known-given', // given names in our own list
] as const;
export type Kind = (typeof KINDS)[number];

const BIT = Object.fromEntries(KINDS.map((kind, bit) => [kind, 1 << bit])) as Record<Kind, number>;
/** Begin and inside of the longest phrase of several words, by what it names. */
const ORGANIZATION_PHRASE = 24;
const PLACE_PHRASE = 26;
const PERSON_PHRASE = 28;
const IS_ORGANIZATION = BIT.media | BIT.organization | BIT.company | BIT.club;
const IS_PLACE = BIT.region | BIT.country | BIT.metropolis | BIT.city | BIT.town;
/** Given names of two words (عبد الله) are no phrase: a family name mostly follows them. */
const IS_PERSON = BIT.surname;
/** Not a kind: longer phrases begin with this one. */
const CONTINUES = 1 << 31;

/** A word as the lists see it. */
export interface Entry {
  /** Hashes of its spellings, the word as written first. */
  spellings: readonly number[];
  /** What the table holds of each. */
  values: readonly number[];
  /** Kinds of the word alone, wherever it stands. */
  own: number;
}

export interface Lexicon {
  /** Looks a word up: spelt in `variants`, the folded word first, the rest what it may be without clitics; `stem` is without any. */
  entry(variants: readonly string[], stem: string): Entry;
  /** What the lists say of each word of a sentence: the bits of its kinds, and of the longest phrase it is part of. */
  mark(entries: readonly Entry[]): Int32Array;
}

/** Whether a mark has any of the kinds. */
export function has(mark: number, ...kinds: Kind[]): boolean {
  return kinds.some((kind) => (mark & BIT[kind]) !== 0);
}

export type PhraseKind = 'organization' | 'place' | 'person';

/** The known phrase that starts at token `i`: how many tokens it has (0 for none) and what it names. */
export function phraseAt(marks: Int32Array, i: number): { length: number; kind?: PhraseKind } {
  const mark = marks[i] as number;
  for (const [bit, kind] of [
    [ORGANIZATION_PHRASE, 'organization'],
    [PLACE_PHRASE, 'place'],
    [PERSON_PHRASE, 'person'],
  ] as const) {
    if (!(mark & (1 << bit))) continue;
    let end = i + 1;
    while (end < marks.length && (marks[end] as number) & (1 << (bit + 1))) end += 1;
    return { length: end - i, kind };
  }
  // Clubs are called by their town, and towns by companies' names: a well-known place comes first, an obscure one last.
  if (mark & (BIT.country | BIT.region | BIT.metropolis | BIT.city)) return { length: 1, kind: 'place' };
  if (mark & IS_ORGANIZATION) return { length: 1, kind: 'organization' };
  if (mark & IS_PLACE) return { length: 1, kind: 'place' };
  return mark & BIT.surname ? { length: 1, kind: 'person' } : { length: 0 };
}

const SUFFIX = /(?:هما|تها|تهم|ها|هم|هن|كم|نا|ني|ين|ون|ان|ات|يه|وا|ته|ه|ي|ا|ت)$/u;
const FUTURE = 'س';
const MAGIC = 'KHABAR-LEX-1\n';

export function decodeLexicon(bytes: Uint8Array): Lexicon {
  const plain = brotliDecompressSync(bytes);
  if (plain.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new Error('not a lexicon');
  let at = MAGIC.length;
  const rows = plain.readUInt32LE(at);
  at += 4;
  let capacity = 1;
  while (capacity < rows * 2) capacity *= 2;
  const mask = capacity - 1;
  const keys = new Int32Array(capacity);
  const bits = new Int32Array(capacity);
  const hashes = new Int32Array(rows);
  at = decodeAscending(plain, at, hashes);
  for (let row = 0; row < rows; row += 1) {
    let value = 0;
    for (let plane = 0; plane < 4; plane += 1) value |= (plain[at + plane * rows + row] as number) << (8 * plane);
    let slot = (hashes[row] as number) & mask;
    while (bits[slot] !== 0) slot = (slot + 1) & mask;
    keys[slot] = hashes[row] as number;
    bits[slot] = value;
  }
  const find = (hash: number): number => {
    let slot = hash & mask;
    while (bits[slot] !== 0) {
      if (keys[slot] === hash) return bits[slot] as number;
      slot = (slot + 1) & mask;
    }
    return 0;
  };

  const vocabulary = BIT.noun | BIT.verb;
  /** Vocabulary bits of a word, as it is or after its likely endings are taken off. */
  function vocabularyOf(word: string): number {
    let found = 0;
    let rest = word;
    for (let round = 0; round < 3 && rest.length > 1; round += 1) {
      found |= find(hashText(rest)) & vocabulary;
      found |= find(hashText(`${rest}ه`)) & BIT.noun;
      const shorter = rest.replace(SUFFIX, '');
      if (shorter === rest) break;
      rest = shorter;
    }
    return found;
  }

  return {
    entry(variants, stem) {
      const spellings = variants.map((variant) => hashText(variant));
      const values = spellings.map(find);
      let own = vocabularyOf(stem);
      for (const word of variants) {
        if (word !== stem) own |= vocabularyOf(word);
        if (word.startsWith(FUTURE)) own |= vocabularyOf(word.slice(1)) & BIT.verb;
      }
      const itself = values[0] as number;
      if (itself & BIT.noun) own |= BIT['exact-noun'];
      if (itself & BIT.verb) own |= BIT['exact-verb'];
      own |= find(hashText(stem)) & BIT.nationality;
      return { spellings, values, own };
    },
    mark(entries) {
      const marks = new Int32Array(entries.length);
      for (let i = 0; i < entries.length; i += 1) {
        const { spellings, values, own } = entries[i] as Entry;
        let longest = 0;
        let phrase = 0;
        for (let v = 0; v < spellings.length; v += 1) {
          let hash = spellings[v] as number;
          let value = values[v] as number;
          for (let last = i; ; ) {
            const kinds = value & ~(CONTINUES | vocabulary);
            for (let k = i; k <= last && kinds !== 0; k += 1) marks[k] = (marks[k] as number) | kinds;
            if (last - i > longest && kinds & (IS_ORGANIZATION | IS_PLACE | IS_PERSON)) {
              longest = last - i;
              phrase = kinds & IS_ORGANIZATION ? ORGANIZATION_PHRASE : kinds & IS_PLACE ? PLACE_PHRASE : PERSON_PHRASE;
            }
            last += 1;
            if (!(value & CONTINUES) || last >= entries.length) break;
            hash = combine(hash, (entries[last] as Entry).spellings[0] as number);
            value = find(hash);
          }
        }
        marks[i] = (marks[i] as number) | own;
        if (longest > 0) {
          marks[i] = (marks[i] as number) | (1 << phrase);
          for (let k = i + 1; k <= i + longest; k += 1) marks[k] = (marks[k] as number) | (1 << (phrase + 1));
        }
      }
      return marks;
    },
  };
}

/** Collects phrases (as the words the tokenizer makes of them, folded) and writes them as a lexicon file. */
export function lexiconBuilder() {
  const table = new Map<number, number>();
  const put = (hash: number, value: number) => table.set(hash, (table.get(hash) ?? 0) | value);
  return {
    add(words: readonly string[], kind: Kind): void {
      let hash = 0;
      words.forEach((word, i) => {
        hash = i === 0 ? hashText(word) : combine(hash, hashText(word));
        put(hash, i === words.length - 1 ? BIT[kind] : CONTINUES);
      });
    },
    get size(): number {
      return table.size;
    },
    encode(): Buffer {
      const sorted = [...table].sort(([a], [b]) => (a >>> 0) - (b >>> 0));
      const head = Buffer.alloc(MAGIC.length + 4);
      head.write(MAGIC, 'latin1');
      head.writeUInt32LE(sorted.length, MAGIC.length);
      const planes = Buffer.alloc(sorted.length * 4);
      const keys = encodeAscending(sorted.map(([hash]) => hash >>> 0));
      sorted.forEach(([, value], row) => {
        for (let plane = 0; plane < 4; plane += 1) planes[plane * sorted.length + row] = (value >>> (8 * plane)) & 0xff;
      });
      return compress(Buffer.concat([head, keys, planes]));
    },
  };
}
