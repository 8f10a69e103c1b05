import { foldText } from '../../shared/arabic/fold.ts';
import type { ExtractedArticle, FurtherPage } from '../../shared/model.ts';
import { paragraphKey } from './furniture.ts';
import { MAX_PAGES } from './further-pages.ts';
import { toText } from './render.ts';

/** Shorter titles ("Politics", "عاجل") name sections as well. */
const MIN_TITLE_CHARS = 12;

/** Shorter lines (sub-headings, "Yes" in a table) may recur within an article. */
const MIN_REPEATED_CHARS = 40;

/** A reading with less text, or less sure than this, is held against the AMP rendering, which must have this much more. */
const POOR_CHARS = 400;
const POOR_SCORE = 0.6;
const CLEARLY_MORE = 1.3;

/** A further page as it was read. */
export interface ReadPart {
  kind: FurtherPage['kind'];
  article: ExtractedArticle;
}

/** Either title may carry the name of the site, or the number of the page, behind it. */
export function bearOneTitle(a: string, b: string): boolean {
  const [one, other] = [foldText(a), foldText(b)];
  return Math.min(one.length, other.length) >= MIN_TITLE_CHARS && (one.includes(other) || other.includes(one));
}

/** Keys of an article's lines, which pages after it may show again. */
export function lineKeys({ paragraphs }: Pick<ExtractedArticle, 'paragraphs'>): string[] {
  return paragraphs
    .flatMap(({ text }) => text.split('\n'))
    .filter((line) => line.length >= MIN_REPEATED_CHARS)
    .map(paragraphKey);
}

/** The first page with the text of one after it. Undefined when that is of another story or has nothing new. */
export function appendPage(first: ExtractedArticle, next: ExtractedArticle): ExtractedArticle | undefined {
  const known = new Set(lineKeys(first));
  const isNew = lineKeys(next).some((key) => !known.has(key));
  if (!isNew || !bearOneTitle(first.title, next.title)) return undefined;
  const paragraphs = [...first.paragraphs, ...next.paragraphs];
  const [before, after] = [first.text.length, next.text.length];
  return {
    ...first,
    paragraphs,
    text: toText(paragraphs),
    html: first.html === undefined ? undefined : `${first.html}\n${next.html ?? ''}`,
    wordCount: (first.wordCount ?? 0) + (next.wordCount ?? 0),
    score: (first.score * before + next.score * after) / (before + after),
    isArticle: first.isArticle !== false || next.isArticle !== false,
    notArticleReason: first.isArticle !== false || next.isArticle !== false ? undefined : first.notArticleReason,
    warnings: [...first.warnings, ...next.warnings],
  };
}

/** The same article by its rendering that has more of it; what only one of the two says of it is kept. */
export function preferFuller(page: ExtractedArticle, other: ExtractedArticle, method: string): ExtractedArticle {
  if (other.text.length < page.text.length * CLEARLY_MORE) return page;
  const { text, paragraphs, html, wordCount, score, isArticle, notArticleReason } = other;
  const said = Object.entries(page).filter(([, value]) => value !== undefined && value !== '' && !isEmpty(value));
  return {
    ...other,
    ...Object.fromEntries(said),
    ...{ text, paragraphs, html, wordCount, score, isArticle, notArticleReason, method },
  };
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Whether another rendering of the page is worth a request. */
function isPoor({ text, score, isArticle }: Pick<ExtractedArticle, 'text' | 'score' | 'isArticle'>): boolean {
  return text.length < POOR_CHARS || score < POOR_SCORE || isArticle === false;
}

/**
 * Which of the pages that an article's pages name are still to be fetched: the whole on a single page where there is one, else
 * those after it, as far as each has brought something new; where what is read stays poor, the AMP rendering.
 */
export function wantedPages(
  first: ExtractedArticle,
  reading: ExtractedArticle,
  parts: readonly (ReadPart & { used: boolean })[],
  tried: ReadonlySet<string>,
): Pick<FurtherPage, 'kind' | 'url'>[] {
  const { next = [], single, amp } = first.furtherPages ?? {};
  const after = parts.filter(({ kind }) => kind === 'next');
  if (single && !tried.has(single)) return [{ kind: 'single', url: single }];
  const whole = parts.some(({ kind, used }) => kind === 'single' && used);
  const isOver = whole || (after.length > 0 && !after.at(-1)?.used);
  const named = [...new Set([...next, ...after.flatMap(({ article }) => article.furtherPages?.next ?? [])])];
  const pages = isOver ? [] : named.slice(0, MAX_PAGES - 1).filter((url) => !tried.has(url));
  if (pages.length > 0) return pages.map((url) => ({ kind: 'next', url }));
  return amp && !tried.has(amp) && isPoor(reading) ? [{ kind: 'amp', url: amp }] : [];
}
