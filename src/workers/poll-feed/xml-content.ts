import type { XmlNode } from './xml-tree.ts';

/** What is read of one value: bodies of articles may be long, everything else is a line. */
const MAX_BODY_CHARS = 2_000_000;
const MAX_VALUE_CHARS = 10_000;
const BODY_ELEMENTS = new Set('description summary content encoded body div fullitem abstract'.split(' '));

/** Characters 128–159 are controls nobody means: they are windows-1252, as numeric references are in HTML. */
export const C1 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** The five references of XML; every other named one was replaced by `repairXml`. */
const XML_REFERENCES: [name: string, character: string][] = [
  ['lt;', '<'],
  ['gt;', '>'],
  ['amp;', '&'],
  ['quot;', '"'],
  ['apos;', "'"],
];

/** Resolves XML and numeric references once; everything else stays. A scan by hand, since bodies hold millions of them. */
function decodeXml(text: string): string {
  let at = text.indexOf('&');
  if (at < 0) return text;
  let out = '';
  let from = 0;
  for (; at >= 0; at = text.indexOf('&', Math.max(from, at + 1))) {
    if (text[at + 1] === '#') {
      const numeric = readNumeric(text, at + 2);
      if (!numeric) continue;
      out += text.slice(from, at) + numeric.character;
      from = numeric.end;
      continue;
    }
    for (const [name, character] of XML_REFERENCES) {
      if (!text.startsWith(name, at + 1)) continue;
      out += text.slice(from, at) + character;
      from = at + 1 + name.length;
      break;
    }
  }
  return out + text.slice(from);
}

/** Digits of a numeric reference from `start`, in at most nine characters; the semicolon may be missing. */
function readNumeric(text: string, start: number): { character: string; end: number } | undefined {
  const isHex = text[start] === 'x' || text[start] === 'X';
  const radix = isHex ? 16 : 10;
  const first = isHex ? start + 1 : start;
  let code = 0;
  let end = first;
  for (; end < first + 9; end++) {
    const digit = digitOf(text.charCodeAt(end));
    if (digit >= radix) break;
    code = code * radix + digit;
  }
  if (end === first) return undefined;
  if (text[end] === ';') end++;
  if (code >= 0x80 && code <= 0x9f) return { character: C1.charAt(code - 0x80), end };
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return { character: isCharacter ? String.fromCodePoint(code) : '\ufffd', end };
}

/** 0–15, or a large number for what is no digit. */
function digitOf(c: number): number {
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  const letter = c | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : 99;
}

/** A decoded attribute, trimmed; the name may carry any prefix when given as `:name`. */
export function attr(node: XmlNode | undefined, name: string): string | undefined {
  if (!node) return undefined;
  let raw = node.attrs[name];
  if (raw === undefined && name.startsWith(':')) {
    const key = Object.keys(node.attrs).find((k) => k.endsWith(name));
    raw = key ? node.attrs[key] : undefined;
  }
  const value = raw === undefined ? '' : decodeXml(raw).trim();
  return value || undefined;
}

/** Whether what is inside is meant as mark-up (Atom 1.0 §3.1.1, and `mode` of Atom 0.3). */
export function isXhtml({ attrs }: XmlNode): boolean {
  return /xhtml|xml$/i.test(attrs.type ?? '') || attrs.mode === 'xml';
}

/** What the document says inside the element, trimmed: text decoded once, or mark-up as it stands when there are elements inside. */
export function contentOf(source: string, node: XmlNode): string {
  const limit = BODY_ELEMENTS.has(node.name) ? MAX_BODY_CHARS : MAX_VALUE_CHARS;
  const end = node.end < node.start ? source.length : node.end;
  const raw = source.slice(node.start, Math.min(end, node.start + limit));
  if (!raw.includes('<')) return decodeXml(raw).trim();
  const xhtml = isXhtml(node);
  // Escaped tags beside real ones: the author meant one level of HTML, so references are resolved there too.
  const keepReferences = node.hasMarkup && (xhtml || !/&lt;\/?[a-z]/i.test(raw));
  let out = '';
  let at = 0;
  for (const m of raw.matchAll(/<!\[CDATA\[([\s\S]*?)(?:\]\]>|$)|<!--[\s\S]*?(?:-->|$)|<\?[\s\S]*?(?:\?>|$)/g)) {
    const between = raw.slice(at, m.index);
    out += keepReferences ? between : decodeXml(between);
    if (m[1] !== undefined) out += xhtml && node.hasMarkup ? m[1].replace(/&/g, '&amp;').replace(/</g, '&lt;') : m[1];
    at = m.index + m[0].length;
  }
  const tail = raw.slice(at);
  out += keepReferences ? tail : decodeXml(tail);
  return (xhtml ? withoutNamespaces(out) : out).trim();
}

/** XHTML as plain HTML: no prefixes and no declarations of them. */
function withoutNamespaces(markup: string): string {
  return markup
    .replace(/<(\/?)[A-Za-z][\w.-]*:(?=[A-Za-z])/g, '<$1')
    .replace(/\sxmlns(?::[\w.-]+)?\s*=\s*(?:"[^"<>]*"|'[^'<>]*')/g, '');
}
