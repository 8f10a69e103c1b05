import { ExtractError } from '../../shared/errors.ts';
import type { DetectedLanguage, ExtractedArticle, FurtherPage } from '../../shared/model.ts';
import { detectLanguage } from '../../shared/text/language.ts';
import { entryDocument } from '../entry-document.ts';
import { extractArticle, type SiteRule } from './index.ts';
import { appendPage, bearOneTitle, lineKeys, preferFuller, type ReadPart, wantedPages } from './join-pages.ts';

/** A page that another page of the same article has led to. */
export interface FurtherSource {
  kind: FurtherPage['kind'];
  url: string;
  contentType?: string;
  body: Uint8Array;
}

export interface ReadPageOptions {
  url: string;
  contentType?: string;
  /** The present, for relative dates and against dates in the future. */
  now: Date;
  /** What the feed said, which may be the whole article. */
  entry: { title?: string; contentHtml?: string };
  /** Instead of the shipped rule for the page's host. */
  siteRule?: SiteRule;
  /** Keys of paragraphs known to recur on the page's site. */
  furniture?: ReadonlySet<string>;
  /** Further pages of the article, in the order in which they were named. */
  further?: readonly FurtherSource[];
  /** Addresses of further pages that were asked for, whatever came of it. */
  tried?: readonly string[];
  /** A page with less text is held against the entry's. */
  minTextChars: number;
}

export interface PageReading {
  extracted: ExtractedArticle;
  detected: DetectedLanguage;
  /** Pages that the article goes on on, or may be better read from, not tried yet. */
  wanted: Pick<FurtherPage, 'kind' | 'url'>[];
}

/**
 * The article of a page and those it goes on on, or of its feed entry when that says more, and the language it is in.
 * Throws ExtractError when neither can be read.
 */
export function readPage(html: Uint8Array, options: ReadPageOptions): PageReading {
  const { entry, further = [], tried = [] } = options;
  let wanted: PageReading['wanted'] = [];
  const readAll = () => {
    const first = extractArticle(html, { ...options, html: true });
    const { reading, parts } = readFurther(first, further, options);
    wanted = wantedPages(first, reading, parts, new Set(tried));
    return reading;
  };
  const readEntry = () => extractArticle(entryDocument(entry), { ...options, html: true });
  const extracted = believeEntry(withEntry(readAll, readEntry, options), options);
  return {
    extracted,
    detected: detectLanguage(`${extracted.title}\n${extracted.text}`),
    wanted: wanted.filter(({ kind }) =>
      // Section fronts have further pages too; of an article's only the AMP rendering can make up for a bad one.
      extracted.isArticle === false ? kind === 'amp' : extracted.method !== 'feed-entry',
    ),
  };
}

/** Joins what the further pages add to the first. One that cannot be read adds nothing. */
function readFurther(
  first: ExtractedArticle,
  further: readonly FurtherSource[],
  { furniture = new Set(), now, siteRule }: ReadPageOptions,
): { reading: ExtractedArticle; parts: (ReadPart & { used: boolean })[] } {
  let reading = first;
  const parts = further.flatMap(({ kind, url, contentType, body }) => {
    // A page after the first shows lead and headline again, another rendering shows everything again.
    const known = kind === 'next' ? new Set([...furniture, ...lineKeys(reading)]) : furniture;
    try {
      const article = extractArticle(body, { url, contentType, now, siteRule, furniture: known, html: true });
      const joined = kind === 'next' ? (appendPage(reading, article) ?? reading) : preferFuller(reading, article, kind);
      const used = joined !== reading;
      reading = joined;
      return [{ kind, article, used }];
    } catch (error) {
      if (error instanceof ExtractError) return [];
      throw error;
    }
  });
  return { reading, parts };
}

function withEntry(
  readAll: () => ExtractedArticle,
  readEntry: () => ExtractedArticle,
  { entry, minTextChars }: ReadPageOptions,
): ExtractedArticle {
  let page: ExtractedArticle | undefined;
  let failure: unknown;
  try {
    page = readAll();
    if (page.text.length >= minTextChars || !entry.contentHtml) return page;
  } catch (error) {
    if (!(error instanceof ExtractError) || !entry.contentHtml) throw error;
    failure = error;
  }
  const fromEntry = readEntry();
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
  if (page.isArticle !== false || page.text.length < minTextChars || !bearOneTitle(entry.title ?? '', page.title))
    return page;
  return { ...page, isArticle: true, warnings: [...page.warnings, 'an article because its feed entry has its title'] };
}
