import { hashOn, NO_HASH } from './name-table.ts';
import type { ElementName, TreeNode } from './tree.ts';

/** What an element's class, id, role or tag says about its content. Several may hold at once. */
export const HINTS = [
  'comment',
  'related',
  'share',
  'newsletter',
  'nav',
  'sidebar',
  'footer',
  'header',
  'ad',
  'meta',
  'caption',
  'bio',
  'tags',
  'legal',
  'media',
  'widget',
  'hidden',
  'list',
  'body',
  'article',
  'lead',
  'title',
] as const;
export type Hint = (typeof HINTS)[number];

/** Words of class names and ids, after splitting camelCase, digits and separators. Prefixes are matched on the joined words. */
const PATTERNS: [Hint, RegExp][] = [
  ['comment', /\b(comments?|commentary|disqus|respond|replies|reply|livefyre|discussion|feedback|reviews?|ratings?)\b/],
  [
    'related',
    /\b(related|relatedstories|recommend\w*|recirc\w*|more (stories|news|from|on|in|articles|posts|top|link|links)|read (more|also|next|on)|see also|also (read|like)|readmore|popular|trending|most (read|viewed|popular|shared)|mostread|latest|outbrain|taboola|zergnet|revcontent|suggest\w*|similar|teasers?|promos?|promo\w+|next (article|post|story|up)|prev\w*|up next|further|crosslinks?|inline (link|promo|related)|linkbox|associated|story links|rel(ated)? (articles|posts|content)|yarpp\w*|jp relatedposts|crp|wp embedded|embedded link|linked|carousel|river|headlines|archive|feeds?|ticker|playlist)\b/,
  ],
  [
    'share',
    /\b(shar(e|es|ing|ed|ethis|edaddy|er|ebar|etools)|social\w*|follow\w*|addthis\w*|addtoany|a2a|sharethis|facebook|twitter|whatsapp|pinterest|linkedin|fb|tweet (button|this)|print|email|tools?|toolbar|actions?|bookmark|like|buttons?|btn|ssba|sassy)\b/,
  ],
  [
    'newsletter',
    /\b(newsletters?|subscri\w+|sign ?up|signup|optin|opt in|mailchimp|mailing|email (form|alert|signup|capture)|cta|call to action|donat\w+|register|registration|membership|join|support (us|our)|lead (magnet|form|gen)|convertkit|offer|contact( form)?)\b/,
  ],
  [
    'nav',
    /\b(nav|navbar|navigation|navi|menu|menus|breadcrumbs?|crumbs?|pagination|pager|paging|skip|search|submenu|dropdown|mega|sitemap|toc|table of contents|jump)\b/,
  ],
  [
    'sidebar',
    /\b(sidebars?|side|aside|rail|right ?(col|column|rail|side)|left ?(col|column|rail|side)|secondary|complementary|gutter|col right|col left)\b/,
  ],
  [
    'footer',
    /\b(footer|foot|bottom|colophon|copyright|contentinfo|endnote|postfooter|after (content|post|article|entry)|article end)\b/,
  ],
  ['header', /\b(header|head|masthead|banner|top ?bar|topbar|hero|site (title|header|branding)|logo|brand)\b/],
  [
    'ad',
    /\b(ads?|advert\w*|adv|advertisement|sponsor\w*|promoted|promotion|dfp|gpt|adsense|adslot|ad (slot|unit|container|wrapper|banner)|commercial|affiliate\w*|shop\w*|products?|buy|price|deals?|amazon|coupon)\b/,
  ],
  [
    'meta',
    /\b(meta|metadata|byline|bylines|authors?|dates?|datetime|time|timestamp|dateline|posted|published|publish|pub|updated|modified|info|details?|credits?|writer|reporter|kicker|eyebrow|section|category|rubric|views|views? count|read(ing)? time|stats?|source|location)\b/,
  ],
  [
    'caption',
    /\b(captions?|cutline|credits?|legend|photo(grapher)?|image|img|figure|figcaption|picture|pic|wp caption\w*|copyright)\b/,
  ],
  [
    'bio',
    /\b(bio|biography|about (the )?author|author (bio|box|info|card|description|profile|desc|block|details)|authorbox|contributors?|profile|vcard|abh|staff|team)\b/,
  ],
  [
    'tags',
    /\b(tags?|tagcloud|tag (list|links|cloud)|tagged|keywords?|topics?|categories|cat links|cats|labels?|hashtags?)\b/,
  ],
  [
    'legal',
    /\b(cookies?|consent|gdpr|paywall|pay wall|premium|disclaimer|disclosure|copyright|legal|privacy|terms|notice|correction|licen[cs]e|rights|metered|piano|regwall|login|modal|popup|overlay|lightbox|alert|toast)\b/,
  ],
  [
    'media',
    /\b(video|videos|player|audio|gallery|slideshow|slider|slides?|media|podcast|jwplayer|brightcove|youtube|instagram|embed|photos|infographic|iframe|map|chart)\b/,
  ],
  [
    'widget',
    /\b(widgets?|module|modules|box|panel|card|cards|block|plugin|component|accordion|tabs?|poll|quiz|survey|factbox|fact box|info ?box|infobox|callout|highlight|inset|pull ?quote|pullquote|aside)\b/,
  ],
  [
    'hidden',
    /\b(hidden|hide|invisible|visually ?hidden|visuallyhidden|sr only|sronly|screen reader( text)?|assistive|offscreen|display none|d none|visually|print only|noshow)\b/,
  ],
  ['list', /\b(list|lists|listing|grid|items?|entries|posts|articles|stories|results|loop|row)\b/],
  [
    'body',
    /\b(article ?(body|text|content|copy|detail|main|paragraph\w*)|articlebody|story ?(body|text|content|copy|page)|storybody|post ?(body|text|content|entry)|entry ?(content|body|text)|news ?(body|text|content|detail\w*)|body ?(content|text|copy|main)|content ?(body|text|main|article|detail)|main ?(content|text|body|article)|rich ?text|richtext|text ?(body|content|block)|blog ?(content|body|post)|rte|wysiwyg|prose|page content|the content|detail ?(content|text|body)|paywall)\b/,
  ],
  ['article', /\b(article|story|post|entry|hentry|news|blog|single|content|main|text|body|paragraph|page)\b/],
  [
    'lead',
    /\b(lead|lede|intro|introduction|standfirst|stand first|chapeau|subtitle|sub title|subhead\w*|sub head\w*|summary|excerpt|description|desc|dek|deck|abstract|teaser|sapo|ingress|vorspann|sommario|bajada|entradilla|perex)\b/,
  ],
  ['title', /\b(title|headline|heading|titulo|titre|hed)\b/],
];

