import { z } from 'zod';
import type { Article } from '../../shared/model.ts';
import { defineStage } from '../../shared/stage.ts';
import { quarantineArticle, type Step, stepArticle } from '../article-step.ts';
import type { Dependencies } from '../dependencies.ts';
import { electOrigin, leaveCluster } from './elect-origin.ts';
import { DAY_MS, SKETCH_WINDOW_DAYS } from './near-duplicate-index.ts';
import { noteReprints } from './reprint.ts';

const VERSION = 2;

/**
 * article → unique | duplicate. The index answers the same when it is asked about an article again, so a crash between
 * its answer and our saving it is repaired by the next delivery. A copy keeps its own record and names its original. A replay decides
 * about a copy anew.
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
        if (context.replay && (await isOpen(article, deps))) await forget(articleId, deps);
        const { original, kind, similarity, method, sketch } = await deps.nearDuplicates.matchOrInsert({
          id: articleId,
          title,
          text,
          language: lang,
          source: source.domain,
          seenAt: firstSeenAt.getTime(),
        });
        if (article.dup && article.dup.of !== original) await leaveCluster(deps.stores, article.dup.of, article);
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

/**
 * Whether an article is a copy that can be decided about anew: its original must still be found, or the copy would pass for one.
 * Originals are published and stay so.
 */
export async function isOpen(
  { dup }: Pick<Article, 'dup'>,
  { stores, now }: Pick<Dependencies, 'stores' | 'now'>,
): Promise<boolean> {
  const original = dup && (await stores.articles.get(dup.of));
  if (!original) return false;
  return now().getTime() - original.firstSeenAt.getTime() < SKETCH_WINDOW_DAYS * DAY_MS;
}

async function forget(
  id: string,
  { stores, nearDuplicates }: Pick<Dependencies, 'stores' | 'nearDuplicates'>,
): Promise<void> {
  const decision = await stores.clusters.decisionAbout(id);
  if (decision) await nearDuplicates.forget(decision);
}
