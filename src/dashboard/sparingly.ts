/** An answer that came within this time is cheap enough to be asked for anew. */
const QUICK_MS = 250;

/** So many times as long as it took, an answer is given again. */
const REST = 10;

/**
 * `ask`, so that pages which refresh themselves, and several people who watch them, take a tenth of the database's time at most: callers share
 * the answer under way, and one that took long. An answer is thus as old as ten times what it took. `now` in ms.
 */
export function sparingly<T>(ask: () => Promise<T>, now: () => number = () => performance.now()): () => Promise<T> {
  let shared: Promise<T> | undefined;
  let until = Number.POSITIVE_INFINITY;
  return () => {
    if (shared !== undefined && now() < until) return shared;
    const startedAt = now();
    until = Number.POSITIVE_INFINITY;
    const answer = ask();
    shared = answer;
    const rest = () => {
      const tookMs = now() - startedAt;
      until = tookMs > QUICK_MS ? now() + REST * tookMs : Number.NEGATIVE_INFINITY;
    };
    answer.then(rest, () => {
      shared = undefined;
    });
    return answer;
  };
}
