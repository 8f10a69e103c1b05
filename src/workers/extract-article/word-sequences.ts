import { numberOf } from './vocabulary.ts';

/** Pairs and longer sequences are known by numbers; vocabularies compared hold fewer words. */
const MAX_WORDS = 32_768;

/** The sequences of three or four words of a text, to see how much of another text stands in it. Words are numbers of one Vocabulary. */
export class WordSequences {
  private readonly pairs = new Map<number, number>();
  private readonly sequences = new Set<number>();
  private readonly length: 3 | 4;

  constructor(words: Int32Array, length: 3 | 4) {
    this.length = length;
    for (let i = 0; i + 1 < words.length; i++) numberOf(this.pairs, pairOf(words, i));
    for (let i = 0; i + length <= words.length; i++) this.sequences.add(this.sequenceAt(words, i));
  }

  get size(): number {
    return this.sequences.size;
  }

  /** Share of the sequences of the first `count` of these words, 0 for one not known, that are among ours. */
  share(words: Int32Array, count: number): number {
    const total = count - this.length + 1;
    if (this.sequences.size === 0 || total <= 0) return 0;
    let hits = 0;
    for (let i = 0; i < total; i++) {
      const sequence = this.sequenceAt(words, i);
      if (sequence >= 0 && this.sequences.has(sequence)) hits++;
    }
    return hits / total;
  }

  /** Number of the sequence that begins at the i-th word; -1 when one of its words or pairs is not ours. */
  private sequenceAt(words: Int32Array, i: number): number {
    const head = this.pairAt(words, i);
    if (head < 0) return -1;
    if (this.length === 3) return words[i + 2] === 0 ? -1 : head * MAX_WORDS + (words[i + 2] as number);
    const tail = this.pairAt(words, i + 2);
    return tail < 0 ? -1 : head * MAX_WORDS + tail;
  }

  private pairAt(words: Int32Array, i: number): number {
    if (words[i] === 0 || words[i + 1] === 0) return -1;
    return this.pairs.get(pairOf(words, i)) ?? -1;
  }
}

function pairOf(words: Int32Array, i: number): number {
  return (words[i] as number) * MAX_WORDS + (words[i + 1] as number);
}
