import { parseLooseDate, westernDigits } from '../../shared/dates.ts';
import { type Block, foldedStart } from './blocks.ts';
import { isWithin, type PageFacts, textOf } from './page-facts.ts';
import { fold, matchPhrase } from './phrases.ts';
import { readLanguage } from './read-language.ts';
import { hasWord } from './structured-data.ts';
import type { TreeNode } from './tree.ts';

export type DateSource = 'jsonld' | 'meta' | 'itemprop' | 'time' | 'url' | 'text';

export interface PublishedDates {
  /** ISO 8601. */
  publishedAt: string | undefined;
  publishedSource: DateSource | undefined;
  modifiedAt: string | undefined;
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
  'published_on',
  'published-on',
  'publish_on',
  'og:publish_date',
  'article:publish_date',
  'article-published',
  'article.created',
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

/** Whether a name that is not among those above says the same, whatever its prefix, order and signs. */
function isPublishedKey(key: string): boolean {
  const letters = key.replace(/[^a-z]/g, '');
  if (/modif|updat|expir|unpubl|remov|event|start|end|valid|last|next/.test(letters)) return false;
  return (
    /(?:publi(?:sh|shed|cation)|pub|release|post|posted|creat(?:e|ed|ion)|issued|news|story|article|content)(?:ed)?(?:date|time|at|on)(?:time)?$/.test(
      letters,
    ) || /date(?:of)?x?(?:publi(?:sh|shed|cation)|issued|created|release)$|firstpublished$/.test(letters)
  );
}

/** A date may lie this far ahead of `now`: time zones, and pages dated tomorrow. */
const MAX_AHEAD_MS = 24 * 3600 * 1000;

/** Blocks of headline and text, -1 where there is none. */
export interface BodyRange {
  titleAt: number;
  bodyFrom: number;
  bodyTo: number;
}

/** Month before day, as the United States write it. */
const NUMERIC_DATE = /^\s*(0[1-9]|1[0-2])[-/](0[1-9]|1[0-2])[-/]((?:19|20)\d{2})(?!\d)/;

/** When the article was published and last changed, from the most to the least trustworthy place that states it. */
export function readDates(facts: PageFacts, range: BodyRange, now: Date | undefined): PublishedDates {
  const { meta, ld } = facts.data;
  const language = readLanguage(facts);
  const isAmerican = language === 'en-US' || (language === 'en' && /^en.US/i.test(meta.get('og:locale') ?? ''));
  const parse: DateParser = (text) => {
    if (!text) return undefined;
    const bare = text.replace(/[[\]]/g, ' ');
    const found = parseLooseDate(isAmerican ? bare.replace(NUMERIC_DATE, '$3-$1-$2') : bare, { now });
    if (!found || found.precision === 'year' || found.precision === 'month') return undefined;
    const time = found.date.getTime();
    if (now && time > now.getTime() + MAX_AHEAD_MS) return undefined;
    return found.date.toISOString();
  };
  const modifiedAt =
    parse(ld.dateModified) ??
    firstNamed(meta, MODIFIED_META, parse) ??
    firstOf(itempropValues(facts, ['datemodified']), parse);
  for (const [publishedSource, publishedAt] of publishedDates(facts, range, parse)) {
    if (publishedAt) return { publishedAt, publishedSource, modifiedAt };
  }
  return { publishedAt: undefined, publishedSource: undefined, modifiedAt };
}

/** A moment in ISO 8601 from a text that states one. */
type DateParser = (text: string | undefined) => string | undefined;

/** What each place says, read one at a time as they are asked for. */
function* publishedDates(
  facts: PageFacts,
  { titleAt, bodyFrom, bodyTo }: BodyRange,
  parse: DateParser,
): Generator<[DateSource, string | undefined]> {
  const { meta, ld } = facts.data;
  yield ['jsonld', parse(ld.datePublished)];
  yield ['meta', firstNamed(meta, PUBLISHED_META, parse)];
  yield ['itemprop', firstOf(itempropValues(facts, ['datepublished', 'datecreated', 'dateposted']), parse)];
  yield ['time', firstOf(timeElements(facts, titleAt, bodyFrom), parse)];
  yield ['meta', firstNamed(meta, [...meta.keys()].filter(isPublishedKey), parse)];
  yield ['text', dateInTitles(facts, parse)];
  yield ['text', dateInText(facts, titleAt, bodyFrom, parse)];
  yield ['url', parse(dateInUrl(facts.url))];
  yield ['text', dateBelowText(facts, bodyTo, parse)];
}

function firstOf(texts: readonly string[], parse: DateParser): string | undefined {
  for (const text of texts) {
    const at = parse(text);
    if (at) return at;
  }
  return undefined;
}

function firstNamed(
  meta: ReadonlyMap<string, string>,
  names: readonly string[],
  parse: DateParser,
): string | undefined {
  for (const name of names) {
    const text = meta.get(name);
    const at = text && parse(text);
    if (at) return at;
  }
  return undefined;
}

function itempropValues({ tree, blocks }: PageFacts, names: readonly string[]): string[] {
  const values: (string | undefined)[] = [];
  for (const node of tree.marked) {
    const properties = (node.get('itemprop') ?? '').toLowerCase();
    if (!names.some((name) => hasWord(properties, name)) || isInComments(node, blocks)) continue;
    values.push(node.get('datetime'), node.get('content'), node.get('title'), textOf(node));
  }
  return values.filter((value) => value !== undefined && value !== '') as string[];
}

/** Comments are dated with the same mark-up as articles. Above five levels a class such as "has-comments" is the page's. */
const isInComments = (node: TreeNode, blocks: Block[]) => isWithin(blocks[node.from], 'comment', 5);

/** `<time>` elements, those nearest to the headline or the beginning of the body first; ones in lists of other articles are far. */
function timeElements(facts: PageFacts, titleAt: number, bodyFrom: number): string[] {
  const distance = (node: TreeNode) => {
    const near = [titleAt, bodyFrom].filter((i) => i >= 0).map((i) => Math.abs(node.from - i));
    const marked = /publish|entry-date|posted|pubdate/i.test(node.className.text) || node.get('pubdate') !== undefined;
    return Math.min(...near, 1000) + (marked ? 0 : 3) + (/updated|modified/i.test(node.className.text) ? 6 : 0);
  };
  return facts.tree.times
    .filter((node) => !isInComments(node, facts.blocks))
    .map((node) => ({ node, distance: distance(node) }))
    .filter(({ distance: d }) => d < 60)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 5)
    .flatMap(({ node }) => (node.tag === 'abbr' ? [node.get('title')] : [node.get('datetime'), textOf(node)]))
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

/** A letter or mark: all but what stands beside words in dates. With `\p{L}` these patterns would take 50 ms to compile. */
const LETTER = String.raw`[^\s\d!-/:-@[-\x60{-¿،؛؟۔\u2000-\u206f\u3000-\u303f]`;
const CLOCK = String.raw`(?:[\s,،|·T@-]*(?:at|um|à|alle|в|kl\.?)?\s*\d{1,2}[:h]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?|[صم](?!${LETTER})|صباحا?ً?|مساءً?)?)?`;
/** All have a year of four digits. */
const DATE_PATTERNS = [
  String.raw`\d{4}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,2}(?!\d)${CLOCK}`,
  String.raw`(?<!\d)(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{4}(?!\d)${CLOCK}`,
  String.raw`(?<!\d)\d{1,2}(?:st|nd|rd|th|er|\.|º)?\s+(?:de\s+|of\s+)?${LETTER}{2,}\.?(?:\s*[/-]\s*${LETTER}{2,}(?:\s+${LETTER}{2,})?)?[,،]?\s+(?:de\s+|del\s+)?\d{4}(?!\d)${CLOCK}`,
  String.raw`${LETTER}{3,}\.?\s+\d{1,2}(?:st|nd|rd|th)?\s?[,،]?\s+\d{4}(?!\d)${CLOCK}`,
  String.raw`\d{4}\s*[年년]\s*\d{1,2}\s*[月월]\s*\d{1,2}\s*[日일]`,
].map((source) => new RegExp(source, 'iu'));

const MAX_DATE_LINE = 160;

/** Some newsrooms end the document's title with the day: "Headline | Section | 03.05.2024". */
function dateInTitles({ tree, data }: PageFacts, parse: DateParser): string | undefined {
  for (const title of [data.meta.get('og:title'), tree.titles[0] && textOf(tree.titles[0])]) {
    const last = /\s(?:[|–—-]|::)\s([^|–—]{4,26}\d{4})$/u.exec(title ?? '')?.[1];
    const at = last && parse(last);
    if (at) return at;
  }
  return undefined;
}

/** How far below the text a date may stand, in blocks. */
const BELOW_TEXT = 12;
const MAX_BARE_DATE = 30;

/** A date under the text, in a line of its own or behind a word such as "Published", and not one of the articles linked there. */
function dateBelowText({ blocks }: PageFacts, bodyTo: number, parse: DateParser): string | undefined {
  if (bodyTo < 0) return undefined;
  for (const block of blocks.slice(bodyTo + 1, bodyTo + 1 + BELOW_TEXT)) {
    if (block.linkChars > 0 || block.chars > MAX_BARE_DATE || block.item || block.article !== blocks[bodyTo]?.article)
      continue;
    if (isWithin(block, 'related', 4) || isWithin(block, 'comment', 4) || isWithin(block, 'list', 1)) continue;
    const at = parsedPart(westernDigits(block.text), parse);
    if (at) return at;
  }
  return undefined;
}

/** Words before the first date of two in one line. */
const PUBLISHED_LABEL =
  /\b(?:first |originally )?publish|\bpubli(?:[ée]|cad|kov|cer)|\bpubblicat|\bveröffentlicht|نشر|انتشار|опубликован|(?<!\p{L})(?:yayınlanma|giriş|発表|公開|発信|発行|发布|發布|입력|등록)/iu;

/** A date written near the headline or the beginning or end of the body. */
function dateInText(facts: PageFacts, titleAt: number, bodyFrom: number, parse: DateParser): string | undefined {
  const { blocks } = facts;
  const anchor = titleAt >= 0 ? titleAt : bodyFrom;
  if (anchor < 0) return undefined;
  const candidates: { at: string; rank: number; updated: boolean }[] = [];
  const from = Math.max(0, Math.min(anchor, bodyFrom < 0 ? anchor : bodyFrom) - 12);
  const to = Math.min(blocks.length, Math.max(anchor + 15, Math.min(bodyFrom + 4, anchor + 40)));
  for (let i = from; i < to; i++) {
    const block = blocks[i] as Block;
    if (block.chars > MAX_DATE_LINE || isWithin(block, 'related', 3) || isWithin(block, 'comment', 3)) continue;
    const line = westernDigits(block.text);
    if (!/\d/.test(line)) continue;
    const text = line.replace(/\s?\/\s?/g, (m, at: number, all: string) => (/\d\s?$/.test(all.slice(0, at)) ? '/' : m));
    // "Updated 4 May | Published 3 May"
    const label = PUBLISHED_LABEL.exec(text);
    const published = label && label.index > 0 ? parsedPart(text.slice(label.index), parse) : undefined;
    const found = published ?? parsedPart(text, parse);
    if (!found) continue;
    const folded = fold(text.slice(published ? label?.index : 0, 60));
    const phrase = matchPhrase(folded);
    const updated =
      /updat|modif|actualiz|aktualis|mis a jour|تحديث|محدث|обновл|güncel/.test(folded) &&
      !/publi|نشر|post/.test(folded);
    const rank =
      Math.abs(i - anchor) -
      (phrase?.kind === 'date' ? 6 : 0) -
      (isWithin(block, 'meta', 2) ? 3 : 0) +
      (updated ? 8 : 0) +
      (block.chars > 70 ? 4 : 0) +
      (i < anchor ? 2 : 0);
    candidates.push({ at: found, rank, updated });
  }
  candidates.sort((a, b) => a.rank - b.rank);
  const [best] = candidates;
  return best?.updated ? (firstPublished(blocks, parse) ?? best.at) : best?.at;
}

const MAX_LABELLED_DATE = 60;
/** Compared with folded text. */
const FIRST_PUBLISHED =
  /(?:originally|first|erstmals|initialement|originalmente)\s(?:published|posted|veroffentlicht|publie|publicado)|^(?:نشر|تاريخ النشر|опубликовано|veroffentlicht|published|publicado|publie)/;

/** Where the date at the headline is that of the last change: the one another line, such as an article's history, gives as the first. */
function firstPublished(blocks: Block[], parse: DateParser): string | undefined {
  for (const block of blocks) {
    if (block.chars > MAX_LABELLED_DATE || block.digits < 4 || !FIRST_PUBLISHED.test(foldedStart(block))) continue;
    const at = parsedPart(westernDigits(block.text), parse);
    if (at) return at;
  }
  return undefined;
}

function parsedPart(text: string, parse: DateParser): string | undefined {
  if (/\d{4}/.test(text)) {
    for (const pattern of DATE_PATTERNS) {
      const match = pattern.exec(text);
      const at = match ? parse(match[0].replace(/\s*([-/.])\s*(?=\d)/g, '$1')) : undefined;
      if (at) return at;
    }
  }
  return text.length < 60 && /\d/.test(text) ? parse(text) : undefined;
}
