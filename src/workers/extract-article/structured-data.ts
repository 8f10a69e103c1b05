import type { Tree, TreeNode } from './tree.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** What a page says about its article in schema.org JSON-LD. Strings are as written; several values of one field are listed. */
export interface LinkedData {
  types: string[];
  headline?: string;
  alternativeHeadline?: string;
  description?: string;
  articleBody?: string;
  authors: string[];
  datePublished?: string;
  dateModified?: string;
  publisher?: string;
  section?: string;
  /** The way to the page as its breadcrumbs give it, the front page first. */
  breadcrumbs: string[];
  keywords: string[];
  images: string[];
  url?: string;
  language?: string;
  accessibleForFree?: boolean;
  /** The page calls itself a list, a collection or a search result. */
  listPage: boolean;
  siteName?: string;
}

export interface StructuredData {
  ld: LinkedData;
  /** First content of each `<meta>` by lower-cased name, property, itemprop or http-equiv. */
  meta: Map<string, string>;
  /** All contents, where a name repeats (article:tag, article:author). */
  metaAll: Map<string, string[]>;
  links: { rel: string; href: string; type?: string }[];
  brokenJsonLd: number;
}

const ARTICLE_TYPE =
  /^(?:[a-z]*article|blogposting|liveblogposting|reportagenewsarticle|report|review|[a-z]*posting|howto|recipe|creativework|medicalwebpage)$/i;
const LIST_TYPE = /^(?:collectionpage|itemlist|searchresultspage|blog|profilepage)$/i;
const MAX_LD_NODES = 5_000;
const MAX_LD_LENGTH = 2_000_000;

export function readStructuredData(tree: Tree): StructuredData {
  const meta = new Map<string, string>();
  const metaAll = new Map<string, string[]>();
  for (const node of tree.metas) {
    const { attrs } = node;
    const content = (attrs.content ?? attrs.value)?.trim();
    if (!content) continue;
    for (const name of [attrs.property, attrs.name, attrs.itemprop, attrs['http-equiv']]) {
      if (!name) continue;
      const key = name.trim().toLowerCase();
      if (!meta.has(key)) meta.set(key, content);
      const all = metaAll.get(key);
      if (all) all.push(content);
      else metaAll.set(key, [content]);
    }
  }
  const links = tree.links
    .filter((n) => n.attrs.rel && n.attrs.href)
    .map((n: TreeNode) => ({
      rel: (n.attrs.rel as string).toLowerCase(),
      href: n.attrs.href as string,
      type: n.attrs.type,
    }));

  let brokenJsonLd = 0;
  const nodes: JsonObject[] = [];
  const members: JsonObject[] = [];
  for (const source of tree.jsonLd) {
    const value = parseTolerantly(source.slice(0, MAX_LD_LENGTH));
    if (value === undefined) {
      brokenJsonLd++;
      const salvaged = salvage(source.slice(0, MAX_LD_LENGTH));
      if (salvaged) nodes.push(salvaged);
    } else flatten(value, nodes, members, 0);
  }
  return { ld: readLinkedData(nodes, members), meta, metaAll, links, brokenJsonLd };
}

