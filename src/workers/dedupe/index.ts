import type { DedupeDecision, DedupeInput } from '../../shared/model.ts';
import { createMemoryIndex, type MemoryIndexOptions } from './memory-index.ts';

export interface Deduper {
  /** Decides about an article and remembers it. Articles are to be added in the order they were seen. */
  add(article: DedupeInput): Promise<DedupeDecision>;
}

/** The decisions of the dedupe stage over an in-memory index, for use as a library. */
export function createDeduper(options: MemoryIndexOptions = {}): Deduper {
  const index = createMemoryIndex(options);
  return {
    async add({ id, title, text, language, source, publishedAt }) {
      const seenAt = publishedAt === undefined ? 0 : Date.parse(publishedAt) || 0;
      const decision = await index.matchOrInsert({
        id,
        title,
        text,
        seenAt,
        ...(language !== undefined && { language }),
        ...(source !== undefined && { source }),
      });
      return {
        storyId: decision.original,
        ...(decision.kind !== undefined && { duplicateOf: decision.original, kind: decision.kind }),
        ...(decision.similarity !== undefined && { similarity: decision.similarity }),
      };
    },
  };
}
