import { foldedStart } from './blocks.ts';
import { HINT_INDEX } from './hints.ts';
import { clean, type PageFacts, textOf } from './page-facts.ts';
import { fold } from './phrases.ts';

const TITLE_SEPARATOR = /\s+[|•·»«›‹–—-]\s+|\s*[|»«]\s*|\s+::?\s+|\s*[｜丨]\s*|\s*_\s*(?=[^_]*$)/u;

/** Share of words that two titles, or a title and an address, must have in common before one may stand for the other. */
const MIN_SHARED_WORDS = 0.4;
/** By how much another title must fit the address better than the h1. An unconfirmed h1 is believed unless it fits worse by half of this. */
const SLUG_MARGIN = 0.2;

/**
 * The headline as readers see it, without section and site name. An h1 that the metadata confirm wins, unless the address speaks for
 * another title; an h1 they do not confirm is measured against JSON-LD, social titles and the address.
 */
export function readTitle(facts: PageFacts, sites: Set<string>): string {
  const { tree, data, url } = facts;
  const headings = tree.h1s
    .slice(0, 10)
    .map((n) => clean(textOf(n)))
    .filter((t) => t.length > 3 && !sites.has(fold(t)));
  const documentTitle = tree.titles.slice(0, 1).map((n) => clean(textOf(n)))[0] ?? '';
  const stated = (text: string | undefined) => (text ? withoutSiteName(clean(text), sites) : '');
  const { ld, meta } = data;
  const linked = stated(ld.headline);
  const social = stated(meta.get('og:title')) || stated(meta.get('twitter:title'));
  const others = [stated(meta.get('dc.title')), stated(meta.get('title')), stated(documentTitle)];
  const candidates = [linked, social, ...others].filter((t) => t !== '' && !sites.has(fold(t)));
  const references = [
    ld.headline,
    meta.get('og:title'),
    meta.get('twitter:title'),
    meta.get('dc.title'),
    meta.get('title'),
    documentTitle,
  ]
    .map((t) => fold(clean(t ?? '')))
    .filter((t) => t !== '');
  const slug = slugWords(url);

  const confirmed = headings.find((heading) => {
    const folded = fold(heading);
    return (
      folded.length >= 5 &&
      references.some((r) => r === folded || (folded.length > 12 && r.includes(folded)) || joined(r) === joined(folded))
    );
  });
  if (confirmed) {
    const folded = fold(confirmed);
    // The heading holds a kicker before the headline.
    if (social !== '' && folded !== fold(social) && folded.endsWith(` ${fold(social)}`)) return social;
    let best = confirmed;
    for (const title of [linked, social]) {
      if (
        title !== '' &&
        slugFit(title, slug) > slugFit(confirmed, slug) + SLUG_MARGIN &&
        slugFit(title, slug) > slugFit(best, slug)
      )
        best = title;
    }
    return best;
  }
  const fallback = candidates[0] ? headlinePart(candidates[0], facts) : (headings[0] ?? documentTitle);
  if (linked !== '') return fallback;
  const likely = headings.find((h) =>
    candidates.some((c) => sharedWords(h, c) >= MIN_SHARED_WORDS || sharedWords(c, h) >= MIN_SHARED_WORDS),
  );
  if (likely && slugFit(fallback, slug) <= slugFit(likely, slug) + SLUG_MARGIN / 2) return likely;
  return fallback;
}

const STRONG_SEPARATOR = /\s*[|｜»«]\s*|\s+::?\s+/u;
/** The name of a site rarely has more words. */
const MAX_SITE_WORDS = 6;

/**
 * Of a title that joins headline, section and site, none of them known: the part a block of the page shows, else what stands before
 * the last bar, or after the first, when that is longer.
 */
