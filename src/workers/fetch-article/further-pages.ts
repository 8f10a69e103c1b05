import { PermanentError, ThrottledError, TransientError } from '../../shared/errors.ts';
import type { Article, FurtherPage } from '../../shared/model.ts';
import type { StageContext } from '../../shared/stage.ts';
import { canonicalizeUrl } from '../../shared/url/index.ts';
import type { Step } from '../article-step.ts';
import type { Dependencies } from '../dependencies.ts';
import { judgePage } from './judge-page.ts';

/** Longest an article waits for the turns of its further pages; after that it is read without them. */
const MAX_WAIT_MS = 3_600_000;

/** So many failures are waited for; the first page is asked for longer, but it is there and should not wait for the others. */
const MAX_ATTEMPTS = 3;

/** They must not expire before the first page, or a replay would read half an article. */
const LONGER_DAYS = 1;

/**
 * Fetches the further pages an article waits for, each in its turn at its host. Pages kept by an earlier delivery of the job
 * are not asked for again. Throws ThrottledError while it is not our turn, and TransientError while attempts are left.
 */
export async function fetchFurther(article: Article, deps: Dependencies, context: StageContext): Promise<Step> {
  const furtherPages: FurtherPage[] = [];
  for (const page of article.furtherPages ?? []) {
    furtherPages.push({ ...page, outcome: page.outcome ?? (await fetchOne(article, page, deps, context)) });
  }
  const facts = { further: furtherPages.filter(({ outcome }) => outcome === 'fetched').length };
  return { outcome: 'fetched', to: 'fetched', set: { furtherPages }, facts };
}

async function fetchOne(
  { _id, url: firstUrl, movedAt }: Article,
  { url }: FurtherPage,
  { door, stores, config, now }: Dependencies,
  { signal, attempt, lastAttempt }: StageContext,
): Promise<string> {
  if (await stores.pages.hasFurther(_id, url, movedAt)) return 'fetched';
  try {
    const page = await door.fetch(url, { purpose: 'page', signal });
    if (page.robotsDisallowed) return 'robots-disallowed';
    const verdict = judgePage(page);
    if (verdict !== 'fetched') return verdict;
    // Where there is no such page, servers send readers back to the first or to the home page.
    if (page.url === firstUrl || canonicalizeUrl(page.url) !== canonicalizeUrl(url)) return 'elsewhere';
    const { contentType, body } = page;
    const ttlDays = config.KHABAR_PAGE_TTL_DAYS + LONGER_DAYS;
    const kept = await stores.pages.put(_id, { url: page.url, contentType, body, fetchedAt: now() }, ttlDays, url);
    return kept ? 'fetched' : 'PAGE_TOO_LARGE';
  } catch (error) {
    if (error instanceof PermanentError) return error.code;
    if (error instanceof TransientError && (lastAttempt || attempt >= MAX_ATTEMPTS)) return error.code;
    if (error instanceof ThrottledError && now().getTime() - movedAt.getTime() > MAX_WAIT_MS) return error.code;
    throw error;
  }
}
