import { readFileSync } from 'node:fs';
import { decodeLexicon, type Lexicon } from './lexicon.ts';
import { decodeModel } from './model-file.ts';
import { createTagger, type Tagger } from './tagger.ts';

/** Languages whose models are shipped under data/models. */
const MODEL_LANGUAGES = ['ar', 'en', 'zh'] as const;

const loaded = new Map<string, Tagger | undefined>();

export function modelUrl(language: string): URL {
  return new URL(`../../../../data/models/ner-${language}.bin`, import.meta.url);
}

export function lexiconUrl(language: string): URL {
  return new URL(`../../../../data/models/lexicon-${language}.bin`, import.meta.url);
}

/** The lists of a language, read from disk. */
export function loadLexicon(language: string): Lexicon {
  return decodeLexicon(readFileSync(lexiconUrl(language)));
}

let common: Lexicon | undefined;

/** The lists for languages without a tagger, read from disk on first use. */
export function commonLexicon(): Lexicon {
  common ??= decodeLexicon(readFileSync(lexiconUrl('mul')));
  return common;
}

/** The tagger of a language, read from disk on first use; undefined for a language without a model. */
export function taggerFor(language: string): Tagger | undefined {
  if (!loaded.has(language)) {
    const shipped = (MODEL_LANGUAGES as readonly string[]).includes(language);
    const read = () => createTagger(decodeModel(readFileSync(modelUrl(language))), loadLexicon(language));
    loaded.set(language, shipped ? read() : undefined);
  }
  return loaded.get(language);
}
