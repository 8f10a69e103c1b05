import { LABEL_COUNT, mayFollow } from './labels.ts';

/**
 * Inference of a linear-chain conditional random field (Lafferty et al., ICML 2001): the best label sequence (Viterbi) and
 * the probability of each label at each token (forward-backward). Scores are natural logarithms.
 */

const FORBIDDEN = -1e9;
const L = LABEL_COUNT;

/** Which label may follow which, as lists: few of the L × L pairs are legal, and the loops run over those alone. */
const PREVIOUS: readonly (readonly number[])[] = Array.from({ length: L }, (_, to) =>
  Array.from({ length: L }, (_unused, from) => from).filter((from) => mayFollow(from, to)),
);
const FIRST: readonly boolean[] = Array.from({ length: L }, (_, to) => mayFollow(-1, to));
const LAST: readonly boolean[] = Array.from({ length: L }, (_, from) => mayFollow(from, -1));

/** Best label sequence for `n` tokens. `emissions` is n × L, `transitions` L × L (from, to). */
export function viterbi(emissions: Float64Array, transitions: Float64Array, n: number): Uint8Array {
  const labels = new Uint8Array(n);
  if (n === 0) return labels;
  const best = new Float64Array(n * L);
  const back = new Uint8Array(n * L);
  for (let y = 0; y < L; y += 1) best[y] = FIRST[y] ? (emissions[y] as number) : FORBIDDEN;
  for (let t = 1; t < n; t += 1) {
    for (let y = 0; y < L; y += 1) {
      let top = FORBIDDEN * 2;
      let from = 0;
      for (const x of PREVIOUS[y] as readonly number[]) {
        const score = (best[(t - 1) * L + x] as number) + (transitions[x * L + y] as number);
        if (score > top) {
          top = score;
          from = x;
        }
      }
      best[t * L + y] = top + (emissions[t * L + y] as number);
      back[t * L + y] = from;
    }
  }
  let label = 0;
  let top = FORBIDDEN * 2;
  for (let y = 0; y < L; y += 1) {
    const score = best[(n - 1) * L + y] as number;
    if (LAST[y] && score > top) {
      top = score;
      label = y;
    }
  }
  for (let t = n - 1; t >= 0; t -= 1) {
    labels[t] = label;
    label = back[t * L + label] as number;
  }
  return labels;
}

export interface Posterior {
  /** n × L: probability of each label at each token. */
  nodes: Float64Array;
  /** Sum over all tokens of the probability of each pair of neighbouring labels, L × L. Only when asked for. */
  edges?: Float64Array;
  /** Logarithm of the sum over all sequences. */
  logZ: number;
}

/** Label probabilities by forward-backward, each step scaled to sum to 1. */
export function posterior(emissions: Float64Array, transitions: Float64Array, n: number, withEdges = false): Posterior {
  const node = new Float64Array(n * L);
  const alpha = new Float64Array(n * L);
  const beta = new Float64Array(n * L);
  const edge = new Float64Array(L * L);
  for (let i = 0; i < L * L; i += 1) edge[i] = Math.exp(transitions[i] as number);
  let logZ = 0;
  // Node potentials, shifted so that the largest is 1.
  for (let t = 0; t < n; t += 1) {
    let top = Number.NEGATIVE_INFINITY;
    for (let y = 0; y < L; y += 1) top = Math.max(top, emissions[t * L + y] as number);
    for (let y = 0; y < L; y += 1) node[t * L + y] = Math.exp((emissions[t * L + y] as number) - top);
    logZ += top;
  }
  const scale = new Float64Array(n);
  for (let t = 0; t < n; t += 1) {
    let sum = 0;
    for (let y = 0; y < L; y += 1) {
      let value = 0;
      if (t === 0) value = FIRST[y] ? 1 : 0;
      else {
        for (const x of PREVIOUS[y] as readonly number[])
          value += (alpha[(t - 1) * L + x] as number) * (edge[x * L + y] as number);
      }
      value *= node[t * L + y] as number;
      if (t === n - 1 && !LAST[y]) value = 0;
      alpha[t * L + y] = value;
      sum += value;
    }
    scale[t] = sum;
    logZ += Math.log(sum);
    for (let y = 0; y < L; y += 1) alpha[t * L + y] = (alpha[t * L + y] as number) / sum;
  }
  for (let y = 0; y < L; y += 1) beta[(n - 1) * L + y] = LAST[y] ? 1 : 0;
  const edges = withEdges ? new Float64Array(L * L) : undefined;
  for (let t = n - 1; t > 0; t -= 1) {
    const s = scale[t] as number;
    for (let y = 0; y < L; y += 1) {
      const inner = ((beta[t * L + y] as number) * (node[t * L + y] as number)) / s;
      if (inner === 0) continue;
      for (const x of PREVIOUS[y] as readonly number[]) {
        const value = (edge[x * L + y] as number) * inner;
        beta[(t - 1) * L + x] = (beta[(t - 1) * L + x] as number) + value;
        if (edges) edges[x * L + y] = (edges[x * L + y] as number) + (alpha[(t - 1) * L + x] as number) * value;
      }
    }
  }
  for (let i = 0; i < n * L; i += 1) alpha[i] = (alpha[i] as number) * (beta[i] as number);
  return { nodes: alpha, logZ, ...(edges ? { edges } : {}) };
}
