import { z } from 'zod';
import { defineStage } from '../../shared/stage.ts';
import { quarantineArticle, stepArticle } from '../article-step.ts';
import type { Dependencies } from '../dependencies.ts';

const VERSION = 1;

/**
 * article → published | updated (it was published before). Gives an article its place in the order of publication; the
 * state guard makes that happen once. A text that its publisher has changed takes a new place, so that whoever follows
 * along reads it again; one that only we have read again keeps its own.
 */
export const publishArticle = defineStage<{ articleId: string }, Dependencies>({
  name: 'publish-article',
  version: VERSION,
  payload: z.object({ articleId: z.string() }),
  run: ({ articleId }, deps, context) =>
    stepArticle(
      { name: 'publish-article', version: VERSION, from: 'enriched', to: 'published' },
      articleId,
      deps,
      context,
      async ({ seq: earlier, revisit }) => {
        if (earlier !== undefined && !revisit) return { outcome: 'updated', to: 'published' };
        const seq = await deps.stores.articles.nextSeq();
        const outcome = earlier === undefined ? 'published' : 'updated';
        return { outcome, to: 'published', set: { seq, storedAt: deps.now() } };
      },
    ),
  quarantine: quarantineArticle,
});
