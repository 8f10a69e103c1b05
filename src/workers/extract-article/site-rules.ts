import { readdirSync, readFileSync } from 'node:fs';
import type { TreeNode } from './tree.ts';

/** What people know of one site. Every selector is one compound: `tag`, `.class`, `#id`, `[attr]`, `[attr=value]`, or several of these together. */
export interface SiteRule {
  /** Registrable domain or host the rule is for. */
  host: string;
  /** Text outside of these elements is left out. */
  body?: string[];
  /** Text inside of these elements is left out. */
  remove?: string[];
  /** The element that shows the headline, or the author. */
  title?: string;
  author?: string;
}

const FOLDER = new URL('../../../data/site-rules/', import.meta.url);
let rules: Map<string, SiteRule> | undefined;

/** The rule for a page's host: its own or the nearest parent domain's. */
export function siteRuleFor(host: string): SiteRule | undefined {
  rules ??= new Map(
    readdirSync(FOLDER)
      .filter((file) => file.endsWith('.json'))
      .map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as SiteRule)
      .map((rule) => [rule.host, rule]),
  );
  for (let name = host.toLowerCase(); name.includes('.'); name = name.slice(name.indexOf('.') + 1)) {
    const rule = rules.get(name);
    if (rule) return rule;
  }
  return undefined;
}

type Test = (node: TreeNode) => boolean;

const PART = /^(?:([a-z][a-z0-9-]*)|\.([\w-]+)|#([\w-]+)|\[([\w-]+)(?:=["']?([^"'\]]*)["']?)?\])/i;

/** Throws a RangeError for a selector that is not one compound. */
export function compileSelector(selector: string): Test {
  const tests: Test[] = [];
  let rest = selector.trim();
  while (rest !== '') {
    const m = PART.exec(rest);
    if (!m) throw new RangeError(`not a compound selector: ${selector}`);
    const [whole, tag, cls, id, attribute, value] = m;
    if (tag) tests.push((n) => n.tag === tag.toLowerCase());
    else if (cls) tests.push((n) => (n.attrs.class ?? '').split(/\s+/).includes(cls));
    else if (id) tests.push((n) => n.attrs.id === id);
    else if (attribute)
      tests.push((n) => (value === undefined ? n.attrs[attribute] !== undefined : n.attrs[attribute] === value));
    rest = rest.slice(whole.length);
  }
  return (node) => tests.length > 0 && tests.every((test) => test(node));
}

/** The outermost elements that match any of the selectors, in document order. */
export function select(root: TreeNode, selectors: readonly string[]): TreeNode[] {
  const tests = selectors.map(compileSelector);
  const found: TreeNode[] = [];
  const visit = (node: TreeNode) => {
    for (const child of node.children) {
      if (typeof child === 'string') continue;
      if (tests.some((test) => test(child))) found.push(child);
      else visit(child);
    }
  };
  if (tests.length > 0) visit(root);
  return found;
}
