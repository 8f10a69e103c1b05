import type { Entity, Paragraph } from '../shared/model.ts';

/** A stretch of a paragraph; with the entity that it names. */
export interface Piece {
  text: string;
  entity?: Entity;
}

/**
 * The paragraphs of a body, each cut at the mentions within it. Mentions are offsets into `text`, whose lines are those of the
 * paragraphs; a paragraph that is no part of it (a caption) stays whole. Of mentions that overlap the first and longest counts.
 */
export function highlight(body: readonly Paragraph[], text: string, entities: readonly Entity[]): Piece[][] {
  const mentions = entities
    .flatMap((entity) => entity.mentions.map(({ start, end }) => ({ start, end, entity })))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  let [read, next] = [0, 0];
  return body.map((paragraph) => {
    const from = paragraph.type === 'figure' ? -1 : text.indexOf(paragraph.text, read);
    if (from < 0) return [{ text: paragraph.text }];
    const to = from + paragraph.text.length;
    const pieces: Piece[] = [];
    let at = from;
    for (; next < mentions.length; next++) {
      const { start, end, entity } = mentions[next] as (typeof mentions)[number];
      if (start >= to) break;
      if (start < at || end > to || end <= start) continue;
      if (start > at) pieces.push({ text: text.slice(at, start) });
      pieces.push({ text: text.slice(start, end), entity });
      at = end;
    }
    if (at < to) pieces.push({ text: text.slice(at, to) });
    read = to;
    return pieces;
  });
}

/** Pieces of each line of a paragraph that has several. */
export function linesOf(pieces: readonly Piece[]): Piece[][] {
  const lines: Piece[][] = [[]];
  for (const { text, entity } of pieces) {
    for (const [i, part] of text.split('\n').entries()) {
      if (i > 0) lines.push([]);
      if (part !== '') lines.at(-1)?.push(entity ? { text: part, entity } : { text: part });
    }
  }
  return lines;
}
