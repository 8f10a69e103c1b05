import { type Block, foldedStart, phraseOf } from './blocks.ts';
import { cleanAuthors, creditsOthers, isIntroduced, isPerson, isSiteName, looksLikeName, NAME } from './credits.ts';
import { headingLevel } from './find-title.ts';
import { clean, isWithin, type PageFacts, textOf } from './page-facts.ts';
import { fold, matchPhrase } from './phrases.ts';
import { type Child, TextNode, TreeNode } from './tree.ts';

const AUTHOR_META = [
  'author',
  'article:author',
  'article:author_name',
  'parsely-author',
  'sailthru.author',
  'cxenseparse:author',
  'dc.creator',
  'dcterms.creator',
  'citation_author',
  'byl',
  'twitter:misc:written by',
];
/** Other names of the same, whatever stands before: "article.author", "news_author_name", "bytedance:author". */
const AUTHOR_KEY = /authors?(?:name)?$|byline$|^creator$/;
/** Labels and values of the lines that social networks show below a link. */
const CARD_LINES = ['1', '2'];
const WRITTEN_BY =
  /written by|author|^by$|verfasst|geschrieben|écrit|rédigé|escrito|autor|scritto|schreven|skrevet|yazan|автор|كاتب|كتب/i;
const BYLINE_CLASS =
  /\b(?:by ?lines?|authors?|avatars?|auteurs?|autor(?:e|en|es)?|writers?|reporter|contributors?|journalist[ae]?|signature|firma|yazar|muharrir|katib|kateb)\b/;

/** How far from the headline a credit may stand, in blocks. */
const BEFORE_TITLE = 10;
const AFTER_TITLE = 30;
/** And an unmarked one. */
const BESIDE_TITLE = 4;
const BELOW_TITLE = 8;
const MAX_CREDIT_CHARS = 120;
/** A longer line with a full stop is a sentence. */
const MAX_CREDIT_WORDS = 6;
const MAX_AUTHORS = 8;
/** Looking at what stands before an element takes time linear in its siblings. */
const MAX_ELEMENTS = 200;

/** Names of people; of the newsroom or the site only where the page names no one else. `titleAt` is the headline's block, or -1. */
export function readAuthors(facts: PageFacts, sites: Set<string>, titleAt: number): string[] {
  return firstPeople(sites, creditsOfPage(facts, sites, titleAt));
}

/** Credits from the most to the least trustworthy place, read one at a time as they are asked for. */
function* creditsOfPage({ data, tree, blocks }: PageFacts, sites: Set<string>, titleAt: number): Generator<string[]> {
  const { ld, meta, metaAll } = data;
  yield ld.authors;
  yield introducedLine(blocks, titleAt - BESIDE_TITLE, titleAt < 0 ? -1 : titleAt + BELOW_TITLE);
  for (const key of AUTHOR_META) {
    const lines = metaAll.get(key);
    if (lines) yield lines;
  }
  for (const line of CARD_LINES)
    if (WRITTEN_BY.test(meta.get(`twitter:label${line}`) ?? '')) yield metaAll.get(`twitter:data${line}`) ?? [];
  yield creditElements(tree.authors, blocks, titleAt);
  yield titleAt < 0
    ? creditBlocks(blocks, 0, 0, blocks.length, sites)
    : creditBlocks(blocks, titleAt, titleAt - BEFORE_TITLE, titleAt + AFTER_TITLE, sites);
  yield lineWithDate(blocks, titleAt, sites);
  yield likeAuthorMeta(metaAll, sites);
}

/**
 * Once the text is found, for pages whose headline is not where their credits are: around the first block of the text, and behind
 * the last one.
 */
export function readAuthorsAround(facts: PageFacts, sites: Set<string>, bodyFrom: number, bodyTo: number): string[] {
  return firstPeople(sites, creditsAround(facts, sites, bodyFrom, bodyTo));
}

function* creditsAround(
  { blocks }: PageFacts,
  sites: Set<string>,
  bodyFrom: number,
  bodyTo: number,
): Generator<string[]> {
  yield introducedLine(blocks, bodyFrom - BELOW_TITLE, bodyFrom + 2);
  yield creditBlocks(blocks, bodyFrom, bodyFrom - AFTER_TITLE / 2, bodyFrom + 1, sites).filter(looksLikeName);
  yield creditBlocks(blocks, bodyTo, bodyTo + 1, bodyTo + BEFORE_TITLE, sites).filter(looksLikeName);
}

