import type { Fingerprint } from './fingerprint.ts';

/** How much of the shorter of two texts the longer one has, on their full shingle sets. */
export interface Comparison {
  /** Share of the shorter text's shingles that are in the longer one, 0 to 1. */
  containment: number;
  /** Longest run of the shorter text without a shared shingle, as a share of it. 1 when nothing is shared. */
  widestGap: number;
  /** Share of the smaller set of numbers that is in the other; 1 when a text has too few numbers to tell. */
  numbersShared: number;
  /** Length of the shorter text over that of the longer one, in shingles. */
  lengthRatio: number;
}

/** Below this share of common numbers, two texts that state numbers are two issues of one report (weather, share prices). */
export const MIN_NUMBERS_SHARED = 0.6;
/** Numbers a text must state for its numbers to tell it from another. */
const MIN_NUMBERS = 3;
/** A hole of nearly half of the shorter text: two texts that share an opening and an end, and not what is between. */
export const MAX_GAP = 0.45;

export function compare(a: Fingerprint, b: Fingerprint): Comparison {
  const [shorter, longer] = a.shingles.length <= b.shingles.length ? [a, b] : [b, a];
  const { shared, widestGap } = shareOf(shorter.shingles, longer.shingles);
  const length = shorter.shingles.length;
  return {
    containment: length === 0 ? 0 : shared / length,
    widestGap: length === 0 ? 1 : widestGap / length,
    numbersShared: numbersShared(a.numbers, b.numbers),
    lengthRatio: longer.shingles.length === 0 ? 1 : length / longer.shingles.length,
  };
}

export type Guard = 'numbers-differ' | 'gap-too-wide';

/** What, beside the score, says that these are two articles. */
export function guardsOf({ widestGap, numbersShared }: Comparison): Guard[] {
  return [
    ...(numbersShared < MIN_NUMBERS_SHARED ? (['numbers-differ'] as const) : []),
    ...(widestGap > MAX_GAP ? (['gap-too-wide'] as const) : []),
  ];
}

function shareOf(shorter: Uint32Array, longer: Uint32Array): { shared: number; widestGap: number } {
  const known = new HashSet(longer);
  let shared = 0;
  let gap = 0;
  let widestGap = 0;
  for (let i = 0; i < shorter.length; i++) {
    if (known.has(shorter[i] as number)) {
      shared++;
      gap = 0;
    } else if (++gap > widestGap) widestGap = gap;
  }
  return { shared, widestGap };
}

function numbersShared(a: Uint32Array, b: Uint32Array): number {
  const smaller = Math.min(a.length, b.length);
  if (smaller < MIN_NUMBERS) return 1;
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const left = a[i] as number;
    const right = b[j] as number;
    if (left === right) shared++;
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return shared / smaller;
}

/** Open addressing over hashes that are already well mixed: several times faster than Set for the few hundred values of a text. */
class HashSet {
  readonly #slots: Uint32Array;
  readonly #mask: number;
  #hasZero = false;

  constructor(values: Uint32Array) {
    const capacity = 2 ** Math.ceil(Math.log2(values.length * 2 + 2));
    this.#slots = new Uint32Array(capacity);
    this.#mask = capacity - 1;
    for (const value of values) {
      if (value === 0) this.#hasZero = true;
      else this.#slots[this.#find(value)] = value;
    }
  }

  has(value: number): boolean {
    return value === 0 ? this.#hasZero : this.#slots[this.#find(value)] === value;
  }

  #find(value: number): number {
    let slot = value & this.#mask;
    while (this.#slots[slot] !== 0 && this.#slots[slot] !== value) slot = (slot + 1) & this.#mask;
    return slot;
  }
}
