import { foldText } from '../../shared/arabic/fold.ts';
import { ExtractError } from '../../shared/errors.ts';
import type { DetectedLanguage, ExtractedArticle } from '../../shared/model.ts';
import { detectLanguage } from '../../shared/text/language.ts';
import { entryDocument } from '../entry-document.ts';
import { extractArticle } from './index.ts';

/** Shorter titles ("Politics", "عاجل") name sections as well. */
const MIN_TITLE_CHARS = 12;

export interface ReadPageOptions {
  url: string;
  contentType?: string;
  /** The present, for relative dates and against dates in the future. */
  now: Date;
  /** What the feed said, which may be the whole article. */
  entry: { title?: string; contentHtml?: string };
  /** Keys of paragraphs known to recur on the page's site. */
  furniture?: ReadonlySet<string>;
  /** A page with less text is held against the entry's. */
  minTextChars: number;
}

/**
 * The article of a page, or of its feed entry when that says more, and the language it is in.
 * Throws ExtractError when neither can be read.
 */
export function readPage(
  html: Uint8Array,
  options: ReadPageOptions,
): { extracted: ExtractedArticle; detected: DetectedLanguage } {
  const extracted = believeEntry(
    withEntry((source) => extractArticle(source, { ...options, html: true }), html, options),
    options,
  );
  return { extracted, detected: detectLanguage(`${extracted.title}\n${extracted.text}`) };
}

function withEntry(
  read: (source: Uint8Array | string) => ExtractedArticle,
  html: Uint8Array,
  { entry, minTextChars }: ReadPageOptions,
): ExtractedArticle {
  let page: ExtractedArticle | undefined;
  let failure: unknown;
  try {
    page = read(html);
    if (page.text.length >= minTextChars || !entry.contentHtml) return page;
  } catch (error) {
    if (!(error instanceof ExtractError) || !entry.contentHtml) throw error;
    failure = error;
  }
  const fromEntry = read(entryDocument(entry));
  if (page && fromEntry.text.length <= page.text.length) return page;
  if (!page && fromEntry.text.length < minTextChars) throw failure;
  return {
    ...fromEntry,
    ...page,
    text: fromEntry.text,
    paragraphs: fromEntry.paragraphs,
    html: fromEntry.html,
    isArticle: true,
    method: 'feed-entry',
    score: fromEntry.score,
  };
}

/**
 * A short page with little about it that says "article" is one all the same when a feed announced it under its very
 * title: no feed announces a section front.
 */
function believeEntry(page: ExtractedArticle, { entry, minTextChars }: ReadPageOptions): ExtractedArticle {
  const announced = foldText(entry.title ?? '');
  const shown = foldText(page.title);
  // Either may carry the name of the site behind it.
  const named =
    Math.min(announced.length, shown.length) >= MIN_TITLE_CHARS &&
    (shown.includes(announced) || announced.includes(shown));
  if (page.isArticle !== false || !named || page.text.length < minTextChars) return page;
  return { ...page, isArticle: true, warnings: [...page.warnings, 'an article because its feed entry has its title'] };
}
