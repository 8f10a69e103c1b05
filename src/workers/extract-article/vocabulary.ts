import { flagsAt, SURROGATE, wordEnd, wordsOf } from './characters.ts';

/** Hashes told apart when a word is looked for. */
const HASHES = 4096;

/** The words of some texts by number, to find them in others. */
export class Vocabulary {
  private readonly numbers = new Map<string, number>();
  /** Whether a word has this hash: most words of a page are none of ours, and need not be cut out to know. */
  private readonly hasHash = new Uint8Array(HASHES);

  get size(): number {
    return this.numbers.size;
  }

  /** The numbers of these words, new ones for those not known. */
  add(words: readonly string[]): number[] {
    return words.map((word) => {
      this.hasHash[hashOf(word, 0, word.length)] = 1;
      return numberOf(this.numbers, word);
    });
  }

  /** Writes the numbers of the text's words, -1 for those not known, as long as there is room. Returns how many words those are. */
  read(text: string, into: Int32Array): number {
    const lower = text.toLowerCase();
    let count = 0;
    for (let i = 0; i < lower.length && count < into.length; ) {
      if (flagsAt(lower, i) & SURROGATE) return this.readWords(wordsOf(lower, into.length), into);
      const end = wordEnd(lower, i);
      if (end > i) {
        const mayBe = this.hasHash[hashOf(lower, i, end)] === 1;
        into[count++] = mayBe ? (this.numbers.get(lower.slice(i, end)) ?? -1) : -1;
      }
      i = Math.max(end, i + 1);
    }
    return count;
  }

  private readWords(words: readonly string[], into: Int32Array): number {
    words.forEach((word, i) => {
      into[i] = this.numbers.get(word) ?? -1;
    });
    return words.length;
  }
}

function hashOf(text: string, from: number, to: number): number {
  let hash = to - from;
  for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash & (HASHES - 1);
}

/** The number of a key, the next one if it has none. */
export function numberOf<K>(numbers: Map<K, number>, key: K): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}
