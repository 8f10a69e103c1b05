import { HINT_INDEX } from './hints.ts';
import { clean, type PageFacts, textOf } from './page-facts.ts';
import { fold, matchPhrase } from './phrases.ts';
import type { TreeNode } from './tree.ts';

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
