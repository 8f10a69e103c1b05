import { toUtf8 } from '../../shared/decode-bytes.ts';
import { ExtractError } from '../../shared/errors.ts';
import type { ExtractedArticle, Paragraph } from '../../shared/model.ts';
import { areOnOneSite } from '../../shared/url/index.ts';
import { agencyOf } from './agencies.ts';
import { type Block, collectBlocks } from './blocks.ts';
import { countWords } from './characters.ts';
import { cleanAuthors, isPerson } from './credits.ts';
import { type Body, findBodyBlocks } from './find-body.ts';
import { findTitle } from './find-title.ts';
import { splitFurniture } from './furniture.ts';
import { findFurtherPages } from './further-pages.ts';
import { judgePage } from './judge-page.ts';
import { clean, type PageFacts, siteNames, textOf } from './page-facts.ts';
import { fold } from './phrases.ts';
import { isFurniture } from './prune.ts';
import { readAuthors, readAuthorsAround, readOpeningCredit, readSignature } from './read-authors.ts';
import { readDates } from './read-dates.ts';
import { isSitePicture, readKeywords, readSection } from './read-labels.ts';
import { readDirection, readLanguage } from './read-language.ts';
import { readSubtitle, readTitle } from './read-title.ts';
import { absolute, toParagraphs, toSafeHtml, toText, webAddress } from './render.ts';
import { type SiteRule, select, siteRuleFor } from './site-rules.ts';
import { hasWord, readStructuredData } from './structured-data.ts';
import { MAX_HTML_LENGTH, parseTree, type TreeNode } from './tree.ts';

export { agencyOf } from './agencies.ts';
export { paragraphKey } from './furniture.ts';
export type { SiteRule } from './site-rules.ts';

export interface ExtractOptions {
  /** Address of the page, for its site, relative links and dates in the path. */
  url: string;
  /** Content-Type header of the response. */
  contentType?: string;
  /** Keys (`paragraphKey`) of paragraphs known to recur on this site; such paragraphs are left out. */
  furniture?: ReadonlySet<string>;
  /** Instead of the shipped rule for the page's host. */
  siteRule?: SiteRule;
  /** Lets relative dates be read and dates in the future be refused. */
  now?: Date;
  /** Also return `html`, a sanitised copy of the body. */
  html?: boolean;
}

/** JSON-LD text is taken when the page shows less than this share of it. */
const MIN_SHARE_OF_LINKED_TEXT = 0.5;
const MIN_LINKED_TEXT = 250;

/** How sure we are of a body that is not where the site's rule says, against one without a rule. */
const OUTGROWN = 0.5;

/**
 * The article of a page: body, typed paragraphs and metadata. Pure, in time linear in the page's length.
 * Throws ExtractError (NOT_HTML, TOO_LARGE) and nothing else; a page without text gives an empty article with `isArticle: false`.
 */
