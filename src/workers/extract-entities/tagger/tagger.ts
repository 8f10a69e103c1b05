import { posterior, viterbi } from './crf.ts';
import { featureExtractor } from './features.ts';
import { LABEL_COUNT, spansOf, type TagSpan } from './labels.ts';
import type { Lexicon } from './lexicon.ts';
import type { TaggerModel } from './model-file.ts';

export interface TaggedSpan extends TagSpan {
  /** Probability of its least certain token, 0 to 1. */
  confidence: number;
}

/** Tags the words of one sentence. */
export type Tagger = (words: readonly string[]) => TaggedSpan[];

export function createTagger(model: TaggerModel, lexicon: Lexicon): Tagger {
  const extract = featureExtractor({ language: model.header.language, lexicon });
  return (words) => {
    const n = words.length;
    if (n === 0) return [];
    const features = extract(words);
    const scores = new Float64Array(n * LABEL_COUNT);
    for (let t = 0; t < n; t += 1) {
      for (const feature of features[t] as Int32Array) model.addWeights(feature, scores, t * LABEL_COUNT);
      scores[t * LABEL_COUNT] = (scores[t * LABEL_COUNT] as number) - model.header.outsideBias;
    }
    const labels = viterbi(scores, model.transitions, n);
    const spans = spansOf(labels);
    if (spans.length === 0) return [];
    const { nodes } = posterior(scores, model.transitions, n);
    return spans.map((span) => {
      let confidence = 1;
      for (let t = span.start; t < span.end; t += 1) {
        confidence = Math.min(confidence, nodes[t * LABEL_COUNT + (labels[t] as number)] as number);
      }
      return { ...span, confidence };
    });
  };
}
