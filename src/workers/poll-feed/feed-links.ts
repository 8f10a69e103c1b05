import { tidy } from './feed-values.ts';
import { attr, contentOf } from './xml-content.ts';
import type { XmlNode } from './xml-tree.ts';

interface Link {
  rel: string;
  href: string;
  type?: string;
  length?: string;
  /** A link element may carry its own xml:base. */
  base?: string;
  isAtom: boolean;
}

/** Links in Atom's form, in the order of the document; `<link>` without href but with text counts as an alternate. */
export function linksOf(source: string, node: XmlNode): Link[] {
  const links: Link[] = [];
  for (const child of node.children) {
    if (child.name !== 'link' || (child.ns !== '' && child.ns !== 'atom')) continue;
    const href = attr(child, 'href') ?? attr(child, ':resource');
    const isAtom = href !== undefined;
    const value = href ?? tidy(contentOf(source, child));
    if (!value) continue;
    links.push({
      rel: relOf(attr(child, 'rel')),
      href: value,
      type: attr(child, 'type'),
      length: attr(child, 'length'),
      base: attr(child, 'xml:base'),
      isAtom,
    });
  }
  return links;
}

/** Registered relations may be written as full IANA URIs (RFC 4287 §4.2.7.2). */
function relOf(rel: string | undefined): string {
  return (rel ?? 'alternate').toLowerCase().replace(/^https?:\/\/www\.iana\.org\/assignments\/relation\//, '');
}

/** The page: plain RSS link first, then Atom alternates with HTML preferred; relations that are never the page are skipped. */
export function linkOf(source: string, node: XmlNode, base: string | undefined): string | undefined {
  const links = linksOf(source, node);
  const alternates = links.filter((l) => l.rel === 'alternate');
  const best =
    alternates.find((l) => !l.isAtom) ??
    alternates.find((l) => !l.type || /html/i.test(l.type)) ??
    alternates[0] ??
    links.find(
      (l) =>
        !/^(?:self|enclosure|edit|edit-media|hub|replies|next|prev|previous|first|last|license|related|icon|search|service)$/.test(
          l.rel,
        ) && !l.rel.includes(':'),
    );
  return best && targetOf({ ...best, href: tidyLink(best.href) }, base);
}

/** What people meant by a link that is quoted, is HTML itself, is escaped twice or leaves out its scheme. */
function tidyLink(href: string): string {
  const whole = /["<>]/.test(href) ? (/https?:\/\/[^\s"'<>]+/i.exec(href)?.[0] ?? href) : href;
  return whole.replace(/&amp;/gi, '&').replace(/^\s*(?=www\.[\p{L}\d-]+\.\p{L})/iu, 'http://');
}

export function httpUrl(value: string | undefined): string | undefined {
  return value && /^https?:\/\/\S+$/i.test(value) ? value : undefined;
}

function targetOf(link: Link, base: string | undefined): string | undefined {
  return resolve(link.href, resolve(link.base, base) ?? base);
}

/** A chain longer than this is an attack. */
const MAX_BASES = 5;

/** What relative links are resolved against: the xml:base of the element and those around it, then the document. */
export function baseOf(node: XmlNode, url: string | undefined): string | undefined {
  const own: string[] = [];
  for (let n: XmlNode | undefined = node; n; n = n.parent) {
    const base = attr(n, 'xml:base');
    if (base) own.push(base);
    if (own.length >= MAX_BASES) break;
  }
  let base = url;
  for (const next of own.reverse()) {
    const resolved = resolve(next, base);
    // `mailto:` and broken addresses are a base for nothing.
    if (resolved && URL.canParse('path', resolved)) base = resolved;
  }
  return base;
}

/** No server takes longer ones; browsers stop at two million. */
const MAX_URL_CHARS = 8_192;

/** An absolute URL; what cannot be made one is returned as it stands, since it may still serve as an identity. */
export function resolve(href: string | undefined, base: string | undefined): string | undefined {
  // Browsers leave these characters out, so a scheme may be hidden behind them (WHATWG URL).
  const compact = href?.replace(/[\t\r\n]/g, '').trim();
  if (!compact || compact.length > MAX_URL_CHARS) return undefined;
  if (/^https?:\/\/[^\s<>"]+$/i.test(compact)) return compact;
  if (/^(?:javascript|data|vbscript):/i.test(compact)) return undefined;
  try {
    return new URL(compact, base).href;
  } catch {
    return compact;
  }
}
