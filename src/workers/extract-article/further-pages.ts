import type { FurtherPages } from '../../shared/model.ts';
import { areOnOneSite, canonicalizeUrl } from '../../shared/url/index.ts';
import type { PageFacts } from './page-facts.ts';
import { webAddress } from './render.ts';
import { hasWord, type PageLink } from './structured-data.ts';
import type { TreeNode } from './tree.ts';

/** Pages of one article that are read, the first included. */
export const MAX_PAGES = 10;

const PAGE_PARAMETER = /^(?:page|page_?(?:no|num|number)|pg|seite|pagina|sayfa|pagenum|currentpage)$/i;
const WHOLE_VALUE = /^(?:all|full|single|complete|gesamt|komplett|alles|toute?s?)$/i;
const WHOLE_PARAMETER = /^(?:view|show|singlepage|pagewanted|showall|viewall)$/i;
const WHOLE_SEGMENT = /\/(?:all|full|single-?page|komplettansicht|gesamtansicht|seite-all)\/?$/i;

/** What every address of a further page has somewhere; most links have not and need no closer look. */
const MAY_BE_FURTHER =
  /(?:[=/_-]\d{1,2}(?:\/|\.s?html?)?|[=/](?:all|full|single(?:-?page)?|complete|gesamt|komplett|alles|toute?s?|true|yes|1|\w+ansicht|seite-all)\/?)(?:$|[&#?])/i;

/** Readers' comments and lists of other stories have pages of their own. */
const OTHERS = /comment|discuss|disqus|respond|reply|kommentar|related|archive|listing|load-?more/i;

/** Elements around everything, whose classes tell of the whole page ("comments-open"). */
const HOLDS_ALL = new Set(['html', 'body', 'main', 'article']);

/** The end of a path that differs between the pages of an article. */
const PAGE_END = /(?:\/(?:[a-z]+[/-])?\d{1,2}|_\d{1,2})?(?:\/|\.s?html?)?$/;

/** The address without the number of the page it names, or as it is. */
interface Numbered {
  bare: URL;
  page: number;
}

/**
 * The further pages of the article that a page itself names: those whose address is its own but for a page number, in order
 * without a gap; where it has them, the one address that shows all on a single page; and its AMP rendering on the same
 * registrable domain. `rel=next` alone is not believed: weblogs use it for the next story.
 */
export function findFurtherPages({ tree, data, url }: PageFacts): FurtherPages {
  const found: FurtherPages = { next: [] };
  if (!url) return found;
  const amp = ampAddress(data.links, url);
  if (amp) found.amp = amp;
  if (url.pathname === '/') return found;
  const near = nearAddresses(tree.anchors, data.links, url);
  if (near.length > 0) followPages(near, url, found);
  return found;
}

function ampAddress(links: readonly PageLink[], url: URL): string | undefined {
  const href = links.find(({ rel }) => hasWord(rel, 'amphtml'))?.href;
  const address = href && webAddress(href, url);
  return address && address.href !== url.href && areOnOneSite(address, url) ? address.href : undefined;
}

/** What the page links to that may be a further page, by where its path begins: identities are dear to compute. */
function nearAddresses(anchors: readonly TreeNode[], links: readonly PageLink[], url: URL): URL[] {
  const base = url.pathname.toLowerCase().replace(PAGE_END, '');
  const near: URL[] = [];
  for (const href of [...nextLinks(links), ...furtherLinks(anchors)]) {
    const address = webAddress(href, url);
    if (address?.origin !== url.origin || !address.pathname.toLowerCase().startsWith(base)) continue;
    address.hash = '';
    near.push(address);
  }
  return near;
}

function nextLinks(links: readonly PageLink[]): string[] {
  return links.filter(({ rel }) => hasWord(rel, 'next')).map(({ href }) => href);
}

/** Of all links those that may lead to a further page. */
function furtherLinks(anchors: readonly TreeNode[]): string[] {
  const found: string[] = [];
  for (const link of anchors) {
    const href = link.get('href') as string;
    if (MAY_BE_FURTHER.test(href) && !isOfOthers(link)) found.push(href);
  }
  return found;
}

function followPages(near: readonly URL[], url: URL, found: FurtherPages): void {
  const own = ownNumber(url);
  const ownStem = canonicalizeUrl(own.bare.href);
  const pages = new Map<number, string>();
  let single: string | undefined;
  for (const target of near) {
    if (single === undefined && stemOfWhole(target) === ownStem) single = target.href;
    const { bare, page } = numbered(target);
    if (page > own.page && !pages.has(page) && canonicalizeUrl(bare.href) === ownStem) pages.set(page, target.href);
  }
  for (let page = own.page + 1; page <= MAX_PAGES; page++) {
    const address = pages.get(page);
    if (!address) break;
    found.next.push(address);
  }
  if (single && found.next.length > 0) found.single = single;
}

function isOfOthers(link: TreeNode | undefined): boolean {
  for (let node = link; node && !HOLDS_ALL.has(node.tag); node = node.parent)
    if (OTHERS.test(`${node.className.text} ${node.id.text}`)) return true;
  return false;
}

/** `?page=2`, `/page/2`, `/2` and `_2.html` name page 2; numbers above MAX_PAGES are no page numbers. */
function numbered(address: URL): Numbered {
  const url = new URL(address);
  for (const [name, value] of url.searchParams) {
    if (!PAGE_PARAMETER.test(name) || !isPage(value)) continue;
    url.searchParams.delete(name);
    return { bare: url, page: Number(value) };
  }
  const m =
    /^(.+?)\/(?:(?:page|seite|pagina|sayfa)[/-])?(\d{1,2})(\/?)$/i.exec(url.pathname) ??
    /^(.+)_(\d{1,2})(\.s?html?)$/i.exec(url.pathname);
  if (!m?.[1] || !isPage(m[2] as string)) return { bare: url, page: 1 };
  url.pathname = `${m[1]}${m[3] === '/' ? '' : m[3]}`;
  return { bare: url, page: Number(m[2]) };
}

/** Of the page itself: feeds link first pages, so that a higher number in its path is the story's own. */
function ownNumber(url: URL): Numbered {
  const read = numbered(url);
  return read.page > 1 && !url.search ? { bare: url, page: 1 } : read;
}

function isPage(text: string): boolean {
  return /^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_PAGES;
}

/** The stem of an address that asks for the whole article on one page. */
function stemOfWhole(address: URL): string | undefined {
  const url = new URL(address);
  for (const [name, value] of url.searchParams) {
    const asks = PAGE_PARAMETER.test(name) || WHOLE_PARAMETER.test(name);
    if (!asks || !(WHOLE_VALUE.test(value) || (/all|single/i.test(name) && /^(?:1|true|yes)$/i.test(value)))) continue;
    url.searchParams.delete(name);
    return canonicalizeUrl(url.href);
  }
  if (!WHOLE_SEGMENT.test(url.pathname)) return undefined;
  url.pathname = url.pathname.replace(WHOLE_SEGMENT, '');
  return canonicalizeUrl(url.href);
}