/** The people the first credits name that name any; else the first credit of all. */
function firstPeople(sites: Set<string>, credits: Iterable<string[]>): string[] {
  let impersonal: string[] = [];
  for (const lines of credits) {
    if (lines.length === 0) continue;
    const names = cleanAuthors(lines, sites);
    const people = names.filter((n) => isPerson(n, sites));
    if (people.length > 0) return people.slice(0, MAX_AUTHORS);
    if (impersonal.length === 0) impersonal = names;
  }
  return impersonal.slice(0, MAX_AUTHORS);
}

/** Names in metadata whose own name is like that of an author's. */
function likeAuthorMeta(metaAll: ReadonlyMap<string, string[]>, sites: Set<string>): string[] {
  const names: string[] = [];
  for (const [key, all] of metaAll)
    if (AUTHOR_KEY.test(key.replace(/[^a-z]/g, ''))) names.push(...cleanAuthors(all, sites).filter(looksLikeName));
  return names;
}

/** Elements marked as an author's name, those of the nearest place to the headline: comments and other articles have authors too. */
function creditElements(elements: TreeNode[], blocks: Block[], titleAt: number): string[] {
  const near = elements
    .filter((n) => titleAt < 0 || (n.from >= titleAt - BEFORE_TITLE && n.from <= titleAt + AFTER_TITLE))
    .slice(0, MAX_ELEMENTS)
    .filter((n) => !isMention(n, blocks) && !isOthersCredit(n))
    .map((node) => ({ node, text: nameIn(node), distance: titleAt < 0 ? node.from : Math.abs(node.from - titleAt) }))
    .filter(({ text }) => text !== '' && text.length <= MAX_CREDIT_CHARS);
  const closest = near.reduce((least, { distance }) => Math.min(least, distance), Number.POSITIVE_INFINITY);
  return near.filter(({ distance }) => distance <= closest + 4).map(({ text }) => text);
}

/** Addresses of pages about people in the news. */
const TOPIC_PAGE = /\/(?:topics?|tags?|subjects?|temas?|themen?)\//i;

/** Whether a link leads to someone written about: it stands in a sentence, or says so. */
function isMention(node: TreeNode, blocks: Block[]): boolean {
  if (node.get('itemprop') || node.get('rel')) return false;
  const block = blocks[node.from];
  const isSentence = block?.endsSentence === true && block.linkChars < block.chars / 2;
  return TOPIC_PAGE.test(node.get('href') ?? '') || isSentence || (block?.chars ?? 0) > MAX_CREDIT_CHARS;
}

/** Whether the words right before the element are those of a reviewer's or photographer's credit. */
function isOthersCredit(node: TreeNode): boolean {
  let before: Child | undefined;
  for (let child = node.parent?.first; child && child !== node; child = child.next) before = child;
  return before !== undefined && creditsOthers(fold(before instanceof TextNode ? before.text : textOf(before)));
}

/** Of an author element with several parts (name, role, biography) the one marked as the name, else the first that is no label. */
function nameIn(node: TreeNode): string {
  const parts: string[] = [];
  let named: TreeNode | undefined;
  const visit = (n: TreeNode) => {
    for (let child = n.first; child; child = child.next) {
      if (child instanceof TreeNode) {
        if (!named && /\bname\b/.test(child.get('itemprop') ?? '')) named = child;
        visit(child);
      } else if (child.text.trim() !== '') parts.push(child.text);
    }
  };
  visit(node);
  if (named) return named.get('content') ?? textOf(named);
  return clean(parts.find((p) => matchPhrase(fold(p))?.kind !== 'byline' || !matchPhrase(fold(p))?.whole) ?? '');
}

const isComment = (block: Block, levels = 4) => isWithin(block, 'comment', levels);
const isCaption = (block: Block) => isWithin(block, 'caption', 2);

/**
 * An unmarked line near the headline that is unmistakable: a word such as "By" or "بقلم", then names of people and nothing else.
 * It stands above what the metadata say, which often name the account that the text was entered with.
 */
