import { type Block, foldedStart } from './blocks.ts';
import { headingLevel } from './find-title.ts';
import { HINT_INDEX } from './hints.ts';
import { clean, type PageFacts, textOf } from './page-facts.ts';
import { fold } from './phrases.ts';
import { TextNode, TreeNode } from './tree.ts';

const TITLE_SEPARATOR = /\s+(?:[|•·»«›‹–—/<>~⋆★☆≡▷►-]|--)\s+|\s*[|»«]\s*|\s+::?\s+|\s*[｜丨]\s*|\s*_\s*(?=[^_]*$)/u;

/** Share of words that two titles must have in common before one may stand for the other. */
const MIN_SHARED_WORDS = 0.4;
/** And without an h1, before a lower heading may. */
const MIN_SHARED_WITH_LOWER = 0.7;
/** An h1 that no metadata confirm is believed unless another title fits the address better by this. */
const SLUG_MARGIN = 0.3;
/** A second headline this many blocks from the h1 belongs to the same article. */
const NEXT_TO_H1 = 5;

/** An h1 that may be the headline: its text without a kicker, and that folded. */
interface Heading {
  node: TreeNode;
  text: string;
  folded: string;
}

/**
 * The headline as readers see it, without kicker, section and site name. A heading that the metadata confirm wins; an h1 they
 * do not confirm is measured against JSON-LD, social titles and the address.
 */
export function readTitle(facts: PageFacts, sites: Set<string>): string {
  const { tree, data } = facts;
  const { ld, meta } = data;
  const documentTitle = tree.titles[0] ? clean(textOf(tree.titles[0])) : '';
  const linked = stated(ld.headline, sites);
  const social = stated(meta.get('og:title'), sites) || stated(meta.get('twitter:title'), sites);
  const h1s = headingsOf(tree.h1s, [linked, social], sites);
  const shown = shownBesideH1(facts, h1s, [linked, social]);
  if (shown !== undefined) return shown;
  if (social.length >= MIN_HEADLINE_CHARS && h1s.some(({ text }) => isAfterKicker(fold(social), text))) return social;
  const references = [ld.headline, meta.get('og:title'), meta.get('twitter:title'), meta.get('dc.title')]
    .concat(meta.get('title'), documentTitle)
    .map((t) => (t ? fold(clean(t)) : ''))
    .filter((t) => t !== '');
  const confirmed = h1s.find(({ folded }) => isConfirmed(folded, references));
  if (confirmed !== undefined) {
    // JSON-LD and social title both join what stands above the heading to it.
    const isJoined = fold(linked).endsWith(` ${confirmed.folded}`) && fold(linked) === fold(social);
    return isJoined ? linked : confirmed.text;
  }
  return likelyTitle(facts, sites, { linked, social, documentTitle, h1s });
}

/** A title that metadata give, without the site's name. */
function stated(text: string | undefined, sites: Set<string>): string {
  return text ? withoutSiteName(clean(text), sites) : '';
}

function headingsOf(nodes: readonly TreeNode[], titles: readonly string[], sites: Set<string>): Heading[] {
  const found: Heading[] = [];
  for (const node of nodes.slice(0, 10)) {
    if (isFrontPageLink(node)) continue;
    const text = clean(headlineIn(node, titles));
    if (text.length <= 3 || text.length > MAX_HEADLINE_CHARS) continue;
    const folded = fold(text);
    if (!sites.has(folded)) found.push({ node, text, folded });
  }
  return found;
}

interface Titles {
  linked: string;
  social: string;
  documentTitle: string;
  h1s: readonly Heading[];
}

/** Where the metadata confirm no h1. */
function likelyTitle(facts: PageFacts, sites: Set<string>, { linked, social, documentTitle, h1s }: Titles): string {
  const { meta } = facts.data;
  const others = [meta.get('dc.title'), meta.get('title'), documentTitle].map((title) => stated(title, sites));
  const candidates = [linked, social, ...others].filter((t) => t !== '' && !sites.has(fold(t)));
  const unstated = () => h1s[0]?.text ?? markedHeadline(facts) ?? documentTitle;
  const fallback = candidates[0] ? headlinePart(candidates[0], facts) : unstated();
  if (linked !== '') return fallback;
  const [marked, another] = h1s.filter(({ node }) => isMarked(node));
  if (marked && !another) return marked.text;
  const slug = slugWords(facts.url);
  const likely = h1s.find(({ text }) =>
    candidates.some((c) => sharedWords(text, c) >= MIN_SHARED_WORDS || sharedWords(c, text) >= MIN_SHARED_WORDS),
  )?.text;
  if (likely !== undefined) return slugFit(fallback, slug) > slugFit(likely, slug) + SLUG_MARGIN ? fallback : likely;
  return h1s.length > 0 ? fallback : (lowerHeading(facts, fallback) ?? fallback);
}

