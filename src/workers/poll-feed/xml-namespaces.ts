/** Namespace → prefix. Atom has its own prefix because RSS channels carry Atom links beside their own. Compared in lower case. */
const PREFIXES = new Map<string, string>([
  ['http://www.w3.org/2005/atom', 'atom'],
  ['http://purl.org/atom/ns#', 'atom'],
  ['http://purl.org/rss/1.0', ''],
  ['http://my.netscape.com/rdf/simple/0.9', ''],
  ['http://channel.netscape.com/rdf/simple/0.9', ''],
  ['http://backend.userland.com/rss', ''],
  ['http://backend.userland.com/rss2', ''],
  ['http://blogs.law.harvard.edu/tech/rss', ''],
  ['http://www.sitemaps.org/schemas/sitemap/0.9', ''],
  ['http://www.google.com/schemas/sitemap/0.84', ''],
  ['http://www.google.com/schemas/sitemap-news/0.9', 'news'],
  ['http://www.google.com/schemas/sitemap-image/1.1', 'image'],
  ['http://www.google.com/schemas/sitemap-video/1.1', 'video'],
  ['http://purl.org/dc/elements/1.0', 'dc'],
  ['http://purl.org/dc/elements/1.1', 'dc'],
  ['http://purl.org/dc/terms', 'dcterms'],
  ['http://purl.org/rss/1.0/modules/content', 'content'],
  ['http://purl.org/rss/1.0/modules/syndication', 'sy'],
  ['http://purl.org/rss/1.0/modules/slash', 'slash'],
  ['http://search.yahoo.com/mrss', 'media'],
  ['http://search.yahoo.com/searchmonkey/media', 'media'],
  ['http://www.itunes.com/dtds/podcast-1.0.dtd', 'itunes'],
  ['http://www.itunes.com/dtds/podcast-1.0', 'itunes'],
  ['http://example.com/dtds/podcast-1.0.dtd', 'itunes'],
  ['http://www.georss.org/georss', 'georss'],
  ['http://www.opengis.net/gml', 'gml'],
  ['http://www.w3.org/2003/01/geo/wgs84_pos#', 'geo'],
  ['http://purl.org/syndication/thread/1.0', 'thr'],
  ['http://rssnamespace.org/feedburner/ext/1.0', 'feedburner'],
  ['http://www.w3.org/1999/02/22-rdf-syntax-ns#', 'rdf'],
  ['http://www.w3.org/1999/xhtml', 'xhtml'],
  ['http://www.w3.org/xml/1998/namespace', 'xml'],
]);

function prefixOf(uri: string): string | undefined {
  return PREFIXES.get(
    uri
      .trim()
      .toLowerCase()
      .replace(/^https:/, 'http:')
      .replace(/\/$/, ''),
  );
}

/** Declarations in force; elements that declare none share the scope around them. */
export interface Scope {
  own: Map<string, string>;
  /** Namespace of names without a prefix. */
  fallback: string;
  outer: Scope | undefined;
  depth: number;
}

/** Real documents declare namespaces on two or three levels; deeper ones are not looked at. */
const MAX_SCOPES = 16;

/** `part`: the declarations stand on a part of the feed, with the prefix it has. */
export function extendScope(
  outer: Scope | undefined,
  attrs: Record<string, string>,
  part: { prefix: string } | undefined,
): Scope | undefined {
  let scope: Scope | undefined;
  for (const key in attrs) {
    if (!key.startsWith('xmlns') || (outer && outer.depth >= MAX_SCOPES)) continue;
    scope ??= { own: new Map(), fallback: outer?.fallback ?? '', outer, depth: (outer?.depth ?? 0) + 1 };
    const known = prefixOf(attrs[key] ?? '');
    if (key === 'xmlns') scope.fallback = known ?? attrs.xmlns ?? '';
    else if (key[5] === ':') scope.own.set(key.slice(6), known ?? key.slice(6));
  }
  if (!scope || !part || attrs.xmlns === undefined || scope.fallback === 'atom') return scope ?? outer;
  // `<rdf:RDF>` with an unknown default, too, means the feed's own names by it, unless these have a prefix.
  const isUnknown = prefixOf(attrs.xmlns) === undefined;
  const haveOwnPrefix = [...scope.own.values()].some((ns) => ns === '' || ns === 'atom');
  if (part.prefix === '' || (isUnknown && !haveOwnPrefix)) scope.fallback = '';
  return scope;
}

/** Conventional prefix for a prefix as written; one that was never declared stands for itself. */
export function namespaceOf(prefix: string, scope: Scope | undefined): string {
  if (!prefix) return scope?.fallback ?? '';
  for (let s = scope; s; s = s.outer) {
    const known = s.own.get(prefix);
    if (known !== undefined) return known;
  }
  return prefix;
}
