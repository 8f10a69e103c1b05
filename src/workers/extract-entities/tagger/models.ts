import { existsSync, readFileSync } from 'node:fs';
import { decodeLexicon, type Lexicon } from './lexicon.ts';
import { decodeModel } from './model-file.ts';
import { createTagger, type Tagger } from './tagger.ts';

/** Languages whose models are shipped under data/models. */
export const MODEL_LANGUAGES = ['ar', 'en', 'zh'] as const;

const loaded = new Map<string, Tagger | undefined>();

export function modelUrl(language: string): URL {
  return new URL(`../../../../data/models/ner-${language}.bin`, import.meta.url);
}

export function lexiconUrl(language: string): URL {
  return new URL(`../../../../data/models/lexicon-${language}.bin`, import.meta.url);
}

/** The lists of a language, read from disk. */
export function loadLexicon(language: string): Lexicon | undefined {
  const url = lexiconUrl(language);
  return existsSync(url) ? decodeLexicon(readFileSync(url)) : undefined;
}

/** The tagger of a language, read from disk on first use; undefined for a language without a model. */
export function taggerFor(language: string): Tagger | undefined {
  if (!loaded.has(language)) {
    const url = modelUrl(language);
    const known = (MODEL_LANGUAGES as readonly string[]).includes(language) && existsSync(url);
    loaded.set(language, known ? createTagger(decodeModel(readFileSync(url)), loadLexicon(language)) : undefined);
  }
  return loaded.get(language);
}