export function extractArticle(html: Uint8Array | string, opts: ExtractOptions): ExtractedArticle {
  const warnings: string[] = [];
  const tree = parseTree(decode(html, opts.contentType, warnings));
  if (tree.truncated) warnings.push('the page is too large: its end was not read');
  const data = readStructuredData(tree);
  if (data.brokenJsonLd > 0) warnings.push('JSON-LD that does not parse');
  const blocks = collectBlocks(tree.root, { markup: opts.html, warnings });
  const url = URL.canParse(opts.url) ? new URL(opts.url) : undefined;
  const facts: PageFacts = { tree, data, blocks, url };
  const { meta, ld } = data;
  const rule = opts.siteRule ?? (url ? siteRuleFor(url) : undefined);

  const sites = siteNames(facts);
  const ruleTitle = rule?.title && select(tree.root, [rule.title])[0];
  const title = (ruleTitle && clean(textOf(ruleTitle))) || readTitle(facts, sites);
  const titleAt = findTitle(blocks, title);
  const ruleAuthor = rule?.author && select(tree.root, [rule.author]).map(textOf);
  const stated =
    ruleAuthor && ruleAuthor.length > 0 ? cleanAuthors(ruleAuthor, sites) : readAuthors(facts, sites, titleAt);

  const description = ld.description ?? meta.get('og:description') ?? meta.get('description') ?? '';
  const articleBody = ld.articleBody ? clean(ld.articleBody) : '';
  const body = findBodyBlocks(tree.root, blocks, { title, titleAt, description, articleBody, authors: stated });
  const ruled = applyRule(body, blocks, rule, { root: tree.root, title: fold(title) });
  if (rule?.body && !ruled) warnings.push(`the rule for ${rule.host} finds no body on this page`);
  const { own, furniture } = splitFurniture(body.kept, opts.furniture);
  body.kept = own;

  const bodyFrom = body.kept[0]?.index ?? -1;
  const lastKept = body.kept[body.kept.length - 1];
  const { authors, signature } = creditedAuthors(facts, body.kept, stated, sites);
  if (signature) body.kept = body.kept.filter((b) => b !== signature);

  const rendered = toParagraphs(body.kept, captionsOf(body, blocks));
  let paragraphs: Paragraph[] = rendered.map(({ type, text }) => ({ type, text }));
  let method: string = ruled ? 'site-rule' : body.method;
  const keptChars = body.kept.reduce((sum, b) => sum + b.chars, 0);
  const fromLd =
    articleBody.length >= MIN_LINKED_TEXT &&
    keptChars < articleBody.replace(/\s/g, '').length * MIN_SHARE_OF_LINKED_TEXT;
  if (fromLd) {
    paragraphs = linkedParagraphs(ld.articleBody as string);
    method = 'jsonld';
  }
  const text = toText(paragraphs);
  const dates = readDates(facts, { titleAt, bodyFrom, bodyTo: lastKept?.index ?? -1 }, opts.now);
  const judgement = judgePage(facts, body, {
    title,
    textChars: fromLd ? text.length : keptChars,
    publishedIn: dates.publishedSource,
  });
  const further = findFurtherPages(facts);
  const agency = authors.map((a) => agencyOf(a)).find((a) => a !== undefined) ?? agencyOf(ld.publisher ?? '');
  const people = authors.filter((a) => agencyOf(a) === undefined);

  return {
    title,
    subtitle: readSubtitle(facts, title, titleAt, new Set(body.kept)),
    text,
    paragraphs,
    html: opts.html ? toSafeHtml(rendered, url) : undefined,
    authors: people.length > 0 ? people : authors,
    agency,
    publishedAt: dates.publishedAt,
    publishedSource: dates.publishedSource,
    modifiedAt: dates.modifiedAt,
    siteName:
      clean(meta.get('og:site_name') ?? ld.publisher ?? ld.siteName ?? meta.get('application-name') ?? '') || undefined,
    language: readLanguage(facts),
    direction: readDirection(facts, text),
    canonicalUrl: canonicalUrl(facts),
    leadImage: leadImage(facts),
    section: readSection(facts, sites, title),
    keywords: readKeywords(facts, sites),
    paywalled: judgement.paywalled,
    liveBlog: judgement.liveBlog,
    isArticle: judgement.isArticle,
    notArticleReason: judgement.reason,
    wordCount: countWords(text),
    method,
    score: Math.round(body.confidence * 1000) / 1000,
    furtherPages: further.next.length > 0 || further.amp ? further : undefined,
    furniture: furniture.length > 0 ? furniture : undefined,
    warnings,
  };
}

function decode(html: Uint8Array | string, contentType: string | undefined, warnings: string[]): Uint8Array | string {
  if (
    contentType &&
    /^\s*(?:image|audio|video|font)\/|^\s*application\/(?:pdf|zip|octet-stream|json)\b/i.test(contentType)
  ) {
    throw new ExtractError('NOT_HTML', `not a page: ${contentType.slice(0, 80)}`);
  }
  if (html.length > MAX_HTML_LENGTH * 4)
    throw new ExtractError('TOO_LARGE', `${html.length} bytes are too many for a page`);
  if (typeof html === 'string') return html;
  const { utf8, warnings: doubts } = toUtf8(html, { contentType, kind: 'html' });
  warnings.push(...doubts);
  if (BINARY_FILES.some((mark) => mark.every((byte, i) => utf8[i] === byte)))
    throw new ExtractError('NOT_HTML', 'not a page: a binary file');
  return utf8;
}

