import type { Item, OutletSpec } from './model.ts';

/** The path (and query) of an article on its site, percent-encoded. */
export function articlePath(outlet: OutletSpec, item: Item): string {
  switch (outlet.addresses) {
    case 'dated':
      return `/${item.publishedAt.toISOString().slice(0, 10).replaceAll('-', '/')}/${item.storyId}-${item.number}`;
    case 'numbered':
      return `/news/${item.number}`;
    case 'query':
      return `/article.php?lang=${outlet.language}&id=${item.number}`;
    case 'slug':
      return `/${item.number}/${encodeURIComponent(headlineSlug(item))}.html`;
  }
}

/** The number in an address made by `articlePath`, or undefined. */
export function articleNumber(pathAndQuery: string): number | undefined {
  const found = /[?&]id=(\d+)|-(\d+)$|^\/news\/(\d+)$|^\/(\d+)\/[^/]+\.html$/.exec(pathAndQuery);
  const digits = found?.slice(1).find((group) => group !== undefined);
  return digits === undefined ? undefined : Number(digits);
}

/** The first six words of the headline in its own script: many Arabic and Persian sites form addresses so. */
function headlineSlug(item: Item): string {
  const words = item.content().title.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return words.slice(0, 6).join('-').toLowerCase();
}

/** The address of an article as the outlet's feed has it. */
export function linkInFeed(spec: OutletSpec, siteUrl: string, item: Item): string {
  const url = new URL(articlePath(spec, item), siteUrl);
  if (spec.trackedLinks) {
    url.searchParams.set('utm_source', 'rss');
    url.searchParams.set('utm_medium', 'feed');
  }
  return url.href;
}

export function feedAddress(spec: OutletSpec, siteUrl: string): string {
  const name = { rss: 'feed.xml', atom: 'atom.xml', rdf: 'index.rdf', json: 'feed.json' }[spec.format];
  return new URL(name, siteUrl).href;
}
