import { decodeBytes } from '../../shared/decode-bytes.ts';
import type { ExtractedArticle, Paragraph } from '../../shared/model.ts';
import { type Block, collectBlocks } from './blocks.ts';
import { blockWeight, findBody, isWithin } from './find-body.ts';
import { fold } from './phrases.ts';
import { pruneReason } from './prune.ts';
import {
  type PageFacts,
  readAuthors,
  readDirection,
  readLanguage,
  readPublished,
  readTitle,
  siteNames,
} from './read-metadata.ts';
import { readStructuredData } from './structured-data.ts';
import { parseTree } from './tree.ts';

export interface ExtractOptions {
  /** Address of the page, for canonical and relative links, dates and the site. */
  url: string;
  /** Content-Type header of the response. */
  contentType?: string;
}

/**
 * The article of a page: body, type of each paragraph and metadata. Pure and bounded: time grows linearly with the page.
 * Throws ExtractError with a code (NOT_HTML) and nothing else.
 */
export function extractArticle(html: Uint8Array | string, opts: ExtractOptions): ExtractedArticle {
  const text =
    typeof html === 'string' ? html : decodeBytes(html, { contentType: opts.contentType, kind: 'html' }).text;
  const tree = parseTree(text);
  const data = readStructuredData(tree);
  const blocks = collectBlocks(tree.root);
  const facts: PageFacts = { tree, data, blocks, url: URL.canParse(opts.url) ? new URL(opts.url) : undefined };
  const sites = siteNames(facts);
  const title = readTitle(facts, sites);
  const published = readPublished(facts);
  const body = findBody(blocks, blocks.map(blockWeight));
  const folded = fold(title);
  const kept: Block[] = body ? blocks.filter((b) => isWithin(b.node, body.node) && !pruneReason(b, folded)) : [];
  const paragraphs: Paragraph[] = kept.map((b) => ({ type: 'p', text: b.text }));
  return {
    title,
    text: paragraphs.map((p) => p.text).join('\n\n'),
    paragraphs,
    authors: readAuthors(facts, sites),
    publishedAt: published.at,
    publishedSource: published.source,
    siteName: data.meta.get('og:site_name') ?? data.ld.publisher,
    language: readLanguage(facts),
    direction: readDirection(facts, kept.map((b) => b.text).join(' ')),
    keywords: data.ld.keywords,
    method: 'density',
    score: 0.5,
    warnings: tree.truncated ? ['page truncated'] : [],
  };
}
