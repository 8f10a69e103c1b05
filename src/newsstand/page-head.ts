import { writeIsoLocal } from './dates.ts';
import { summaryOf } from './feeds.ts';
import { escapeMarkup as esc } from './labels.ts';
import type { OutletSpec } from './model.ts';
import { type ArticlePage, sectionOf } from './page-parts.ts';

export function title({ content, outlet }: ArticlePage, separator: string): string {
  return `<title>${esc(content.title)}${separator}${esc(outlet.name)}</title>`;
}

export function canonical({ url, ampUrl }: ArticlePage): string {
  const amp = ampUrl ? `\n<link rel="amphtml" href="${esc(ampUrl)}">` : '';
  return `<link rel="canonical" href="${esc(url)}">${amp}`;
}

export function feedLink(outlet: OutletSpec, feedUrl: string): string {
  const type = outlet.format === 'json' ? 'application/feed+json' : `application/${outlet.format}+xml`;
  return `<link rel="alternate" type="${type}" title="${esc(outlet.name)}" href="${esc(feedUrl)}">`;
}

export function openGraph(page: ArticlePage): string {
  const { content, outlet } = page;
  const properties: [string, string][] = [
    ['og:type', 'article'],
    ['og:site_name', outlet.name],
    ['og:title', content.title],
    ['og:description', summaryOf(content)],
    ['og:url', page.url],
    ['og:image', page.imageUrl],
    ['article:published_time', writeIsoLocal(page.publishedAt, outlet.utcOffset)],
    ['article:section', sectionOf(page)],
    ...content.tags.map((tag): [string, string] => ['article:tag', tag]),
  ];
  return properties.map(([name, value]) => `<meta property="${name}" content="${esc(value)}">`).join('\n');
}

function newsArticle(page: ArticlePage) {
  const { content, outlet } = page;
  return {
    '@type': 'NewsArticle',
    headline: content.title,
    description: summaryOf(content),
    mainEntityOfPage: page.url,
    datePublished: writeIsoLocal(page.publishedAt, outlet.utcOffset),
    inLanguage: outlet.language,
    articleSection: sectionOf(page),
    keywords: content.tags,
    image: [page.imageUrl],
    ...(content.author && { author: [{ '@type': 'Person', name: content.author }] }),
    publisher: { '@type': 'NewsMediaOrganization', name: outlet.name, url: page.siteUrl },
  };
}

export function jsonLd(page: ArticlePage): string {
  return jsonScript({ '@context': 'https://schema.org', ...newsArticle(page) });
}

export function jsonLdGraph(page: ArticlePage): string {
  const site = { '@type': 'WebSite', '@id': `${page.siteUrl}#site`, name: page.outlet.name, url: page.siteUrl };
  const crumbs = {
    '@type': 'BreadcrumbList',
    itemListElement: [{ '@type': 'ListItem', position: 1, name: sectionOf(page), item: `${page.siteUrl}section/1` }],
  };
  return jsonScript({ '@context': 'https://schema.org', '@graph': [site, crumbs, newsArticle(page)] });
}

/** `<` is escaped so that no text can close the script element. */
function jsonScript(value: unknown): string {
  return `<script type="application/ld+json">${JSON.stringify(value).replaceAll('<', '\\u003c')}</script>`;
}
