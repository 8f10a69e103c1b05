import { parseLooseDate } from '../../shared/dates.ts';
import { escapeHtml, plainText } from './html-text.ts';
import { attr, contentOf } from './xml-content.ts';
import type { XmlNode } from './xml-tree.ts';

/** First non-empty value of a direct child. `name` carries its prefix; a bare name also finds Atom's. */
export function reader(source: string, node: XmlNode, valueIn = bodyOf): (name: string) => string | undefined {
  return (name) => {
    for (const child of node.children) {
      if (!isNamed(child, name)) continue;
      const value = valueIn(source, child);
      if (value) return value;
    }
    return undefined;
  };
}

export function isNamed(node: XmlNode, name: string): boolean {
  if (node.ns === '' || node.ns === 'atom') return node.name === name;
  return node.ns.length + node.name.length + 1 === name.length && name === `${node.ns}:${node.name}`;
}

export function find(node: XmlNode, name: string): XmlNode | undefined {
  return node.children.find((child) => isNamed(child, name));
}

export function tidy(value: string | undefined): string | undefined {
  return value?.replace(/\s+/g, ' ').trim() || undefined;
}

export function text(value: string | undefined): string | undefined {
  return (value && plainText(value)) || undefined;
}

/** By the first of `names` that holds a date; of several elements of one name the last counts. */
export function dateOf(source: string, node: XmlNode, names: string[]): string | undefined {
  for (const name of names) {
    for (let i = node.children.length - 1; i >= 0; i--) {
      const child = node.children[i];
      const date = child && isNamed(child, name) ? isoDate(contentOf(source, child)) : undefined;
      if (date) return date;
    }
  }
  return undefined;
}

export function isoDate(value: string | undefined): string | undefined {
  return value ? parseLooseDate(value)?.date.toISOString() : undefined;
}

/** Atom 1.0 §4.1.3.3 and Atom 0.3 mode: base64 bodies are decoded when they hold text. */
export function bodyOf(source: string, node: XmlNode): string | undefined {
  const value = contentOf(source, node) || undefined;
  if (!value) return undefined;
  const type = attr(node, 'type')?.toLowerCase() ?? '';
  const isBase64 =
    attr(node, 'mode') === 'base64' || (type.includes('/') && !/^text\/|xml$|html/.test(type) && !node.hasMarkup);
  if (!isBase64 || !/^[A-Za-z0-9+/=\s]+$/.test(value)) return value;
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  return /[\x00-\x08\ufffd]/.test(decoded) ? undefined : decoded.trim() || undefined;
}

/** What tells HTML from text that merely holds a sign of it: an end tag, an element that has none, a reference. */
const HTML_SIGN = /<\/[a-z][a-z\d]*\s*>|<(?:a|br|div|hr|img|li|p)\b[^<>]*>|&(?:#\d+|#x[\da-f]+|[a-z]{2,8});/i;

/** As HTML: what Atom (RFC 4287 §3.1.1.1) or Media RSS call plain text, and which is not HTML by mistake, is escaped. */
export function htmlOf(source: string, node: XmlNode): string | undefined {
  const value = bodyOf(source, node);
  const type = attr(node, 'type')?.toLowerCase() ?? (node.ns === 'atom' ? 'text' : 'html');
  const isText = type === 'text' || type === 'plain' || type === 'text/plain';
  return value && isText && !node.hasMarkup && /[<&]/.test(value) && !HTML_SIGN.test(value) ? escapeHtml(value) : value;
}

/** Without the keys that are undefined, so that results are the same JSON as objects. */
export function defined<T extends object>(value: T): T {
  for (const key of Object.keys(value) as (keyof T)[]) if (value[key] === undefined) delete value[key];
  return value;
}
