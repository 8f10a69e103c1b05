import type { Enclosure, Entry, Feed } from '../../shared/model.ts';
import { resolve } from './feed-links.ts';
import { defined, isoDate } from './feed-values.ts';
import { escapeHtml, plainText } from './html-text.ts';

/**
 * JSON Feed 1.0 and 1.1 (jsonfeed.org), read leniently; undefined when the value is something else. `url` is what relative links are resolved
 * against.
 */
export function readJsonFeed(value: unknown, url: string | undefined, maxEntries: number): Feed | undefined {
  if (!isObject(value) || !Array.isArray(value.items)) return undefined;
  if (
    !/jsonfeed/i.test(string(value.version) ?? '') &&
    !value.items.every((item) => isObject(item) && (item.id ?? item.url) !== undefined)
  ) {
    return undefined;
  }
  const inherited = authorsOf(value);
  const items = value.items.filter(isObject);
  const warnings: string[] = [];
  if (items.length < value.items.length) warnings.push('items that are not objects were ignored');
  if (items.length > maxEntries) warnings.push(`only the first ${maxEntries} entries were read`);
  const hubs = list(value.hubs).flatMap((hub) => resolve(string(hub.url), url) ?? []);
  return defined<Feed>({
    kind: 'json',
    title: plain(value.title),
    link: resolve(string(value.home_page_url), url),
    language: string(value.language),
    description: string(value.description),
    selfUrl: resolve(string(value.feed_url), url),
    hubs: hubs.length > 0 ? hubs : undefined,
    entries: items.slice(0, maxEntries).map((item) => readItem(item, url, inherited)),
    warnings,
  });
}

function readItem(item: Record<string, unknown>, base: string | undefined, inherited: string[]): Entry {
  const plainBody = string(item.content_text);
  const authors = authorsOf(item);
  const images = [item.image, item.banner_image].flatMap((image) => {
    const url = resolve(string(image), base);
    return url ? [{ url, type: 'image' }] : [];
  });
  const attachments = list(item.attachments).flatMap((a): Enclosure[] => {
    const url = resolve(string(a.url), base);
    if (!url) return [];
    const length = typeof a.size_in_bytes === 'number' ? a.size_in_bytes : undefined;
    return [defined<Enclosure>({ url, type: string(a.mime_type), length })];
  });
  return defined<Entry>({
    guid: string(item.id),
    link: resolve(string(item.url) ?? string(item.external_url), base),
    title: plain(item.title),
    summary: string(item.summary),
    contentHtml: string(item.content_html) ?? (plainBody && paragraphs(plainBody)),
    publishedAt: isoDate(string(item.date_published)),
    updatedAt: isoDate(string(item.date_modified)),
    authors: authors.length > 0 ? authors : inherited,
    categories: Array.isArray(item.tags) ? item.tags.flatMap((tag) => plain(tag) ?? []) : [],
    enclosures: [...attachments, ...images],
  });
}

function authorsOf(value: Record<string, unknown>): string[] {
  const people = list(value.authors).length > 0 ? list(value.authors) : isObject(value.author) ? [value.author] : [];
  return people.flatMap((person) => plain(person.name) ?? string(person.url) ?? []);
}

function paragraphs(text: string): string {
  return text
    .split(/\n\s*\n/)
    .map((p) => `<p>${escapeHtml(p.trim()).replace(/\n/g, '<br>')}</p>`)
    .join('\n');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Version 1 ids were numbers in the wild. */
function string(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.trim() || undefined : undefined;
}

function plain(value: unknown): string | undefined {
  const s = string(value);
  return (s && plainText(s)) || undefined;
}
