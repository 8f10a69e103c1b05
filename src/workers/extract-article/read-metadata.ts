import type { Direction } from '../../shared/model.ts';
import type { Block } from './blocks.ts';
import { HINT_INDEX } from './hints.ts';
import { fold, matchPhrase } from './phrases.ts';
import type { StructuredData } from './structured-data.ts';
import type { Tree, TreeNode } from './tree.ts';

export interface PageFacts {
  tree: Tree;
  data: StructuredData;
  blocks: Block[];
  url: URL | undefined;
}

/** The text of an element, white space collapsed. */
export function textOf(node: TreeNode): string {
  const parts: string[] = [];
  const collect = (n: TreeNode) => {
    for (const child of n.children) {
      if (typeof child === 'string') parts.push(child);
      else collect(child);
    }
  };
  collect(node);
  return parts.join('').replace(/\s+/g, ' ').trim();
}

/** All elements with a tag name, in document order. */
export function elementsByTag(root: TreeNode, tag: string, limit = 50): TreeNode[] {
  const found: TreeNode[] = [];
  const visit = (node: TreeNode) => {
    for (const child of node.children) {
      if (typeof child === 'string' || found.length >= limit) continue;
      if (child.tag === tag) found.push(child);
      visit(child);
    }
  };
  visit(root);
  return found;
}

const BIDI_CONTROLS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const TITLE_SEPARATOR = /\s+[|•·»«›‹–—-]\s+|\s*[|»«]\s*|\s+::?\s+|\s*[｜丨]\s*|\s*_\s*(?=[^_]*$)/u;

function clean(text: string): string {
  return decodeLeftoverEntities(text).replace(BIDI_CONTROLS, '').replace(/\s+/g, ' ').trim();
}