/** JSON as publishers write it: comments and CDATA around it, raw line ends in strings, trailing commas and semicolons. */
function parseTolerantly(source: string): Json | undefined {
  const trimmed = source
    .replace(/^\s*(?:<!--|\/\/\s*<!\[CDATA\[|\/\*\s*<!\[CDATA\[\s*\*\/|<!\[CDATA\[)/, '')
    .replace(/(?:-->|\/\/\s*\]\]>|\/\*\s*\]\]>\s*\*\/|\]\]>)\s*$/, '')
    .trim()
    .replace(/;$/, '');
  if (trimmed === '') return null;
  const attempts = [
    () => trimmed,
    () => trimmed.replace(/[\u0000-\u001f]+/g, ' '),
    () =>
      trimmed
        .replace(/[\u0000-\u001f]+/g, ' ')
        .replace(/,(\s*[}\]])/g, '$1')
        .replace(/\\(?!["\\/bfnrtu])/g, '\\\\'),
  ];
  for (const attempt of attempts) {
    try {
      return JSON.parse(attempt()) as Json;
    } catch {
      // The next attempt repairs more.
    }
  }
  return undefined;
}

/** The few fields worth having from JSON that no repair makes parse. */
function salvage(source: string): JsonObject | undefined {
  const found: JsonObject = { '@type': 'NewsArticle' };
  let any = false;
  for (const field of ['headline', 'datePublished', 'dateModified', 'articleSection']) {
    const match = new RegExp(`"${field}"\\s*:\\s*"((?:[^"\\\\]|\\\\.){1,400})"`).exec(source);
    if (!match) continue;
    found[field] = (match[1] as string).replace(/\\(.)/g, '$1');
    any = true;
  }
  return any ? found : undefined;
}

/** Gathers what a document describes; members of its lists, which other pages are about, apart. */
function flatten(value: Json, into: JsonObject[], members: JsonObject[], depth: number): void {
  if (depth > 8 || into.length >= MAX_LD_NODES || value === null || typeof value !== 'object') return;
  if (Array.isArray(value)) {
    for (const item of value) flatten(item, into, members, depth + 1);
    return;
  }
  if (value['@type'] !== undefined || value.headline !== undefined) into.push(value);
  for (const key of [
    '@graph',
    'mainEntity',
    'mainEntityOfPage',
    'itemListElement',
    'item',
    'hasPart',
    'isPartOf',
    'about',
    'mainContentOfPage',
    'review',
  ]) {
    const child = value[key];
    if (child !== undefined && typeof child === 'object')
      flatten(child, key === 'itemListElement' ? members : into, members, depth + 1);
  }
}

function readLinkedData(nodes: JsonObject[], members: JsonObject[]): LinkedData {
  const typesOf = (node: JsonObject) => strings(node['@type']).map((t) => t.replace(/^.*[/:#]/, ''));
  const byId = new Map<string, JsonObject>();
  for (const node of nodes) if (typeof node['@id'] === 'string' && !byId.has(node['@id'])) byId.set(node['@id'], node);
  const isArticle = (node: JsonObject) => typesOf(node).some((t) => ARTICLE_TYPE.test(t));
  const articles = nodes.filter(isArticle);
  // The page's own article comes first; what it refers to follows.
  const main =
    articles.find((n) => typeof n.articleBody === 'string' && n.articleBody.length > 200) ??
    articles.find((n) => n.headline !== undefined && n.datePublished !== undefined) ??
    articles[0];
  const page = nodes.find((n) => typesOf(n).some((t) => /^(?:webpage|itempage|videoobject)$/i.test(t)));
  const site = nodes.find((n) => typesOf(n).some((t) => /^website$/i.test(t)));
  const organization = nodes.find((n) => typesOf(n).some((t) => /organization$/i.test(t)));
  const resolve = (value: Json | undefined): Json | undefined => {
    if (
      value &&
      typeof value === 'object' &&
      !Array.isArray(value) &&
      typeof value['@id'] === 'string' &&
      value.name === undefined
    ) {
      return byId.get(value['@id']) ?? value;
    }
    return value;
  };
  const pick = (key: string): string | undefined => first(main?.[key]) ?? first(page?.[key]);
  const listTypes = nodes.filter((n) => typesOf(n).some((t) => LIST_TYPE.test(t)));
  const free = main?.isAccessibleForFree ?? page?.isAccessibleForFree;
  return {
    types: [...new Set((main ? typesOf(main) : []).concat(page ? typesOf(page) : []))],
    headline: first(main?.headline) ?? (main ? first(main.name) : undefined),
    alternativeHeadline: first(main?.alternativeHeadline),
    description: pick('description'),
    articleBody: articles.length > 0 ? first(main?.articleBody) : undefined,
    authors: names(listed(main?.author ?? main?.creator ?? page?.author).map(resolve)),
    datePublished: pick('datePublished') ?? pick('dateCreated') ?? pick('uploadDate'),
    dateModified: pick('dateModified'),
    publisher: names([resolve(main?.publisher)])[0] ?? first(organization?.name),
    section: first(main?.articleSection),
    breadcrumbs: breadcrumbsOf(nodes.find((n) => typesOf(n).some((t) => /^breadcrumblist$/i.test(t)))),
    keywords: strings(main?.keywords),
    images: urls(main?.image).concat(urls(main?.thumbnailUrl)),
    url: pick('url') ?? first(main?.mainEntityOfPage) ?? undefined,
    language: pick('inLanguage'),
    accessibleForFree: free === undefined || free === null ? undefined : !/^(?:false|no|0)$/i.test(String(free)),
    listPage: articles.length === 0 && (listTypes.length > 0 || members.some(isArticle)),
    siteName: first(site?.name),
  };
}

function breadcrumbsOf(list: JsonObject | undefined): string[] {
  return asArray(list?.itemListElement).flatMap((item) => {
    if (item === null || typeof item !== 'object' || Array.isArray(item)) return [];
    const page = item.item;
    const isObject = page !== null && typeof page === 'object' && !Array.isArray(page);
    const name = first(item.name) ?? (isObject ? first(page.name) : undefined);
    return name === undefined || /^https?:/.test(name) ? [] : [name];
  });
}

function asArray(value: Json | undefined): Json[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}

/** The values of a field that may be an ordered list of JSON-LD. */
function listed(value: Json | undefined): Json[] {
  return asArray(value).flatMap((v) =>
    v && typeof v === 'object' && !Array.isArray(v) && v['@list'] !== undefined ? asArray(v['@list']) : [v],
  );
}

function strings(value: Json | undefined): string[] {
  return asArray(value)
    .flatMap((v) => (typeof v === 'string' ? [v.trim()] : []))
    .filter((v) => v !== '');
}

function first(value: Json | undefined): string | undefined {
  for (const v of asArray(value)) {
    if (typeof v === 'string' && v.trim() !== '') return v.trim();
    if (typeof v === 'number') return String(v);
    if (v && typeof v === 'object' && !Array.isArray(v)) {
      const inner = v['@value'] ?? v['@id'] ?? v.name ?? v.alternateName;
      if (typeof inner === 'string' && inner.trim() !== '') return inner.trim();
    }
  }
  return undefined;
}

function names(values: (Json | undefined)[]): string[] {
  const found: string[] = [];
  for (const value of values) {
    for (const v of asArray(value)) {
      if (typeof v === 'string') found.push(v);
      else if (v && typeof v === 'object' && !Array.isArray(v)) {
        const given = [first(v.givenName), first(v.familyName)].filter((part) => part !== undefined).join(' ');
        const named = strings(v.name);
        found.push(...(named.length > 0 ? named : [first(v.name) ?? given]));
      }
    }
  }
  return found.map((n) => n.trim()).filter((n) => n !== '');
}

function urls(value: Json | undefined): string[] {
  return asArray(value).flatMap((v) => {
    if (typeof v === 'string') return [v];
    if (v && typeof v === 'object' && !Array.isArray(v)) return strings(v.url ?? v.contentUrl ?? v['@id']);
    return [];
  });
}
