import { HINT_INDEX } from './hints.ts';
import { clean, type PageFacts, textOf } from './page-facts.ts';
import { fold } from './phrases.ts';

const TITLE_SEPARATOR = /\s+[|•·»«›‹–—-]\s+|\s*[|»«]\s*|\s+::?\s+|\s*[｜丨]\s*|\s*_\s*(?=[^_]*$)/u;

/** The headline, without section and site name. */
export function readTitle(facts: PageFacts, sites: Set<string>): string {
  const { tree, data } = facts;
  const headings = tree.h1s
    .slice(0, 10)
    .map((n) => clean(textOf(n)))
    .filter((t) => t.length > 3);
  const documentTitle = tree.titles.slice(0, 1).map((n) => clean(textOf(n)))[0] ?? '';
  const candidates = [
    data.ld.headline,
    data.meta.get('og:title'),
    data.meta.get('twitter:title'),
    data.meta.get('dc.title'),
    data.meta.get('title'),
  ]
    .filter((t): t is string => t !== undefined)
    .map(clean)
    .filter((t) => t !== '');
  const references = [...candidates, documentTitle].map(fold).filter((t) => t !== '');
  // The h1 that the metadata confirm is the headline as readers see it.
  for (const heading of headings) {
    const folded = fold(heading);
    if (
      folded.length >= 5 &&
      !sites.has(folded) &&
      references.some((r) => r === folded || (folded.length > 12 && r.includes(folded)))
    )
      return heading;
  }
  for (const candidate of [...candidates, documentTitle]) {
    const title = withoutSiteName(candidate, sites);
    if (title !== '' && !sites.has(fold(title))) return title;
  }
  return headings[0] ?? withoutSiteName(documentTitle, sites);
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
