/** Gradient-boosted trees (Friedman 2001) with logistic loss, second-order leaf values (Chen & Guestrin 2016), histogram splits, soft labels and weights. */

export interface Binned {
  /** Column-major bin numbers. */
  bins: Uint8Array;
  /** Upper edges of each column's bins. */
  edges: number[][];
  rows: number;
  width: number;
}

export interface TreeNode {
  feature: number;
  bin: number;
  edge: number;
  gain: number;
  left: number;
  right: number;
  /** Set on leaves only. */
  leaf?: number;
}

export interface Model {
  base: number;
  trees: TreeNode[][];
}

export interface Settings {
  trees: number;
  depth: number;
  rate: number;
  /** Added to the sum of second derivatives in a leaf. */
  lambda: number;
  /** Least sum of second derivatives in a leaf. */
  minWeight: number;
  rowShare: number;
  columnShare: number;
  seed: number;
}

const MAX_BINS = 64;

export function bin(values: Float32Array, width: number): Binned {
  const rows = values.length / width;
  const edges: number[][] = [];
  const bins = new Uint8Array(values.length);
  const step = Math.max(1, Math.floor(rows / 20_000));
  for (let f = 0; f < width; f++) {
    const sample = new Float32Array(Math.ceil(rows / step));
    for (let i = 0, k = 0; i < rows; i += step) sample[k++] = values[i * width + f] as number;
    sample.sort();
    const distinct = [...new Set(sample)];
    const cuts: number[] = [];
    if (distinct.length <= MAX_BINS) {
      for (let k = 0; k + 1 < distinct.length; k++)
        cuts.push(((distinct[k] as number) + (distinct[k + 1] as number)) / 2);
    } else {
      for (let k = 1; k < MAX_BINS; k++) {
        const value = sample[Math.floor((k * sample.length) / MAX_BINS)] as number;
        if (cuts.length === 0 || value > (cuts[cuts.length - 1] as number)) cuts.push(value);
      }
    }
    // Rounded as they are stored, so that training and use split alike.
    const rounded = [...new Set(cuts.map((c) => Number(c.toPrecision(6))))];
    edges.push(rounded);
    for (let i = 0; i < rows; i++) {
      const value = values[i * width + f] as number;
      let low = 0;
      let high = rounded.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (value > Math.fround(rounded[middle] as number)) low = middle + 1;
        else high = middle;
      }
      bins[f * rows + i] = low;
    }
  }
  return { bins, edges, rows, width };
}

function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** Trains on the rows in `indices`. Labels are shares between 0 and 1. */
export function train(
  data: Binned,
  labels: Float32Array,
  weights: Float32Array,
  indices: number[],
  settings: Settings,
): Model {
  const { bins, edges, rows, width } = data;
  const { trees, depth, rate, lambda, minWeight, rowShare, columnShare } = settings;
  const random = generator(settings.seed);
  let total = 0;
  let positive = 0;
  for (const i of indices) {
    total += weights[i] as number;
    positive += (weights[i] as number) * (labels[i] as number);
  }
  const base = Math.log(positive / (total - positive));
  const score = new Float64Array(rows).fill(base);
  const gradient = new Float64Array(rows);
  const hessian = new Float64Array(rows);
  const model: Model = { base, trees: [] };

  for (let t = 0; t < trees; t++) {
    const sampled: number[] = [];
    for (const i of indices) {
      const p = 1 / (1 + Math.exp(-(score[i] as number)));
      const w = weights[i] as number;
      gradient[i] = w * (p - (labels[i] as number));
      hessian[i] = Math.max(1e-6, w * p * (1 - p));
      if (random() < rowShare) sampled.push(i);
    }
    const columns: number[] = [];
    for (let f = 0; f < width; f++) if (random() < columnShare) columns.push(f);

    const histogram = (members: number[]): Float64Array => {
      const sums = new Float64Array(columns.length * MAX_BINS * 2);
      columns.forEach((f, c) => {
        const offset = f * rows;
        const start = c * MAX_BINS * 2;
        for (const i of members) {
          const at = start + (bins[offset + i] as number) * 2;
          sums[at] = (sums[at] as number) + (gradient[i] as number);
          sums[at + 1] = (sums[at + 1] as number) + (hessian[i] as number);
        }
      });
      return sums;
    };
    const nodes: TreeNode[] = [];
    const grow = (members: number[], level: number, sums: Float64Array | undefined): number => {
      let g = 0;
      let h = 0;
      for (const i of members) {
        g += gradient[i] as number;
        h += hessian[i] as number;
      }
      const id = nodes.length;
      const node: TreeNode = { feature: -1, bin: 0, edge: 0, gain: 1e-3, left: 0, right: 0 };
      nodes.push(node);
      if (sums && h > 2 * minWeight) {
        const parent = (g * g) / (h + lambda);
        columns.forEach((f, c) => {
          let gl = 0;
          let hl = 0;
          const start = c * MAX_BINS * 2;
          for (let b = 0; b < (edges[f] as number[]).length; b++) {
            gl += sums[start + b * 2] as number;
            hl += sums[start + b * 2 + 1] as number;
            const hr = h - hl;
            if (hl < minWeight) continue;
            if (hr < minWeight) break;
            const gain = (gl * gl) / (hl + lambda) + ((g - gl) * (g - gl)) / (hr + lambda) - parent;
            if (gain > node.gain) Object.assign(node, { gain, feature: f, bin: b, edge: (edges[f] as number[])[b] });
          }
        });
      }
      if (node.feature < 0 || !sums) {
        node.leaf = Number(((-rate * g) / (h + lambda)).toPrecision(4));
        return id;
      }
      const offset = node.feature * rows;
      const lower: number[] = [];
      const upper: number[] = [];
      for (const i of members) ((bins[offset + i] as number) <= node.bin ? lower : upper).push(i);
      let lowerSums: Float64Array | undefined;
      let upperSums: Float64Array | undefined;
      if (level + 1 < depth) {
        const small = histogram(lower.length < upper.length ? lower : upper);
        const large = sums.map((v, k) => v - (small[k] as number));
        [lowerSums, upperSums] = lower.length < upper.length ? [small, large] : [large, small];
      }
      node.left = grow(lower, level + 1, lowerSums);
      node.right = grow(upper, level + 1, upperSums);
      return id;
    };
    grow(sampled, 0, histogram(sampled));
    model.trees.push(nodes);
    for (const i of indices) score[i] = (score[i] as number) + leafOf(nodes, data, i);
  }
  return model;
}

function leafOf(nodes: TreeNode[], { bins, rows }: Binned, row: number): number {
  let node = nodes[0] as TreeNode;
  while (node.leaf === undefined)
    node = nodes[(bins[node.feature * rows + row] as number) <= node.bin ? node.left : node.right] as TreeNode;
  return node.leaf;
}

export function probability(model: Model, data: Binned, row: number): number {
  let sum = model.base;
  for (const nodes of model.trees) sum += leafOf(nodes, data, row);
  return 1 / (1 + Math.exp(-sum));
}
