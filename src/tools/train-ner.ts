import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readCorpus } from '../workers/extract-entities/tagger/corpus.ts';
import { featureExtractor } from '../workers/extract-entities/tagger/features.ts';
import { encodeModel } from '../workers/extract-entities/tagger/model-file.ts';
import { loadLexicon, modelUrl } from '../workers/extract-entities/tagger/models.ts';
import { type Example, quantize, train } from '../workers/extract-entities/tagger/train.ts';

/**
 * Trains the shipped taggers: `npm run train:ner -- CORPORA_DIR [language…]`. CORPORA_DIR holds the gzipped CoNLL files named
 * below. Same files in, same bytes out. All sources are openly licensed; NOTICE attributes them.
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
    outsideBias: 0.6,
    features: 100_000,
  },
  zh: {
    sources: [{ file: 'zh-uner-gsd-train.conll.gz', weight: 1, title: 'UNER Chinese-GSD, CC BY-SA 4.0' }],
    outsideBias: 0.6,
    features: 60_000,
  },
};

const [directory, ...languages] = process.argv.slice(2);
if (!directory) throw new Error('usage: train-ner CORPORA_DIR [language…]');
for (const language of languages.length > 0 ? languages : Object.keys(RECIPES)) {
  const recipe = RECIPES[language];
  if (!recipe) throw new Error(`no recipe for ${language}`);
  const extract = featureExtractor({ language, lexicon: loadLexicon(language) });
  const examples: Example[] = [];
  for (const { file, weight, headlines } of recipe.sources) {
    for (const { words, labels } of readCorpus(pathToFileURL(join(directory, file)), language)) {
      examples.push({ features: extract(words).tokens, labels, weight });
      if (headlines === undefined) continue;
      const capitals = words.map((word) => word.toUpperCase());
      const capitalised = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
      examples.push({ features: extract(capitals).tokens, labels, weight: weight * headlines });
      examples.push({ features: extract(capitalised).tokens, labels, weight: weight * headlines });
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
