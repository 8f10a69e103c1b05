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
  links: PageLink[];
  brokenJsonLd: number;
}

/** A `<link>` with both of its attributes; `rel` in lower case. */
export interface PageLink {
  rel: string;
  href: string;
}

const ARTICLE_TYPE =
  /^(?:[a-z]*article|blogposting|liveblogposting|reportagenewsarticle|report|review|[a-z]*posting|howto|recipe|creativework|medicalwebpage)$/i;
const PAGE_TYPE = /^(?:webpage|itempage|videoobject)$/i;
const LIST_TYPE = /^(?:collectionpage|itemlist|searchresultspage|blog|profilepage)$/i;
const MAX_LD_NODES = 5_000;
const MAX_LD_LENGTH = 2_000_000;

export function readStructuredData(tree: Tree): StructuredData {
  const { nodes, members, broken } = readJsonLd(tree.jsonLd);
  return {
    ld: readLinkedData(nodes, members),
    ...readMeta(tree.metas),
    links: readLinks(tree.links),
    brokenJsonLd: broken,
  };
}

function readMeta(elements: readonly TreeNode[]): Pick<StructuredData, 'meta' | 'metaAll'> {
  const meta = new Map<string, string>();
  const metaAll = new Map<string, string[]>();
  const add = (name: string | undefined, content: string) => {
    if (!name) return;
    const key = name.trim().toLowerCase();
    const all = metaAll.get(key);
    if (all) all.push(content);
    else {
      meta.set(key, content);
      metaAll.set(key, [content]);
    }
  };
  for (const element of elements) {
    const content = (element.get('content') ?? element.get('value'))?.trim();
    if (!content) continue;
    add(element.get('property'), content);
    add(element.get('name'), content);
    add(element.get('itemprop'), content);
    add(element.get('http-equiv'), content);
  }
  return { meta, metaAll };
}

function readLinks(elements: readonly TreeNode[]): PageLink[] {
  const links: PageLink[] = [];
  for (const element of elements) {
    const rel = element.get('rel');
    const href = element.get('href');
    if (rel && href) links.push({ rel: rel.toLowerCase(), href });
  }
  return links;
}

/** Whether an attribute that holds words parted by white space holds this one. */
export function hasWord(words: string, word: string): boolean {
  return words === word || (words.includes(word) && words.split(/\s+/).includes(word));
}

/** What the page's JSON-LD describes, members of lists apart, and how many scripts do not parse. */
function readJsonLd(scripts: readonly string[]): { nodes: JsonObject[]; members: JsonObject[]; broken: number } {
  const nodes: JsonObject[] = [];
  const members: JsonObject[] = [];
  let broken = 0;
  for (const script of scripts) {
    const source = script.slice(0, MAX_LD_LENGTH);
    const value = parseTolerantly(source);
    if (value !== undefined) {
      flatten(value, nodes, members, 0);
      continue;
    }
    broken++;
    const salvaged = salvage(source);
    if (salvaged) nodes.push(salvaged);
  }
  return { nodes, members, broken };
}

