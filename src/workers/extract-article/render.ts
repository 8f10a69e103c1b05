import sanitizeHtml from 'sanitize-html';
import type { Paragraph, ParagraphType } from '../../shared/model.ts';
import { type Block, isEmbedded, type Segment } from './blocks.ts';
import { headingLevel } from './find-title.ts';
import { isShortCell, layoutCells, rowOf } from './tables.ts';
import type { TreeNode } from './tree.ts';

/** A paragraph and the blocks it is made of: cells of a table row and lines between single `<br>` are joined. */
export interface RenderedParagraph extends Paragraph {
  blocks: Block[];
}

/** The kept blocks as typed paragraphs, with the captions of figures within them (type `figure`, no part of the text). */
export function toParagraphs(kept: readonly Block[], captions: readonly Block[]): RenderedParagraph[] {
  const paragraphs: RenderedParagraph[] = [];
  const layout = layoutCells(kept);
  const isCaption = new Set(captions);
  let last: RenderedParagraph | undefined;
  let before: Block | undefined;
  for (const block of kept.concat(captions).sort((a, b) => a.index - b.index)) {
    const type = isCaption.has(block) ? 'figure' : typeOf(block, layout);
    const joint = before && last?.type === type ? jointOf(before, block, type) : undefined;
    if (last && joint !== undefined) {
      last.text += joint + block.text;
      last.blocks.push(block);
    } else {
      last = { type, text: block.text, blocks: [block] };
      paragraphs.push(last);
    }
    before = block;
  }
  return paragraphs;
}

/** What stands between two blocks of one type that are one paragraph. */
function jointOf(before: Block, block: Block, type: ParagraphType): string | undefined {
  if (block.index !== before.index + 1) return undefined;
  if (type === 'table') return rowOf(block) === rowOf(before) ? ' | ' : undefined;
  return block.afterBreak && block.node === before.node ? '\n' : undefined;
}

/** The text of an article: its paragraphs without captions, list items and table rows on lines of their own. */
export function toText(paragraphs: Paragraph[]): string {
  const parts: string[] = [];
  let last: ParagraphType | undefined;
  for (const { type, text } of paragraphs) {
    if (type === 'figure') continue;
    if (last) parts.push(type === last && (type === 'list' || type === 'table') ? '\n' : '\n\n');
    parts.push(text);
    last = type;
  }
  return parts.join('');
}

function typeOf(block: Block, layout: ReadonlySet<TreeNode>): ParagraphType {
  if (headingLevel(block.node.tag) > 0) return 'h2';
  if (block.quote) return isEmbedded(block) ? 'embed' : 'quote';
  if (block.item) return 'list';
  if (block.cell && !layout.has(block.cell) && isShortCell(block) && block.node.tag !== 'p') return 'table';
  return 'p';
}

/**
 * A copy of the body that is safe to show: paragraphs, headings, lists, quotes, table rows, figures and links, nothing else.
 * Blocks must have been collected with their mark-up. Addresses are made absolute; other schemes than http(s) are dropped.
 */
export function toSafeHtml(paragraphs: RenderedParagraph[], base: URL | undefined): string {
  const parts: string[] = [];
  let open: 'ul' | 'ol' | 'table' | undefined;
  const close = () => {
    if (open) parts.push(`</${open}>`);
    open = undefined;
  };
  for (const { type, blocks } of paragraphs) {
    const first = blocks[0] as Block;
    const wanted =
      type === 'list' ? (first.item?.parent?.tag === 'ol' ? 'ol' : 'ul') : type === 'table' ? 'table' : undefined;
    if (wanted !== open) {
      close();
      if (wanted) parts.push(`<${wanted}>`);
      open = wanted;
    }
    const images = parts.length > 0 && !wanted ? (first.images ?? []) : [];
    for (const { src, alt } of type === 'figure' ? [] : images) {
      const address = absolute(src, base);
      if (address) parts.push(`<figure><img src="${escapeHtml(address)}" alt="${escapeHtml(alt)}"></figure>`);
    }
    const inner = (block: Block) =>
      (block.segments ?? [])
        .map((segment) => inlineHtml(segment, base))
        .join('')
        .trim();
    const body = blocks.map(inner).join(type === 'table' ? '</td><td>' : '<br>');
    if (type === 'h2') parts.push(`<h2>${body}</h2>`);
    else if (type === 'list') parts.push(`<li>${body}</li>`);
    else if (type === 'quote' || type === 'embed') parts.push(`<blockquote>${body}</blockquote>`);
    else if (type === 'table') parts.push(`<tr><td>${body}</td></tr>`);
    else if (type === 'figure') {
      const image = (first.images ?? [])
        .map(({ src, alt }) => ({ address: absolute(src, base), alt }))
        .find(({ address }) => address);
      const img = image ? `<img src="${escapeHtml(image.address as string)}" alt="${escapeHtml(image.alt)}">` : '';
      parts.push(`<figure>${img}<figcaption>${body}</figcaption></figure>`);
    } else parts.push(`<p>${body}</p>`);
  }
  close();
  return sanitizeHtml(parts.join('\n'), SAFE);
}

const SAFE: sanitizeHtml.IOptions = {
  allowedTags: [
    'p',
    'h2',
    'ul',
    'ol',
    'li',
    'blockquote',
    'table',
    'tr',
    'td',
    'figure',
    'figcaption',
    'img',
    'a',
    'b',
    'i',
    'br',
  ],
  allowedAttributes: { a: ['href', 'rel'], img: ['src', 'alt', 'loading'] },
  allowedSchemes: ['http', 'https'],
  allowProtocolRelative: false,
  transformTags: {
    a: sanitizeHtml.simpleTransform('a', { rel: 'nofollow noopener noreferrer' }),
    img: sanitizeHtml.simpleTransform('img', { loading: 'lazy' }),
  },
};

function inlineHtml({ text, href, bold, italic }: Segment, base: URL | undefined): string {
  let html = escapeHtml(text.replace(/[\s\u0000]+/g, ' '));
  if (html.trim() === '') return html;
  if (italic) html = `<i>${html}</i>`;
  if (bold) html = `<b>${html}</b>`;
  const address = href && absolute(href, base);
  return address ? `<a href="${escapeHtml(address)}">${html}</a>` : html;
}

export function absolute(address: string, base: URL | undefined): string | undefined {
  return webAddress(address, base)?.href;
}

/** An http(s) address, resolved against the page's. */
export function webAddress(address: string, base: URL | undefined): URL | undefined {
  const trimmed = address.trim();
  if (trimmed === '' || trimmed.length > 4096) return undefined;
  try {
    const url = new URL(trimmed, base);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
  } catch {
    return undefined; // asking URL.canParse first would parse every address twice
  }
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
