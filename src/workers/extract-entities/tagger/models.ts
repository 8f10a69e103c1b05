import { existsSync, readFileSync } from 'node:fs';
import { decodeModel } from './model-file.ts';
import { createTagger, type Tagger } from './tagger.ts';

/** Languages whose models are shipped under data/models. */
export const MODEL_LANGUAGES = ['ar', 'en', 'zh'] as const;

const loaded = new Map<string, Tagger | undefined>();

export function modelUrl(language: string): URL {
  return new URL(`../../../../data/models/ner-${language}.bin`, import.meta.url);
}

/** The tagger of a language, read from disk on first use; undefined for a language without a model. */
export function taggerFor(language: string): Tagger | undefined {
  if (!loaded.has(language)) {
    const url = modelUrl(language);
    const known = (MODEL_LANGUAGES as readonly string[]).includes(language) && existsSync(url);
    loaded.set(language, known ? createTagger(decodeModel(readFileSync(url))) : undefined);
  }
  return loaded.get(language);
}
