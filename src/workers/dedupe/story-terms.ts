import { foldText, foldUnits, stringOf } from '../../shared/arabic/fold.ts';
import { lightStem } from '../../shared/arabic/stem.ts';
import { unitsMatching } from '../../shared/arabic/unit-table.ts';
import { isFunctionWord } from './function-words.ts';

/**
 * What an article is about, as far as its words tell: stems, pairs of title words and names, with how much each weighs in it.
 * Terms are 32-bit hashes (signed, so that the engine keeps them unboxed): they are compared, never shown.
 */
export type TermWeights = Map<number, number>;

export interface StoryText {
  title: string;
  text: string;
  /** Ids or names of what it mentions, if they are known already. */
  entities?: readonly string[];
}

/** For the ablation of the choices below; all true otherwise. */
export interface TermOptions {
  stemming?: boolean;
  names?: boolean;
}

/** News says what it is about at the start; the rest is background that many stories share. */
const BODY_CHARS = 1000;
const TITLE_WEIGHT = 2.5;
const TITLE_PAIR_WEIGHT = 1.5;
const ENTITY_WEIGHT = 2;
/** Most scripts have no capitals, and asking so is cheaper than looking for names. */
const CAPITAL = /[A-Z\u00c0-\u00de\u0386-\u03ab\u0400-\u042f\u0531-\u0556]/;
/** Capitalised words in a row, as names are in scripts with case; the first word of a sentence may be one by chance. */
const NAME = /\p{Lu}[\p{L}\p{M}'’-]*(?:\s+\p{Lu}[\p{L}\p{M}'’-]*)+/gu;

export function termsOf({ title, text, entities = [] }: StoryText, options: TermOptions = {}): TermWeights {
  const { stemming = true, names = true } = options;
  const head = text.slice(0, BODY_CHARS);
  const weights: TermWeights = new Map();
  const add = (term: number, weight: number) => weights.set(term, (weights.get(term) ?? 0) + weight);

  forEachStem(head, stemming, (stem) => add(stem, 1));
  let before: number | undefined;
  forEachStem(title, stemming, (stem) => {
    add(stem, TITLE_WEIGHT);
    if (before !== undefined) add(Math.imul(before, FNV_PRIME) ^ stem, TITLE_PAIR_WEIGHT);
    before = stem;
  });
  if (names) {
    for (const entity of new Set(entities)) add(hashName(entity), ENTITY_WEIGHT);
    const written = `${title}\n${head}`;
    if (CAPITAL.test(written)) {
      for (const [name] of written.matchAll(NAME)) add(hashName(foldText(name).replace(/\s+/g, ' ')), 1);
    }
  }
  return weights;
}

const FNV_OFFSET = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

const hashName = (name: string) => hashUnits(foldUnits(`@${name}`));

function hashUnits(units: Uint16Array): number {
  let hash = FNV_OFFSET;
  for (const unit of units) hash = Math.imul(hash ^ unit, FNV_PRIME);
  return hash;
}

const WORD_UNIT = unitsMatching(/[\p{L}\p{N}\p{M}]+/gu);
WORD_UNIT.fill(1, 0xd800, 0xe000); // surrogates

/** Stems of words met before, by the word's hash, so that few words are ever cut and stemmed. 0 for a word that says nothing. */
const STEMS = new Map<number, number>();
const MAX_REMEMBERED_STEMS = 200_000;

function forEachStem(text: string, stemming: boolean, use: (stem: number) => void): void {
  const units = foldUnits(text);
  for (let at = 0; at < units.length; at++) {
    if (WORD_UNIT[units[at] as number] === 0) continue;
    const start = at;
    let hash = FNV_OFFSET;
    for (; at < units.length && WORD_UNIT[units[at] as number] === 1; at++) {
      hash = Math.imul(hash ^ (units[at] as number), FNV_PRIME);
    }
    const stem = stemming
      ? rememberedStem(hash, units, start, at)
      : isFunctionWord(stringOf(units.subarray(start, at)))
        ? 0
        : hash;
    if (stem !== 0) use(stem);
  }
}

function rememberedStem(hash: number, units: Uint16Array, start: number, end: number): number {
  let stem = STEMS.get(hash);
  if (stem === undefined) {
    const word = stringOf(units.subarray(start, end));
    const cut = word.length < 2 || isFunctionWord(word) ? '' : lightStem(word);
    stem = cut.length < 2 ? 0 : hashUnits(foldUnits(cut));
    if (STEMS.size >= MAX_REMEMBERED_STEMS) STEMS.clear();
    STEMS.set(hash, stem);
  }
  return stem;
}
