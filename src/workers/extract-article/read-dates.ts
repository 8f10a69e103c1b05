import { parseLooseDate } from '../../shared/dates.ts';
import type { Block } from './blocks.ts';
import { HINT_INDEX } from './hints.ts';
import { type PageFacts, textOf } from './page-facts.ts';
import { fold, matchPhrase } from './phrases.ts';
import type { TreeNode } from './tree.ts';

export type DateSource = 'jsonld' | 'meta' | 'itemprop' | 'time' | 'url' | 'text';

export interface PublishedDates {
  /** ISO 8601. */
  publishedAt?: string;
  publishedSource?: DateSource;
  modifiedAt?: string;
}

const PUBLISHED_META = [
  'article:published_time',
  'og:article:published_time',
  'og:published_time',
  'article:published',
  'datepublished',
  'article.published',
  'published_time',
  'published-date',
  'published_date',
  'publisheddate',
  'publish-date',
  'publish_date',
  'publishdate',
  'publication_date',
  'publicationdate',
  'pubdate',
  'pub_date',
  'rnews:datepublished',
  'parsely-pub-date',
  'sailthru.date',
  'cxenseparse:recs:publishtime',
  'vr:published_time',
  'datetime',
  'date_published',
  'article_date_original',
  'article:post_date',
  'dc.date.issued',
  'dcterms.issued',
  'dc.date.published',
  'dcterms.created',
  'dcterms.date',
  'dc.date.created',
  'dc.date',
  'dc.created',
  'citation_publication_date',
  'citation_date',
  'iso-8601-publish-date',
  'last-publish-date',
  'creation_date',
  'created',
  'timestamp',
  'displaydate',
  'date',
  'datecreated',
  'og:pubdate',
  'bt:pubdate',
  'uploaddate',
  'og:regdate',
];
const MODIFIED_META = [
  'article:modified_time',
  'og:updated_time',
  'article:modified',
  'datemodified',
  'modified_time',
  'dcterms.modified',
  'dc.date.modified',
  'last-modified',
  'lastmod',
  'last_updated_date',
  'revised',
];

/** A date may lie this far ahead of `now`: time zones, and pages dated tomorrow. */
const MAX_AHEAD_MS = 24 * 3600 * 1000;

/** When the article was published and last changed, from the most to the least trustworthy place that states it. */
export function readDates(facts: PageFacts, titleAt: number, bodyFrom: number, now: Date | undefined): PublishedDates {
  const { data } = facts;
  const { meta, ld } = data;
  const parse = (text: string | undefined): string | undefined => {
    if (!text) return undefined;
    const found = parseLooseDate(text.replace(/[[\]]/g, ' '), { now });
    if (!found || found.precision === 'year' || found.precision === 'month') return undefined;
    const time = found.date.getTime();
    if (now && time > now.getTime() + MAX_AHEAD_MS) return undefined;
    return found.date.toISOString();
  };
  const first = (texts: (string | undefined)[]): string | undefined => {
    for (const text of texts) {
      const at = parse(text);
      if (at) return at;
    }
    return undefined;
  };

  const modifiedAt = first([
    ld.dateModified,
    ...MODIFIED_META.map((k) => meta.get(k)),
    ...itempropValues(facts, /^datemodified$/i),
  ]);
  const attempts: [DateSource, () => string | undefined][] = [
    ['jsonld', () => parse(ld.datePublished)],
    ['meta', () => first(PUBLISHED_META.map((k) => meta.get(k)))],
    ['itemprop', () => first(itempropValues(facts, /^(?:datepublished|datecreated|dateposted)$/i))],
    ['time', () => first(timeElements(facts, titleAt, bodyFrom))],
    ['text', () => dateInText(facts, titleAt, bodyFrom, parse)],
    ['url', () => parse(dateInUrl(facts.url))],
  ];
  for (const [publishedSource, attempt] of attempts) {
    const publishedAt = attempt();
    if (publishedAt) return { publishedAt, publishedSource, modifiedAt };
  }
  return { modifiedAt };
}

function itempropValues(facts: PageFacts, name: RegExp): string[] {
  return facts.tree.marked
    .filter((n) => (n.attrs.itemprop ?? '').split(/\s+/).some((p) => name.test(p)))
    .flatMap((n) => [n.attrs.datetime, n.attrs.content, textOf(n)])
    .filter((t): t is string => t !== undefined && t !== '');
}

/** `<time>` elements, those nearest to the headline or the beginning of the body first; ones in lists of other articles are far. */
function timeElements(facts: PageFacts, titleAt: number, bodyFrom: number): string[] {
  const distance = (node: TreeNode) => {
    const near = [titleAt, bodyFrom].filter((i) => i >= 0).map((i) => Math.abs(node.from - i));
    const marked =
      /publish|entry-date|posted|pubdate/i.test(node.attrs.class ?? '') || node.attrs.pubdate !== undefined;
    return Math.min(...near, 1000) + (marked ? 0 : 3) + (/updated|modified/i.test(node.attrs.class ?? '') ? 6 : 0);
  };
  return facts.tree.times
    .map((node) => ({ node, distance: distance(node) }))
    .filter(({ distance: d }) => d < 60)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 5)
    .flatMap(({ node }) => [node.attrs.datetime, textOf(node)])
    .filter((t): t is string => t !== undefined && t !== '');
}

