import { decodeHTML } from 'entities';
import { C1 } from './xml-tree.ts';

export interface RepairedXml {
  text: string;
  warnings: string[];
}

/** Declared entities: at most this many, each at most this long, and expanded to at most this much text in all. */
const MAX_ENTITIES = 256;
const MAX_ENTITY_CHARS = 256;
const ENTITY_BUDGET_CHARS = 65_536;
/** What a warning or an advertisement before the document may measure. */
const MAX_JUNK_CHARS = 65_536;
const MAX_DOCTYPE_CHARS = 131_072;

const XML_STARTS = /<\?xml|<!doctype|<(?:[\w-]+:)?(?:rss|feed|rdf|channel|urlset|sitemapindex)[\s>]/i;

/**
 * The document in a form strict XML parsers accept more often, with the same meaning: nothing before the first element, no DTD,
 * no forbidden characters, bare ampersands and stray `<` escaped, HTML and internal entities replaced by their characters.
 * Declared entities are expanded once, never into each other, and external ones not at all. Linear in the input.
 */
export function repairXml(source: string): RepairedXml {
  const warnings: string[] = [];
  let text = source;
  const start = text.search(XML_STARTS);
  if (start > 0 && start < MAX_JUNK_CHARS && text.slice(0, start).trim()) {
    // A comment or processing instruction may stand first; anything else is output that leaked into the feed.
    if (!/^\s*<[!?]/.test(text)) {
      warnings.push('text before the document was ignored');
      text = text.slice(start);
    }
  }
  text = text.trimStart();

  const { rest, entities } = takeDoctype(text);
  text = rest;
  if (/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text)) {
    warnings.push('control characters were removed');
    text = text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '');
  }
  if (/[\x80-\x9f]/.test(text)) text = text.replace(/[\x80-\x9f]/g, (c) => C1.charAt(c.charCodeAt(0) - 0x80));
  // xml2js drops the rest of a document on a second declaration, and sax on one that is not first.
  const declaration = /^<\?xml[^>]*\?>/i.exec(text)?.[0] ?? '';
  let body = text.slice(declaration.length);
  if (/<\?xml\s/i.test(body.slice(0, MAX_JUNK_CHARS)))
    body = body.replace(/<\?xml\s[^>]*\?>/gi, (all, at) => (at < MAX_JUNK_CHARS ? '' : all));

  let bare = 0;
  let stray = 0;
  let budget = ENTITY_BUDGET_CHARS;
  body = body.replace(
    /<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<!--[\s\S]*?(?:-->|$)|&(?!(?:lt|gt|amp|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)(?:([A-Za-z][\w.-]{0,63});)?|<(?![A-Za-z_:/!?\u0080-\uffff])/g,
    (all, name: string | undefined) => {
      const first = all.charCodeAt(0);
      if (first === 0x3c) {
        if (all.length > 1) return all;
        stray++;
        return '&lt;';
      }
      if (name === undefined) {
        bare++;
        return '&amp;';
      }
      const declared = entities.get(name);
      if (declared !== undefined && budget >= declared.length) {
        budget -= declared.length;
        return declared;
      }
      const character = declared === undefined ? decodeHTML(`&${name};`) : `&${name};`;
      if (character !== `&${name};`) return character === '&' ? '&amp;' : character === '<' ? '&lt;' : character;
      bare++;
      return `&amp;${name};`;
    },
  );
  if (bare > 0) warnings.push(`${bare} ampersands were not escaped`);
  if (stray > 0) warnings.push(`${stray} signs < were not escaped`);
  return { text: declaration + body, warnings };
}

/** Cuts out the document type and reads the simple entities it declares. External and nested ones are left alone. */
function takeDoctype(text: string): { rest: string; entities: Map<string, string> } {
  const entities = new Map<string, string>();
  const open = /<!DOCTYPE\b/i.exec(text.slice(0, MAX_JUNK_CHARS));
  // One inside a CDATA section or after the first element is not the document's own.
  if (!open || /<[A-Za-z]/.test(text.slice(0, open.index))) return { rest: text, entities };
  const after = open.index + open[0].length;
  const region = text.slice(after, after + MAX_DOCTYPE_CHARS);
  let at = -1;
  let subset = false;
  for (const m of region.matchAll(/<!--[\s\S]*?(?:-->|$)|"[^"]*(?:"|$)|'[^']*(?:'|$)|[[\]>]/g)) {
    if (m[0] === '[') subset = true;
    else if (m[0] === ']') subset = false;
    else if (m[0] === '>' && !subset) {
      at = after + m.index;
      break;
    }
  }
  // An unclosed subset or quotation: only the first tag-like piece is taken away.
  if (at < 0) at = after + Math.max(0, region.indexOf('>'));
  const declarations = text.slice(open.index, at);
  for (const m of declarations.matchAll(
    /<!ENTITY\s+([A-Za-z_][\w.-]{0,63})\s+(?:"([^"]{0,4096})"|'([^']{0,4096})')\s*>/g,
  )) {
    const value = m[2] ?? m[3] ?? '';
    if (entities.size >= MAX_ENTITIES) break;
    if (value.length > MAX_ENTITY_CHARS || !m[1]) continue;
    // Only characters: references inside a value stay text, so nothing grows.
    entities.set(m[1], value.replace(/&(?!#\d{1,7};|#x[\da-fA-F]{1,6};)/g, '&amp;').replace(/</g, '&lt;'));
  }
  return { rest: text.slice(0, open.index) + text.slice(at + 1), entities };
}
