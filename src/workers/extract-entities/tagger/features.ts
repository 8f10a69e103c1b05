import { remembering } from '../remembering.ts';
import { baseOf, formOf, rowsOf } from './forms.ts';
import type { Lexicon } from './lexicon.ts';
import {
  ANY,
  BITS_OF,
  bitFeature,
  featureAt,
  MARK,
  MARK_BITS,
  OPENING,
  pieceFeature,
  placeFeature,
  templatesFor,
  writingOf,
} from './templates.ts';

export interface FeatureOptions {
  language: string;
  lexicon: Lexicon;
}

/** Makes the feature extractor of one language: the features of each token of a sentence, as training wants them. */
export function featureExtractor({ language, lexicon }: FeatureOptions) {
  const writing = writingOf(language);
  const templates = templatesFor(writing);
  const formOfWord = remembering((word) => formOf(word, writing, lexicon));

  return function extract(words: readonly string[]): Int32Array[] {
    const forms = words.map(formOfWord);
    const marks = lexicon.mark(forms.map(({ entry }) => entry));
    const rows = rowsOf(forms, marks);
    return forms.map(({ pieces }, i) => {
      const base = baseOf(i);
      const features = templates.words.map((template) => featureAt(template, rows, base));
      for (const piece of pieces) features.push(pieceFeature(piece));
      features.push(placeFeature(i, words.length));
      if (i === 0) features.push(featureAt(OPENING, rows, base));
      for (const bit of MARK_BITS) {
        for (const offset of BITS_OF) if ((marks[i + offset] ?? 0) & (1 << bit)) features.push(bitFeature(bit, offset));
      }
      for (const template of templates.marks) {
        if (!template.listed || rows[base + MARK] !== 0) features.push(featureAt(template, rows, base));
      }
      features.push(ANY);
      return Int32Array.from(features);
    });
  };
}