/** What some publishers set in the same h1 before the headline: kickers, badges, words for screen readers. */
const KICKER_CLASS =
  /(?:^|[^a-z])(?:kicker|(?:over|top|sur|pre)[-_]?(?:line|title|titre|headline|titel|titulo)|eyebrow|dachzeile|spitzmarke|rubri[ck]?|topic|category|anteti?tulo|cintillo|occhiello|volanta|roofline|badge|label|flag|premium|paid|exclusive|visually[-_]?hidden|sr[-_]only)(?![a-z])/i;
const MIN_HEADLINE_CHARS = 12;
const MAX_HEADLINE_CHARS = 500;
/** Longer texts are no headline unless an h1 says so. */
const MAX_MARKED_CHARS = 200;

/** The text of an h1 without the kicker it begins with, unless metadata give both or little else is left. */
function headlineIn(h1: TreeNode, titles: readonly string[]): string {
  const whole = textOf(h1);
  let kicker = false;
  let rest = '';
  const collect = (node: TreeNode) => {
    for (let child = node.first; child; child = child.next) {
      if (child instanceof TextNode) rest += child.text;
      else if (rest.trim() === '' && KICKER_CLASS.test(child.className.text)) kicker = true;
      else collect(child);
    }
  };
  collect(h1);
  rest = rest.replace(/^[\s|•·:–—-]+/u, '');
  if (!kicker || rest.trim().length < MIN_HEADLINE_CHARS) return whole;
  const folded = fold(whole);
  return titles.some((title) => fold(title) === folded) ? whole : rest;
}

/** Class names and properties that say of a heading that it is the article's. */
const HEADLINE_CLASS =
  /(?:^|[^a-z])(?:entry|post|article|story|news|single|blog|content)(?:[-_]{0,2}[a-z]+)?[-_]{0,2}(?:title|headline|heading)|(?:^|[^a-z])headline(?![a-z])/i;

function isMarked(node: TreeNode): boolean {
  return /\b(?:headline|name)\b/.test(node.get('itemprop') ?? '') || HEADLINE_CLASS.test(node.className.text);
}

