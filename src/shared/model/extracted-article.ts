export type Direction = 'ltr' | 'rtl';

export type ParagraphType = 'p' | 'h2' | 'quote' | 'list' | 'figure' | 'table' | 'embed';

export interface Paragraph {
  type: ParagraphType;
  text: string;
}

/** Addresses of the same article that a page names beside its own. */
export interface FurtherPages {
  /** Its pages after this one, in order. */
  next: string[];
  /** All of them on one page. */
  single?: string;
  /** The AMP rendering. */
  amp?: string;
}

export interface ExtractedArticle {
  title: string;
  subtitle?: string;
  text: string;
  paragraphs: Paragraph[];
  /** Sanitised copy of the body, safe to show. */
  html?: string;
  authors: string[];
  /** Wire credit, for example Reuters. */
  agency?: string;
  publishedAt?: string;
  /** Where publishedAt was found: jsonld, meta, itemprop, time, url, text. */
  publishedSource?: string;
  modifiedAt?: string;
  siteName?: string;
  language?: string;
  direction: Direction;
  canonicalUrl?: string;
  leadImage?: string;
  section?: string;
  keywords: string[];
  paywalled?: boolean;
  liveBlog?: boolean;
  /** False when the page looks like a section front or tag page rather than an article. */
  isArticle?: boolean;
  /** Why not, when `isArticle` is false. */
  notArticleReason?: string;
  wordCount?: number;
  /** Which strategy found the body. */
  method: string;
  /** 0 to 1: how sure the extractor is of the body. */
  score: number;
  /** Absent when the page names none. */
  furtherPages?: FurtherPages;
  /** Keys of paragraphs left out because they were said to recur on the site. */
  furniture?: string[];
  warnings: string[];
}
