import type { Block } from './blocks.ts';
import { HINT_INDEX, type Hint } from './hints.ts';
import { fold } from './phrases.ts';
import type { StructuredData } from './structured-data.ts';
import { TextNode, type Tree, type TreeNode } from './tree.ts';

/** What the readers of metadata look at. */
export interface PageFacts {
  tree: Tree;
  data: StructuredData;
  blocks: Block[];
  url: URL | undefined;
}

/** Whether one of so many levels from the block up hints at something; false for no block. */
export function isWithin(block: Block | undefined, hint: Hint, levels: number): boolean {
  const distance = block?.hintDistance[HINT_INDEX[hint]] ?? -1;
  return distance >= 0 && distance <= levels;
}

/** The text of an element, white space collapsed. */
export function textOf(node: TreeNode): string {
  const parts: string[] = [];
  const collect = (n: TreeNode) => {
    for (let child = n.first; child; child = child.next) {
      if (child instanceof TextNode) parts.push(child.text);
      else collect(child);
    }
  };
  collect(node);
  return parts.join('').replace(/\s+/g, ' ').trim();
}

/** What plain text of one line may have and `clean` may change. */
const UNCLEAN = /[^ -~]|&|^ | {2}| $/;
const BIDI_CONTROLS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** One line of plain text: metadata is often escaped twice and padded with direction marks. */
export function clean(text: string): string {
  if (!UNCLEAN.test(text)) return text;
  return decodeLeftoverEntities(text).replace(BIDI_CONTROLS, '').replace(/\s+/g, ' ').trim();
}

function decodeLeftoverEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text
    .replace(/<[^>]{1,200}>/g, '')
    .replace(/&#x([0-9a-f]{1,6});/gi, (_m, hex: string) => codePoint(Number.parseInt(hex, 16)))
    .replace(/&#(\d{1,7});/g, (_m, dec: string) => codePoint(Number(dec)))
    .replace(
      /&(quot|apos|lt|gt|nbsp|rsquo|lsquo|rdquo|ldquo|ndash|mdash|hellip|amp);/g,
      (_m, name: string) => NAMED[name] as string,
    );
}
const NAMED: Record<string, string> = {
  quot: '"',
  apos: "'",
  lt: '<',
  gt: '>',
  nbsp: ' ',
  rsquo: '’',
  lsquo: '‘',
  rdquo: '”',
  ldquo: '“',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  amp: '&',
};
function codePoint(value: number): string {
  return value > 0 && value <= 0x10ffff ? String.fromCodePoint(value) : '';
}

/** Of a folded site name with its claim, in code units. */
const MAX_SITE_NAME_LENGTH = 70;

/** Names the site goes by, folded: from metadata and the host. */
export function siteNames(facts: PageFacts): Set<string> {
  const { data, url } = facts;
  const names = new Set<string>();
  for (const name of [
    data.meta.get('og:site_name'),
    data.meta.get('application-name'),
    data.meta.get('twitter:site'),
    data.ld.publisher,
    data.ld.siteName,
  ]) {
    const folded = fold(name ?? '');
    // Some pages give their headline as the site's name.
    if (folded.length <= MAX_SITE_NAME_LENGTH) names.add(folded);
  }
  const host = url?.hostname.replace(/^www\./, '');
  if (host) {
    names.add(fold(host));
    for (const label of host.split('.').slice(0, -1)) if (label.length > 3) names.add(fold(label));
  }
  names.delete('');
  return names;
}
