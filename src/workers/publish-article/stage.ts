import { z } from 'zod';
import { defineStage } from '../../shared/stage.ts';
import { SEQ_SETTLE_MS } from '../../shared/stores/catalog.ts';
import { quarantineArticle, stepArticle } from '../article-step.ts';
import type { Dependencies } from '../dependencies.ts';

const VERSION = 1;

/** A database that stays too slow for every number is not asked for ever. */
const MAX_RENUMBERED = 5;

/**
 * article → published | updated (it was published before). Gives an article its place in the order of publication; the
 * state guard makes that happen once. A text that its publisher has changed takes a new place, so that whoever follows
 * along reads it again; one that only we have read again keeps its own.
 */
export const publishArticle = defineStage<{ articleId: string }, Dependencies>({
  name: 'publish-article',
  version: VERSION,
  payload: z.object({ articleId: z.string() }),
  async run({ articleId }, deps, context) {
    let given: { seq: number; sinceMs: number } | undefined;
    const number = async () => {
      const sinceMs = deps.now().getTime();
      const seq = await deps.stores.articles.nextSeq();
      given = { seq, sinceMs };
      return { seq, storedAt: deps.now() };
    };
    const result = await stepArticle(
      { name: 'publish-article', version: VERSION, from: 'enriched', to: 'published' },
      articleId,
      deps,
      context,
      async ({ seq: earlier, revisit }) => {
        if (earlier !== undefined && !revisit) return { outcome: 'updated', to: 'published' };
        const outcome = earlier === undefined ? 'published' : 'updated';
        return { outcome, to: 'published', set: await number() };
      },
    );
    // A slow database: readers who follow along may be past that number already, and would never see the article.
    for (let tries = 0; given && deps.now().getTime() - given.sinceMs >= SEQ_SETTLE_MS; tries++) {
      context.log.warn({ seq: given.seq, tries }, 'published too slowly for its number, which is given anew');
      const { seq } = given;
      if (tries === MAX_RENUMBERED || !(await deps.stores.articles.renumber(articleId, seq, await number()))) break;
    }
    return result;
  },
  quarantine: quarantineArticle,
});
