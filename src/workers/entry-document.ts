import type { Article } from '../shared/model.ts';

/** A page made of what the feed carries of an entry, for where there is no better one. */
export function entryDocument({
  title = '',
  contentHtml,
  summary = '',
}: Pick<Article['entry'], 'title' | 'contentHtml' | 'summary'>): string {
  return `<!doctype html><title>${escapeText(title)}</title><article><h1>${escapeText(title)}</h1>${contentHtml ?? summary}</article>`;
}

function escapeText(text: string): string {
  return text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);
}