function introducedLine(blocks: Block[], from: number, to: number): string[] {
  for (let i = Math.max(0, from); i <= to && i < blocks.length; i++) {
    const block = blocks[i] as Block;
    // Right at the headline a class of comments is one of the whole page, such as its category "reviews".
    if (block.chars > MAX_CREDIT_CHARS || block.hidden || isComment(block, 1) || isCaption(block)) continue;
    if (!isIntroduced(block.text, foldedStart(block))) continue;
    const names = cleanAuthors([block.text], new Set());
    const [name] = names;
    if (name === undefined || !looksLikeName(name)) continue;
    if (block.words <= MAX_CREDIT_WORDS || !block.endsSentence || block.text.includes(`${name}. `)) return names;
  }
  return [];
}

/** Lines that are classed as a byline or begin with a word such as "By"; right at the anchor also those with a part so classed. */
function creditBlocks(blocks: Block[], anchor: number, from: number, to: number, sites: Set<string>): string[] {
  let impersonal: string[] = [];
  for (const block of blocks.slice(Math.max(0, from), Math.max(0, to))) {
    if (block.chars > MAX_CREDIT_CHARS || block.hidden || isComment(block)) continue;
    const isMeta = isWithin(block, 'meta', 2);
    const isNear = Math.abs(block.index - anchor) <= BELOW_TITLE;
    const inline = isNear && !isCaption(block) ? classedInline(block) : undefined;
    const classed = inline !== undefined || (isMeta && isBylineClass(block.node, 3));
    if ((isCaption(block) && !classed) || creditsOthers(foldedStart(block))) continue;
    const phrase = phraseOf(block);
    // The word "By" in an element of its own.
    const isAlone = phrase?.kind === 'byline' && phrase.whole && block.linkChars === 0;
    const next = isAlone ? blocks[block.index + 1] : undefined;
    if (next && next.chars < 40) {
      const names = cleanAuthors([next.text], sites);
      if (names.some(looksLikeName)) return names;
      if (impersonal.length === 0) impersonal = names;
    }
    const introduced = phrase?.kind === 'byline' && !phrase.whole && isMeta;
    if (classed || introduced) {
      const names = cleanAuthors([inline ? textOf(inline) : block.text], sites);
      if (names.some((name) => isPerson(name, sites))) return names;
      if (impersonal.length === 0) impersonal = names;
    }
  }
  return impersonal;
}

const PART = /\s*[|·•⋅—–/,،;]\s*|\s-\s/u;

/**
 * A name beside a date near the headline: in one line with it, or in a line of its own next to it, when the page also shows that
 * person's portrait or biography. In scripts with capitals only; elsewhere any two words could be a name.
 */
function lineWithDate(blocks: Block[], titleAt: number, sites: Set<string>): string[] {
  if (titleAt < 0) return [];
  const near = blocks.slice(Math.max(0, titleAt - BESIDE_TITLE), titleAt + BESIDE_TITLE + 1);
  const isDated = near.some(isDateLine);
  for (const block of near) {
    if (block.index === titleAt || block.chars > MAX_CREDIT_CHARS || block.hidden || isComment(block)) continue;
    if (isCaption(block) || block.uppers === 0) continue;
    const isPersonName = (text: string) => looksLikeName(text) && isPerson(text, sites);
    if (isDateLine(block)) {
      const by = MID_LINE_BY.exec(block.text)?.[1];
      const name = (by === undefined ? block.text.split(PART) : cleanAuthors([by], sites)).find(isPersonName);
      if (name !== undefined && (by !== undefined || !isTopic(name, block, blocks))) return [name];
    } else if (isDated && !block.item && isPersonName(block.text)) {
      if (isPresented(block, blocks) && !isTopic(block.text, block, blocks)) return [block.text];
    }
  }
  return [];
}

const MID_LINE_BY = /(?:^|\s)(?:by|von|par|por|door)\s+(\p{Lu}.*)$/u;
const YEAR_OR_TIME = /(?:19|20)\d{2}|\d{1,2}:\d{2}/;

function isDateLine(block: Block): boolean {
  return block.chars <= MAX_CREDIT_CHARS && block.digits >= 3 && YEAR_OR_TIME.test(block.text);
}

/** Sections, places and people in the news recur in menus and text; an author's name only where the author is presented. */
function isTopic(name: string, { index }: Block, blocks: Block[]): boolean {
  return blocks.some((b) => b.index !== index && b.text.includes(name) && !b.text.startsWith(name));
}

