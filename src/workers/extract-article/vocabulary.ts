import { IN_WORD, LONE_WORD, SURROGATE, UNIT_FLAGS, wordsOf } from './characters.ts';
import { hashOn, NO_HASH } from './name-table.ts';

/** Hashes told apart when a word is looked for. */
const HASHES = 4096;

/** The words of some texts by number, from 1, to find them in others. */
export class Vocabulary {
  /** By number; the first stands for all words not known. */
  readonly words: string[] = [''];
  private readonly numbers = new Map<string, number>();
  /** Per hash, the number of the word met last: most words are told by it and need not be cut out of their text. */
  private readonly lastWith = new Int32Array(HASHES);

  get size(): number {
    return this.numbers.size;
  }

  /** The numbers of these words, new ones for those not known. */
  add(words: readonly string[]): Int32Array {
    const numbers = new Int32Array(words.length);
    for (let i = 0; i < words.length; i++) numbers[i] = this.addWord(words[i] as string);
    return numbers;
  }

  /** Writes the numbers of the text's words, new ones for those not known, as long as there is room. Returns how many words those are. */
  learn(text: string, into: Int32Array): number {
    return this.numberWords(text, into, true);
  }

  /** The same, but 0 for words not known. */
  read(text: string, into: Int32Array): number {
    return this.numberWords(text, into, false);
  }

  private numberWords(text: string, into: Int32Array, learns: boolean): number {
    const lower = text.toLowerCase();
    let count = 0;
    /** Where the word being read begins, -1 between words; its hash so far; the flag of characters that go on with it. */
    let start = -1;
    let hash = NO_HASH;
    let goingOn = 0;
    for (let i = 0; i < lower.length && count < into.length; i++) {
      const unit = lower.charCodeAt(i);
      const flags = UNIT_FLAGS[unit] as number;
      if (flags & goingOn) {
        hash = hashOn(hash, unit);
        continue;
      }
      if (start >= 0) into[count++] = this.numberAt(lower, start, i, hash, learns);
      if (flags & SURROGATE) return this.numberAll(wordsOf(lower, into.length), into, learns);
      start = flags & (IN_WORD | LONE_WORD) ? i : -1;
      hash = hashOn(NO_HASH, unit);
      goingOn = flags & LONE_WORD ? 0 : flags & IN_WORD;
    }
    if (start >= 0 && count < into.length) into[count++] = this.numberAt(lower, start, lower.length, hash, learns);
    return count;
  }

  private numberAll(words: readonly string[], into: Int32Array, learns: boolean): number {
    for (let i = 0; i < words.length; i++) {
      const word = words[i] as string;
      into[i] = learns ? this.addWord(word) : (this.numbers.get(word) ?? 0);
    }
    return words.length;
  }

  /** The number of the word from `start` to before `end` that has this hash. */
  private numberAt(text: string, start: number, end: number, hash: number, learns: boolean): number {
    const last = this.lastWith[hash & (HASHES - 1)] as number;
    if (last > 0 && isAt(text, start, end, this.words[last] as string)) return last;
    if (learns) return this.addWord(text.slice(start, end));
    return last > 0 ? (this.numbers.get(text.slice(start, end)) ?? 0) : 0;
  }

  private addWord(word: string): number {
    let number = this.numbers.get(word);
    if (number === undefined) {
      number = this.words.push(word) - 1;
      this.numbers.set(word, number);
    }
    this.lastWith[hashOf(word) & (HASHES - 1)] = number;
    return number;
  }
}

function hashOf(word: string): number {
  let hash = NO_HASH;
  for (let i = 0; i < word.length; i++) hash = hashOn(hash, word.charCodeAt(i));
  return hash;
}

function isAt(text: string, start: number, end: number, word: string): boolean {
  if (end - start !== word.length) return false;
  for (let i = 0; i < word.length; i++) if (text.charCodeAt(start + i) !== word.charCodeAt(i)) return false;
  return true;
}

/** The number of a key, the next one if it has none. */
export function numberOf<K>(numbers: Map<K, number>, key: K): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}
