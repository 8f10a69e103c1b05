import { z } from 'zod';
import { defineStage } from '../../shared/stage.ts';
import { quarantineArticle, stepArticle } from '../article-step.ts';
import type { Dependencies } from '../dependencies.ts';

const VERSION = 1;

/**
 * article → published | updated (it was published before and has been read again: it keeps its place). Gives an article its
 * place in the order of publication; the state guard makes that happen once.
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
      async ({ seq: earlier }) => {
        if (earlier !== undefined) return { outcome: 'updated', to: 'published' };
        const seq = await deps.stores.articles.nextSeq();
        return { outcome: 'published', to: 'published', set: { seq, storedAt: deps.now() } };
      },
    ),
  quarantine: quarantineArticle,
});
