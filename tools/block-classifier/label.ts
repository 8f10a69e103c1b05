/** Which blocks of a page are its known body text. */

const TOKEN = /[\p{L}\p{N}_]+/gu;

export interface Labels {
  /** Per block, the share of its words that are body text. */
  shares: Float32Array;
  /** Share of the body's words found in blocks. */
  coverage: number;
  bodyWords: number;
  /** Words per block. */
  words: number[];
}

interface Candidate {
  block: number;
  start: number;
  end: number;
  matched: number;
  value: number;
  previous: Candidate | undefined;
}

/**
 * Aligns the blocks, in order, with the body: per block the best places by votes of shared three-word sequences, then the chain of places,
 * ascending in both, that matches most. Long blocks left over may still take a place nobody took (a lead moved above a picture).
 */
export function labelBlocks(texts: string[], body: string): Labels {
  const truth = body.match(TOKEN) ?? [];
  const places = [1, 2, 3].map((n) => {
    const map = new Map<string, number[]>();
    for (let i = 0; i + n <= truth.length; i++) {
      const key = truth.slice(i, i + n).join(' ');
      const list = map.get(key);
      if (!list) map.set(key, [i]);
      else if (list.length < 40) list.push(i);
    }
    return map;
  });
  const blocks = texts.map((t): string[] => t.match(TOKEN) ?? []);
  const candidates: Candidate[] = [];
  blocks.forEach((words, block) => {
    if (words.length === 0) return;
    const n = Math.min(3, words.length);
    const votes = new Map<number, number>();
    for (let i = 0; i + n <= words.length; i++) {
      for (const place of places[n - 1]?.get(words.slice(i, i + n).join(' ')) ?? [])
        votes.set(place - i, (votes.get(place - i) ?? 0) + 1);
    }
    for (const [offset] of [...votes].sort((a, b) => b[1] - a[1]).slice(0, 8)) {
      let near = 0;
      for (const [other, count] of votes)
        if (Math.abs(other - offset) <= Math.max(3, words.length * 0.2)) near += count;
      candidates.push({
        block,
        start: Math.max(0, offset),
        end: Math.min(truth.length, offset + words.length),
        matched: Math.min(words.length, near + n - 1),
        value: 0,
        previous: undefined,
      });
    }
  });

  // Fenwick tree over ends: the best chain that ends at or before a place.
  const best: (Candidate | undefined)[] = new Array(truth.length + 2).fill(undefined);
  const record = (c: Candidate) => {
    for (let i = c.end + 1; i < best.length; i += i & -i) if ((best[i]?.value ?? -1) < c.value) best[i] = c;
  };
  const bestUntil = (place: number) => {
    let found: Candidate | undefined;
    for (let i = place + 1; i > 0; i -= i & -i)
      if (best[i] && (best[i] as Candidate).value > (found?.value ?? -1)) found = best[i];
    return found;
  };
  let top: Candidate | undefined;
  for (let i = 0; i < candidates.length; ) {
    let j = i;
    while (j < candidates.length && candidates[j]?.block === candidates[i]?.block) j++;
    const group = candidates.slice(i, j);
    for (const c of group) {
      const slack = Math.min(2, Math.floor((c.end - c.start) / 4));
      c.previous = bestUntil(Math.min(truth.length, c.start + slack));
      c.value = (c.matched * c.matched) / (blocks[c.block]?.length ?? 1) - 0.01 + (c.previous?.value ?? 0);
      if (!top || c.value > top.value) top = c;
    }
    group.forEach(record);
    i = j;
  }

  const shares = new Float32Array(texts.length);
  const covered = new Uint8Array(truth.length);
  for (let c = top; c; c = c.previous) {
    shares[c.block] = c.matched / (blocks[c.block]?.length ?? 1);
    covered.fill(1, c.start, c.end);
  }
  for (const c of candidates) {
    const length = blocks[c.block]?.length ?? 0;
    if ((shares[c.block] as number) >= 0.3 || length < 8 || c.matched <= 0.7 * length) continue;
    let free = 0;
    for (let k = c.start; k < c.end; k++) if (!covered[k]) free++;
    if (free <= 0.8 * (c.end - c.start)) continue;
    shares[c.block] = c.matched / length;
    covered.fill(1, c.start, c.end);
  }
  return {
    shares,
    coverage: truth.length > 0 ? covered.reduce((s, v) => s + v, 0) / truth.length : 1,
    bodyWords: truth.length,
    words: blocks.map((b) => b.length),
  };
}
