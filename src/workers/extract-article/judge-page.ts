import { type Block, phraseOf } from './blocks.ts';
import { countWords } from './characters.ts';
import type { Body } from './find-body.ts';
import { headingLevel } from './find-title.ts';
import type { PageFacts } from './page-facts.ts';

export interface Judgement {
  isArticle: boolean;
  /** Why not, for people. */
  reason?: string;
  liveBlog: boolean;
  paywalled: boolean;
}

const MIN_ARTICLE_SCORE = 0.5;
/** Text of this many code units (2.5 per Chinese or Japanese character) says "article" as loudly as length can. */
const AMPLE_CHARS = 1000;
/** Less text is a flash at best. */
const FEW_CHARS = 140;

/** So many paragraphs below links are teasers when they and their links are this share of the text. */
const MIN_TEASERS = 2;
const TEASER_SHARE = 0.5;
const MIN_LINK_CHARS = 12;

/** So many linked headings with text below them are stories of their own, where none has more than this many paragraphs. */
const MIN_STORIES = 4;
const MAX_STORY_PARAGRAPHS = 6;

/** A list of teasers has at least so many linked headings, and not half as many paragraphs of this length among its text. */
const MIN_LINKED_HEADINGS = 8;
const LONG_CHARS = 80;

/** A live blog has at least so many updates with a time of day each. */
const MIN_LIVE_UPDATES = 6;
/** Of the longest, "10:45 a.m.". */
const MAX_CLOCK_CHARS = 10;
const CLOCK = /^(?:[01]?\d|2[0-3]|[٠-٢۰-۲]?[٠-٩۰-۹])[:h][0-5٠-٥۰-۵][\d٠-٩۰-۹](?:\s?(?:[ap]\.?m\.?|[صم]|uhr|gmt))?$/iu;

/** Where a published time was found: metadata are written for one story, dates in text and address are not. */
const STATED_IN = new Set(['jsonld', 'meta', 'itemprop']);

const LIST_SEGMENT = /^(?:tags?|topics?|categor(?:y|ies)|sections?|authors?|search|archives?|page)$/i;
/** A slug of many words, a number as content systems count stories (a year is none), a date; or such a number in the query. */
const STORY_PATH = /[^/-]+(?:-[^/-]+){3}|(?<!\d)(?!(?:19|20)\d\d(?!\d))\d{4,}|\d{4}\/\d{1,2}\/\d{1,2}\/./;
const STORY_QUERY = /[?&]\w*(?:id|no|num|news|story|article|p)=\d{4,}(?:&|$)/i;

/** Names of sections, tags and authors, and notices, have fewer words. */
const MIN_HEADLINE_WORDS = 5;

/** What was read before, which speaks for an article or against one. */
export interface Signs {
  title: string;
  textChars: number;
  /** Where the time of publication was found, if it was. */
  publishedIn: string | undefined;
}

