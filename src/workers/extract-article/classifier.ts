import { readFileSync } from 'node:fs';

/** Gradient-boosted trees laid out flat: node i asks whether `feature[i]` is at most `value[i]`, then goes to node i + 1, else to `right[i]`; leaves have feature -1 and add `value[i]`. */
interface Forest {
  base: number;
  roots: number[];
  feature: Int16Array;
  value: Float32Array;
  right: Uint16Array;
}

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
const NEVER = { trees: 0, below: Number.NEGATIVE_INFINITY };

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
    first: (rows, width) => predict(local, rows, width, GIVE_UP),
    second: (rows, width) => predict(context, rows, width, NEVER),
  };
}

function pack(stored: StoredForest): Forest {
  return {
    base: stored.base,
    roots: stored.roots,
    feature: Int16Array.from(stored.feature),
    value: Float32Array.from(stored.value),
    right: Uint16Array.from(stored.right),
  };
}

function predict(forest: Forest, rows: Float32Array, width: number, giveUp: typeof GIVE_UP): Float32Array {
  const { base, roots, feature, value, right } = forest;
  const count = width === 0 ? 0 : rows.length / width;
  const out = new Float32Array(count);
  const sumOf = (sum: number, offset: number, from: number, to: number): number => {
    for (let t = from; t < to; t++) {
      let node = roots[t] as number;
      let f = feature[node] as number;
      while (f >= 0) {
        node = (rows[offset + f] as number) <= (value[node] as number) ? node + 1 : (right[node] as number);
        f = feature[node] as number;
      }
      sum += value[node] as number;
    }
    return sum;
  };
  const early = Math.min(giveUp.trees, roots.length);
  for (let row = 0; row < count; row++) {
    const opinion = sumOf(base, row * width, 0, early);
    if (opinion < giveUp.below) continue;
    out[row] = 1 / (1 + Math.exp(-sumOf(opinion, row * width, early, roots.length)));
  }
  return out;
}
