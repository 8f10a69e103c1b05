/** Means of the scores before and lately. */
export interface Drift {
  past: number;
  recent: number;
}

/** Latest pages that are compared, and how many there must be before them. */
const RECENT = 10;
const MIN_PAST = 20;

/** Least fall of the mean, and in standard deviations of the past, that is no chance. */
const MIN_FALL = 0.1;
const MIN_DEVIATIONS = 2;

/**
 * Whether the latest of a host's scores (0 to 1, oldest first) are clearly below its own past: the site has changed its pages, and
 * extraction should be looked at. Undefined when they are not, or there are too few to tell.
 */
export function driftOf(scores: readonly number[]): Drift | undefined {
  const earlier = scores.slice(0, -RECENT);
  if (earlier.length < MIN_PAST) return undefined;
  const past = mean(earlier);
  const recent = mean(scores.slice(-RECENT));
  const deviation = Math.sqrt(mean(earlier.map((score) => (score - past) ** 2)));
  // A mean of ten scatters less than one score does.
  const least = Math.max(MIN_FALL, (MIN_DEVIATIONS * deviation) / Math.sqrt(RECENT));
  return past - recent > least ? { past, recent } : undefined;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
