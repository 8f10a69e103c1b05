import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { seededRandom } from '../shared/seeded-random.ts';
import { readCorpus } from '../workers/extract-entities/tagger/corpus.ts';
import { featureExtractor } from '../workers/extract-entities/tagger/features.ts';
import { labelsOf, spansOf } from '../workers/extract-entities/tagger/labels.ts';
import { encodeModel } from '../workers/extract-entities/tagger/model-file.ts';
import { loadLexicon, modelUrl } from '../workers/extract-entities/tagger/models.ts';
import { fillPattern, patternsOf } from '../workers/extract-entities/tagger/sentences.ts';
import { type Example, quantize, train } from '../workers/extract-entities/tagger/train.ts';
import { namesFor } from './name-lists.ts';

/**
 * Trains the shipped taggers: `npm run train:ner -- CORPORA_DIR [language…]`. CORPORA_DIR holds the gzipped CoNLL files named
 * below; data/training has sentences of our own. Same files in, same bytes out. All sources are openly licensed; NOTICE attributes
 * them.
 */

interface Source {
  file: string;
  /** How much a sentence of it counts beside one of the news corpora. */
  weight: number;
  title: string;
  /** Learn each sentence also as a headline, in capitals and with every word capitalised, at this share of the weight. */
  headlines?: number;
}

interface Recipe {
  sources: Source[];
  /** Sentences made of data/training/sentences-LANGUAGE.txt: how often each pattern is filled, and what one counts. */
  patterns?: { language: 'ar' | 'en'; rounds: number; weight: number };
  outsideBias: number;
  /** Features kept, by their largest weight. */
  features: number;
}

const RECIPES: Record<string, Recipe> = {
  ar: {
    sources: [
      { file: 'ar-anercorp-train.conll.gz', weight: 1, title: 'ANERcorp, CC BY-SA 4.0' },
      { file: 'ar-aqmar-wiki.conll.gz', weight: 0.3, title: 'AQMAR, CC BY-SA 3.0' },
    ],
    patterns: { language: 'ar', rounds: 8, weight: 0.3 },
    outsideBias: 0.5,
    features: 180_000,
  },
  en: {
    sources: [
      {
        file: 'en-uner-ewt-devtest-train.conll.gz',
        weight: 1,
        headlines: 0.3,
        title: 'UNER English-EWT, CC BY-SA 4.0',
      },
      { file: 'en-wikigold-train.conll.gz', weight: 1, headlines: 0.3, title: 'wikigold, CC BY 4.0' },
      { file: 'en-wnut17-train.conll.gz', weight: 0.4, title: 'WNUT17, CC BY 4.0' },
      { file: 'en-btc-train.conll.gz', weight: 0.4, title: 'Broad Twitter Corpus, CC BY 4.0' },
    ],
    patterns: { language: 'en', rounds: 16, weight: 0.8 },
    outsideBias: 0.6,
    features: 100_000,
  },
  zh: {
    sources: [{ file: 'zh-uner-gsd-train.conll.gz', weight: 1, title: 'UNER Chinese-GSD, CC BY-SA 4.0' }],
    outsideBias: 0.6,
    features: 60_000,
  },
};

/** News corpora leave these before a name out of it; those of tweets and encyclopedias often do not. */
const TITLES = new Set(
  'mr mrs ms miss dr prof professor sir lord lady dame president king queen prince princess pope emperor senator sen judge captain capt general gen governor gov sheikh saint reverend rev cardinal bishop archbishop duke rep mayor minister'.split(
    ' ',
  ),
);

function withoutTitles(words: readonly string[], labels: Uint8Array): Uint8Array {
  const spans = spansOf(labels).map((span) => {
    let { start } = span;
    const isTitle = () => words[start] === '.' || TITLES.has((words[start] as string).toLowerCase());
    while (span.type === 'PER' && span.end - start > 1 && isTitle()) start += 1;
    return { ...span, start };
  });
  return labelsOf(spans, words.length);
}

/** Patterns are filled by numbers of their own, so that a corpus more or less does not change them. */
const PATTERN_SEED = 7;

const [directory, ...languages] = process.argv.slice(2);
if (!directory) throw new Error('usage: train-ner CORPORA_DIR [language…]');
for (const language of languages.length > 0 ? languages : Object.keys(RECIPES)) {
  const recipe = RECIPES[language];
  if (!recipe) throw new Error(`no recipe for ${language}`);
  const extract = featureExtractor({ language, lexicon: loadLexicon(language) });
  const examples: Example[] = [];
  for (const { file, weight, headlines } of recipe.sources) {
    for (const { words, labels: given } of readCorpus(pathToFileURL(join(directory, file)), language)) {
      const labels = language === 'en' ? withoutTitles(words, given) : given;
      examples.push({ features: extract(words), labels, weight });
      if (headlines === undefined) continue;
      const capitals = words.map((word) => word.toUpperCase());
      const capitalised = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
      examples.push({ features: extract(capitals), labels, weight: weight * headlines });
      examples.push({ features: extract(capitalised), labels, weight: weight * headlines });
    }
  }
  if (recipe.patterns) {
    const { language, rounds, weight } = recipe.patterns;
    const random = seededRandom(PATTERN_SEED);
    const names = namesFor(language, random);
    const url = new URL(`../../data/training/sentences-${language}.txt`, import.meta.url);
    const patterns = patternsOf(readFileSync(url, 'utf8'));
    for (let round = 0; round < rounds; round += 1) {
      for (const pattern of patterns) {
        const { words, labels } = fillPattern(pattern, names, random);
        examples.push({ features: extract(words), labels, weight });
      }
    }
  }
  const weights = train(examples, {
    epochs: 6,
    rate: 0.05,
    l2: 1e-4,
    minCount: 2,
    dropout: 0.3,
    seed: 1,
    log: (line) => console.error(`${language} ${line}`),
  });
  const { features, step, transitions } = quantize(weights, recipe.features);
  const bytes = encodeModel(
    {
      language,
      step,
      rows: features.length,
      transitions,
      outsideBias: recipe.outsideBias,
      sources: recipe.sources.map(({ title }) => title),
    },
    features,
  );
  const url = modelUrl(language);
  mkdirSync(new URL('.', url), { recursive: true });
  writeFileSync(url, bytes);
  console.error(`${language}: ${features.length} features, ${bytes.length} bytes`);
}