/** What PDF and ZIP files begin with. */
const BINARY_FILES = ['%PDF-', 'PK\u0003\u0004'].map((mark) => [...mark].map((char) => char.charCodeAt(0)));

/** Says whether the body is where the rule has it. */
function applyRule(
  body: Body,
  blocks: Block[],
  rule: SiteRule | undefined,
  { root, title }: { root: TreeNode; title: string },
): boolean {
  if (!rule) return false;
  let ruled = false;
  if (rule.body) {
    const within = select(root, rule.body);
    if (within.length > 0) {
      ruled = true;
      const inside = blocks.filter((b) => within.some((n) => b.index >= n.from && b.index < n.to));
      const kept = new Set(body.kept);
      // The rule says what is text, also where the classifier doubts it; hidden lines, links and stock phrases are none anywhere.
      const isText = (b: Block) => !b.hidden && b.linkChars <= b.chars / 2 && !isFurniture(b, title);
      body.kept = inside.filter((b) => kept.has(b) || isText(b));
    }
  }
  if (rule.remove) {
    const outside = select(root, rule.remove);
    body.kept = body.kept.filter((b) => !outside.some((n) => b.index >= n.from && b.index < n.to));
  }
  // A site that has outgrown its rule is to show as read worse than before.
  if (rule.body && !ruled) body.confidence *= OUTGROWN;
  return ruled;
}

/** Whom the page and its text credit; of names signed below the text also the block they stand in. `stated` is as from `readAuthors`. */
function creditedAuthors(
  facts: PageFacts,
  kept: readonly Block[],
  stated: string[],
  sites: Set<string>,
): { authors: string[]; signature?: Block } {
  const first = kept[0];
  const last = kept[kept.length - 1];
  const areNamed = (names: readonly string[]) => names.some((name) => isPerson(name, sites));
  if (!first || !last || areNamed(stated)) return { authors: stated };
  const around = readAuthorsAround(facts, sites, first.index, last.index);
  if (areNamed(around)) return { authors: around };
  const signature = readSignature(facts.blocks, last, sites);
  if (signature) return { authors: signature.names, signature: signature.block };
  return { authors: [readOpeningCredit(kept), stated, around].find((names) => names.length > 0) ?? [] };
}

/** Captions of figures between the first and the last kept block. */
function captionsOf(body: Body, blocks: Block[]): Block[] {
  const first = body.kept[0];
  const last = body.kept[body.kept.length - 1];
  if (!first || !last) return [];
  const kept = new Set(body.kept);
  return blocks
    .slice(first.index, last.index + 1)
    .filter((b) => b.figure?.tag === 'figcaption' && !b.hidden && !kept.has(b));
}

function linkedParagraphs(articleBody: string): Paragraph[] {
  return articleBody
    .split(/\n+|<br\s*\/?>|<\/p>/i)
    .map((line) => clean(line.replace(/<[^>]{1,200}>/g, ' ')))
    .filter((line) => line !== '')
    .map((text) => ({ type: 'p', text }));
}

/** What the page calls itself, when that is on the same site and not its front page. */
function canonicalUrl({ data, url }: PageFacts): string | undefined {
  const stated = [data.links.find(({ rel }) => hasWord(rel, 'canonical'))?.href, data.meta.get('og:url')];
  for (const value of stated) {
    const address = value && webAddress(value, url);
    if (!address) continue;
    if (!url || (areOnOneSite(address, url) && (address.pathname !== '/' || url.pathname === '/'))) return address.href;
  }
  return undefined;
}

function leadImage({ data, url }: PageFacts): string | undefined {
  for (const value of [
    data.meta.get('og:image'),
    data.meta.get('og:image:url'),
    ...data.ld.images,
    data.meta.get('twitter:image'),
    data.meta.get('twitter:image:src'),
  ]) {
    const address = value && absolute(value, url);
    if (address && !isSitePicture(address)) return address;
  }
  return undefined;
}