const MIN_BIOGRAPHY_CHARS = 60;
/** Levels around a name in which its portrait stands, and how much longer than the name its description may be. */
const PORTRAIT_LEVELS = 3;
const MAX_PORTRAIT_WORDS_CHARS = 20;

/** Whether the page has a portrait named like the block beside it, or further down the name again with a paragraph that begins with it. */
function isPresented({ text, node, index }: Block, blocks: Block[]): boolean {
  let around: TreeNode | undefined = node;
  for (let level = 1; level < PORTRAIT_LEVELS && around?.parent; level++) around = around.parent;
  const isPortrait = (n: Child): boolean => {
    if (n instanceof TextNode) return false;
    const alt = n.tag === 'img' ? (n.get('alt') ?? '') : '';
    if (alt.includes(text) && alt.length <= text.length + MAX_PORTRAIT_WORDS_CHARS) return true;
    for (let child = n.first; child; child = child.next) if (isPortrait(child)) return true;
    return false;
  };
  if (around && around.to - around.from <= BELOW_TITLE && isPortrait(around)) return true;
  return blocks.some(
    (b) =>
      b.index > index &&
      b.chars >= MIN_BIOGRAPHY_CHARS &&
      b.text.startsWith(`${text} `) &&
      blocks.slice(b.index - 3, b.index).some((before) => before.text === text),
  );
}

/** The element within a line that is classed as a byline: the line's own class says nothing of it. */
function classedInline({ node, index }: Block): TreeNode | undefined {
  if (node.from !== index || node.to !== index + 1) return undefined;
  const find = (n: TreeNode, levels: number): TreeNode | undefined => {
    for (let child = n.first; child; child = child.next) {
      if (child instanceof TextNode) continue;
      const isClassed = child.className.text !== '' && isBylineClass(child, 1);
      const found = isClassed ? child : levels > 1 ? find(child, levels - 1) : undefined;
      if (found) return found;
    }
    return undefined;
  };
  return find(node, 3);
}

/** Whether classes and ids of an element and its parents, as many levels in all, name a byline and not whom a quotation is by. */
function isBylineClass(node: TreeNode, levels: number): boolean {
  let classes = '';
  let n: TreeNode | undefined = node;
  for (let i = 0; i < levels && n; i++, n = n.parent) classes += ` ${n.className.text} ${n.id.text}`;
  const words = classes
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^a-z]+/g, ' ');
  return BYLINE_CLASS.test(words) && !QUOTE_CLASS.test(words);
}
const QUOTE_CLASS = /\b(?:(?:pull|block)?quotes?|zitat|cita|citation|cite|testimonials?)\b/;

/** A bare name as the last line of the text or right after it, as some newsrooms sign: two to four words, no sentence mark, no link. */
export function readSignature(
  blocks: Block[],
  lastKept: Block,
  sites: Set<string>,
): { names: string[]; block: Block } | undefined {
  const next = blocks[lastKept.index + 1];
  const holder = lastKept.node.parent;
  const besideText =
    next &&
    (next.node === lastKept.node ||
      [lastKept.node, holder, holder?.parent].includes(next.node.parent) ||
      next.node.parent?.parent === holder);
  for (const block of besideText ? [lastKept, next] : [lastKept]) {
    if (block.chars > 40 || block.linkChars > 0 || block.digits + block.stops + block.commas > 0 || block.hidden)
      continue;
    if (block.item || block.cell || block.quote || headingLevel(block.node.tag) > 0 || !NAME.test(block.text)) continue;
    if (phraseOf(block) || isSiteName(block.text, sites) || isTopic(block.text, block, blocks)) continue;
    const names = cleanAuthors([block.text], sites);
    if (names.length > 0) return { names, block };
  }
  return undefined;
}

/** The reporter a Chinese report names in brackets or before a slash: 〔記者王小明／台北報導〕, 本报记者 王小明. */
const CHINESE_REPORTER =
  /^[〔（(【［[]?(?:本報|本报|本台)?(?:記者|记者|編譯|编译)\s?(\p{Script=Han}{2,4})(?=[／/、，,\s〕）)】］\]])/u;

/** A name the first lines of the text begin with. */
export function readOpeningCredit(firstKept: readonly Block[]): string[] {
  for (const { text } of firstKept.slice(0, 2)) {
    const name = CHINESE_REPORTER.exec(text)?.[1];
    if (name) return [name];
  }
  return [];
}
