import { type Comparison, compare, type Guard, guardsOf, MAX_GAP, MIN_NUMBERS_SHARED } from './compare.ts';
import { fingerprint, readText } from './fingerprint.ts';
import {
  isCopy,
  languageGroup,
  MIN_CONTAINMENT,
  MIN_SHARED_HASHES,
  MIN_WORDS,
  SKETCH_WINDOW_DAYS,
} from './near-duplicate-index.ts';
import { estimateContainment, sketchOf } from './sketch.ts';
import { cosine, decay, MIN_STORY_SIMILARITY, newStory, SIGMA_DAYS, type TermStatistics, weigh } from './stories.ts';
import { termsOf } from './story-terms.ts';

export interface ExplainedArticle {
  id: string;
  title: string;
  text: string;
  language?: string;
  entities?: readonly string[];
  /** ms since 1970: when first seen, for the windows, and when published, for the story. */
  seenAt: number;
  at: number;
}

/** Why two articles were, or were not, joined. */
export interface PairExplanation {
  copy: {
    /** Whether one is taken for a copy of the other when they are compared. Page furniture, which depends on the outlet's other pages, is not left out. */
    isCopy: boolean;
    reasons: (
      | Guard
      | 'equal-texts'
      | 'enough-shared'
      | 'too-little-shared'
      | 'other-language'
      | 'outside-window'
      | 'too-few-shared-hashes'
    )[];
    comparison: Comparison;
    /** Hashes both sketches have, and the containment estimated from them. */
    sharedHashes: number;
    estimate: number;
    /** Least values, and of `widestGap` the greatest. */
    needed: { containment: number; sharedHashes: number; numbersShared: number; widestGap: number };
  };
  story: {
    /** Whether the second article would join a story of the first alone. */
    joins: boolean;
    cosine: number;
    decay: number;
    similarity: number;
    needed: number;
  };
}

export function explainPair(a: ExplainedArticle, b: ExplainedArticle, statistics: TermStatistics): PairExplanation {
  return { copy: explainCopy(a, b), story: explainStory(a, b, statistics) };
}

function explainCopy(a: ExplainedArticle, b: ExplainedArticle): PairExplanation['copy'] {
  const reads = [a, b].map(({ title, text }) => readText(title, text));
  const [mine, other] = reads.map((read) => fingerprint(read)) as [
    ReturnType<typeof fingerprint>,
    ReturnType<typeof fingerprint>,
  ];
  const comparison = compare(mine, other);
  const [sketch, known] = [sketchOf(mine.shingles), sketchOf(other.shingles)];
  const hashes = new Set(known.hashes);
  const sharedHashes = sketch.hashes.filter((hash) => hashes.has(hash)).length;
  const reasons: PairExplanation['copy']['reasons'] = [];
  const sameLanguage = languageGroup(a.language) === languageGroup(b.language);
  const equal =
    mine.contentHash !== undefined &&
    mine.contentHash === other.contentHash &&
    reads.every(({ words }) => words.length >= MIN_WORDS);
  const inWindow = Math.abs(a.seenAt - b.seenAt) < SKETCH_WINDOW_DAYS * 86_400_000;

  if (!sameLanguage) reasons.push('other-language');
  if (equal) reasons.push('equal-texts');
  else {
    if (!inWindow) reasons.push('outside-window');
    if (sharedHashes < MIN_SHARED_HASHES) reasons.push('too-few-shared-hashes');
    reasons.push(
      comparison.containment >= MIN_CONTAINMENT ? 'enough-shared' : 'too-little-shared',
      ...guardsOf(comparison),
    );
  }
  const found = equal || (inWindow && sharedHashes >= MIN_SHARED_HASHES && isCopy(comparison));
  return {
    isCopy: sameLanguage && found,
    reasons,
    comparison,
    sharedHashes,
    estimate: estimateContainment(sketch, { size: known.hashes.length, bound: known.bound }, sharedHashes),
    needed: {
      containment: MIN_CONTAINMENT,
      sharedHashes: MIN_SHARED_HASHES,
      numbersShared: MIN_NUMBERS_SHARED,
      widestGap: MAX_GAP,
    },
  };
}

function explainStory(a: ExplainedArticle, b: ExplainedArticle, statistics: TermStatistics): PairExplanation['story'] {
  const [first, second] = [a, b].map((article) => weigh(termsOf(article), statistics)) as [
    Map<number, number>,
    Map<number, number>,
  ];
  const story = newStory(
    { id: a.id, language: languageGroup(a.language), title: a.title, at: a.at, terms: first },
    first,
  );
  const alike = cosine(second, story);
  const fading = decay(story, b.at, SIGMA_DAYS);
  const sameLanguage = story.language === languageGroup(b.language);
  return {
    joins: sameLanguage && alike * fading >= MIN_STORY_SIMILARITY,
    cosine: alike,
    decay: fading,
    similarity: alike * fading,
    needed: MIN_STORY_SIMILARITY,
  };
}
