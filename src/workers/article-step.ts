import type { StageName } from '../shared/config.ts';
import { PermanentError } from '../shared/errors.ts';
import type { Article, ArticleState } from '../shared/model.ts';
import type { QuarantineReason, StageContext, StageResult } from '../shared/stage.ts';
import { asBefore } from '../shared/stores/articles.ts';
import type { Dependencies } from './dependencies.ts';

/** How a stage leaves an article: the outcome, the state it moves to and what was learnt. */
export interface Step {
  outcome: string;
  to: ArticleState;
  set?: Partial<Article>;
  facts?: Record<string, unknown>;
}

/** A replayed article waits behind all live work, so it counts as overdue only after so many terms. */
export const REPLAY_PATIENCE = 12;

const FINISHED: ReadonlySet<ArticleState> = new Set(['published', 'duplicate', 'ended', 'quarantined']);

/**
 * What every article stage does around its own work: load the article, see that it stands where this stage takes it up,
 * save the step behind a state guard, then emit. A job that is delivered again finds the article moved on; when it
 * stands exactly where this stage leaves it, the emit may have been lost, so it is made again.
 */
export async function stepArticle(
  stage: { name: StageName; version: number; from: ArticleState; to: ArticleState },
  articleId: string,
  deps: Dependencies,
  context: StageContext,
  work: (article: Article) => Promise<Step>,
): Promise<StageResult> {
  const { articles } = deps.stores;
  const article = await articles.get(articleId);
  if (!article) throw new PermanentError('ARTICLE_MISSING', `there is no article ${articleId}`);
  const emit = [{ articleId }];
  if (article.state === stage.to) return { outcome: article.outcome, emit };
  if (article.state !== stage.from) return { outcome: 'repeat' };
  const { outcome, to, set, facts } = endRevisit(article, await work(article));
  const at = deps.now();
  const termMs = deps.config.KHABAR_RECONCILE_AFTER_MS * (context.replay ? REPLAY_PATIENCE : 1);
  const moved = await articles.advance(articleId, stage.from, to, {
    line: { stage: stage.name, outcome, ms: at.getTime() - context.startedAt.getTime(), version: stage.version, at },
    ...(!FINISHED.has(to) && { dueBy: new Date(at.getTime() + termMs) }),
    set,
  });
  return moved ? { outcome, emit, facts } : { outcome: 'repeat' };
}

/**
 * A second look at an article that was read before (see poll-feed) changes it only by a new text: a page that is gone
 * today, or shows only a notice, was an article in its time, and what was published stays published.
 */
function endRevisit(article: Article, step: Step): Step {
  const { revisit, revisited } = article;
  if (!revisit || !revisited || !FINISHED.has(step.to)) return step;
  const short = step.to === 'ended' || (step.to === 'duplicate' && revisit.state === 'published');
  if (revisit.state !== 'ended' && short) return { ...step, to: revisit.state, set: asBefore(article) };
  const fruitless = step.to === 'ended' ? revisited.fruitless + 1 : 0;
  return { ...step, set: { ...step.set, revisit: undefined, revisited: { at: revisited.at, fruitless } } };
}

/** Keeps the article aside with the reason. */
export async function quarantineArticle(
  { articleId }: { articleId: string },
  reason: QuarantineReason,
  { stores, now }: Dependencies,
): Promise<void> {
  if (typeof articleId === 'string') await stores.articles.quarantine(articleId, reason, now());
}
