import { TAG_HINTS } from './hints.ts';
import { NameTable } from './name-table.ts';

/** What an element can be to the text in it, by its tag; NO_ROLE for most. */
export const ROLES = { link: 0, bold: 1, italic: 2, quote: 3, item: 4, figure: 5, cell: 6, article: 7 } as const;
export const NO_ROLE = -1;
type RoleName = keyof typeof ROLES;

/** What parser and walk must know of a tag. */
export interface TagKind {
  readonly tag: string;
  /** Has no content and no end tag. */
  isVoid: boolean;
  /** All is text up to the end tag. */
  isRaw: boolean;
  /** The content is never article text, and not read. */
  isSkipped: boolean;
  /** Bits of the open elements that a start tag ends, and this tag's own bit. */
  ends: number;
  bit: number;
  /** For SVG and MathML true, for elements in them that hold HTML false. */
  foreign: boolean | undefined;
  /** Holds the whole page. */
  isWhole: boolean;
  /** A line of its own. */
  isBlock: boolean;
  /** Holds no text of the page. */
  isSilent: boolean;
  isImage: boolean;
  /** One of ROLES. */
  role: number;
  /** Bit set, see hints.ts. */
  hints: number;
}

const words = (text: string): string[] => text.split(' ');
const VOID = words(
  'area base basefont br col command embed frame hr img input isindex keygen link meta param source track wbr',
);
const RAW = words('script style title textarea xmp');
const SKIPPED = words(
  'script style noscript template svg iframe object embed select button textarea input canvas audio video map applet datalist ' +
    'noembed noframes frame frameset amp-ad amp-sticky-ad',
);
/** Start tags that end an open element of their parent (WHATWG HTML 13.1.2.4, and as browsers do): tags, then what they end. */
const ENDS: [string[], string[]][] = [
  [
    words(
      'address article aside blockquote details div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p ' +
        'pre section table ul',
    ),
    ['p'],
  ],
  [['li'], ['li']],
  [words('dd dt'), words('dd dt')],
  [words('rt rp'), words('rt rp')],
  [['tr'], words('tr th td')],
  [['th'], ['th']],
  [['td'], words('thead th td')],
  [words('tbody tfoot'), words('thead tbody')],
  [['body'], words('head link script')],
  [['option'], ['option']],
  [['optgroup'], words('optgroup option')],
  [
    words('select input output button datalist textarea'),
    words('input option optgroup select button datalist textarea'),
  ],
];
const FOREIGN = words('svg math');
const HTML_IN_FOREIGN = words('mi mo mn ms mtext annotation-xml foreignobject desc title');
const BLOCK = words(
  'address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 ' +
    'header hgroup hr html legend li main menu nav ol p pre section summary table caption tbody td tfoot th thead tr ul amp-img',
);
const SILENT = words(
  'head title meta link script style noscript template svg iframe object embed select button textarea input canvas audio video map',
);
const IMAGE = words('img amp-img video iframe');
const ROLE_TAGS: Record<RoleName, string[]> = {
  link: ['a'],
  bold: words('b strong'),
  italic: words('i em'),
  quote: words('blockquote q'),
  item: words('li dd dt'),
  figure: words('figure figcaption'),
  cell: words('td th'),
  article: ['article'],
};
/** Frequent ones with nothing particular, to be found by name as well. */
const PLAIN = words('time span u s small sub sup picture label font path g use');

const KINDS: ReadonlyMap<string, TagKind> = tagKinds();
/** The same to be found by the bytes of a name. */
export const KIND_OF_TAG: NameTable<TagKind> = NameTable.of(KINDS);

/** Of a tag without particulars. */
export function plainKind(tag: string): TagKind {
  return {
    tag,
    isVoid: false,
    isRaw: false,
    isSkipped: false,
    ends: 0,
    bit: 0,
    foreign: undefined,
    isWhole: false,
    isBlock: false,
    isSilent: false,
    isImage: false,
    role: NO_ROLE,
    hints: 0,
  };
}

export function kindOfTag(tag: string): TagKind {
  return KINDS.get(tag) ?? plainKind(tag);
}

function tagKinds(): Map<string, TagKind> {
  const kinds = new Map<string, TagKind>();
  const kindOf = (tag: string): TagKind => {
    const kind = kinds.get(tag) ?? plainKind(tag);
    kinds.set(tag, kind);
    return kind;
  };
  for (const tag of VOID) kindOf(tag).isVoid = true;
  for (const tag of RAW) kindOf(tag).isRaw = true;
  for (const tag of SKIPPED) kindOf(tag).isSkipped = true;
  const endable = [...new Set(ENDS.flatMap(([, ended]) => ended))];
  endable.forEach((tag, i) => {
    kindOf(tag).bit = 1 << i;
  });
  for (const [tags, ended] of ENDS)
    for (const tag of tags) for (const other of ended) kindOf(tag).ends |= kindOf(other).bit;
  for (const tag of FOREIGN) kindOf(tag).foreign = true;
  for (const tag of HTML_IN_FOREIGN) kindOf(tag).foreign = false;
  for (const tag of ['html', 'body']) kindOf(tag).isWhole = true;
  for (const tag of BLOCK) kindOf(tag).isBlock = true;
  for (const tag of SILENT) kindOf(tag).isSilent = true;
  for (const tag of IMAGE) kindOf(tag).isImage = true;
  for (const role of Object.keys(ROLES) as RoleName[])
    for (const tag of ROLE_TAGS[role]) kindOf(tag).role = ROLES[role];
  for (const [tag, hints] of TAG_HINTS) kindOf(tag).hints = hints;
  PLAIN.forEach(kindOf);
  return kinds;
}
