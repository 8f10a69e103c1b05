import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { PermanentError } from '../../shared/errors.ts';
import { TextNode, type TreeNode } from './tree.ts';

const selector = z.string().superRefine((text, context) => {
  try {
    compileSelector(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
  }
});

/** What people know of one site. Every selector is one compound: `tag`, `.class`, `#id`, `[attr]`, `[attr=value]`, or several of these together. */
const siteRule = z.strictObject({
  /** Registrable domain or host the rule is for, with its port where that is not the usual one. */
  host: z.string().regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?$/, 'must be a host name in lower case'),
  /** Text outside of these elements is left out. */
  body: z.array(selector).min(1).optional(),
  /** Text inside of these elements is left out. */
  remove: z.array(selector).min(1).optional(),
  /** The element that shows the headline, or the author. */
  title: selector.optional(),
  author: selector.optional(),
});

export type SiteRule = z.infer<typeof siteRule>;

/** By host. */
export type SiteRules = ReadonlyMap<string, SiteRule>;

const SHIPPED = fileURLToPath(new URL('../../../data/site-rules/', import.meta.url));

/** By folder: threads and stages ask for every page. */
const loaded = new Map<string, SiteRules>();

/**
 * The rules that come with Khabar and those of `folder`, which go before. Read once. Throws PermanentError SITE_RULES_BAD that names
 * every bad file with what is wrong with it.
 */
export function loadSiteRules(folder?: string): SiteRules {
  const known = loaded.get(folder ?? '');
  if (known) return known;
  const rules = new Map<string, SiteRule>();
  const problems: string[] = [];
  for (const file of [SHIPPED, ...(folder ? [folder] : [])].flatMap((name) => rulesIn(name, problems))) {
    const rule = parseRule(file, problems);
    if (rule) rules.set(rule.host, rule);
  }
  if (problems.length > 0) throw bad(problems);
  loaded.set(folder ?? '', rules);
  return rules;
}

/** One rule. Throws PermanentError SITE_RULES_BAD. */
export function readSiteRule(file: string): SiteRule {
  const problems: string[] = [];
  const rule = parseRule(file, problems);
  if (!rule) throw bad(problems);
  return rule;
}

function bad(problems: readonly string[]): PermanentError {
  return new PermanentError('SITE_RULES_BAD', problems.join('\n'));
}

function rulesIn(folder: string, problems: string[]): string[] {
  try {
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    return files.sort().map((name) => join(folder, name));
  } catch (error) {
    problems.push(`${folder}: ${(error as Error).message}`);
    return [];
  }
}

function parseRule(file: string, problems: string[]): SiteRule | undefined {
  try {
    const read = siteRule.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (read.success) return read.data;
    for (const { path, message } of read.error.issues) problems.push(`${file}: ${[...path, message].join(': ')}`);
  } catch (error) {
    problems.push(`${file}: ${(error as Error).message}`);
  }
  return undefined;
}

/** The rule for a page's host: its own, with the port or without, or the nearest parent domain's. */
export function siteRuleFor(url: URL, rules: SiteRules = loadSiteRules()): SiteRule | undefined {
  const own = rules.get(url.host);
  if (own) return own;
  for (let name = url.hostname; name.includes('.'); name = name.slice(name.indexOf('.') + 1)) {
    const rule = rules.get(name);
    if (rule) return rule;
  }
  return undefined;
}

type Test = (node: TreeNode) => boolean;

const PART = /^(?:([a-z][a-z0-9-]*)|\.([\w-]+)|#([\w-]+)|\[([\w-]+)(?:=["']?([^"'\]]*)["']?)?\])/i;

/** Throws a RangeError for a selector that is not one compound. */
function compileSelector(selector: string): Test {
  const tests: Test[] = [];
  let rest = selector.trim();
  while (rest !== '') {
    const m = PART.exec(rest);
    if (!m) throw new RangeError(`not a compound selector: ${selector}`);
    const [whole, tag, cls, id, attribute, value] = m;
    if (tag) tests.push((n) => n.tag === tag.toLowerCase());
    else if (cls) tests.push((n) => n.className.text.split(/\s+/).includes(cls));
    else if (id) tests.push((n) => n.get('id') === id);
    else if (attribute)
      tests.push((n) => (value === undefined ? n.get(attribute) !== undefined : n.get(attribute) === value));
    rest = rest.slice(whole.length);
  }
  if (tests.length === 0) throw new RangeError('an empty selector');
  return (node) => tests.every((test) => test(node));
}

/** The outermost elements that match any of the selectors, in document order. */
export function select(root: TreeNode, selectors: readonly string[]): TreeNode[] {
  const tests = selectors.map(compileSelector);
  const found: TreeNode[] = [];
  const visit = (node: TreeNode) => {
    for (let child = node.first; child; child = child.next) {
      if (child instanceof TextNode) continue;
      const element = child;
      if (tests.some((test) => test(element))) found.push(element);
      else visit(element);
    }
  };
  if (tests.length > 0) visit(root);
  return found;
}
