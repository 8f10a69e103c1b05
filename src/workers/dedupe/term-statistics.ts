import type { TermStatistics } from './stories.ts';
import { type StoryText, termsOf } from './story-terms.ts';

/** Articles after which all counts are halved, so that the language of last year weighs less and rare terms are forgotten. */
const MAX_ARTICLES = 40_000;

/** How often each term occurs in the articles of one language. Aged, so it takes a bounded amount of memory. */
export class TermCounts implements TermStatistics {
  articles = 0;
  #counts = new Map<number, number>();

  countOf(term: number): number {
    return this.#counts.get(term) ?? 0;
  }

  add(terms: Iterable<number>): void {
    this.articles++;
    for (const term of terms) this.#counts.set(term, this.countOf(term) + 1);
    if (this.articles < MAX_ARTICLES) return;
    this.articles /= 2;
    this.#counts = new Map(
      [...this.#counts].flatMap(([term, count]) => (count > 1 ? [[term, count / 2] as const] : [])),
    );
  }
}

/**
 * Statistics of every language, read once from recent articles and kept up by what this process places. Processes differ a little, as
 * samples do; the weights of terms hardly.
 */
export class TermStatisticsByLanguage {
  readonly #recent: (language: string) => AsyncIterable<StoryText>;
  readonly #languages = new Map<string, Promise<TermCounts>>();

  /** `recent` gives a sample of a language's latest originals. */
  constructor(recent: (language: string) => AsyncIterable<StoryText>) {
    this.#recent = recent;
  }

  of(language: string): Promise<TermCounts> {
    let counts = this.#languages.get(language);
    if (counts === undefined) {
      counts = this.#read(language);
      this.#languages.set(language, counts);
      counts.catch(() => this.#languages.delete(language));
    }
    return counts;
  }

  async #read(language: string): Promise<TermCounts> {
    const counts = new TermCounts();
    for await (const article of this.#recent(language)) counts.add(termsOf(article).keys());
    return counts;
  }
}
