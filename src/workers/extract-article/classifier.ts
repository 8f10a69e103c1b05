import { readFileSync } from 'node:fs';

/** Gradient-boosted trees laid out flat: node i asks whether `feature[i]` is at most `value[i]`, then goes to node i + 1, else to `right[i]`; leaves have feature -1 and add `value[i]`. */
interface StoredForest {
  base: number;
  roots: number[];
  feature: number[];
  value: number[];
  right: number[];
}

export interface StoredClassifier {
  /** Names of the columns each pass was trained on: code and weights must agree. */
  localFeatures: string[];
  contextFeatures: string[];
  local: StoredForest;
  context: StoredForest;
}

export interface BlockClassifier {
  /** Probability per row that a block is article text, from its own features. */
  first(rows: Float32Array, width: number): Float32Array;
  /** The same, knowing what the first pass thinks of the blocks around it. */
  second(rows: Float32Array, width: number): Float32Array;
}

/**
 * A block is given up, with probability 0, when so many trees of the first pass are together below this. Half of all blocks are; one in
 * a thousand of these would have come above 0.01, none above 0.1.
 */
const GIVE_UP = { trees: 24, below: -3.5 };
/**
 * The second pass is two forests on other samples, whose mean is taken where they may differ: a block that the first of them finds so unlikely
 * or likely (log-odds) has its answer. Two blocks in three have; the cut of a page lies between.
 */
const CLEAR = { unlikely: -4, likely: 3 };

const FILE = new URL('../../../data/block-classifier.json', import.meta.url);
let loaded: BlockClassifier | undefined;

/** The shipped classifier, read once. */
export function blockClassifier(localFeatures: readonly string[], contextFeatures: readonly string[]): BlockClassifier {
  loaded ??= makeClassifier(JSON.parse(readFileSync(FILE, 'utf8')) as StoredClassifier, localFeatures, contextFeatures);
  return loaded;
}

function makeClassifier(
  stored: StoredClassifier,
  localFeatures: readonly string[],
  contextFeatures: readonly string[],
): BlockClassifier {
  if (
    stored.localFeatures.join() !== localFeatures.join() ||
    stored.contextFeatures.join() !== contextFeatures.join()
  ) {
    throw new Error('data/block-classifier.json was trained on other features: run tools/block-classifier/train.ts');
  }
  const local = pack(stored.local);
  const context = pack(stored.context);
  return {
    first: (rows, width) => firstOpinions(local, rows, width),
    second: (rows, width) => secondOpinions(context, rows, width),
  };
}

/** Questions on the way to a leaf; trees that ask fewer repeat their leaf. */
const DEPTH = 5;
const NODES = (1 << DEPTH) - 1;
const LEAVES = 1 << DEPTH;
/** Trees walked side by side, so that the processor has something to do while an answer is looked up. */
const ABREAST = 4;

/**
 * The same trees, all made complete: node i goes on to 2i + 1 or 2i + 2, so that no step depends on a branch the processor has to guess.
 * A quarter of the time of walking the trees as they are stored.
 */
interface Forest {
  base: number;
  trees: number;
  /** NODES per tree. */
  feature: Uint8Array;
  threshold: Float32Array;
  /** LEAVES per tree. */
  leaf: Float32Array;
}

/** Throws a RangeError for trees deeper than DEPTH, columns beyond the 256th, and numbers of trees that cannot be halved and walked ABREAST. */
function pack({ base, roots, feature, value, right }: StoredForest): Forest {
  if (roots.length % (2 * ABREAST) !== 0)
    throw new RangeError(`data/block-classifier.json has ${roots.length} trees, not a multiple of ${2 * ABREAST}`);
  const forest: Forest = {
    base,
    trees: roots.length,
    feature: new Uint8Array(roots.length * NODES),
    threshold: new Float32Array(roots.length * NODES).fill(Number.POSITIVE_INFINITY),
    leaf: new Float32Array(roots.length * LEAVES),
  };
  const place = (tree: number, i: number, node: number): void => {
    const column = feature[node] as number;
    const isLeaf = column < 0;
    if (i >= NODES) {
      if (!isLeaf) throw new RangeError(`data/block-classifier.json has trees of more than ${DEPTH} questions`);
      forest.leaf[tree * LEAVES + i - NODES] = value[node] as number;
      return;
    }
    if (!isLeaf) {
      if (column > 255) throw new RangeError('data/block-classifier.json asks for more columns than a byte can number');
      forest.feature[tree * NODES + i] = column;
      forest.threshold[tree * NODES + i] = value[node] as number;
    }
    place(tree, 2 * i + 1, isLeaf ? node : node + 1);
    place(tree, 2 * i + 2, isLeaf ? node : (right[node] as number));
  };
  roots.forEach((root, tree) => {
    place(tree, 0, root);
  });
  return forest;
}

function firstOpinions(forest: Forest, rows: Float32Array, width: number): Float32Array {
  const { base, trees } = forest;
  const out = new Float32Array(width === 0 ? 0 : rows.length / width);
  for (let row = 0; row < out.length; row++) {
    const early = sumOfTrees(forest, 0, GIVE_UP.trees, rows, row * width, base);
    if (early >= GIVE_UP.below)
      out[row] = probability(sumOfTrees(forest, GIVE_UP.trees, trees, rows, row * width, early));
  }
  return out;
}

function secondOpinions(forests: Forest, rows: Float32Array, width: number): Float32Array {
  const { base, trees } = forests;
  const half = trees / 2;
  const out = new Float32Array(width === 0 ? 0 : rows.length / width);
  for (let row = 0; row < out.length; row++) {
    const one = sumOfTrees(forests, 0, half, rows, row * width, 0);
    // The leaves of each forest hold half of what it says.
    const alone = base + 2 * one;
    const isClear = alone < CLEAR.unlikely || alone > CLEAR.likely;
    out[row] = probability(isClear ? alone : sumOfTrees(forests, half, trees, rows, row * width, base + one));
  }
  return out;
}

const probability = (logOdds: number) => 1 / (1 + Math.exp(-logOdds));

/** `sum` and what the trees from `first` to before `end` add to it for the row that begins at `at`. */
function sumOfTrees(forest: Forest, first: number, end: number, rows: Float32Array, at: number, sum: number): number {
  const { feature: f, threshold: t, leaf } = forest;
  let total = sum;
  for (let tree = first; tree < end; tree += ABREAST) {
    const a = tree * NODES;
    const b = a + NODES;
    const c = b + NODES;
    const d = c + NODES;
    let i = 0;
    let j = 0;
    let k = 0;
    let l = 0;
    for (let depth = 0; depth < DEPTH; depth++) {
      i = 2 * i + 2 - +((rows[at + (f[a + i] as number)] as number) <= (t[a + i] as number));
      j = 2 * j + 2 - +((rows[at + (f[b + j] as number)] as number) <= (t[b + j] as number));
      k = 2 * k + 2 - +((rows[at + (f[c + k] as number)] as number) <= (t[c + k] as number));
      l = 2 * l + 2 - +((rows[at + (f[d + l] as number)] as number) <= (t[d + l] as number));
    }
    const leaves = tree * LEAVES - NODES;
    total += leaf[leaves + i] as number;
    total += leaf[leaves + LEAVES + j] as number;
    total += leaf[leaves + 2 * LEAVES + k] as number;
    total += leaf[leaves + 3 * LEAVES + l] as number;
  }
  return total;
}
