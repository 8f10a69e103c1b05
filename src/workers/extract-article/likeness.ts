import { type Block, foldedStart } from './blocks.ts';
import { flagsAt, LOWER, SURROGATE, shareIn, wordsOf } from './characters.ts';
import { fold } from './phrases.ts';
import { Vocabulary } from './vocabulary.ts';
import { WordSequences } from './word-sequences.ts';

/** What the page's metadata says, for comparison with the blocks. */
export interface PageContext {
  title: string;
  description: string;
  articleBody: string;
  authors: string[];
  /** Index of the block that shows the title (see `findTitle`), or -1. */
  titleAt: number;
}

/** Longer blocks are no headlines or signatures. */
export const SHORT = 300;
/** Words of a block that are compared. */
const MAX_WORDS = 400;
const MAX_DESCRIPTION_WORDS = 200;
const MAX_LINKED_WORDS = 20_000;

/** How much the blocks of a page are like its title, its description, its JSON-LD text and its authors' names. */
export class Likeness {
  private readonly title: string;
  /** Words of the title come first in it. */
  private readonly vocabulary = new Vocabulary();
  private readonly titleWords: number;
  private readonly description: WordSequences;
  private readonly linkedText: WordSequences;
  private readonly comparesText: boolean;
  private readonly authorWords: ReadonlySet<string>;
  private readonly words = new Int32Array(MAX_WORDS);

  constructor(page: PageContext) {
    const { vocabulary } = this;
    this.title = fold(page.title);
    vocabulary.add(wordsOf(this.title));
    this.titleWords = vocabulary.size;
    this.description = new WordSequences(vocabulary.add(wordsOf(page.description, MAX_DESCRIPTION_WORDS)), 3);
    this.linkedText = new WordSequences(vocabulary.add(wordsOf(page.articleBody, MAX_LINKED_WORDS)), 4);
    this.comparesText = this.description.size + this.linkedText.size > 0;
    this.authorWords = new Set(page.authors.flatMap((a) => wordsOf(fold(a))));
  }

  /** Whether the page has JSON-LD text to compare. */
  get hasLinkedText(): boolean {
    return this.linkedText.size > 0;
  }

  /** Writes titleEqual to authorShare from `at` on. */
  write(b: Block, out: Float32Array, at: number): void {
    const isShort = b.chars < SHORT;
    const comparesTitle = isShort && this.titleWords > 0;
    const count = comparesTitle || this.comparesText ? this.vocabulary.read(b.text, this.words) : 0;
    out[at] = this.title !== '' && foldedStart(b) === this.title ? 1 : 0;
    out[at + 1] = comparesTitle ? this.titleShare(count) : 0;
    out[at + 2] = this.description.share(this.words, count);
    out[at + 3] = this.hasLinkedText ? this.linkedText.share(this.words, count) : -1;
    out[at + 4] = isShort ? this.authorShare(foldedStart(b)) : 0;
  }

  private titleShare(count: number): number {
    if (count === 0) return 0;
    let found = 0;
    for (let i = 0; i < count; i++) {
      const word = this.words[i] as number;
      if (word > 0 && word <= this.titleWords) found++;
    }
    return found / count;
  }

  private authorShare(folded: string): number {
    for (const word of this.authorWords) if (folded.includes(word)) return shareIn(wordsOf(folded), this.authorWords);
    return 0;
  }
}

export function startsLower(text: string): boolean {
  const flags = flagsAt(text, 0);
  return (flags & LOWER) !== 0 || ((flags & SURROGATE) !== 0 && /^\p{Ll}/u.test(text));
}
