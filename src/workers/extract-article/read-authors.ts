import { agencyOf } from './agencies.ts';
import { type Block, phraseOf } from './blocks.ts';
import { HINT_INDEX } from './hints.ts';
import { clean, type PageFacts, textOf } from './page-facts.ts';
import { fold, matchPhrase } from './phrases.ts';
import type { TreeNode } from './tree.ts';

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
  'twitter:data1',
];
const BYLINE_CLASS =
  /\b(?:by ?lines?|authors?|auteurs?|autor(?:e|en|es)?|writers?|reporter|contributors?|journalist[ae]?|signature|firma|yazar)\b/;

/** How far from the headline a credit may stand, in blocks. */
const BEFORE_TITLE = 10;
const AFTER_TITLE = 30;
const MAX_CREDIT_CHARS = 120;
const MAX_AUTHORS = 8;

/** Names of people; of the newsroom or the site only where the page names no one else. `titleAt` is the headline's block, or -1. */
export function readAuthors(facts: PageFacts, sites: Set<string>, titleAt: number): string[] {
  const { data, tree } = facts;
  let impersonal: string[] = [];
  const attempts: (() => string[])[] = [
    () => data.ld.authors,
    ...AUTHOR_META.map(
      (key) => () =>
        key === 'twitter:data1' && !/written by|author|by/i.test(data.meta.get('twitter:label1') ?? '')
          ? []
          : (data.metaAll.get(key) ?? []),
    ),
    () => creditElements(tree.authors, titleAt),
    () => creditBlocks(facts.blocks, titleAt),
  ];
  for (const attempt of attempts) {
    const names = cleanAuthors(attempt(), sites);
    const people = names.filter((n) => !isSiteName(n, sites));
    if (people.length > 0) return people.slice(0, MAX_AUTHORS);
    if (impersonal.length === 0) impersonal = names;
  }
  return impersonal.slice(0, 1);
}

/** Elements marked as an author's name, those of the nearest place to the headline: comments and other articles have authors too. */
function creditElements(elements: TreeNode[], titleAt: number): string[] {
  const near = elements
    .filter((n) => titleAt < 0 || (n.from >= titleAt - BEFORE_TITLE && n.from <= titleAt + AFTER_TITLE))
    .map((node) => ({ node, text: nameIn(node), distance: titleAt < 0 ? node.from : Math.abs(node.from - titleAt) }))
    .filter(({ text }) => text !== '' && text.length <= MAX_CREDIT_CHARS);
  const closest = near.reduce((least, { distance }) => Math.min(least, distance), Number.POSITIVE_INFINITY);
  return near.filter(({ distance }) => distance <= closest + 4).map(({ text }) => text);
}

/** Of an author element with several parts (name, role, biography) the one marked as the name, else the first that is no label. */
function nameIn(node: TreeNode): string {
  const parts: string[] = [];
  let named: TreeNode | undefined;
  const visit = (n: TreeNode) => {
    for (const child of n.children) {
      if (typeof child !== 'string') {
        if (!named && /\bname\b/.test(child.attrs.itemprop ?? '')) named = child;
        visit(child);
      } else if (child.trim() !== '') parts.push(child);
    }
  };
  visit(node);
  if (named) return textOf(named);
  return clean(parts.find((p) => matchPhrase(fold(p))?.kind !== 'byline' || !matchPhrase(fold(p))?.whole) ?? '');
}

/** Lines around the headline that are classed as a byline or begin with a word such as "By". */
function creditBlocks(blocks: Block[], titleAt: number): string[] {
  const from = Math.max(0, titleAt - BEFORE_TITLE);
  const near = titleAt < 0 ? blocks : blocks.slice(from, titleAt + AFTER_TITLE);
  for (const block of near) {
    if (block.chars > MAX_CREDIT_CHARS || block.hidden) continue;
    const meta = block.hintDistance[HINT_INDEX.meta] as number;
    const comment = block.hintDistance[HINT_INDEX.comment] as number;
    if (comment >= 0 && comment <= 4) continue;
    const caption = block.hintDistance[HINT_INDEX.caption] as number;
    if (caption >= 0 && caption <= 2) continue;
    const phrase = phraseOf(block);
    const next = blocks[block.index + 1];
    // The word "By" in an element of its own.
    if (
      titleAt >= 0 &&
      phrase?.kind === 'byline' &&
      phrase.whole &&
      next &&
      next.chars < 40 &&
      cleanAuthors([next.text], new Set()).length > 0
    ) {
      return [next.text];
    }
    const classed = meta >= 0 && meta <= 2 && BYLINE_CLASS.test(classWords(block.node));
    const introduced =
      phrase?.kind === 'byline' &&
      !phrase.whole &&
      (meta >= 0 && meta <= 2 ? true : titleAt >= 0 && STRONG_BYLINE.test(block.text));
    if (classed || introduced) {
      if (cleanAuthors([block.text], new Set()).length > 0) return [block.text];
    }
  }
  return [];
}

