import type { Story } from '../../shared/model.ts';
import { heaviest, STORY_LOOKUP_TERMS, type StoryStore } from './stories.ts';
import { TermCounts } from './term-statistics.ts';

/** A term that so many open stories have tells none of them. */
const MAX_STORIES_PER_TERM = 200;

/** A story in its place, and how many terms the query `query` found it by. */
interface Entry {
  story: Story;
  query: number;
  shared: number;
}

/** One language. */
class OpenStories {
  readonly counts = new TermCounts();
  readonly #byTerm = new Map<number, Entry[]>();
  #query = 0;

  /** Stories with an article since then, those that share most terms first. */
  find(terms: readonly number[], since: number): Entry[] {
    const query = ++this.#query;
    const found: Entry[] = [];
    for (const term of terms) {
      const entries = this.#open(term, since);
      if (entries.length > MAX_STORIES_PER_TERM) continue;
      for (const entry of entries) {
        if (entry.query !== query) {
          entry.query = query;
          entry.shared = 0;
          found.push(entry);
        }
        entry.shared++;
      }
    }
    return found.sort((a, b) => b.shared - a.shared);
  }

  #open(term: number, since: number): Entry[] {
    const entries = this.#byTerm.get(term) ?? [];
    if (!entries.some(({ story }) => story.lastAt < since)) return entries;
    const open = entries.filter(({ story }) => story.lastAt >= since);
    this.#byTerm.set(term, open);
    return open;
  }

  enter(entry: Entry): void {
    for (const term of heaviest(entry.story.centroid, STORY_LOOKUP_TERMS)) {
      const entries = this.#byTerm.get(term);
      if (entries === undefined) this.#byTerm.set(term, [entry]);
      else if (!entries.includes(entry)) entries.push(entry);
    }
  }
}

/** The stories of one process. */
export function createMemoryStories(): StoryStore & { all(): Story[] } {
  const stories = new Map<string, Entry>();
  const languages = new Map<string, OpenStories>();

  const openIn = (language: string): OpenStories => {
    let open = languages.get(language);
    if (open === undefined) {
      open = new OpenStories();
      languages.set(language, open);
    }
    return open;
  };

  return {
    all: () => [...stories.values()].map(({ story }) => story),
    statistics: async (language) => openIn(language).counts,
    learn: async (language, terms) => openIn(language).counts.add(terms),
    async candidates(language, terms, since, limit) {
      const found = openIn(language).find(terms, since);
      return found.slice(0, limit).map(({ story }) => story);
    },
    async save(story) {
      const known = stories.get(story.id);
      if (story.version !== (known === undefined ? 0 : known.story.version + 1)) return false;
      const entry = known ?? { story, query: 0, shared: 0 };
      entry.story = story;
      stories.set(story.id, entry);
      openIn(story.language).enter(entry);
      return true;
    },
  };
}
