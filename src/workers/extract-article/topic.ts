import type { Block } from './blocks.ts';
import { Vocabulary } from './vocabulary.ts';

/** Blocks less likely to be article text have no words. */
const HOPELESS = 0.05;
/** Words of a block that are compared. */
const MAX_WORDS = 120;
/** Shorter words in Latin, Greek and Cyrillic letters are mostly grammar. */
const MIN_WORD = 5;

/** The words of the text that is surely the article's, to tell teasers of other articles from it. */
export class Topic {
  private readonly isSure: Uint8Array;
  /** The words of all likely blocks by number, one block's after the other's: those of the i-th begin at `starts[i]`. */
  private readonly words: number[] = [];
  private readonly starts: Int32Array;
  /** Per word: whether it says what a text is about, and in how many of the sure blocks it is. */
  private readonly isContent: Uint8Array;
  private readonly sureBlocks: Int32Array;
  private isEmpty = true;

  /** `p` is the first pass, `isSure` 1 for blocks that are surely text. */
  constructor(blocks: readonly Block[], p: Float32Array, isSure: Uint8Array) {
    this.isSure = isSure;
    this.starts = new Int32Array(blocks.length + 1);
    const vocabulary = this.readWords(blocks, p);
    this.isContent = markContent(vocabulary.words);
    this.sureBlocks = new Int32Array(vocabulary.words.length);
    this.countSureBlocks();
  }

  /** Share of a block's words that other sure blocks have as well; -1 where there is nothing to compare. */
  share(i: number): number {
    if (this.isEmpty) return -1;
    const { words, starts, isContent, sureBlocks } = this;
    const own = this.isSure[i] as number;
    let all = 0;
    let known = 0;
    for (let at = starts[i] as number; at < (starts[i + 1] as number); at++) {
      const word = words[at] as number;
      if (isContent[word] === 0) continue;
      all++;
      if ((sureBlocks[word] as number) > own) known++;
    }
    return all === 0 ? -1 : known / all;
  }

  private readWords(blocks: readonly Block[], p: Float32Array): Vocabulary {
    const { words, starts } = this;
    const vocabulary = new Vocabulary();
    const own = new Int32Array(MAX_WORDS);
    for (let i = 0; i < blocks.length; i++) {
      const count = (p[i] as number) < HOPELESS ? 0 : vocabulary.learn((blocks[i] as Block).text, own);
      for (let w = 0; w < count; w++) words.push(own[w] as number);
      starts[i + 1] = words.length;
    }
    return vocabulary;
  }

  private countSureBlocks(): void {
    const { words, starts, isSure, isContent, sureBlocks } = this;
    /** The last block each word was counted for. */
    const counted = new Int32Array(sureBlocks.length).fill(-1);
    for (let i = 0; i < isSure.length; i++) {
      if (isSure[i] === 0) continue;
      for (let at = starts[i] as number; at < (starts[i + 1] as number); at++) {
        const word = words[at] as number;
        if (isContent[word] === 0 || counted[word] === i) continue;
        counted[word] = i;
        sureBlocks[word] = (sureBlocks[word] as number) + 1;
        this.isEmpty = false;
      }
    }
  }
}

function markContent(words: readonly string[]): Uint8Array {
  const marks = new Uint8Array(words.length);
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word.length >= MIN_WORD || /[^\u0000-\u05ff]/.test(word)) marks[i] = 1;
  }
  return marks;
}