export const HINT_INDEX = Object.fromEntries(HINTS.map((hint, i) => [hint, i])) as Record<Hint, number>;

/** Bit sets of hints, by HINT_INDEX. */
const bitsOf = (hints: Record<string, Hint>): ReadonlyMap<string, number> =>
  new Map(Object.entries(hints).map(([name, hint]) => [name, 1 << HINT_INDEX[hint]]));
export const TAG_HINTS = bitsOf({
  nav: 'nav',
  footer: 'footer',
  header: 'header',
  aside: 'sidebar',
  menu: 'nav',
  figcaption: 'caption',
  figure: 'media',
  article: 'article',
  main: 'body',
  form: 'widget',
  address: 'meta',
  time: 'meta',
});
const ROLE_HINTS = bitsOf({
  navigation: 'nav',
  contentinfo: 'footer',
  banner: 'header',
  complementary: 'sidebar',
  search: 'nav',
  dialog: 'legal',
  alertdialog: 'legal',
  menu: 'nav',
  menubar: 'nav',
  toolbar: 'share',
  main: 'body',
  article: 'article',
});

/** Longest class or id string looked at, UTF-16 code units. */
const MAX_NAME_LENGTH = 300;

const HIDDEN_STYLE = /display\s*:\s*none|visibility\s*:\s*hidden/i;