function headlinePart(title: string, { blocks }: PageFacts): string {
  const parts = title.split(TITLE_SEPARATOR).map((p) => p.trim());
  if (parts.length < 2) return title;
  const wanted = new Map(parts.concat(title).map((p) => [fold(p), p] as const));
  let shown = '';
  for (const block of blocks) {
    // Links to the front page show the site's name.
    if (block.chars > 300 || block.linkChars > block.chars / 2) continue;
    const part = wanted.get(foldedStart(block));
    if (part && part.length > shown.length && fold(part).split(' ').length >= 3) shown = part;
  }
  if (shown !== '') return shown;
  const strong = title.split(STRONG_SEPARATOR).map((p) => p.trim());
  if (strong.length < 2) return title;
  const [first, last] = [strong[0] as string, strong[strong.length - 1] as string];
  const words = (text: string) => fold(text).split(' ').length;
  if (words(last) <= MAX_SITE_WORDS && title.length - last.length > last.length)
    return title.slice(0, title.lastIndexOf(last)).replace(/[\s|｜»«:]+$/u, '');
  if (words(first) <= MAX_SITE_WORDS && title.length - first.length > first.length)
    return title.slice(first.length).replace(/^[\s|｜»«:]+/u, '');
  return title;
}

/** Without spaces: metadata often lose a quotation mark between two letters. */
const joined = (folded: string) => folded.replaceAll(' ', '');

/** Words of the longest part of the path, which publishers make from the headline. */
function slugWords(url: URL | undefined): Set<string> {
  if (!url) return new Set();
  let path = url.pathname;
  try {
    path = decodeURIComponent(path);
  } catch {
    // Percent signs that encode nothing.
  }
  const longest = path.split('/').reduce((a, b) => (b.length > a.length ? b : a), '');
  const words = fold(longest.replace(/\.\w{2,5}$/, '')).split(' ');
  return new Set(words.filter((w) => w.length > 1 && !/^\d{5,}$/.test(w)));
}

/** Words in common, of all words of both: 0 to 1. */
function slugFit(title: string, slug: Set<string>): number {
  const words = new Set(
    fold(title)
      .split(' ')
      .filter((w) => w.length > 1),
  );
  let common = 0;
  for (const word of words) if (slug.has(word)) common++;
  const all = words.size + slug.size - common;
  return all > 0 ? common / all : 0;
}

/** Share of a's words that are in b. */
function sharedWords(a: string, b: string): number {
  const words = fold(a).split(' ');
  const others = new Set(fold(b).split(' '));
  return words.filter((w) => others.has(w)).length / words.length;
}

function withoutSiteName(title: string, sites: Set<string>): string {
  let rest = title;
  for (let round = 0; round < 3; round++) {
    const parts = rest.split(TITLE_SEPARATOR);
    if (parts.length < 2) break;
    const last = parts[parts.length - 1] as string;
    const first = parts[0] as string;
    if (isSite(last, sites) && rest.length > last.length)
      rest = rest.slice(0, rest.lastIndexOf(last)).replace(/[\s|•·»«›‹–—:_｜-]+$/u, '');
    else if (isSite(first, sites)) rest = rest.slice(first.length).replace(/^[\s|•·»«›‹–—:_｜-]+/u, '');
    else break;
  }
  return rest.trim();
}

function isSite(part: string, sites: Set<string>): boolean {
  const folded = fold(part);
  if (folded === '') return true;
  if (sites.has(folded) || sites.has(folded.replace(/ /g, ''))) return true;
  for (const site of sites)
    if (site.length > 4 && folded.length < 40 && (folded.includes(site) || site.includes(folded))) return true;
  return false;
}

/** The line under the headline, where the page marks one: never the headline itself or a paragraph of the text. */
export function readSubtitle(facts: PageFacts, title: string, titleAt: number): string | undefined {
  const { data, blocks } = facts;
  const stated = data.ld.alternativeHeadline;
  if (stated && fold(stated) !== fold(title)) return clean(stated);
  if (titleAt < 0) return undefined;
  for (const block of blocks.slice(titleAt + 1, titleAt + 5)) {
    const lead = block.hintDistance[HINT_INDEX.lead] as number;
    const marked = (lead >= 0 && lead <= 1) || block.node.tag === 'h2';
    if (marked && block.chars >= 20 && block.chars <= 300 && block.linkChars === 0) return block.text;
  }
  return undefined;
}
