import { readFileSync } from 'node:fs';
import { countLanguages, generateItems } from './generate.ts';
import type { Item, Layout, OutletSpec } from './model.ts';
import { loadWritten } from './written.ts';

/** Generated articles per outlet; readers commonly stop at 1,000 entries of a feed, and written articles come on top. */
const MAX_GENERATED_PER_OUTLET = 900;

export interface Catalogue {
  outlets: OutletSpec[];
  /** Articles by outlet id, newest first. */
  items: Map<string, Item[]>;
}

/** Every outlet with its written articles and its share of `count` generated ones; adds outlets when they overflow. */
export function buildCatalogue({ seed, count, now }: { seed: number; count: number; now: Date }): Catalogue {
  const written = readJson<OutletSpec[]>('outlets.json');
  const outlets = [...written, ...addedOutlets(written, countLanguages(seed, count))];
  const items = new Map(outlets.map(({ id }) => [id, [] as Item[]]));
  for (const item of [...loadWritten(written, now), ...generateItems({ seed, count, outlets, now })]) {
    items.get(item.outletId)?.push(item);
  }
  for (const list of items.values()) list.sort((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime());
  return { outlets, items };
}

function addedOutlets(written: readonly OutletSpec[], counts: Map<string, number>): OutletSpec[] {
  const names = readJson<Record<string, string[]>>('generated-outlets.json');
  const layouts: Layout[] = ['article', 'div-soup', 'microdata', 'portal', 'bare-div'];
  return [...counts].flatMap(([language, articles]) => {
    const models = written.filter((outlet) => outlet.language === language);
    const missing = Math.max(0, Math.ceil(articles / MAX_GENERATED_PER_OUTLET) - models.length);
    const pool = names[language] ?? [];
    return Array.from({ length: missing }, (_unused, index): OutletSpec => {
      const model = models[index % models.length] as OutletSpec;
      const round = Math.floor(index / pool.length);
      return {
        ...model,
        id: `${language}-${index + 1}`,
        name: `${pool[index % pool.length]}${round > 0 ? ` ${round + 1}` : ''}`,
        encoding: 'utf-8',
        format: (['rss', 'atom', 'rdf', 'json'] as const)[index % 4] as OutletSpec['format'],
        layout: layouts[index % layouts.length] as Layout,
        addresses: (['dated', 'numbered', 'slug', 'query'] as const)[index % 4] as OutletSpec['addresses'],
        fullContent: false,
      };
    });
  });
}

function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../data/newsstand/${name}`, import.meta.url), 'utf8')) as T;
}
