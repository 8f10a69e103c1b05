import { createHash } from 'node:crypto';
import type { PageLines } from '../../shared/furniture.ts';
import type { ExtractedArticle } from '../../shared/model.ts';
import { countWords } from './characters.ts';
import { fold } from './phrases.ts';

/** Longer paragraphs are never taken for the site's own. */
const MAX_LINE_CHARS = 300;
/** Most lines a page is remembered by. */
const MAX_LINES = 20;

/** The last lines of a text, where sites add theirs; longer ones may be the background of a story. */
const CLOSING_LINES = 4;
const MAX_CLOSING_CHARS = 200;

/** Shorter lines are credits and signatures, and where they open a text datelines. */
const MIN_WORDS = 4;
const MIN_OPENING_WORDS = 6;

/** Paragraphs that make another page a version of this one. */
const GIST_PARAGRAPHS = 6;
const MIN_GIST_CHARS = 100;

/** What a paragraph is known by across the pages of a site, whatever its white space, case and spelling of letters: 48 bits. */
export function paragraphKey(text: string): string {
  return createHash('sha256')
    .update(fold(text.slice(0, MAX_LINE_CHARS)))
    .digest('base64url')
    .slice(0, 8);
}

/**
 * What a page says about its site's furniture. Paragraphs left out as furniture count as closing lines, so that they go on
 * being known while the site has them.
 */
export function pageLines(
  { title, paragraphs, furniture = [] }: Pick<ExtractedArticle, 'title' | 'paragraphs' | 'furniture'>,
  page: { id: string; at: Date },
): PageLines {
  const body = paragraphs.filter(({ type }) => type === 'p' || type === 'list' || type === 'quote');
  const lines = body.flatMap(({ text }) => text.split('\n'));
  const closing = new Set(furniture);
  const inner = new Set<string>();
  lines.forEach((line, index) => {
    if (line.length > MAX_LINE_CHARS || countWords(line) < (index === 0 ? MIN_OPENING_WORDS : MIN_WORDS)) return;
    // In a flash of two lines the first is the news.
    const closes = index >= Math.max(1, lines.length / 2, lines.length - CLOSING_LINES);
    if (closes && line.length <= MAX_CLOSING_CHARS) closing.add(paragraphKey(line));
    else if (inner.size < MAX_LINES) inner.add(paragraphKey(line));
  });
  const longest = lines.filter((line) => line.length >= MIN_GIST_CHARS).sort((a, b) => b.length - a.length);
  return {
    ...page,
    title: paragraphKey(title),
    gist: longest.slice(0, GIST_PARAGRAPHS).map(paragraphKey),
    closing: [...closing].slice(0, MAX_LINES),
    inner: [...inner],
  };
}

/** A stored text without what has since been learnt to be furniture. */
export function withoutFurniture(text: string, furniture: ReadonlySet<string>): string {
  if (furniture.size === 0) return text;
  return text
    .split('\n')
    .filter((line) => line === '' || !furniture.has(paragraphKey(line)))
    .join('\n');
}

/** Parts what a page says from the furniture known to recur on its site. A page of nothing else keeps it. */
export function splitFurniture<T extends { text: string }>(
  kept: T[],
  known: ReadonlySet<string> | undefined,
): { own: T[]; furniture: string[] } {
  if (!known || known.size === 0) return { own: kept, furniture: [] };
  const keys = kept.map(({ text }) => paragraphKey(text));
  const own = kept.filter((_, index) => !known.has(keys[index] as string));
  return own.length === 0
    ? { own: kept, furniture: [] }
    : { own, furniture: [...new Set(keys.filter((key) => known.has(key)))] };
}