/** Alternatives of several words, by hint and all of them. */
const SEVERAL_PATTERNS = PATTERNS.flatMap(([hint, { source }]): [Hint, RegExp][] => {
  const several = alternatives(source).filter((words) => words.includes(' '));
  return several.length > 0 ? [[hint, new RegExp(`\\b(?:${several.join('|')})\\b`)]] : [];
});
const SEVERAL = PATTERNS.flatMap(([, { source }]) => alternatives(source)).filter((words) => words.includes(' '));
const SEVERAL_WORDS = new RegExp(`\\b(?:${SEVERAL.join('|')})\\b`);
/** The words they begin with. */
const FIRST_OF_SEVERAL = new RegExp(`^(?:${SEVERAL.map((words) => words.slice(0, words.search(/\(? /))).join('|')})$`);
/** Set for such words, beside their own hints: a name with one of them is asked for several words. */
const BEGINS_SEVERAL = 1 << 30;
/** The hints of words that a pattern has as they are, or with one letter that may be missing at the end. */
const HINTS_OF_WORD = new Map<string, number>();
/** The other alternatives, by hint, and all of them: most words match none. */
const OPEN_PATTERNS: [Hint, RegExp][] = [];
const ANY_OPEN = sortPatterns();

function sortPatterns(): RegExp {
  const open: string[] = [];
  for (const [hint, { source }] of PATTERNS) {
    const others: string[] = [];
    for (const alternative of alternatives(source)) {
      const [, word, last] = /^([a-z]+?)(?:([a-z])\?)?$/.exec(alternative) ?? [];
      if (word === undefined) others.push(alternative);
      else
        for (const form of last === undefined ? [word] : [word, word + last])
          HINTS_OF_WORD.set(form, (HINTS_OF_WORD.get(form) ?? 0) | (1 << HINT_INDEX[hint]));
    }
    if (others.length > 0) OPEN_PATTERNS.push([hint, new RegExp(`\\b(?:${others.join('|')})\\b`)]);
    open.push(...others);
  }
  return new RegExp(`\\b(?:${open.join('|')})\\b`);
}

/** Those of a pattern `\b(a|b(c|d))\b`: a and b(c|d). */
function alternatives(source: string): string[] {
  const found = [''];
  let depth = 0;
  for (const char of source.slice('\\b('.length, -')\\b'.length)) {
    if (char === '(') depth++;
    if (char === ')') depth--;
    if (char === '|' && depth === 0) found.push('');
    else found[found.length - 1] += char;
  }
  return found;
}

function matching(patterns: [Hint, RegExp][], words: string): number {
  let bits = 0;
  for (const [hint, pattern] of patterns) if (pattern.test(words)) bits |= 1 << HINT_INDEX[hint];
  return bits;
}

/** The hints of a word, and whether several words begin with it. */
function readWord(word: string): number {
  return (
    (HINTS_OF_WORD.get(word) ?? 0) |
    (ANY_OPEN.test(word) ? matching(OPEN_PATTERNS, word) : 0) |
    (FIRST_OF_SEVERAL.test(word) ? BEGINS_SEVERAL : 0)
  );
}

/**
 * What was read of words, which repeat across all pages: by the hash of the word, each in the place of the one that had it before. A map of
 * twenty thousand strings costs several times as much, most of it waiting for memory.
 */
const PLACES = 1 << 14;
const hashRead = new Int32Array(PLACES);
const bitsRead = new Int32Array(PLACES);
const wordRead: string[] = new Array(PLACES).fill('');

