import { decodeHTML } from 'entities';
import { C1 } from './xml-content.ts';

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
/** Places escaped in one document; a large feed full of HTML references has a tenth of this. */
const MAX_REPAIRS = 1_000_000;
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
  const early = body.slice(0, MAX_JUNK_CHARS);
  const once = early.replace(/<\?xml\s[^>]{0,200}\?>/gi, '');
  if (once.length < early.length) body = once + body.slice(MAX_JUNK_CHARS);

  const damage = { bare: 0, stray: 0 };
  body = escapeStrays(body, entities, damage);
  const { bare, stray } = damage;
  if (bare > 0) warnings.push(`${bare} ampersands were not escaped`);
  if (stray > 0) warnings.push(`${stray} signs < were not escaped`);
  return { text: declaration + body, warnings };
}

/** What escaping looks at: sections to leave alone, ampersands that begin no XML reference, and `<` that begin no tag. */
const STRAYS =
  /<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<!--[\s\S]*?(?:-->|$)|&(?!(?:lt|gt|amp|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)(?:([A-Za-z][\w.-]{0,63});)?|<(?![A-Za-z_:/!?\u0080-\uffff])/g;

/** Escapes up to MAX_REPAIRS places; what is left then, the tolerant reading can still bear. */
function escapeStrays(source: string, entities: Map<string, string>, damage: { bare: number; stray: number }): string {
  const characters = new Map<string, string>();
  let budget = ENTITY_BUDGET_CHARS;
  let out = '';
  let from = 0;
  let repairs = 0;
  for (const m of source.matchAll(STRAYS)) {
    const [all, name] = m;
    if (all.length > 1 && all.startsWith('<')) continue;
    if (++repairs > MAX_REPAIRS) break;
    let replacement: string;
    if (all === '<') {
      damage.stray++;
      replacement = '&lt;';
    } else if (name === undefined) {
      damage.bare++;
      replacement = '&amp;';
    } else {
      const declared = entities.get(name);
      if (declared !== undefined && budget >= declared.length) {
        budget -= declared.length;
        replacement = declared;
      } else {
        let known = characters.get(name);
        if (known === undefined) {
          known = htmlCharacter(name);
          if (characters.size < 10_000) characters.set(name, known);
        }
        if (known.startsWith('&amp;') && known !== '&amp;') damage.bare++;
        replacement = known;
      }
    }
    out += source.slice(from, m.index) + replacement;
    from = m.index + all.length;
  }
  return from === 0 ? source : out + source.slice(from);
}

/** The character an HTML reference stands for, safe in XML; an unknown reference becomes visible text. */
function htmlCharacter(name: string): string {
  const character = decodeHTML(`&${name};`);
  if (character === `&${name};`) return `&amp;${name};`;
  return character === '&' ? '&amp;' : character === '<' ? '&lt;' : character;
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
