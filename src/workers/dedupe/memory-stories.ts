import type { Story } from '../../shared/model.ts';
import { heaviest, STORY_LOOKUP_TERMS, type StoryStore } from './stories.ts';
import { TermCounts } from './term-statistics.ts';

/** A term that so many stories have tells none of them. */
const MAX_STORIES_PER_TERM = 400;

/** The stories of one process. */
export function createMemoryStories(): StoryStore & { all(): Story[] } {
  const stories = new Map<string, Story>();
  const byTerm = new Map<string, Map<number, Set<string>>>();
  const statistics = new Map<string, TermCounts>();

  const countsOf = (language: string): TermCounts => {
    let counts = statistics.get(language);
    if (counts === undefined) {
      counts = new TermCounts();
      statistics.set(language, counts);
    }
    return counts;
  };
  const termsIn = (language: string): Map<number, Set<string>> => {
    let terms = byTerm.get(language);
    if (terms === undefined) {
      terms = new Map();
      byTerm.set(language, terms);
    }
    return terms;
  };

  return {
    all: () => [...stories.values()],
    statistics: async (language) => countsOf(language),
    learn: async (language, terms) => countsOf(language).add(terms),
    async candidates(language, terms, since, limit) {
      const shared = new Map<string, number>();
      for (const term of terms) {
        const ids = termsIn(language).get(term);
        if (ids === undefined || ids.size > MAX_STORIES_PER_TERM) continue;
        for (const id of ids) {
          if ((stories.get(id)?.lastAt ?? 0) < since) ids.delete(id);
          else shared.set(id, (shared.get(id) ?? 0) + 1);
        }
      }
      return [...shared]
        .sort((a, b) => b[1] - a[1])
        .slice(0, limit)
        .map(([id]) => stories.get(id) as Story);
    },
    async save(story) {
      const known = stories.get(story.id);
      if (story.version !== (known === undefined ? 0 : known.version + 1)) return false;
      stories.set(story.id, story);
      const ofLanguage = termsIn(story.language);
      for (const term of heaviest(story.centroid, STORY_LOOKUP_TERMS)) {
        const ids = ofLanguage.get(term);
        if (ids === undefined) ofLanguage.set(term, new Set([story.id]));
        else ids.add(story.id);
      }
      return true;
    },
  };
}