/** JSON as publishers write it, each attempt repairing more than the one before. */
const REPAIRS: ((source: string) => string)[] = [
  (source) => source,
  uncommented,
  (source) => uncommented(source).replace(/[\u0000-\u001f]+/g, ' '),
  (source) =>
    uncommented(source)
      .replace(/[\u0000-\u001f]+/g, ' ')
      .replace(/,(\s*[}\]])/g, '$1')
      .replace(/\\(?!["\\/bfnrtu])/g, '\\\\'),
];

function parseTolerantly(source: string): Json | undefined {
  for (const repair of REPAIRS) {
    try {
      return JSON.parse(repair(source)) as Json;
    } catch {
      // The next attempt repairs more.
    }
  }
  return undefined;
}

/** Without the comment or CDATA section around it and a semicolon behind it; `null` where nothing is left. */
function uncommented(source: string): string {
  const bare = source
    .replace(/^\s*(?:<!--|\/\/\s*<!\[CDATA\[|\/\*\s*<!\[CDATA\[\s*\*\/|<!\[CDATA\[)/, '')
    .replace(/(?:-->|\/\/\s*\]\]>|\/\*\s*\]\]>\s*\*\/|\]\]>)\s*$/, '')
    .trim()
    .replace(/;$/, '');
  return bare === '' ? 'null' : bare;
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

/** Properties that lead to more of what a document describes. */
const LEADING_ON =
  '@graph mainEntity mainEntityOfPage itemListElement item hasPart isPartOf about mainContentOfPage review'.split(' ');

/** Gathers what a document describes; members of its lists, which other pages are about, apart. */
function flatten(value: Json, into: JsonObject[], members: JsonObject[], depth: number): void {
  if (depth > 8 || into.length >= MAX_LD_NODES || value === null || typeof value !== 'object') return;
  if (Array.isArray(value)) {
    for (const item of value) flatten(item, into, members, depth + 1);
    return;
  }
  if (value['@type'] !== undefined || value.headline !== undefined) into.push(value);
  for (const key of LEADING_ON) {
    const child = value[key];
    if (child !== undefined && typeof child === 'object')
      flatten(child, key === 'itemListElement' ? members : into, members, depth + 1);
  }
}

const typesOf = (node: JsonObject) => strings(node['@type']).map((type) => type.replace(/^.*[/:#]/, ''));

function readLinkedData(nodes: JsonObject[], members: JsonObject[]): LinkedData {
  const types = nodes.map(typesOf);
  const isOf = (pattern: RegExp) => (_node: JsonObject, n: number) =>
    (types[n] as string[]).some((t) => pattern.test(t));
  const articles = nodes.filter(isOf(ARTICLE_TYPE));
  const main = mainOf(articles);
  const page = nodes.find(isOf(PAGE_TYPE));
  const byId = new Map<string, JsonObject>();
  for (const node of nodes) if (typeof node['@id'] === 'string' && !byId.has(node['@id'])) byId.set(node['@id'], node);
  const resolve = (value: Json | undefined): Json | undefined =>
    isObject(value) && typeof value['@id'] === 'string' && value.name === undefined
      ? (byId.get(value['@id']) ?? value)
      : value;
  const pick = (key: string): string | undefined => first(main?.[key]) ?? first(page?.[key]);
  const free = main?.isAccessibleForFree ?? page?.isAccessibleForFree;
  return {
    types: [...new Set([main, page].flatMap((node) => (node ? typesOf(node) : [])))],
    headline: first(main?.headline) ?? (main ? first(main.name) : undefined),
    alternativeHeadline: first(main?.alternativeHeadline),
    description: pick('description'),
    articleBody: articles.length > 0 ? first(main?.articleBody) : undefined,
    authors: names(listed(main?.author ?? main?.creator ?? page?.author).map(resolve)),
    datePublished: pick('datePublished') ?? pick('dateCreated') ?? pick('uploadDate'),
    dateModified: pick('dateModified'),
    publisher: names([resolve(main?.publisher)])[0] ?? first(nodes.find(isOf(/organization$/i))?.name),
    section: first(main?.articleSection),
    breadcrumbs: breadcrumbsOf(nodes.find(isOf(/^breadcrumblist$/i))),
    keywords: strings(main?.keywords),
    images: urls(main?.image).concat(urls(main?.thumbnailUrl)),
    url: pick('url') ?? first(main?.mainEntityOfPage) ?? undefined,
    language: pick('inLanguage'),
    accessibleForFree: free === undefined || free === null ? undefined : !/^(?:false|no|0)$/i.test(String(free)),
    listPage: articles.length === 0 && (nodes.some(isOf(LIST_TYPE)) || members.some(isArticle)),
    siteName: first(nodes.find(isOf(/^website$/i))?.name),
  };
}

const isArticle = (node: JsonObject) => typesOf(node).some((type) => ARTICLE_TYPE.test(type));

/** The page's own article comes first; what it refers to follows. */
function mainOf(articles: readonly JsonObject[]): JsonObject | undefined {
  return (
    articles.find((n) => typeof n.articleBody === 'string' && n.articleBody.length > 200) ??
    articles.find((n) => n.headline !== undefined && n.datePublished !== undefined) ??
    articles[0]
  );
}

function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function breadcrumbsOf(list: JsonObject | undefined): string[] {
  return asArray(list?.itemListElement).flatMap((item) => {
    if (!isObject(item)) return [];
    const name = first(item.name) ?? (isObject(item.item) ? first(item.item.name) : undefined);
    return name === undefined || /^https?:/.test(name) ? [] : [name];
  });
}

function asArray(value: Json | undefined): Json[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}

/** The values of a field that may be an ordered list of JSON-LD. */
function listed(value: Json | undefined): Json[] {
  return asArray(value).flatMap((v) => (isObject(v) && v['@list'] !== undefined ? asArray(v['@list']) : [v]));
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
    if (isObject(v)) {
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
      else if (isObject(v)) {
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
    if (isObject(v)) return strings(v.url ?? v.contentUrl ?? v['@id']);
    return [];
  });
}
