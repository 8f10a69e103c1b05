import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readCorpus } from '../../../../src/workers/extract-entities/tagger/corpus.ts';
import { featureExtractor } from '../../../../src/workers/extract-entities/tagger/features.ts';
import { spansOf } from '../../../../src/workers/extract-entities/tagger/labels.ts';
import { decodeLexicon, lexiconBuilder, phraseAt } from '../../../../src/workers/extract-entities/tagger/lexicon.ts';
import { decodeModel, encodeModel } from '../../../../src/workers/extract-entities/tagger/model-file.ts';
import { completePhrases, createTagger } from '../../../../src/workers/extract-entities/tagger/tagger.ts';
import { quantize, train } from '../../../../src/workers/extract-entities/tagger/train.ts';

const PLACES = ['Lyon', 'Turin', 'Oslo', 'Minsk', 'Varna'];
const PEOPLE = ['Anna Berg', 'Omar Haddad', 'Li Wen'];

function smallCorpus() {
  const lines: string[] = [];
  for (const place of PLACES) {
    for (const person of PEOPLE) {
      const [given, family] = person.split(' ');
      lines.push(`${given} B-PER`, `${family} I-PER`, 'flew O', 'to O', `${place} B-LOC`, 'today O', '. O', '');
      lines.push('The O', 'train O', 'to O', `${place} B-LOC`, 'is O', 'late O', '. O', '');
    }
  }
  const file = join(mkdtempSync(join(tmpdir(), 'khabar-ner-')), 'small.conll.gz');
  writeFileSync(file, gzipSync(lines.join('\n')));
  return readCorpus(file, 'en');
}

function smallLexicon() {
  const builder = lexiconBuilder();
  builder.add(['new', 'york'], 'metropolis');
  builder.add(['york'], 'city');
  builder.add(['train'], 'noun');
  return builder.encode();
}

function trainBytes() {
  const extract = featureExtractor({ language: 'en', lexicon: decodeLexicon(smallLexicon()) });
  const examples = smallCorpus().map(({ words, labels }) => ({ features: extract(words), labels, weight: 1 }));
  const weights = train(examples, { epochs: 4, rate: 0.1, l2: 1e-4, minCount: 1, dropout: 0.1, seed: 7 });
  const { features, step, transitions } = quantize(weights, 2000);
  return encodeModel({ language: 'en', step, rows: 0, transitions, outsideBias: 0, sources: ['small'] }, features);
}

test('train – the same corpus gives the same bytes, and they tag names never seen', () => {
  const bytes = trainBytes();
  expect(trainBytes().equals(bytes)).toBe(true);
  const tag = createTagger(decodeModel(bytes), decodeLexicon(smallLexicon()));
  expect(
    tag(['Omar', 'Haddad', 'flew', 'to', 'Quito', 'today', '.']).map(({ start, end, type }) => [start, end, type]),
  ).toEqual([
    [0, 2, 'PER'],
    [4, 5, 'LOC'],
  ]);
  expect(tag([])).toEqual([]);
});

test('readCorpus – tags follow our own tokens', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'khabar-ner-')), 'one.conll.gz');
  writeFileSync(file, gzipSync("# id 1\nAbd-Rabbu I-PER\nHadi I-PER\n's O\nvisit O\n\n"));
  const [sentence] = readCorpus(file, 'en');
  expect(sentence?.words).toEqual(['Abd', '-', 'Rabbu', 'Hadi', "'s", 'visit']);
  expect(spansOf(sentence?.labels ?? [])).toEqual([{ start: 0, end: 4, type: 'PER' }]);
});

test('lexicon – the longest phrase wins and words mark themselves', () => {
  const lexicon = decodeLexicon(smallLexicon());
  const words = ['a', 'new', 'york', 'train'];
  const marks = lexicon.mark(words.map((word) => lexicon.entry([word], word)));
  expect([0, 1, 2, 3].map((i) => phraseAt(marks, i))).toEqual([
    { length: 0 },
    { length: 2, kind: 'place' },
    { length: 1, kind: 'place' },
    { length: 0 },
  ]);
});

test('completePhrases – a name cut short is stretched, another type is left alone', () => {
  const words = ['new', 'york', 'train'];
  const lexicon = decodeLexicon(smallLexicon());
  const marks = lexicon.mark(words.map((word) => lexicon.entry([word], word)));
  const part = { start: 1, end: 2, confidence: 0.6 };
  expect(completePhrases([{ ...part, type: 'LOC' }], marks)).toEqual([
    { start: 0, end: 2, type: 'LOC', confidence: 0.6 },
  ]);
  expect(completePhrases([{ ...part, type: 'PER' }], marks)).toEqual([{ ...part, type: 'PER' }]);
});

test('decodeModel – a strange file is refused', () => {
  expect(() => decodeModel(smallLexicon())).toThrow('not a tagger model');
});
