import { seededRandom } from '../../../shared/seeded-random.ts';
import { posterior } from './crf.ts';
import { LABEL_COUNT } from './labels.ts';
import type { QuantizedFeature } from './model-file.ts';

const L = LABEL_COUNT;

export interface Example {
  /** Feature hashes of each token. */
  features: readonly Int32Array[];
  labels: Uint8Array;
  /** How much the sentence counts; out-of-domain text counts less. */
  weight: number;
}

export interface TrainOptions {
  epochs: number;
  /** AdaGrad step size. */
  rate: number;
  /** L2 strength, per example. */
  l2: number;
  /** A feature must be seen in this many tokens. */
  minCount: number;
  /** Share of features left out of each token at random, so that none is relied on alone. */
  dropout: number;
  seed: number;
  log?: (line: string) => void;
}

export interface Weights {
  /** Feature hash → row number. */
  index: Map<number, number>;
  /** rows × L. */
  emissions: Float32Array;
  /** L × L. */
  transitions: Float64Array;
}

/**
 * Maximises the conditional likelihood by AdaGrad (Duchi et al., JMLR 2011), one sentence at a time in shuffled order, with
 * feature dropout and L2, and returns the mean of the weights over the last half of the epochs.
 */
export function train(examples: readonly Example[], options: TrainOptions): Weights {
  const random = seededRandom(options.seed);
  const counts = new Map<number, number>();
  for (const { features } of examples)
    for (const token of features) for (const f of token) counts.set(f, (counts.get(f) ?? 0) + 1);
  const index = new Map<number, number>();
  for (const [feature, count] of counts) if (count >= options.minCount) index.set(feature, index.size);
  counts.clear();
  const rows = index.size;
  // Rows instead of hashes from here on.
  const data = examples.map(({ features, labels, weight }) => ({
    rows: features.map((token) => {
      const known: number[] = [];
      for (const f of token) {
        const row = index.get(f);
        if (row !== undefined) known.push(row);
      }
      return Int32Array.from(known);
    }),
    labels,
    weight,
  }));
  const weights = new Float32Array(rows * L);
  const squares = new Float32Array(rows * L);
  const mean = new Float32Array(rows * L);
  const edgeWeights = new Float64Array(L * L);
  const edgeSquares = new Float64Array(L * L);
  const edgeMean = new Float64Array(L * L);
  const order = data.map((_, i) => i);
  const { rate, l2, dropout, epochs } = options;
  const averagedFrom = Math.floor(epochs / 2);
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    for (let i = order.length - 1; i > 0; i -= 1) {
      const j = Math.floor(random() * (i + 1));
      const swap = order[i] as number;
      order[i] = order[j] as number;
      order[j] = swap;
    }
    let loss = 0;
    for (const number of order) {
      const { rows: tokens, labels, weight } = data[number] as (typeof data)[number];
      const n = tokens.length;
      const kept = dropout > 0 ? tokens.map((token) => token.filter(() => random() >= dropout)) : tokens;
      const emissions = new Float64Array(n * L);
      for (let t = 0; t < n; t += 1) {
        for (const row of kept[t] as Int32Array) {
          for (let y = 0; y < L; y += 1)
            emissions[t * L + y] = (emissions[t * L + y] as number) + (weights[row * L + y] as number);
        }
      }
      const { nodes, edges, logZ } = posterior(emissions, edgeWeights, n, true);
      let gold = 0;
      for (let t = 0; t < n; t += 1) {
        gold += emissions[t * L + (labels[t] as number)] as number;
        if (t > 0) gold += edgeWeights[(labels[t - 1] as number) * L + (labels[t] as number)] as number;
      }
      loss += logZ - gold;
      for (let t = 0; t < n; t += 1) {
        const label = labels[t] as number;
        for (let y = 0; y < L; y += 1) {
          const error = weight * ((y === label ? 1 : 0) - (nodes[t * L + y] as number));
          // A label that is all but certain moves nothing; skipping it halves the work.
          if (error < 1e-4 && error > -1e-4) continue;
          for (const row of kept[t] as Int32Array) {
            const at = row * L + y;
            const gradient = error - l2 * (weights[at] as number);
            squares[at] = (squares[at] as number) + gradient * gradient;
            weights[at] = (weights[at] as number) + (rate * gradient) / Math.sqrt((squares[at] as number) + 1e-6);
          }
        }
      }
      const expected = edges as Float64Array;
      for (let at = 0; at < L * L; at += 1) {
        let gradient = -(expected[at] as number);
        for (let t = 1; t < n; t += 1) if ((labels[t - 1] as number) * L + (labels[t] as number) === at) gradient += 1;
        if (gradient === 0) continue;
        gradient = weight * gradient - l2 * (edgeWeights[at] as number);
        edgeSquares[at] = (edgeSquares[at] as number) + gradient * gradient;
        edgeWeights[at] =
          (edgeWeights[at] as number) + (rate * gradient) / Math.sqrt((edgeSquares[at] as number) + 1e-6);
      }
    }
    if (epoch >= averagedFrom) {
      const share = 1 / (epochs - averagedFrom);
      for (let at = 0; at < mean.length; at += 1) mean[at] = (mean[at] as number) + (weights[at] as number) * share;
      for (let at = 0; at < L * L; at += 1)
        edgeMean[at] = (edgeMean[at] as number) + (edgeWeights[at] as number) * share;
    }
    options.log?.(`epoch ${epoch + 1}: loss ${loss.toFixed(0)}, ${rows} features`);
  }
  return { index, emissions: mean, transitions: edgeMean };
}

/** Largest weight that is kept apart; a feature beyond it is as good as certain. */
const MAX_WEIGHT = 4;

/** The `keep` heaviest features, each weight as one signed byte. */
export function quantize(
  weights: Weights,
  keep: number,
): { features: QuantizedFeature[]; step: number; transitions: number[] } {
  const step = MAX_WEIGHT / 127;
  const sized = [...weights.index].map(([hash, row]) => {
    let size = 0;
    for (let y = 0; y < L; y += 1) size = Math.max(size, Math.abs(weights.emissions[row * L + y] as number));
    return { hash, row, size };
  });
  sized.sort((a, b) => b.size - a.size || a.hash - b.hash);
  const features = sized.slice(0, keep).map(({ hash, row }) => ({
    hash,
    weights: Int8Array.from({ length: L }, (_, y) =>
      Math.max(-127, Math.min(127, Math.round((weights.emissions[row * L + y] as number) / step))),
    ),
  }));
  return {
    features: features.filter((feature) => feature.weights.some((weight) => weight !== 0)),
    step,
    transitions: Array.from(weights.transitions, (value) => Math.round(value / step)),
  };
}