/** `/2024/05/03/`, `/20240503/` or `-2024-05-03` in the path. */
function dateInUrl(url: URL | undefined): string | undefined {
  if (!url) return undefined;
  const m =
    /(?:^|[/_-])((?:19|20)\d{2})[/_-](0?[1-9]|1[0-2])[/_-](0?[1-9]|[12]\d|3[01])(?=$|[/_.-])/.exec(url.pathname) ??
    /(?:^|[/_-])((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=$|[/_.-])/.exec(url.pathname);
  return m ? `${m[1]}-${(m[2] as string).padStart(2, '0')}-${(m[3] as string).padStart(2, '0')}` : undefined;
}

const CLOCK = String.raw`(?:[\s,،|·T@-]*(?:at|um|à|alle|в|kl\.?)?\s*\d{1,2}[:h]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?|[صم](?!\p{L})|صباحا?ً?|مساءً?)?)?`;
const DATE_PATTERNS = [
  String.raw`\d{4}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,2}(?!\d)${CLOCK}`,
  String.raw`(?<!\d)\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{4}(?!\d)${CLOCK}`,
  String.raw`(?<!\d)\d{1,2}(?:st|nd|rd|th|er|\.|º)?\s+(?:de\s+|of\s+)?\p{L}[\p{L}\p{M}]+\.?(?:\s*[/-]\s*\p{L}[\p{L}\p{M}]+(?:\s+\p{L}[\p{L}\p{M}]+)?)?,?\s+(?:de\s+|del\s+)?\d{4}(?!\d)${CLOCK}`,
  String.raw`\p{L}[\p{L}\p{M}]{2,}\.?\s+\d{1,2}(?:st|nd|rd|th)?\s?[,،]?\s+\d{4}(?!\d)${CLOCK}`,
  String.raw`\d{4}\s*[年년]\s*\d{1,2}\s*[月월]\s*\d{1,2}\s*[日일]`,
].map((source) => new RegExp(source, 'u'));

const MAX_DATE_LINE = 160;

/** A date written near the headline or the beginning or end of the body. */
function dateInText(
  facts: PageFacts,
  titleAt: number,
  bodyFrom: number,
  parse: (text: string) => string | undefined,
): string | undefined {
  const { blocks } = facts;
  const anchor = titleAt >= 0 ? titleAt : bodyFrom;
  if (anchor < 0) return undefined;
  const candidates: { at: string; rank: number }[] = [];
  const from = Math.max(0, Math.min(anchor, bodyFrom < 0 ? anchor : bodyFrom) - 12);
  const to = Math.min(blocks.length, Math.max(anchor + 15, Math.min(bodyFrom + 4, anchor + 40)));
  for (let i = from; i < to; i++) {
    const block = blocks[i] as Block;
    if (block.chars > MAX_DATE_LINE) continue;
    const text = block.text
      .replace(/[٠-٩۰-۹]/g, (d) => String(d.charCodeAt(0) & 0xf))
      .replace(/\s?\/\s?/g, (m, at: number, all: string) => (/\d\s?$/.test(all.slice(0, at)) ? '/' : m));
    const found = parsedPart(text, parse);
    if (!found) continue;
    const folded = fold(text.slice(0, 60));
    const phrase = matchPhrase(folded);
    const updated =
      /updat|modif|actualiz|aktualis|mis a jour|تحديث|محدث|обновл|güncel/.test(folded) &&
      !/publi|نشر|post/.test(folded);
    const hinted =
      (block.hintDistance[HINT_INDEX.meta] as number) >= 0 && (block.hintDistance[HINT_INDEX.meta] as number) <= 2;
    const related =
      (block.hintDistance[HINT_INDEX.related] as number) >= 0 &&
      (block.hintDistance[HINT_INDEX.related] as number) <= 3;
    const rank =
      Math.abs(i - anchor) -
      (phrase?.kind === 'date' ? 6 : 0) -
      (hinted ? 3 : 0) +
      (updated ? 8 : 0) +
      (related ? 15 : 0) +
      (block.chars > 70 ? 4 : 0) +
      (i < anchor ? 2 : 0);
    candidates.push({ at: found, rank });
  }
  candidates.sort((a, b) => a.rank - b.rank);
  return candidates[0]?.at;
}

function parsedPart(text: string, parse: (text: string) => string | undefined): string | undefined {
  for (const pattern of DATE_PATTERNS) {
    const match = pattern.exec(text);
    const at = match ? parse(match[0].replace(/\s*([-/.])\s*(?=\d)/g, '$1')) : undefined;
    if (at) return at;
  }
  return text.length < 60 && /\d/.test(text) ? parse(text) : undefined;
}
