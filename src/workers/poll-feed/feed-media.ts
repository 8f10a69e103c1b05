import type { Enclosure } from '../../shared/model.ts';
import { linksOf, resolve } from './feed-links.ts';
import { defined, htmlOf, isNamed, reader } from './feed-values.ts';
import { attr, contentOf } from './xml-content.ts';
import type { XmlNode } from './xml-tree.ts';

/** enclosure elements and Atom enclosure links first, then Media RSS, each URL once. */
export function enclosuresOf(source: string, node: XmlNode, base: string | undefined): Enclosure[] {
  const out: Enclosure[] = [];
  const add = (href: string | undefined, type: string | undefined, length: string | undefined) => {
    const url = resolve(href, base);
    if (!url || out.some((e) => e.url === url)) return;
    const digits = length?.replace(/[\s,]/g, '') ?? '';
    out.push(defined<Enclosure>({ url, type, length: /^\d{1,15}$/.test(digits) ? Number(digits) : undefined }));
  };
  for (const child of node.children) {
    if (child.name === 'enclosure')
      add(
        attr(child, 'url') ?? attr(child, 'href') ?? attr(child, ':resource'),
        attr(child, 'type'),
        attr(child, 'length'),
      );
  }
  for (const link of linksOf(source, node)) if (link.rel === 'enclosure') add(link.href, link.type, link.length);
  for (const child of node.children) {
    const type = attr(child, 'type');
    if (isNamed(child, 'content') && type && !/html/i.test(type)) add(attr(child, 'src'), type, undefined);
  }
  for (const child of node.children) {
    if (child.name !== 'image' || (child.ns !== '' && child.ns !== 'itunes')) continue;
    const named = attr(child, 'href') ?? attr(child, 'url') ?? reader(source, child)('url');
    const href = named ?? contentOf(source, child);
    if (named || /^(?:https?:)?\/\/?[^\s<>]+$/i.test(href)) add(href, 'image', undefined);
  }
  for (const kind of ['content', 'thumbnail']) {
    for (const media of mediaNodes(node, kind)) {
      add(
        attr(media, 'url'),
        attr(media, 'type') ?? (kind === 'thumbnail' ? 'image' : attr(media, 'medium')),
        attr(media, 'filesize'),
      );
    }
  }
  return out;
}

/** What Media RSS says of an entry, or of the films and pictures in it (video channels say it nowhere else). */
export function htmlOfMedia(source: string, node: XmlNode): string | undefined {
  for (const description of mediaNodes(node, 'description')) {
    const value = htmlOf(source, description);
    if (value) return value;
  }
  return undefined;
}

/** media:content and media:thumbnail, also inside media:group and media:content. */
function mediaNodes(node: XmlNode, name: string): XmlNode[] {
  const out: XmlNode[] = [];
  for (const child of node.children) {
    if (child.ns !== 'media') continue;
    if (child.name === name) out.push(child);
    if (child.name === 'group' || child.name === 'content') out.push(...mediaNodes(child, name));
  }
  return out;
}
