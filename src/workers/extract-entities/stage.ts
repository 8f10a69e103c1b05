import { z } from 'zod';
import { searchText } from '../../shared/arabic/search-text.ts';
import { onnxFolders } from '../../shared/config.ts';
import { defineStage } from '../../shared/stage.ts';
import { quarantineArticle, stepArticle } from '../article-step.ts';
import { storyArticle } from '../dedupe/place-story.ts';
import type { Dependencies } from '../dependencies.ts';
import { decidedNaming, joinSpellings } from './decide.ts';

const VERSION = 4;

/** article → enriched: dateline, entities, quotations, casualties, dates and the copies that search reads;
 * names as operators have decided. */
export const extractEntities = defineStage<{ articleId: string }, Dependencies>({
  name: 'extract-entities',
  version: VERSION,
  payload: z.object({ articleId: z.string() }),
  run: ({ articleId }, deps, context) =>
    stepArticle(
      { name: 'extract-entities', version: VERSION, from: 'unique', to: 'enriched' },
      articleId,
      deps,
      context,
      async (article) => {
        const { title = '', text = '', lang, publishedAt } = article;
        const analysis = await deps.tasks.run(
          'analyzeArticle',
          { title, text, language: lang, publishedAt: publishedAt?.toISOString() },
          onnxFolders(deps.config)[lang ?? ''],
        );
        const at = deps.now();
        const fresh = await deps.stores.entities.learn(analysis.entities, at);
        await joinSpellings(deps.stores, fresh, lang, at);
        const rules = await deps.stores.decisions.rules();
        const { dateline, casualties, dates } = analysis;
        const naming = decidedNaming(rules, { ...analysis, asFound: undefined, lang });
        const { entities, quotes } = naming;
        const { storyId } = await deps.stories.place(storyArticle({ ...article, entities }));
        await deps.stores.clusters.moveToStory([articleId], storyId);
        return {
          outcome: 'enriched',
          to: 'enriched',
          set: {
            dateline,
            ...naming,
            storyId,
            casualties,
            dates,
            norm: { title: searchText(title), text: searchText(text) },
            enrich: { version: VERSION, at, decisions: rules.last },
          },
          facts: { entities: entities.length, quotes: quotes.length },
        };
      },
    ),
  quarantine: quarantineArticle,
});