/** Metadata is often escaped twice. */
function decodeLeftoverEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text
    .replace(/<[^>]{1,200}>/g, '')
    .replace(/&#x([0-9a-f]{1,6});/gi, (_m, hex: string) => codePoint(Number.parseInt(hex, 16)))
    .replace(/&#(\d{1,7});/g, (_m, dec: string) => codePoint(Number(dec)))
    .replace(
      /&(quot|apos|lt|gt|nbsp|rsquo|lsquo|rdquo|ldquo|ndash|mdash|hellip|amp);/g,
      (_m, name: string) => NAMED[name] as string,
    );
}
const NAMED: Record<string, string> = {
  quot: '"',
  apos: "'",
  lt: '<',
  gt: '>',
  nbsp: ' ',
  rsquo: '’',
  lsquo: '‘',
  rdquo: '”',
  ldquo: '“',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  amp: '&',
};
function codePoint(value: number): string {
  return value > 0 && value <= 0x10ffff ? String.fromCodePoint(value) : '';
}

/** Names the site goes by, folded: from metadata and the host. */
export function siteNames(facts: PageFacts): Set<string> {
  const { data, url } = facts;
  const names = new Set<string>();
  for (const name of [
    data.meta.get('og:site_name'),
    data.meta.get('application-name'),
    data.meta.get('twitter:site'),
    data.ld.publisher,
    data.ld.siteName,
  ]) {
    if (name) names.add(fold(name));
  }
  const host = url?.hostname.replace(/^www\./, '');
  if (host) {
    names.add(fold(host));
    for (const label of host.split('.').slice(0, -1)) if (label.length > 3) names.add(fold(label));
  }
  names.delete('');
  return names;
}

/** The headline, without section and site name. */
export function readTitle(facts: PageFacts, sites: Set<string>): string {
  const { tree, data } = facts;
  const headings = elementsByTag(tree.root, 'h1', 10)
    .map((n) => clean(textOf(n)))
    .filter((t) => t.length > 3);
  const documentTitle = elementsByTag(tree.root, 'title', 1).map((n) => clean(textOf(n)))[0] ?? '';
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

const BYLINE_CLASS = /\b(byline|author|authors|writer|reporter|contributor)\b/;

/** Names of people (or the newsroom, where the page names no one). */
export function readAuthors(facts: PageFacts, sites: Set<string>): string[] {
  const { tree, data, blocks } = facts;
  const fromLd = cleanAuthors(data.ld.authors, sites);
  if (fromLd.length > 0) return fromLd;
  for (const key of [
    'author',
    'article:author',
    'parsely-author',
    'sailthru.author',
    'dc.creator',
    'dcterms.creator',
    'byl',
    'article:author_name',
    'cxenseparse:author',
  ]) {
    const names = cleanAuthors(data.metaAll.get(key) ?? [], sites);
    if (names.length > 0) return names;
  }
  const marked: string[] = [];
  const visit = (node: TreeNode) => {
    for (const child of node.children) {
      if (typeof child === 'string' || marked.length >= 10) continue;
      const { itemprop, rel } = child.attrs;
      if ((itemprop && /\bauthor\b/.test(itemprop)) || (rel && /\bauthor\b/.test(rel))) marked.push(textOf(child));
      else visit(child);
    }
  };
  visit(tree.root);
  const fromMarks = cleanAuthors(marked, sites);
  if (fromMarks.length > 0) return fromMarks;
  for (const block of blocks) {
    if (block.chars > 120) continue;
    const distance = block.hintDistance[HINT_INDEX.meta] as number;
    const names = `${block.node.attrs.class ?? ''} ${block.node.parent?.attrs.class ?? ''}`
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .replace(/[^a-z]+/g, ' ');
    if (distance >= 0 && distance <= 1 && BYLINE_CLASS.test(names)) {
      const found = cleanAuthors([block.text], sites);
      if (found.length > 0) return found;
    }
  }
  return [];
}

/** Splits and cleans credit lines; addresses, the site itself and empty roles are dropped. */
export function cleanAuthors(lines: string[], sites: Set<string>): string[] {
  const names: string[] = [];
  for (const line of lines) {
    if (/^https?:|^\/|@\S+\.\w|^www\./.test(line.trim()) || line.length > 300) continue;
    let rest = clean(line);
    for (let round = 0; round < 2; round++) {
      const phrase = matchPhrase(fold(rest));
      if (phrase?.kind !== 'byline' || phrase.whole) break;
      rest = dropFolded(rest, phrase.length);
    }
    for (const part of rest.split(
      /\s*(?:[;|/،]|,(?!\s*(?:Jr|Sr|PhD|MD|III?)\b)|\s&\s|\s(?:and|und|et|y|e|og|och|en|и|ve|و)\s)\s*/u,
    )) {
      const name = part.replace(/^[\s:–—-]+|[\s:–—-]+$/g, '');
      const folded = fold(name);
      if (folded.length < 2 || folded.length > 60 || /\d{3}/.test(name) || matchPhrase(folded)?.whole) continue;
      if (!names.some((n) => fold(n) === folded)) names.push(name);
    }
  }
  const people = names.filter((n) => !sites.has(fold(n)));
  return people.length > 0 ? people : names;
}

/** Removes as many leading code units as fold into the first `length` folded ones. */
function dropFolded(text: string, length: number): string {
  for (let end = 1; end <= text.length; end++) {
    if (fold(text.slice(0, end)).length >= length && !/[\p{L}\p{M}]/u.test(text[end] ?? ' '))
      return text.slice(end).replace(/^[\s:،,–—-]+/, '');
  }
  return text;
}

/** First of several texts that reads as a date, as ISO 8601. */
export function readPublished(facts: PageFacts): { at?: string; source?: string } {
  const { data, tree } = facts;
  const { meta, ld } = data;
  const sources: [string, string | undefined][] = [
    ['jsonld', ld.datePublished],
    ...[
      'article:published_time',
      'og:published_time',
      'datepublished',
      'date',
      'pubdate',
      'publishdate',
      'parsely-pub-date',
      'sailthru.date',
      'dc.date.issued',
      'dc.date',
      'dcterms.created',
      'article:published',
      'publish_date',
      'published_time',
    ].map((key): [string, string | undefined] => ['meta', meta.get(key)]),
  ];
  for (const node of elementsByTag(tree.root, 'time', 5)) sources.push(['time', node.attrs.datetime]);
  for (const [source, value] of sources) {
    const at = value === undefined ? Number.NaN : Date.parse(value);
    if (Number.isFinite(at)) return { at: new Date(at).toISOString(), source };
  }
  return {};
}

/** The declared language, as a lower-case primary subtag with its region where given: `ar`, `pt-BR`. */
export function readLanguage(facts: PageFacts): string | undefined {
  const { tree, data } = facts;
  const html = tree.root.children.find((c): c is TreeNode => typeof c !== 'string' && c.tag === 'html');
  for (const value of [
    html?.attrs.lang,
    data.ld.language,
    data.meta.get('content-language'),
    data.meta.get('language'),
    data.meta.get('og:locale'),
  ]) {
    const match = /^\s*([a-z]{2,3})(?:[-_]([a-z]{2}|\d{3}))?(?![a-z])/i.exec(value ?? '');
    if (match) return (match[1] as string).toLowerCase() + (match[2] ? `-${match[2].toUpperCase()}` : '');
  }
  return undefined;
}

const RTL_LETTERS = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/g;
const LETTERS = /\p{L}/gu;

/** Of the text's letters; of the declared language where there are none. */
export function readDirection(facts: PageFacts, text: string): Direction {
  const sample = text.slice(0, 4000);
  const letters = sample.match(LETTERS)?.length ?? 0;
  if (letters > 0) return (sample.match(RTL_LETTERS)?.length ?? 0) * 2 > letters ? 'rtl' : 'ltr';
  return /^(?:ar|fa|he|ur|ps|ckb|sd|ug|yi|dv)\b/.test(readLanguage(facts) ?? '') ? 'rtl' : 'ltr';
}
