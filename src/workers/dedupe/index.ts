import type { DedupeDecision, DedupeInput } from '../../shared/model.ts';
import { createMemoryIndex, type MemoryIndexOptions } from './memory-index.ts';
import { createMemoryStories } from './memory-stories.ts';
import { languageGroup } from './near-duplicate-index.ts';
import { assignToStory } from './stories.ts';
import { termsOf } from './story-terms.ts';

export interface Deduper {
  /** Decides about an article and remembers it. Articles are to be added in the order they were seen. */
  add(article: DedupeInput): Promise<DedupeDecision>;
}

/** The decisions of the dedupe stage over an index and stories in memory, for use as a library. */
export function createDeduper(options: MemoryIndexOptions = {}): Deduper {
  const index = createMemoryIndex(options);
  const stories = createMemoryStories();
  const storyOf = new Map<string, string>();
  return {
    async add({ id, title, text, language, source, publishedAt }) {
      const seenAt = publishedAt === undefined ? 0 : Date.parse(publishedAt) || 0;
      const article = {
        id,
        title,
        text,
        seenAt,
        ...(language !== undefined && { language }),
        ...(source !== undefined && { source }),
      };
      const { original, kind, similarity } = await index.matchOrInsert(article);
      if (kind !== undefined && similarity !== undefined) {
        return { duplicateOf: original, kind, similarity, storyId: storyOf.get(original) ?? original };
      }
      const terms = termsOf({ title, text });
      const { storyId } = await assignToStory(stories, {
        ...article,
        language: languageGroup(language),
        at: seenAt,
        terms,
      });
      storyOf.set(id, storyId);
      return { storyId };
    },
  };
}
