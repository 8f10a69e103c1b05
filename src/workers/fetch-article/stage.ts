import { z } from 'zod';
import { PermanentError } from '../../shared/errors.ts';
import type { Article } from '../../shared/model.ts';
import { defineStage } from '../../shared/stage.ts';
import { canonicalizeUrl } from '../../shared/url/index.ts';
import { quarantineArticle, type Step, stepArticle } from '../article-step.ts';
import type { Dependencies } from '../dependencies.ts';
import { entryDocument } from '../entry-document.ts';
import { fetchFurther } from './further-pages.ts';
import { judgePage } from './judge-page.ts';

const VERSION = 1;

/**
 * article → fetched | duplicate | gone | refused | robots-disallowed | not-a-page. Keeps the page as it came.
 * A redirect to an article that is known already reveals an exact duplicate, one to the front page that it is gone. An article that extraction has sent back for
 * further pages gets those it can; what cannot be had of them ends nothing.
 */
export const fetchArticle = defineStage<{ articleId: string }, Dependencies>({
  name: 'fetch-article',
  version: VERSION,
  payload: z.object({ articleId: z.string() }),
  run: ({ articleId }, deps, context) =>
    stepArticle(
      { name: 'fetch-article', version: VERSION, from: 'discovered', to: 'fetched' },
      articleId,
      deps,
      context,
      async (article): Promise<Step> => {
        if (article.entry.unlinked) return keepEntry(article, deps);
        if (article.furtherPages?.some(({ outcome }) => outcome === undefined))
          return fetchFurther(article, deps, context);
        const page = await deps.door.fetch(article.url, { purpose: 'page', signal: context.signal });
        if (page.robotsDisallowed) return { outcome: 'robots-disallowed', to: 'ended', facts: { url: page.url } };
        const { status, contentType, redirects } = page;
        const fetch = {
          status,
          ms: page.ms,
          bytes: page.body.length,
          contentType,
          redirects: redirects.length,
          at: deps.now(),
        };
        const verdict = judgePage(page);
        if (verdict !== 'fetched') return { outcome: verdict, to: 'ended', set: { fetch }, facts: { status } };
        // Taken for the article's, the front page's address would make every later story that is sent there its copy.
        if (isFrontPage(page.url) && !isFrontPage(article.url))
          return { outcome: 'gone', to: 'ended', set: { fetch }, facts: { url: page.url } };

        const urlKey = canonicalizeUrl(page.url);
        const owner =
          urlKey && !article.urlKeys.includes(urlKey)
            ? await deps.stores.articles.addUrlKey(articleId, urlKey)
            : undefined;
        if (owner && owner !== articleId) {
          const dup = { of: owner, kind: 'exact' as const, score: 1, method: 'redirect' };
          return { outcome: 'duplicate', to: 'duplicate', set: { fetch, dup, url: page.url } };
        }
        const kept = await deps.stores.pages.put(
          articleId,
          { url: page.url, contentType, body: page.body, fetchedAt: deps.now() },
          deps.config.KHABAR_PAGE_TTL_DAYS,
        );
        if (!kept)
          throw new PermanentError('PAGE_TOO_LARGE', `the page has ${page.body.length} bytes and cannot be kept`);
        return {
          outcome: 'fetched',
          to: 'fetched',
          set: { fetch, url: page.url, furtherPages: undefined },
          facts: { status, bytes: page.body.length },
        };
      },
    ),
  quarantine: quarantineArticle,
});

function isFrontPage(url: string): boolean {
  const { pathname, search } = new URL(url);
  return pathname === '/' && search === '';
}

/** An entry without a page of its own is its own page. */
async function keepEntry({ _id, url, entry }: Article, { stores, config, now }: Dependencies): Promise<Step> {
  const body = Buffer.from(entryDocument(entry));
  await stores.pages.put(
    _id,
    { url, contentType: 'text/html; charset=utf-8', body, fetchedAt: now() },
    config.KHABAR_PAGE_TTL_DAYS,
  );
  return { outcome: 'fetched', to: 'fetched', facts: { fromFeed: true } };
}