/** Unmarked lines must be unmistakable: a byline word, then two to five words and nothing else. */
const STRONG_BYLINE =
  /^(?:by|von|par|por|written by|كتب|كتبت|بقلم|حوار|إعداد|اعداد|تحرير|автор|текст|yazan|haber|מאת|نویسنده|به قلم|تحریر|di)\s*[:：]?\s+\p{L}[\p{L}\p{M}.'’-]*(?:\s+\p{L}[\p{L}\p{M}.'’-]*){1,4}$/iu;

function classWords(node: TreeNode): string {
  let words = '';
  let n: TreeNode | undefined = node;
  for (let i = 0; i < 3 && n; i++, n = n.parent) words += ` ${n.attrs.class ?? ''} ${n.attrs.id ?? ''}`;
  return words
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^a-z]+/g, ' ');
}

/** Whether a credit is the name of the site itself. */
export function isSiteName(name: string, sites: Set<string>): boolean {
  const folded = fold(name);
  if (sites.has(folded)) return true;
  const joined = folded.replace(/ /g, '');
  for (const site of sites) {
    const other = site.replace(/ /g, '');
    if (other.length > 3 && (joined === other || (other.length > 5 && joined.includes(other)))) return true;
  }
  return false;
}

const SEPARATOR =
  /\s*(?:[;|/،·•、]|,(?!\s*(?:jr|sr|ph\.?d|m\.?d|i{2,3}|esq)\b)|\s&\s|\s(?:and|und|et|y|e|og|och|en|и|та|ve|và|dan)\s)\s*/iu;
/** What follows a name and is no part of it. */
const AFTER_NAME =
  /\s+(?:[-–—|]\s|\(|(?:updated|published|posted|on|in|at|\d{1,2}[:.]\d{2})\b).*$|\s*(?:https?:|@).*$/iu;

/** Splits and cleans credit lines; addresses, template leftovers, sentences and labels are dropped. */
export function cleanAuthors(lines: string[], sites: Set<string>): string[] {
  const names = new Map<string, string>();
  for (const line of lines) {
    if (/^\s*(?:https?:|www\.|\/)|\S@\S+\.\w|developed by/i.test(line) || line.length > 300) continue;
    let rest = clean(line)
      .replace(/^[\s:|–—-]+/, '')
      .replace(/^(By|Von|Par|Por)(?=\p{Lu}\p{Ll})/u, '$1 ');
    for (let round = 0; round < 2; round++) {
      const phrase = matchPhrase(fold(rest));
      if ((phrase?.kind !== 'byline' && phrase?.kind !== 'date') || phrase.whole) break;
      rest = dropFolded(rest, phrase.length);
    }
    for (const part of rest.split(SEPARATOR)) {
      const name = part.replace(AFTER_NAME, '').replace(/^[\s:.–—-]+|[\s:–—*-]+$/g, '');
      const folded = fold(name);
      const words = folded.split(' ').length;
      if (
        folded.length < 2 ||
        folded.length > 50 ||
        words > 6 ||
        /\d/.test(name) ||
        /^[a-z]+(?:\.[a-z]+){2,}$|[!?]|\.$(?<!\b\p{L}{1,3}\.)/u.test(name)
      )
        continue;
      if (matchPhrase(folded)?.whole && !sites.has(folded) && agencyOf(name) === undefined) continue;
      if (!names.has(folded)) names.set(folded, name);
    }
  }
  return [...names.values()];
}

/** A bare name as the last line of the text or right after it, as some newsrooms sign: two to four words, no sentence mark, no link. */
export function readSignature(
  blocks: Block[],
  lastKept: Block,
  sites: Set<string>,
): { names: string[]; block: Block } | undefined {
  const next = blocks[lastKept.index + 1];
  const holder = lastKept.node.parent;
  const besideText =
    next && (next.node === lastKept.node || [lastKept.node, holder, holder?.parent].includes(next.node.parent));
  for (const block of besideText ? [lastKept, next] : [lastKept]) {
    if (block.chars > 40 || block.linkChars > 0 || block.digits + block.stops + block.commas > 0 || block.hidden)
      continue;
    if (block.item || block.cell || block.quote || /^h[1-6]$/.test(block.node.tag) || !NAME.test(block.text)) continue;
    if (phraseOf(block) || isSiteName(block.text, sites)) continue;
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

const NAME = /^\p{L}[\p{L}\p{M}'’-]*(?:\s+\p{L}[\p{L}\p{M}'’-]*){1,3}$/u;

/** Removes as many leading code units as fold into the first `length` folded ones. */
function dropFolded(text: string, length: number): string {
  for (let end = 1; end <= text.length; end++) {
    if (fold(text.slice(0, end)).length >= length && !/[\p{L}\p{M}]/u.test(text[end] ?? ' ')) {
      return text.slice(end).replace(/^[\s:،,–—-]+/, '');
    }
  }
  return text;
}
