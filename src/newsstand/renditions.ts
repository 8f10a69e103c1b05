import type { Content } from './model.ts';

/** One of the addresses an article is told at. */
export interface Rendition {
  /** Of the article itself. */
  path: string;
  page: number;
  amp: boolean;
}

/** The path of page `page` of an article. */
export function numberedPath(path: string, page: number): string {
  if (page === 1) return path;
  if (path.includes('?')) return `${path}&page=${page}`;
  return path.endsWith('.html') ? `${path}?page=${page}` : `${path}/${page}`;
}

/** The path of an article's AMP rendering. */
export function ampPath(path: string): string {
  return path.includes('?') ? `${path}&amp=1` : `${path}/amp`;
}

/** Takes a path apart that `numberedPath` or `ampPath` has made. */
export function readRendition(path: string): Rendition {
  const m = /^(.+?)(?:[?&]page=(\d+)|\/(\d{1,2})|([?&]amp=1|\/amp))$/.exec(path);
  const number = m?.[2] ?? m?.[3];
  return { path: m?.[1] ?? path, page: number ? Number(number) : 1, amp: m?.[4] !== undefined };
}

/** Paths beside the article's own that its text is spread over. */
export function furtherPaths(path: string, { pages = 1, ampOnly }: Content): string[] {
  const numbered = Array.from({ length: pages - 1 }, (_, index) => numberedPath(path, index + 2));
  return ampOnly ? [...numbered, ampPath(path)] : numbered;
}

/** What one rendition shows of an article, or undefined when there is no such one. */
export function contentOf(content: Content, { page, amp }: Rendition): Content | undefined {
  const { body, pages = 1, ampOnly } = content;
  if (amp) return ampOnly ? content : undefined;
  if (page < 1 || page > pages) return undefined;
  if (ampOnly) return { ...content, body: body.slice(0, 1) };
  const [from, to] = [page - 1, page].map((n) => Math.ceil((body.length * n) / pages));
  return { ...content, body: body.slice(from, to) };
}
