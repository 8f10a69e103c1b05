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
  /** Adds the weights of the first `count` features, in units of the header's `step`, to `sums[at … at + L)`. */
  addWeights(features: Int32Array, count: number, sums: Int32Array, at: number): void;
}

const MAGIC = 'KHABAR-NER-1\n';

/** The first bits of a hash, which say whether a feature may be in the model: a quarter of a megabyte. */
const PRESENT_SHIFT = 11;
const PRESENT_BITS = 2 ** (32 - PRESENT_SHIFT);

/** A hash of four bytes, a byte that says it is one, and its weights. */
const ENTRY_BYTES = 32;
const USED = 4;
const WEIGHTS = 5;

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
  // Open addressing. A hash and its weights lie beside each other, because memory is what a look-up waits for.
  let capacity = 1;
  while (capacity < (rows * 5) / 4) capacity *= 2;
  const mask = capacity - 1;
  const keys = new Int32Array(capacity * (ENTRY_BYTES / 4));
  const entries = new Int8Array(keys.buffer);
  const present = new Int32Array(PRESENT_BITS / 32);
  const hashes = new Int32Array(rows);
  const at = decodeAscending(plain, headEnd, hashes);
  const planes = new Int8Array(plain.buffer, plain.byteOffset + at, rows * LABEL_COUNT);
  for (let row = 0; row < rows; row += 1) {
    const hash = hashes[row] as number;
    let slot = hash & mask;
    while (entries[slot * ENTRY_BYTES + USED] !== 0) slot = (slot + 1) & mask;
    keys[slot * (ENTRY_BYTES / 4)] = hash;
    entries[slot * ENTRY_BYTES + USED] = 1;
    for (let y = 0; y < LABEL_COUNT; y += 1)
      entries[slot * ENTRY_BYTES + WEIGHTS + y] = planes[y * rows + row] as number;
    const bit = hash >>> PRESENT_SHIFT;
    present[bit >>> 5] = (present[bit >>> 5] as number) | (1 << (bit & 31));
  }
  return {
    header,
    transitions: Float64Array.from(header.transitions, (value) => value * step),
    addWeights(features, count, sums, at) {
      for (let i = 0; i < count; i += 1) {
        const feature = features[i] as number;
        const bit = feature >>> PRESENT_SHIFT;
        if (((present[bit >>> 5] as number) & (1 << (bit & 31))) === 0) continue;
        let slot = feature & mask;
        while (keys[slot * (ENTRY_BYTES / 4)] !== feature && entries[slot * ENTRY_BYTES + USED] !== 0)
          slot = (slot + 1) & mask;
        if (entries[slot * ENTRY_BYTES + USED] === 0) continue;
        const from = slot * ENTRY_BYTES + WEIGHTS;
        for (let y = 0; y < LABEL_COUNT; y += 1)
          sums[at + y] = (sums[at + y] as number) + (entries[from + y] as number);
      }
    },
  };
}
