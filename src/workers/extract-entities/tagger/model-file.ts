import { brotliDecompressSync } from 'node:zlib';
import { LABEL_COUNT } from './labels.ts';
import { compress, decodeAscending, encodeAscending } from './packing.ts';

/**
 * A trained tagger as a file: brotli over a JSON header, the sorted feature hashes as variable-length differences, and one
 * signed byte per feature and label, label by label. The same weights always give the same bytes.
 */

export interface ModelHeader {
  language: string;
  /** What a byte of weight stands for. */
  step: number;
  /** Number of features. */
  rows: number;
  /** L × L, from → to, in units of `step`. */
  transitions: number[];
  /** Taken off the score of O when decoding: trades precision for recall. */
  outsideBias: number;
  /** Corpora learnt from, with their licences. */
  sources: string[];
}

export interface TaggerModel {
  header: ModelHeader;
  transitions: Float64Array;
  /** Adds the weights of a feature to `scores[at … at + L)`. */
  addWeights(feature: number, scores: Float64Array, at: number): void;
}

const MAGIC = 'KHABAR-NER-1\n';

export interface QuantizedFeature {
  hash: number;
  weights: Int8Array;
}

export function encodeModel(header: ModelHeader, features: readonly QuantizedFeature[]): Buffer {
  const sorted = [...features].sort((a, b) => (a.hash >>> 0) - (b.hash >>> 0));
  const head = Buffer.from(`${MAGIC + JSON.stringify({ ...header, rows: sorted.length })}\n`);
  const keys = encodeAscending(sorted.map(({ hash }) => hash >>> 0));
  const weights = new Int8Array(sorted.length * LABEL_COUNT);
  sorted.forEach((feature, row) => {
    for (let y = 0; y < LABEL_COUNT; y += 1) weights[y * sorted.length + row] = feature.weights[y] as number;
  });
  return compress(Buffer.concat([head, keys, Buffer.from(weights.buffer)]));
}

/** Throws a plain Error when `bytes` is no model of this format. */
export function decodeModel(bytes: Uint8Array): TaggerModel {
  const plain = brotliDecompressSync(bytes);
  const headEnd = plain.indexOf('\n', MAGIC.length) + 1;
  if (plain.toString('latin1', 0, MAGIC.length) !== MAGIC || headEnd === 0) throw new Error('not a tagger model');
  const header = JSON.parse(plain.toString('utf8', MAGIC.length, headEnd)) as ModelHeader;
  const { rows, step } = header;
  // Half-full open addressing; row 0 of `rowOf` means empty, so rows are stored plus one.
  let capacity = 1;
  while (capacity < rows * 2) capacity *= 2;
  const mask = capacity - 1;
  const keyOf = new Int32Array(capacity);
  const rowOf = new Int32Array(capacity);
  const hashes = new Int32Array(rows);
  let at = decodeAscending(plain, headEnd, hashes);
  for (let row = 0; row < rows; row += 1) {
    const hash = hashes[row] as number;
    let slot = hash & mask;
    while (rowOf[slot] !== 0) slot = (slot + 1) & mask;
    keyOf[slot] = hash;
    rowOf[slot] = row + 1;
  }
  const weights = new Int8Array(rows * LABEL_COUNT);
  for (let y = 0; y < LABEL_COUNT; y += 1) {
    for (let row = 0; row < rows; row += 1) weights[row * LABEL_COUNT + y] = plain.readInt8(at++);
  }
  return {
    header,
    transitions: Float64Array.from(header.transitions, (value) => value * step),
    addWeights(feature, scores, offset) {
      let slot = feature & mask;
      for (;;) {
        const row = rowOf[slot] as number;
        if (row === 0) return;
        if (keyOf[slot] === feature) {
          const from = (row - 1) * LABEL_COUNT;
          for (let y = 0; y < LABEL_COUNT; y += 1) {
            scores[offset + y] = (scores[offset + y] as number) + (weights[from + y] as number) * step;
          }
          return;
        }
        slot = (slot + 1) & mask;
      }
    },
  };
}
