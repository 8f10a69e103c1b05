import { readdirSync, readFileSync } from 'node:fs';
import { fillDates } from './dates.ts';
import type { Block, Content, Edit, Item, OutletSpec } from './model.ts';

const ARTICLES = new URL('../../data/newsstand/articles/', import.meta.url);

/** Numbers of written articles start here; generated ones far above. */
const FIRST_NUMBER = 41_207;

interface Source {
  id: string;
  language: string;
  storyId: string;
  outletId: string;
  fields: Record<string, string>;
  body: string;
}

/**
 * The articles under data/newsstand/articles, newest first by their `hours` before `now`.
 *
 * A file is `<language>/<story>.<outlet>.md`: a head of `key: value` lines (title, author, section, hours, caption,
 * credit, tags, pages, `amp: only`; for copies `copyOf: <outlet>` and `edit`), a line `---`, then paragraphs parted by blank lines.
 * `## ` begins a cross-head; `[[3]]` stands for the third paragraph of the original, word for word.
 */
export function loadWritten(outlets: readonly OutletSpec[], now: Date): Item[] {
  const known = new Set(outlets.map((outlet) => outlet.id));
  const sources = new Map(readSources().map((source) => [source.id, source]));
  const items = new Map<string, Item>();

  const place = (source: Source): Item => {
    const existing = items.get(source.id);
    if (existing) return existing;
    if (!known.has(source.outletId)) throw new Error(`${source.id}: no outlet ${source.outletId}`);
    const publishedAt = new Date(now.getTime() - Number(field(source, 'hours')) * 3_600_000);
    const original = source.fields.copyOf === undefined ? undefined : place(originalOf(source, sources));
    const content = write(source, publishedAt, original?.content());
    const item: Item = {
      id: source.id,
      number: FIRST_NUMBER + items.size * 3,
      outletId: source.outletId,
      language: source.language,
      storyId: source.storyId,
      ...(original && { wireOf: original.id, edit: field(source, 'edit') as Edit }),
      generated: false,
      publishedAt,
      content: () => content,
    };
    items.set(item.id, item);
    return item;
  };
  return [...sources.values()].map(place).sort((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime());
}

function readSources(): Source[] {
  return readdirSync(ARTICLES, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => {
      const id = name.slice(0, -'.md'.length);
      const [, language, storyId, outletId] = /^([a-z]{2})\/([a-z0-9-]+)\.([a-z0-9-]+)$/.exec(id) ?? [];
      if (!language || !storyId || !outletId) throw new Error(`${name}: not <language>/<story>.<outlet>.md`);
      const [head = '', body = ''] = readFileSync(new URL(name, ARTICLES), 'utf8').split(/^---$/m);
      const fields = Object.fromEntries(
        head
          .split('\n')
          .filter((line) => line.includes(':'))
          .map((line) => [line.slice(0, line.indexOf(':')).trim(), line.slice(line.indexOf(':') + 1).trim()]),
      );
      return { id, language, storyId, outletId, fields, body };
    });
}

function originalOf(copy: Source, sources: Map<string, Source>): Source {
  const original = sources.get(`${copy.language}/${copy.storyId}.${copy.fields.copyOf}`);
  if (!original) throw new Error(`${copy.id}: no original by ${copy.fields.copyOf}`);
  return original;
}

function field(source: Source, name: string): string {
  const value = source.fields[name];
  if (!value) throw new Error(`${source.id}: no ${name}`);
  return value;
}

function write(source: Source, publishedAt: Date, original: Content | undefined): Content {
  const fill = (text: string) => fillDates(text, source.language, publishedAt);
  const { subtitle, author, section, caption, credit, tags, pages, amp } = source.fields;
  const body = source.body
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim().replace(/\s*\n\s*/g, ' '))
    .filter((paragraph) => paragraph !== '')
    .map((paragraph): Block => {
      const quoted = /^\[\[(\d+)\]\]$/.exec(paragraph);
      if (quoted) {
        const block = original?.body[Number(quoted[1]) - 1];
        if (!block) throw new Error(`${source.id}: the original has no paragraph ${quoted[1]}`);
        return block;
      }
      return paragraph.startsWith('## ')
        ? { type: 'h2', text: fill(paragraph.slice(3)) }
        : { type: 'p', text: fill(paragraph) };
    });
  return {
    title: fill(field(source, 'title')),
    ...(subtitle && { subtitle: fill(subtitle) }),
    ...(author && { author }),
    ...(section && { section }),
    ...(caption && { caption: fill(caption) }),
    ...(credit && { credit }),
    tags: tags?.split(/[,،、]\s*/) ?? [],
    body,
    ...(pages && { pages: Number(pages) }),
    ...(amp === 'only' && { ampOnly: true }),
  };
}
