import { type Block, isEmbedded } from './blocks.ts';
import { isFurniture } from './prune.ts';
import type { TreeNode } from './tree.ts';

/** Above the upper bound a block is kept on every page, below the lower one on none. */
const CUT_BOUNDS: [number, number] = [0.03, 0.5];
/** Blocks below this probability do not count when the cut is sought. */
const NEGLIGIBLE = 0.02;
/** Added to a block's weight: a block of one word is a mistake as well. */
const LEAST_WEIGHT = 2;
/** A data table among the text is kept from this share of the cut. */
const DOUBTFUL_TABLE = 0.25;
/** A post or table stands among the text when some of so many blocks before it, and after it, are kept. */
const NEAR_BLOCKS = 5;
/** Two long blocks with the same text are one: pages repeat the body for narrow screens and for reading aloud. */
const MIN_REPEATED_CHARS = 60;

/** Text with fewer code units, spaces apart, may be less than the article. */
const ENOUGH_CHARS = 300;
const COMMENT_CLASS =
  /(?:^|[^a-z])(?:comments?[-_]?(?:list|items?|body|content|text|thread)|list[-_]?comments?)(?![a-z])/i;

/**
 * The probability above which blocks are kept: where the expected F1 of the kept words is greatest, which is half of that F1
 * (Lipton, Elkan, Naryanaswamy, ECML PKDD 2014). On a page of which the classifier is sure that is about 0.5; a short notice whose
 * only paragraph looks doubtful beside long menus is kept all the same.
 */
export function bestCut(p: ArrayLike<number>, weights: ArrayLike<number>): number {
  const ranked: number[] = [];
  let expected = 0;
  for (let i = 0; i < p.length; i++) {
    if ((p[i] as number) <= NEGLIGIBLE) continue;
    ranked.push(i);
    expected += ((weights[i] as number) + LEAST_WEIGHT) * (p[i] as number);
  }
  ranked.sort((a, b) => (p[b] as number) - (p[a] as number));
  let right = 0;
  let kept = 0;
  let best = 0;
  for (const i of ranked) {
    const weight = (weights[i] as number) + LEAST_WEIGHT;
    right += weight * (p[i] as number);
    kept += weight;
    best = Math.max(best, (2 * right) / (kept + expected));
  }
  return Math.min(CUT_BOUNDS[1], Math.max(CUT_BOUNDS[0], best / 2));
}

/** The probabilities with every data table judged as one: no row loses a cell. */
export function tablesAsOne(tables: readonly TreeNode[], p: Float32Array, weights: ArrayLike<number>): Float32Array {
  const joined = p.slice();
  for (const { from, to } of tables) {
    let sum = 0;
    let total = 0;
    for (let i = from; i < to; i++) {
      const weight = (weights[i] as number) + LEAST_WEIGHT;
      sum += weight * (p[i] as number);
      total += weight;
    }
    joined.fill(sum / total, from, to);
  }
  return joined;
}

/**
 * The blocks above the cut, and what stands among them and is of one piece: embedded posts, which by their words alone could be
 * anybody's, and data tables of which there is some doubt.
 */
export function blocksAbove(blocks: Block[], tables: readonly TreeNode[], p: ArrayLike<number>, cut: number): Block[] {
  const isKept = blocks.map((_b, i) => (p[i] as number) > cut);
  const someKept = (from: number, to: number) => isKept.slice(Math.max(0, from), to).includes(true);
  const posts = new Set(blocks.filter(isEmbedded).map((b) => b.quote as TreeNode));
  const doubtful = tables.filter(({ from }) => (p[from] as number) > cut * DOUBTFUL_TABLE);
  const added = [...posts, ...doubtful].filter(
    ({ from, to }) => someKept(from - NEAR_BLOCKS, from) && someKept(to, to + NEAR_BLOCKS),
  );
  for (const { from, to } of added) isKept.fill(true, from, to);
  return blocks.filter((_b, i) => isKept[i]);
}

/** What pruning must know of the headline: its folded text and the index of the block that shows it, or -1. */
export interface Headline {
  foldedTitle: string;
  titleAt: number;
}

/** Without what is no text whatever the classifier thinks: furniture, repeats, hidden text, readers' comments, lists of other stories. */
export function pruned(kept: Block[], { foldedTitle, titleAt }: Headline): Block[] {
  const own = withoutRepeats(kept.filter((b) => !isFurniture(b, foldedTitle)));
  const isComment = commentReader();
  return withoutHidden(withoutAny(withoutAny(own, isComment), (b) => b.index < titleAt && b.item !== undefined));
}

/** Without the blocks of a kind, unless too little would be left for an article. */
function withoutAny(kept: Block[], isOfKind: (block: Block) => boolean): Block[] {
  const others = kept.filter((b) => !isOfKind(b));
  return others.reduce((sum, b) => sum + b.chars, 0) >= ENOUGH_CHARS ? others : kept;
}

/** A function that says whether a block lies in an element classed as a reader's comment or a list of them. */
function commentReader(): (block: Block) => boolean {
  const known = new Map<TreeNode, boolean>();
  const isIn = (node: TreeNode | undefined): boolean => {
    if (!node || node.tag === 'body') return false;
    let found = known.get(node);
    if (found === undefined) {
      found = COMMENT_CLASS.test(node.className.text) || COMMENT_CLASS.test(node.id.text) || isIn(node.parent);
      known.set(node, found);
    }
    return found;
  };
  return ({ node }) => isIn(node);
}

/** The block that holds most of the likely text, where nothing lies above the cut and outlives pruning: one notice among hundreds of links. */
export function likeliest(
  blocks: Block[],
  p: ArrayLike<number>,
  weights: ArrayLike<number>,
  { foldedTitle }: Headline,
): Block[] {
  const worth = ({ index }: Block) => (p[index] as number) * (weights[index] as number);
  const likely = blocks.filter((b) => worth(b) > 0 && !b.hidden && !isFurniture(b, foldedTitle));
  return likely.length > 0 ? [likely.reduce((a, b) => (worth(b) > worth(a) ? b : a))] : [];
}

/** Hidden text goes, unless it is most of the text: paywalls and "read on" buttons hide the body itself. */
function withoutHidden(kept: Block[]): Block[] {
  let balance = 0;
  for (const { hidden, chars } of kept) balance += hidden ? -chars : chars;
  return balance > 0 ? kept.filter((b) => !b.hidden) : kept;
}

function withoutRepeats(kept: Block[]): Block[] {
  const seen = new Set<string>();
  return kept.filter((block) => {
    if (block.chars < MIN_REPEATED_CHARS) return true;
    if (seen.has(block.text)) return false;
    seen.add(block.text);
    return true;
  });
}
