import { posterior, viterbi } from './crf.ts';
import { LABEL_COUNT, spansOf, type TagSpan } from './labels.ts';
import { type Lexicon, phraseAt } from './lexicon.ts';
import type { TaggerModel } from './model-file.ts';
import { sentenceScorer } from './scorer.ts';

export interface TaggedSpan extends TagSpan {
  /** Probability of its least certain token, 0 to 1. */
  confidence: number;
}

/** Tags the words of one sentence. */
export type Tagger = (words: readonly string[]) => TaggedSpan[];

export function createTagger(model: TaggerModel, lexicon: Lexicon): Tagger {
  const { step, outsideBias } = model.header;
  const scoresOf = sentenceScorer(model, lexicon);
  return (words) => {
    const n = words.length;
    if (n === 0) return [];
    const { sums, marks } = scoresOf(words);
    const scores = new Float64Array(sums.length);
    for (let i = 0; i < sums.length; i += 1) scores[i] = (sums[i] as number) * step;
    for (let t = 0; t < n; t += 1) scores[t * LABEL_COUNT] = (scores[t * LABEL_COUNT] as number) - outsideBias;
    const labels = viterbi(scores, model.transitions, n);
    const spans = spansOf(labels);
    if (spans.length === 0) return [];
    const { nodes } = posterior(scores, model.transitions, n);
    const certain = spans.map((span) => {
      let confidence = 1;
      for (let t = span.start; t < span.end; t += 1) {
        confidence = Math.min(confidence, nodes[t * LABEL_COUNT + (labels[t] as number)] as number);
      }
      return { ...span, confidence };
    });
    return completePhrases(certain, marks);
  };
}

/** Kinds of known phrases that are one name as a whole. */
const WHOLE = { place: 'LOC', organization: 'ORG' } as const;

/**
 * Stretches names that cover only a part of a known phrase of the same type over all of it, so that «ريو دي جانيرو» is not cut.
 * `spans` are in order and do not overlap; neither do those returned.
 */
export function completePhrases(spans: readonly TaggedSpan[], marks: Int32Array): TaggedSpan[] {
  let result = [...spans];
  for (let i = 0; i < marks.length; i += 1) {
    const { length, kind } = phraseAt(marks, i);
    if (length < 2 || kind === undefined || kind === 'person') continue;
    const end = i + length;
    const inside = result.filter((span) => span.start < end && span.end > i);
    const type = WHOLE[kind];
    const covered = inside.some((span) => span.end - span.start >= length);
    const cut = inside.some((span) => span.start < i || span.end > end);
    if (inside.length > 0 && !covered && !cut && inside.some((span) => span.type === type)) {
      const confidence = Math.max(...inside.map((span) => span.confidence));
      result = [...result.filter((span) => !inside.includes(span)), { start: i, end, type, confidence }];
    }
    i = end - 1;
  }
  return result.sort((a, b) => a.start - b.start);
}
