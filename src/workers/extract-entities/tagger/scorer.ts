import { detached } from '../remembering.ts';
import { baseOf, EDGE_ROW, type Form, formOf, rowsOf } from './forms.ts';
import { combine } from './hash.ts';
import { LABEL_COUNT as L } from './labels.ts';
import type { Lexicon } from './lexicon.ts';
import type { TaggerModel } from './model-file.ts';
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

/** What a word adds to each label of the tokens REACH before it to REACH behind it. */
const VECTOR = (2 * REACH + 1) * L;
/** Vectors kept, eight megabytes of them: then all is forgotten, so that made-up words do not fill the memory. */
const MAX_VECTORS = 24_000;
/** Code units of a word that is remembered. */
const MAX_LENGTH = 60;

interface Known extends Pick<Form, 'row' | 'entry'> {
  /** Where its vector is kept, without what its mark adds. */
  at: number;
  /** Where the whole one is, for each mark it has been met with. */
  marked: { mark: number; at: number }[];
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

  // Flat, because this is where the tagger's time goes: the number and the places of each template of two numbers, and of three.
  const [pairs, triples] = [2, 3].map((length) => {
    const templates = joint.filter(({ at }) => at.length === length);
    return Int32Array.from(templates.flatMap(({ number, at }) => [number, ...at]));
  }) as [Int32Array, Int32Array];

  const features = new Int32Array(MARK_BITS.length + ofWords.length + ofMarks.length);
  function addAll(templates: readonly Template[], row: Int32Array, base: number, sums: Int32Array, at: number) {
    templates.forEach((template, i) => {
      features[i] = featureAt(template, row, base);
    });
    model.addWeights(features, templates.length, sums, at);
  }

  let vectors = new Int32Array(64 * VECTOR);
  let used = 0;
  const sum = new Int32Array(VECTOR);
  /** Keeps a copy of `sum`; returns where. */
  function keep(): number {
    if (used + VECTOR > vectors.length) {
      const more = new Int32Array(vectors.length * 2);
      more.set(vectors);
      vectors = more;
    }
    const at = used;
    vectors.set(sum, at);
    used += VECTOR;
    return at;
  }

  function sumWord(row: Int32Array): void {
    sum.fill(0);
    // A feature of token t takes this word from t + offset, so its row is read as if it stood there.
    offsets.forEach((offset, i) => {
      addAll(singleWords[i] as Template[], row, -offset * ROW, sum, i * L);
    });
  }

  const remembered = new Map<string, Known>();
  function knownOf(word: string): Known {
    const before = remembered.get(word);
    if (before) return before;
    const own = detached(word);
    const { row, pieces, entry } = formOf(own, writing, lexicon);
    sumWord(row);
    model.addWeights(pieces.map(pieceFeature), pieces.length, sum, REACH * L);
    const known = { row, entry, at: keep(), marked: [] };
    if (word.length <= MAX_LENGTH) remembered.set(own, known);
    return known;
  }

  function vectorOf({ row, at, marked }: Known, mark: number): number {
    for (const known of marked) if (known.mark === mark) return known.at;
    for (let i = 0; i < VECTOR; i += 1) sum[i] = vectors[at + i] as number;
    for (const offset of BITS_OF) {
      let count = 0;
      for (const bit of MARK_BITS) if (mark & (1 << bit)) features[count++] = bitFeature(bit, offset);
      model.addWeights(features, count, sum, (offset + REACH) * L);
    }
    const whole = new Int32Array(ROW);
    whole.set(row);
    whole[MARK] = mark;
    const taking = mark === 0 ? singleMarks.filter(({ listed }) => !listed) : singleMarks;
    addAll(taking, whole, 0, sum, REACH * L);
    const made = { mark, at: keep() };
    marked.push(made);
    return made.at;
  }

  sumWord(EDGE_ROW);
  const edge = keep();
  function forget(): void {
    remembered.clear();
    used = edge + VECTOR;
  }

  return (words) => {
    if (used > MAX_VECTORS * VECTOR) forget();
    const n = words.length;
    const known = words.map(knownOf);
    const marks = lexicon.mark(known.map(({ entry }) => entry));
    const rows = rowsOf(known, marks);
    const places = known.map((word, i) => vectorOf(word, marks[i] as number));
    const kept = vectors;
    const sums = new Int32Array(n * L);
    for (let i = 0; i < n; i += 1) {
      const at = i * L;
      for (let offset = -REACH; offset <= REACH; offset += 1) {
        const from = (i + offset < 0 || i + offset >= n ? edge : (places[i + offset] as number)) + (offset + REACH) * L;
        for (let y = 0; y < L; y += 1) sums[at + y] = (sums[at + y] as number) + (kept[from + y] as number);
      }
      const base = baseOf(i);
      let count = 0;
      for (let p = 0; p < pairs.length; p += 3) {
        const one = combine(pairs[p] as number, rows[base + (pairs[p + 1] as number)] as number);
        features[count++] = combine(one, rows[base + (pairs[p + 2] as number)] as number);
      }
      for (let p = 0; p < triples.length; p += 4) {
        const one = combine(triples[p] as number, rows[base + (triples[p + 1] as number)] as number);
        const two = combine(one, rows[base + (triples[p + 2] as number)] as number);
        features[count++] = combine(two, rows[base + (triples[p + 3] as number)] as number);
      }
      features[count++] = ANY;
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
