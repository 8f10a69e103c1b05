import { z } from 'zod';
import type { Article, ExtractedArticle, FurtherPage } from '../../shared/model.ts';
import { defineStage } from '../../shared/stage.ts';
import type { Page, PageStore } from '../../shared/stores/pages.ts';
import { canonicalizeUrl } from '../../shared/url/index.ts';
import { quarantineArticle, type Step, stepArticle } from '../article-step.ts';
import type { Dependencies } from '../dependencies.ts';
import { pageLines, withoutFurniture } from './furniture.ts';
import type { FurtherSource } from './read-page.ts';
import { loadSiteRules, siteRuleFor } from './site-rules.ts';
import { earlierVersion, MAX_VERSIONS } from './versions.ts';

const VERSION = 2;

const NONE: ReadonlySet<string> = new Set();

/** How far ahead of our clock a publisher's may be. */
const MAX_AHEAD_MS = 86_400_000;

/**
 * page → extracted | duplicate | not-an-article | too-short | unchanged (a second look, nothing new) | page-missing (the
 * raw page has expired: fetch it again) | more-pages (the article goes on on others: fetch those too). A text that replaces another keeps the difference.
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
        const { extracted, furniture, wanted, ...step } = await readStored(article, page, deps);
        // A replay does not ask the web.
        if (wanted.length > 0 && !context.replay)
          return { outcome: 'more-pages', to: 'discovered', set: further(article, wanted), facts: step.facts };
        // A page that is read again says nothing new of its site.
        if (!context.replay && !article.revisit && !article.entry.unlinked) {
          const { host } = new URL(page.url);
          const at = step.set.publishedAt ?? deps.now();
          const lines = step.to === 'ended' ? undefined : pageLines(extracted, { id: articleId, at });
          const drifts = await deps.stores.sites.learn(host, { ...extracted, lines }, deps.now());
          if (drifts)
            context.log.warn({ host, method: extracted.method }, 'pages of this host are read worse than before');
        }
        if (step.to === 'ended') return step;
        if (article.revisit && article.revisit.state !== 'ended') {
          // What the site adds to every page is no change of the article.
          const before = { ...article, text: withoutFurniture(article.text ?? '', furniture) };
          const earlier = earlierVersion(before, extracted, deps.now());
          if (!earlier) return { outcome: 'unchanged', to: 'ended', facts: step.facts };
          step.set.version = earlier.n + 1;
          step.set.versions = [...(article.versions ?? []), earlier].slice(-MAX_VERSIONS);
        }

        const key = extracted.canonicalUrl && canonicalizeUrl(extracted.canonicalUrl);
        const owner =
          key && !article.urlKeys.includes(key) ? await deps.stores.articles.addUrlKey(articleId, key) : undefined;
        if (owner && owner !== articleId) {
          const dup = { of: owner, kind: 'exact' as const, score: 1, method: 'canonical-url' };
          return { outcome: 'duplicate', to: 'duplicate', set: { ...step.set, dup }, facts: step.facts };
        }
        return { ...step, set: { ...step.set, dup: undefined } };
      },
    ),
  quarantine: quarantineArticle,
});

interface StoredReading extends Step {
  set: Partial<Article>;
  extracted: ExtractedArticle;
  /** What was known of the site. */
  furniture: ReadonlySet<string>;
  /** Further pages that would complete it. */
  wanted: FurtherPage[];
}

/** What this version of the stage makes of a stored page. Writes nothing. */
export async function readStored(
  article: Article,
  page: Page,
  { stores, tasks, config, now }: Pick<Dependencies, 'stores' | 'tasks' | 'config' | 'now'>,
): Promise<StoredReading> {
  const minTextChars = config.KHABAR_MIN_TEXT_CHARS;
  const site = article.entry.unlinked ? undefined : new URL(page.url);
  const furniture = site ? await stores.sites.furnitureOf(site.host) : NONE;
  const { furtherPages = [] } = article;
  const { extracted, detected, wanted } = await tasks.run('readPage', page.body, {
    url: page.url,
    contentType: page.contentType,
    now: now(),
    entry: article.entry,
    siteRule: site && siteRuleFor(site, loadSiteRules(config.KHABAR_SITE_RULES)),
    furniture,
    further: await loadFurther(article, stores.pages),
    tried: furtherPages.map(({ url }) => url),
    minTextChars,
  });
  const { method, score, warnings, text } = extracted;
  const set: Partial<Article> = {
    ...articleFields(extracted, article.entry, now()),
    lang: detected.language === 'und' ? (extracted.language ?? 'und') : detected.language,
    script: detected.script,
    dir: detected.direction,
    langConfidence: detected.confidence,
    extract: { method, score, version: VERSION, warnings, at: now() },
  };
  const read = { set, facts: { method, score, chars: text.length }, extracted, furniture, wanted };
  // An entry without a page of its own is judged by nothing but its length: it has no page to be misled by.
  if (extracted.isArticle === false && !article.entry.unlinked)
    return { ...read, outcome: 'not-an-article', to: 'ended' };
  if (text.length < minTextChars) return { ...read, outcome: 'too-short', to: 'ended' };
  return { ...read, outcome: 'extracted', to: 'extracted' };
}

function further({ furtherPages = [] }: Article, wanted: FurtherPage[]): Partial<Article> {
  return { furtherPages: [...furtherPages, ...wanted] };
}

async function loadFurther({ _id, furtherPages = [] }: Article, pages: PageStore): Promise<FurtherSource[]> {
  const fetched = furtherPages.filter(({ outcome }) => outcome === 'fetched');
  const stored = await Promise.all(fetched.map(({ url }) => pages.get(_id, url)));
  return fetched.flatMap(({ kind }, index) => {
    const page = stored[index];
    return page ? [{ kind, url: page.url, contentType: page.contentType, body: page.body }] : [];
  });
}

/** What the page gave, completed by what the feed said. */
function articleFields(page: ExtractedArticle, entry: Article['entry'], now: Date): Partial<Article> {
  const onPage = believableDate(page.publishedAt, now);
  const fromFeed = believableDate(entry.publishedAt, now);
  // A page that states its local time without the zone seems to be ahead of us; feeds must state the zone (RFC 822, RFC 3339).
  const published = onPage && fromFeed && onPage > now && fromFeed <= now ? undefined : onPage;
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
