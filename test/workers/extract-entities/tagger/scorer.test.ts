import { expect, test } from 'vitest';
import { foldText } from '../../../../src/shared/arabic/fold.ts';
import { seededRandom } from '../../../../src/shared/seeded-random.ts';
import { featureExtractor } from '../../../../src/workers/extract-entities/tagger/features.ts';
import { LABEL_COUNT as L } from '../../../../src/workers/extract-entities/tagger/labels.ts';
import { decodeLexicon, lexiconBuilder } from '../../../../src/workers/extract-entities/tagger/lexicon.ts';
import { decodeModel, encodeModel } from '../../../../src/workers/extract-entities/tagger/model-file.ts';
import { sentenceScorer } from '../../../../src/workers/extract-entities/tagger/scorer.ts';

const SENTENCES: Record<string, string[]> = {
  ar: ['وصل وزير الخارجية إلى أبو ظبي أمس .', 'أبو ظبي', 'وقال الوزير : «وصل إلى أبو ظبي وبيروت» .'],
  en: ['The mayor of New York , Ann-Marie Lee , left New York .', 'New', 'York new NEW 3,500'],
  zh: ['总 统 昨 天 在 北 京 会 见 了 记 者 。', '北'],
};

test.each(Object.keys(SENTENCES))('sentenceScorer – sums what the features of %s weigh', (language) => {
  const builder = lexiconBuilder();
  for (const phrase of ['أبو ظبي', 'new york', '北 京']) builder.add(phrase.split(' ').map(foldText), 'metropolis');
  builder.add(['وزير'].map(foldText), 'title');
  builder.add(['york'], 'family');
  const lexicon = decodeLexicon(builder.encode());
  const sentences = (SENTENCES[language] as string[]).map((sentence) => sentence.split(' '));
  const extract = featureExtractor({ language, lexicon });
  // Two features of three are in the model, as in a trained one many are not.
  const random = seededRandom(5);
  const weights = new Map<number, Int8Array>();
  for (const token of sentences.flatMap(extract)) {
    for (const hash of token) {
      if (random() < 2 / 3)
        weights.set(
          hash,
          Int8Array.from({ length: L }, () => Math.floor(random() * 255) - 127),
        );
    }
  }
  const header = { language, step: 1, rows: 0, transitions: [], outsideBias: 0, sources: [] };
  const model = decodeModel(
    encodeModel(
      header,
      [...weights].map(([hash, of]) => ({ hash, weights: of })),
    ),
  );
  const score = sentenceScorer(model, lexicon);
  // Twice: what is remembered gives what was summed.
  for (const words of [...sentences, ...sentences]) {
    const expected = extract(words).flatMap((token) =>
      Array.from({ length: L }, (_, y) => token.reduce((sum, hash) => sum + (weights.get(hash)?.[y] ?? 0), 0)),
    );
    expect([...score(words).sums]).toEqual(expected);
  }
});

test('sentenceScorer – scores a sentence alike after more words than it remembers', () => {
  const lexicon = decodeLexicon(lexiconBuilder().encode());
  const sentence = ['Ann', 'left', 'York'];
  const [token] = featureExtractor({ language: 'en', lexicon })(sentence);
  const weights = new Int8Array(L).fill(3);
  const header = { language: 'en', step: 1, rows: 0, transitions: [], outsideBias: 0, sources: [] };
  const model = decodeModel(
    encodeModel(
      header,
      Array.from(new Set(token), (hash) => ({ hash, weights })),
    ),
  );
  const score = sentenceScorer(model, lexicon);
  const before = score(sentence).sums;
  for (let from = 0; from < 14_000; from += 100) score(Array.from({ length: 100 }, (_, i) => `w${from + i}`));
  expect(score(sentence).sums).toEqual(before);
  expect(before[0]).toBeGreaterThan(0);
});
