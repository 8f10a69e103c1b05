/**
 * FracMinHash (Irber et al., 2022): of all shingle hashes those below a fixed bound, so that the share two sketches have in common
 * estimates containment, which resemblance sketches (MinHash) cannot once one text is longer than the other.
 */

/** One in this many shingle hashes is kept. */
const SCALE = 8;
/** Short texts keep this many of their smallest hashes instead, or all they have. */
const MIN_HASHES = 32;
/** Long texts keep this many of their smallest. */
const MAX_HASHES = 160;

export interface Sketch {
  /** Distinct hashes, ascending. */
  hashes: Uint32Array;
  /** Every shingle hash of the text below this bound is in `hashes`. At most 2^32. */
  bound: number;
  /** Shingles of the text, repetitions included. */
  shingles: number;
}

const ALL = 2 ** 32;

export function sketchOf(shingles: Uint32Array): Sketch {
  let kept = distinctBelow(shingles, ALL / SCALE);
  let bound = ALL / SCALE;
  if (kept.length < MIN_HASHES) {
    kept = distinctBelow(shingles, ALL);
    bound = kept.length <= MIN_HASHES ? ALL : (kept[MIN_HASHES] as number);
    kept = kept.subarray(0, MIN_HASHES);
  } else if (kept.length > MAX_HASHES) {
    bound = kept[MAX_HASHES] as number;
    kept = kept.subarray(0, MAX_HASHES);
  }
  return { hashes: kept.slice(), bound, shingles: shingles.length };
}

function distinctBelow(hashes: Uint32Array, bound: number): Uint32Array {
  const below = hashes.filter((hash) => hash < bound).sort();
  let count = 0;
  for (let i = 0; i < below.length; i++) if (i === 0 || below[i] !== below[i - 1]) below[count++] = below[i] as number;
  return below.subarray(0, count);
}

/**
 * Estimated share of the smaller text's shingles that the other has, 0 to 1, from the number of hashes both sketches keep.
 * Both are counted below the lower of the two bounds only; of the other sketch no more is needed than its size and bound.
 */
export function estimateContainment(mine: Sketch, other: { size: number; bound: number }, shared: number): number {
  const bound = Math.min(mine.bound, other.bound);
  let mineBelow = mine.hashes.length;
  while (mineBelow > 0 && (mine.hashes[mineBelow - 1] as number) >= bound) mineBelow--;
  const otherBelow = (other.size * bound) / other.bound;
  return Math.min(1, shared / Math.max(1, Math.min(mineBelow, otherBelow)));
}
