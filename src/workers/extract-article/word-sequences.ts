/** Pairs and longer sequences are known by numbers; texts compared hold fewer words. */
const MAX_WORDS = 32_768;

/** The sequences of three or four words of a text, to see how much of another text stands in it. */
export class WordSequences {
  private readonly words = new Map<string, number>();
  private readonly pairs = new Map<number, number>();
  private readonly sequences = new Set<number>();
  private readonly length: 3 | 4;

  /** Words beyond MAX_WORDS are not looked at. */
  constructor(text: readonly string[], length: 3 | 4) {
    this.length = length;
    const ids = text.slice(0, MAX_WORDS).map((word) => numberOf(this.words, word));
    for (let i = 0; i + 1 < ids.length; i++)
      numberOf(this.pairs, (ids[i] as number) * MAX_WORDS + (ids[i + 1] as number));
    for (let i = 0; i + length <= ids.length; i++) this.sequences.add(this.sequenceAt(ids, i) as number);
  }

  get size(): number {
    return this.sequences.size;
  }

  /** Share of the sequences of these words that are among ours. */
  share(words: readonly string[]): number {
    const total = words.length - this.length + 1;
    if (this.sequences.size === 0 || total <= 0) return 0;
    const ids = words.map((word) => this.words.get(word));
    let hits = 0;
    for (let i = 0; i < total; i++) {
      const sequence = this.sequenceAt(ids, i);
      if (sequence !== undefined && this.sequences.has(sequence)) hits++;
    }
    return hits / total;
  }

  private sequenceAt(ids: readonly (number | undefined)[], i: number): number | undefined {
    const head = this.pairAt(ids, i);
    const tail = head === undefined ? undefined : this.length === 3 ? ids[i + 2] : this.pairAt(ids, i + 2);
    return head === undefined || tail === undefined ? undefined : head * MAX_WORDS + tail;
  }

  private pairAt(ids: readonly (number | undefined)[], i: number): number | undefined {
    const [a, b] = [ids[i], ids[i + 1]];
    return a === undefined || b === undefined ? undefined : this.pairs.get(a * MAX_WORDS + b);
  }
}

/** The number of a key, the next one if it has none. */
export function numberOf<K>(numbers: Map<K, number>, key: K): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}
