import { baseOf, EDGE_ROW, type Form, formOf, remembering, rowsOf } from './forms.ts';
import { LABEL_COUNT as L } from './labels.ts';
import type { Lexicon } from './lexicon.ts';
import type { TaggerModel } from './model-file.ts';
import {
  ANY,
  BITS_OF,
  bitFeature,
  featureAt,
  MARK_BITS,
  OPENING,
  pieceFeature,
  placeFeature,
  REACH,
  ROW,
  type Template,
  templatesFor,
  tokenOf,
  writingOf,
} from './templates.ts';

export interface SentenceScores {
  /** n × L, in units of the model's step. */
  sums: Int32Array;
  /** What the lists say of each token. */
  marks: Int32Array;
}

interface Known extends Pick<Form, 'row' | 'entry'> {
  /** What the word adds to each label of the tokens REACH before it to REACH behind it, whatever its mark. */
  sums: Int16Array;
  /** The same with what each mark adds that it has been met with. */
  marked: Map<number, Int16Array>;
}

/**
 * What the features of a sentence (features.ts) weigh together, without looking most of them up: weights are whole numbers, so
 * what a word with its mark adds by itself to its own labels and to those of its neighbours is summed once and remembered.
 */
export function sentenceScorer(model: TaggerModel, lexicon: Lexicon): (words: readonly string[]) => SentenceScores {
  const writing = writingOf(model.header.language);
  const { words: ofWords, marks: ofMarks } = templatesFor(writing);
  const offsets = Array.from({ length: 2 * REACH + 1 }, (_, i) => i - REACH);
  const joint = [...ofWords, ...ofMarks].filter((template) => !isOfOneToken(template));
  const singleWords = offsets.map((offset) => ofWords.filter((template) => isOfOneToken(template, offset)));
  const singleMarks = ofMarks.filter((template) => isOfOneToken(template, 0));

  const addAll = (features: readonly number[], sums: Int32Array, offset: number) =>
    model.addWeights(Int32Array.from(features), features.length, sums, (offset + REACH) * L);

  function sumsOf(row: Int32Array): Int32Array {
    const sums = new Int32Array(offsets.length * L);
    // A feature of token t takes this word from t + offset, so its row is read as if it stood there.
    singleWords.forEach((templates, i) => {
      const offset = offsets[i] as number;
      addAll(
        templates.map((template) => featureAt(template, row, -offset * ROW)),
        sums,
        offset,
      );
    });
    return sums;
  }

  const knownOf = remembering((word): Known => {
    const { row, pieces, entry } = formOf(word, writing, lexicon);
    const sums = sumsOf(row);
    addAll([ANY, ...Array.from(pieces, pieceFeature)], sums, 0);
    return { row, entry, sums: Int16Array.from(sums), marked: new Map() };
  });
  const edge = Int16Array.from(sumsOf(EDGE_ROW));

  function sumsWithMark({ row, sums, marked }: Known, mark: number): Int16Array {
    const known = marked.get(mark);
    if (known) return known;
    const all = Int32Array.from(sums);
    const bits = MARK_BITS.filter((bit) => mark & (1 << bit));
    for (const offset of BITS_OF)
      addAll(
        bits.map((bit) => bitFeature(bit, offset)),
        all,
        offset,
      );
    const whole = Int32Array.of(...row, mark);
    const taking = singleMarks.filter(({ listed }) => !listed || mark !== 0);
    addAll(
      taking.map((template) => featureAt(template, whole, 0)),
      all,
      0,
    );
    const made = Int16Array.from(all);
    marked.set(mark, made);
    return made;
  }

  const features = new Int32Array(joint.length + 2);
  return (words) => {
    const n = words.length;
    const known = words.map(knownOf);
    const marks = lexicon.mark(known.map(({ entry }) => entry));
    const rows = rowsOf(known, marks);
    const added = known.map((word, i) => sumsWithMark(word, marks[i] as number));
    const sums = new Int32Array(n * L);
    for (let i = 0; i < n; i += 1) {
      const at = i * L;
      for (let offset = -REACH; offset <= REACH; offset += 1) {
        const from = (offset + REACH) * L;
        const more = added[i + offset] ?? edge;
        for (let y = 0; y < L; y += 1) sums[at + y] = (sums[at + y] as number) + (more[from + y] as number);
      }
      const base = baseOf(i);
      let count = 0;
      for (const template of joint) features[count++] = featureAt(template, rows, base);
      features[count++] = placeFeature(i, n);
      if (i === 0) features[count++] = featureAt(OPENING, rows, base);
      model.addWeights(features, count, sums, at);
    }
    return { sums, marks };
  };
}

/** Whether all that a template takes is of one token, and if asked of the one at `offset` from its own. */
function isOfOneToken({ at }: Template, offset = tokenOf(at[0] as number)): boolean {
  return at.every((part) => tokenOf(part) === offset);
}