/** Whether all of an h1 is a link to the front page: the site's name, or its logo with the name in words. */
function isFrontPageLink(h1: TreeNode): boolean {
  const [only, ...more] = h1.children().filter((child) => child instanceof TreeNode || child.text.trim() !== '');
  if (!(only instanceof TreeNode) || more.length > 0 || only.tag !== 'a') return false;
  return /^(?:https?:\/\/[^/?#]+)?\/?(?:index\.\w+|(?:[a-z]{2}\/?))?$/i.test(only.get('href') ?? '#');
}

/** Where neither an h1 nor metadata have a headline: the first text marked as one that leads nowhere. */
function markedHeadline({ tree, blocks }: PageFacts): string | undefined {
  const isHeadline = (block: Block | undefined) =>
    block &&
    !block.hidden &&
    block.linkChars === 0 &&
    block.text.length >= MIN_HEADLINE_CHARS &&
    block.text.length <= MAX_MARKED_CHARS;
  const item = tree.marked.find((n) => /\bheadline\b/.test(n.get('itemprop') ?? '') && isHeadline(blocks[n.from]));
  if (item) return clean(item.get('content') ?? textOf(item)) || undefined;
  return blocks.find((b) => isHeadline(b) && b.hintDistance[HINT_INDEX.title] === 0)?.text;
}

const KICKER_END = /[:：|•·»!?–—]|\s-\s/gu;

/** Whether the heading is the title with a kicker and a sign before it. */
function isAfterKicker(title: string, heading: string): boolean {
  if (!fold(heading).endsWith(` ${title}`)) return false;
  return [...heading.matchAll(KICKER_END)].some((sign) => fold(heading.slice(sign.index)) === title);
}

/** Whether metadata give the heading, or its words in another order, with or without more before or after. */
function isConfirmed(folded: string, references: readonly string[]): boolean {
  return (
    folded.length >= 5 &&
    references.some(
      (r) =>
        r === folded ||
        (folded.length > 12 && r.includes(folded)) ||
        joined(r) === joined(folded) ||
        (r.length === folded.length && sorted(r) === sorted(folded)),
    )
  );
}

const sorted = (folded: string) => folded.split(' ').sort().join(' ');

/**
 * A heading that JSON-LD or the social title give, beside an h1 that says something else: the h1 is then one for search engines,
 * small in the breadcrumbs.
 */
function shownBesideH1({ blocks }: PageFacts, h1s: readonly Heading[], titles: readonly string[]): string | undefined {
  const at = h1s[0]?.node.from;
  if (at === undefined) return undefined;
  const wanted = new Map<string, string>();
  for (const title of titles) if (title !== '') wanted.set(fold(title), title);
  for (const { folded } of h1s) wanted.delete(folded);
  if (wanted.size === 0) return undefined;
  for (const block of blocks.slice(Math.max(0, at - NEXT_TO_H1), at + NEXT_TO_H1 + 1)) {
    const level = headingLevel(block.node.tag);
    if (level < 2 || level > 4 || block.hidden || block.linkChars > 0) continue;
    const title = wanted.get(foldedStart(block));
    if (title !== undefined) return title;
  }
  return undefined;
}

/** On a page without h1: the first lower heading that says nearly the same as the title. */
function lowerHeading({ blocks }: PageFacts, title: string): string | undefined {
  for (const block of blocks) {
    const level = headingLevel(block.node.tag);
    if (level < 2 || level > 3 || block.hidden || block.chars > 300 || block.linkChars > 0) continue;
    if (
      sharedWords(title, block.text) >= MIN_SHARED_WITH_LOWER &&
      sharedWords(block.text, title) >= MIN_SHARED_WITH_LOWER
    )
      return block.text;
  }
  return undefined;
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

const COLON = /[:：]\s/;
/** "Site: headline" and "headline: site". */
const BEFORE_COLON = /^([^:：]{2,60}?)\s?[:：]\s(.+)$/u;
const AFTER_COLON = /^(.*[^\s:：])\s?[:：]\s([^:：]{2,60})$/u;

function withoutSiteName(title: string, sites: Set<string>): string {
  if (COLON.test(title)) {
    const [, before = '', behind = ''] = BEFORE_COLON.exec(title) ?? [];
    if (sites.has(fold(before))) return behind;
    const [, front = '', after = ''] = AFTER_COLON.exec(title) ?? [];
    if (sites.has(fold(after))) return front;
  }
  let rest = title;
  for (let round = 0; round < 3; round++) {
    const parts = rest.split(TITLE_SEPARATOR);
    if (parts.length < 2) break;
    const last = parts[parts.length - 1] as string;
    const first = parts[0] as string;
    if (isSite(last, sites) && rest.length > last.length)
      rest = rest.slice(0, rest.lastIndexOf(last)).replace(/[\s|•·»«›‹–—:_｜/<>~⋆★☆≡▷►-]+$/u, '');
    else if (isSite(first, sites)) rest = rest.slice(first.length).replace(/^[\s|•·»«›‹–—:_｜/<>~⋆★☆≡▷►-]+/u, '');
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

/**
 * The line under the headline, where the page marks one: never the headline itself, once more with its kicker, or a heading of the
 * text.
 */
export function readSubtitle(
  facts: PageFacts,
  title: string,
  titleAt: number,
  kept: ReadonlySet<Block>,
): string | undefined {
  const { data, blocks } = facts;
  const foldedTitle = fold(title);
  const isOther = (text: string) => {
    const folded = fold(text);
    return folded !== '' && !folded.includes(foldedTitle) && !foldedTitle.includes(folded);
  };
  const stated = clean(data.ld.alternativeHeadline ?? '');
  if (isOther(stated)) return stated;
  if (titleAt < 0) return undefined;
  for (const block of blocks.slice(titleAt + 1, titleAt + 5)) {
    const lead = block.hintDistance[HINT_INDEX.lead] as number;
    // What the text keeps is one of its headings, unless it stands in one box with the headline.
    const isBeside = block.node.parent === blocks[titleAt]?.node.parent;
    const isHeading = block.node.tag === 'h2' && (isBeside || !kept.has(block));
    if (!isHeading && !(lead >= 0 && lead <= 1)) continue;
    if (block.chars < 20 || block.chars > 300 || block.linkChars > 0 || /[:：]$/.test(block.text)) continue;
    if (isOther(block.text)) return block.text;
  }
  return undefined;
}