/** Whether the page is an article at all, a live blog, or behind a paywall. */
export function judgePage(facts: PageFacts, body: Body, { title, textChars, publishedIn }: Signs): Judgement {
  const { data, url, blocks } = facts;
  const { ld, meta } = data;
  const path = url?.pathname ?? '';
  const segments = path.split('/').filter((s) => s !== '');
  const lastSegment = segments[segments.length - 1] ?? '';
  const isStoryPath = STORY_PATH.test(decodeURIComponentSafely(path));
  // `/page/` holds pages of lists in some systems, and all that is written in others.
  const isListAddress =
    segments.length <= 3 && LIST_SEGMENT.test(segments[0] ?? '') && !(segments[0] === 'page' && isStoryPath);
  const hasStoryAddress = !isListAddress && (isStoryPath || STORY_QUERY.test(url?.search ?? ''));
  const isStated = publishedIn !== undefined && STATED_IN.has(publishedIn);
  const isTyped = ld.types.some((t) => /article|posting|report/i.test(t));
  const longKept = body.kept.filter((b) => b.chars >= LONG_CHARS).length;
  const evidence: [boolean, number, string][] = [
    [isTyped, 0.3, ''],
    [/article/i.test(meta.get('og:type') ?? ''), 0.2, ''],
    [publishedIn !== undefined, 0.15, 'no date'],
    [isStated, 0.15, ''],
    [hasStoryAddress, 0.1, ''],
    [countWords(title) >= MIN_HEADLINE_WORDS, 0.1, ''],
    [ld.listPage, -0.35, 'calls itself a list'],
    [segments.length === 0, -0.4, 'address of a front page'],
    [isListAddress, -0.25, 'address of a list'],
    [
      segments.length === 1 && !/[\d-]|\.\w+$/.test(lastSegment) && lastSegment.length < 16,
      -0.15,
      'address of a section',
    ],
    [textChars < FEW_CHARS && !(isStated && hasStoryAddress), -0.3, 'hardly any text'],
    [!isTyped && holdsStories(blocks, body), -0.35, 'several stories'],
    [isTeaserList(blocks, body), isTyped ? -0.3 : -0.5, 'its paragraphs are teasers of other pages'],
    [!isTyped && isHeadingList(blocks, longKept), -0.3, 'a list of linked headings'],
  ];
  const ample = Math.min(1, textChars / AMPLE_CHARS);
  let score = 0.35 * body.confidence + 0.3 * ample;
  const reasons: string[] = [];
  for (const [holds, weight, reason] of evidence) {
    if (!holds) continue;
    score += weight;
    if (weight < 0) reasons.push(reason);
  }
  if (body.kept.length === 0) reasons.push('no text found');
  const isArticle = body.kept.length > 0 && score >= MIN_ARTICLE_SCORE - (ample === 1 && longKept >= 4 ? 0.1 : 0);
  const tier = meta.get('article:content_tier') ?? '';
  const paywalled =
    ld.accessibleForFree === false ||
    /^(?:locked|metered)$/i.test(tier) ||
    blocks.some((b) => !b.hidden && b.chars < 160 && phraseOf(b)?.kind === 'paywall');
  const liveBlog =
    ld.types.some((t) => /liveblog/i.test(t)) ||
    /(?:^|[/_-])live-?blog|\/live\/|-live-(?:updates?|blog)/i.test(path) ||
    countClocks(blocks, body) >= MIN_LIVE_UPDATES;
  return {
    isArticle,
    reason: isArticle ? undefined : reasons.join(', ') || 'too little speaks for an article',
    liveBlog,
    paywalled,
  };
}

/** Whether many linked headings stand beside little text that is surely the article's, as in lists of teasers. */
function isHeadingList(blocks: readonly Block[], longKept: number): boolean {
  let linked = 0;
  for (const block of blocks) if (block.linkChars > block.chars * 0.8 && headingLevel(block.node.tag) > 1) linked++;
  return linked >= MIN_LINKED_HEADINGS && longKept < linked / 2;
}

/** Whether most of what was kept is links with a paragraph below each: teasers of other pages. */
function isTeaserList(blocks: readonly Block[], { kept }: Body): boolean {
  const links = kept.filter(isLink).length;
  const teasers = kept.filter((block) => !isLink(block) && isLink(blocks[block.index - 1])).length;
  return teasers >= MIN_TEASERS && links + teasers >= kept.length * TEASER_SHARE;
}

/** Whether several stories follow each other, each under a heading that links to it. */
function holdsStories(blocks: readonly Block[], { kept }: Body): boolean {
  const keptAt = new Set<number>();
  for (const { index } of kept) keptAt.add(index);
  let stories = 0;
  for (const block of around(blocks, kept, 2)) {
    const level = isLink(block) ? headingLevel(block.node.tag) : 0;
    // A date or a byline may come between.
    if (level > 0 && level <= 4 && (keptAt.has(block.index + 1) || keptAt.has(block.index + 2))) stories++;
  }
  return stories >= MIN_STORIES && kept.length <= stories * MAX_STORY_PARAGRAPHS;
}

/** Times of day that stand alone among the paragraphs. */
function countClocks(blocks: readonly Block[], { kept }: Body): number {
  return around(blocks, kept, 1).filter(isClock).length;
}

function isClock({ chars, digits, text }: Block): boolean {
  return chars <= MAX_CLOCK_CHARS && digits >= 3 && CLOCK.test(text);
}

/** The blocks up to the last kept one, from so many before the first on. */
function around(blocks: readonly Block[], kept: readonly Block[], before: number): readonly Block[] {
  return blocks.slice(Math.max(0, (kept[0]?.index ?? 0) - before), kept.at(-1)?.index);
}

function isLink(block: Block | undefined): boolean {
  return block !== undefined && block.chars >= MIN_LINK_CHARS && block.linkChars > block.chars * 0.8;
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a path in another charset than UTF-8
  }
}
