import { z } from 'zod';
import { defineStage } from '../../shared/stage.ts';
import { quarantineArticle, type Step, stepArticle } from '../article-step.ts';
import type { Dependencies } from '../dependencies.ts';
import { electOrigin } from './elect-origin.ts';
import { noteReprints } from './reprint.ts';

const VERSION = 1;

/**
 * article → unique | duplicate. The index answers the same when it is asked about an article again, so a crash between
 * its answer and our saving it is repaired by the next delivery. A copy keeps its own record and names its original.
 */
export const dedupe = defineStage<{ articleId: string }, Dependencies>({
  name: 'dedupe',
  version: VERSION,
  payload: z.object({ articleId: z.string() }),
  run: ({ articleId }, deps, context) =>
    stepArticle(
      { name: 'dedupe', version: VERSION, from: 'extracted', to: 'unique' },
      articleId,
      deps,
      context,
      async (article): Promise<Step> => {
        const { title = '', text = '', lang, source, firstSeenAt, revisit } = article;
        const { original, kind, similarity, method, sketch } = await deps.nearDuplicates.matchOrInsert({
          id: articleId,
          title,
          text,
          language: lang,
          source: source.domain,
          seenAt: firstSeenAt.getTime(),
        });
        // Published once, it is no copy because its publisher has made it grow like another's.
        if (kind === undefined || original === articleId || revisit?.state === 'published')
          return {
            outcome: 'unique',
            to: 'unique',
            set: { sketch, dup: undefined, ...(article.dup && { reprint: undefined }) },
          };
        const dup = { of: original, kind, score: similarity ?? 1, method: method ?? 'sketch' };
        const origin = await electOrigin(deps.stores, original, article);
        const reprint = await noteReprints(deps.stores, original, origin, article);
        const storyId = await deps.stores.clusters.storyOf(original);
        return {
          outcome: 'duplicate',
          to: 'duplicate',
          set: { sketch, dup, reprint, ...(storyId !== undefined && { storyId }) },
          facts: { ...dup },
        };
      },
    ),
  quarantine: quarantineArticle,
});
