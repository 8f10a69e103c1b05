import { z } from 'zod';
import type { Article, ExtractedArticle } from '../../shared/model.ts';
import { defineStage } from '../../shared/stage.ts';
import { canonicalizeUrl } from '../../shared/url/index.ts';
import { quarantineArticle, type Step, stepArticle } from '../article-step.ts';
import type { Dependencies } from '../dependencies.ts';

const VERSION = 1;

/** How far ahead of our clock a publisher's may be. */
const MAX_AHEAD_MS = 86_400_000;

/**
 * page → extracted | duplicate | not-an-article | too-short | page-missing (the raw page has expired: fetch it again).
 * Where the page says less than its feed entry did, the entry's own text is the article.
 */
export const extractArticle = defineStage<{ articleId: string }, Dependencies>({
  name: 'extract-article',
  version: VERSION,
  payload: z.object({ articleId: z.string() }),
  run: ({ articleId }, deps, context) =>
    stepArticle(
      { name: 'extract-article', version: VERSION, from: 'fetched', to: 'extracted' },
      articleId,
      deps,
      context,
      async (article): Promise<Step> => {
        const page = await deps.stores.pages.get(articleId);
        if (!page) return { outcome: 'page-missing', to: 'discovered' };
        const read = await deps.tasks.run('readPage', page.body, {
          url: page.url,
          contentType: page.contentType,
          entry: article.entry,
          minTextChars: deps.config.KHABAR_MIN_TEXT_CHARS,
        });
        const { extracted, detected } = read;
        const set: Partial<Article> = {
          ...articleFields(extracted, article.entry, deps.now()),
          lang: detected.language === 'und' ? (extracted.language ?? 'und') : detected.language,
          script: detected.script,
          dir: detected.direction,
          langConfidence: detected.confidence,
          extract: {
            method: extracted.method,
            score: extracted.score,
            version: VERSION,
            warnings: extracted.warnings,
            at: deps.now(),
          },
        };
        const facts = { method: extracted.method, score: extracted.score, chars: extracted.text.length };
        // An entry without a page of its own is judged by nothing but its length: it has no page to be misled by.
        if (extracted.isArticle === false && !article.entry.unlinked)
          return { outcome: 'not-an-article', to: 'ended', set, facts };
        if (extracted.text.length < deps.config.KHABAR_MIN_TEXT_CHARS)
          return { outcome: 'too-short', to: 'ended', set, facts };

        const key = extracted.canonicalUrl && canonicalizeUrl(extracted.canonicalUrl);
        const owner =
          key && !article.urlKeys.includes(key) ? await deps.stores.articles.addUrlKey(articleId, key) : undefined;
        if (owner && owner !== articleId) {
          const dup = { of: owner, kind: 'exact' as const, score: 1, method: 'canonical-url' };
          return { outcome: 'duplicate', to: 'duplicate', set: { ...set, dup }, facts };
        }
        return { outcome: 'extracted', to: 'extracted', set, facts };
      },
    ),
  quarantine: quarantineArticle,
});

/** What the page gave, completed by what the feed said. */
function articleFields(page: ExtractedArticle, entry: Article['entry'], now: Date): Partial<Article> {
  const published = believableDate(page.publishedAt, now);
  const fromFeed = believableDate(entry.publishedAt, now);
  return {
    title: page.title || entry.title || '',
    subtitle: page.subtitle,
    text: page.text,
    body: page.paragraphs,
    html: page.html,
    authors: page.authors.length > 0 ? page.authors : entry.authors,
    agency: page.agency,
    publishedAt: published ?? fromFeed,
    publishedSource: published ? (page.publishedSource ?? 'page') : fromFeed && 'feed',
    modifiedAt: believableDate(page.modifiedAt, now),
    siteName: page.siteName,
    canonicalUrl: page.canonicalUrl,
    section: page.section,
    keywords: page.keywords.length > 0 ? page.keywords : entry.categories,
    leadImage: page.leadImage,
    paywalled: page.paywalled,
    liveBlog: page.liveBlog,
    wordCount: page.wordCount,
  };
}

function believableDate(iso: string | undefined, now: Date): Date | undefined {
  const time = iso === undefined ? Number.NaN : Date.parse(iso);
  return Number.isNaN(time) || time > now.getTime() + MAX_AHEAD_MS ? undefined : new Date(time);
}