/** The same for a part of a name, its letters small or capital, given with the hash of its small letters. */
function hintsOfWord(name: string, start: number, end: number, hash: number): number {
  const place = (hash ^ (hash >>> 15)) & (PLACES - 1);
  if (hashRead[place] === hash && isWordAt(name, start, end, wordRead[place] as string))
    return bitsRead[place] as number;
  const word = detached(name.slice(start, end).toLowerCase());
  hashRead[place] = hash;
  wordRead[place] = word;
  bitsRead[place] = readWord(word);
  return bitsRead[place] as number;
}

function isWordAt(name: string, start: number, end: number, word: string): boolean {
  if (word.length !== end - start) return false;
  for (let i = start; i < end; i++) if ((name.charCodeAt(i) | SMALL_BIT) !== word.charCodeAt(i - start)) return false;
  return true;
}

/** A copy: a part of a page's source keeps all of it in memory. */
function detached(text: string): string {
  return `${text} `.slice(0, -1);
}

/** The hints of a name's words, which end at other characters and where a capital follows a small letter. */
function hintsOfText(text: string): number {
  const { length } = text;
  const end = length > MAX_NAME_LENGTH ? MAX_NAME_LENGTH : length;
  let bits = 0;
  /** Whether a word that several may begin with has one behind it. */
  let several = false;
  let start = 0;
  let hash = NO_HASH;
  let before = OTHER;
  for (let i = 0; i <= end; i++) {
    const unit = i < end ? text.charCodeAt(i) : 0;
    const kind = unit >= 97 && unit <= 122 ? SMALL : unit >= 65 && unit <= 90 ? CAPITAL : OTHER;
    if (kind === OTHER || (kind === CAPITAL && before === SMALL)) {
      if (i > start) {
        if ((bits & BEGINS_SEVERAL) !== 0) several = true;
        bits |= hintsOfWord(text, start, i, hash);
      }
      start = kind === OTHER ? i + 1 : i;
      hash = NO_HASH;
    }
    if (kind !== OTHER) hash = hashOn(hash, unit | SMALL_BIT);
    before = kind;
  }
  bits &= ~BEGINS_SEVERAL;
  return several ? bits | hintsOfSeveral(text.slice(0, end)) : bits;
}
const OTHER = 0;
const SMALL = 1;
const CAPITAL = 2;
/** What a small letter has and a capital has not. */
const SMALL_BIT = 32;

function hintsOfSeveral(name: string): number {
  const words = name.replace(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return SEVERAL_WORDS.test(words) ? matching(SEVERAL_PATTERNS, words) : 0;
}

function hintsOfName(name: ElementName): number {
  if (name.hints < 0) name.hints = hintsOfText(name.text);
  return name.hints;
}

/** Hidden from readers by markup, not by style sheets. */
export function isHidden(node: TreeNode): boolean {
  if (!node.hasRare) return false;
  const hidden = node.get('hidden');
  const style = node.get('style');
  return (hidden !== undefined && hidden !== 'until-found') || (style !== undefined && HIDDEN_STYLE.test(style));
}

/** Bit set of hints, by HINT_INDEX, `isHidden` apart. */
export function hintsOf(node: TreeNode): number {
  const bits = node.kind.hints | hintsOfName(node.className) | hintsOfName(node.id);
  return node.hasRare ? bits | rareHints(node) : bits;
}

const DATA_NAMES = ['data-testid', 'data-component', 'data-qa', 'data-module', 'data-type'];

function rareHints(node: TreeNode): number {
  let bits = ROLE_HINTS.get(node.get('role') ?? '') ?? 0;
  const data = DATA_NAMES.find((name) => node.get(name) !== undefined);
  if (data) bits |= hintsOfText(node.get(data) as string);
  if (/articleBody|reviewBody/i.test(node.get('itemprop') ?? '')) bits |= 1 << HINT_INDEX.body;
  if (node.get('aria-hidden') === 'true') bits |= 1 << HINT_INDEX.hidden;
  return bits;
}
