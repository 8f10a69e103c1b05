import { articlePath, linkInFeed } from './addresses.ts';
import type { Item, OutletSpec } from './model.ts';
import { furtherPaths } from './renditions.ts';

/** The truth about an article. Title, text and addresses are made on access and not kept. */
export interface NewsstandArticle extends Omit<Item, 'number' | 'publishedAt' | 'content'> {
  /** ISO 8601. */
  publishedAt: string;
  /** As the feed links it. */
  readonly url: string;
  /** Without tracking parameters, as the page's own rel=canonical has it. */
  readonly canonicalUrl: string;
  readonly title: string;
  /** Paragraphs and cross-heads, one a line. */
  readonly text: string;
  /** Addresses beside its own that its text is spread over. */
  readonly furtherUrls: string[];
}

export function truthOf(spec: OutletSpec, siteUrl: string, item: Item): NewsstandArticle {
  const { id, outletId, language, storyId, wireOf, edit, generated } = item;
  return {
    id,
    outletId,
    language,
    storyId,
    ...(wireOf !== undefined && { wireOf }),
    ...(edit !== undefined && { edit }),
    generated,
    publishedAt: item.publishedAt.toISOString(),
    get url() {
      return linkInFeed(spec, siteUrl, item);
    },
    get canonicalUrl() {
      return new URL(articlePath(spec, item), siteUrl).href;
    },
    get title() {
      return item.content().title;
    },
    get furtherUrls() {
      return furtherPaths(articlePath(spec, item), item.content()).map((path) => new URL(path, siteUrl).href);
    },
    get text() {
      return item
        .content()
        .body.map((block) => block.text)
        .join('\n');
    },
  };
}
