/**
 * The copy of a text that full-text search reads, and the query brought to the same form: folded, lightly stemmed words, so that
 * اليمن is found in لليمن, أبين in ابين and بأبين, القذافى in القذافي. Word order is kept, so phrases can be searched.
 */
import { foldText } from './fold.ts';
import { lightStem } from './stem.ts';

const WORD = /[\p{L}\p{M}\p{N}]+/gu;
/** Light stems shorter than this meet too much (أبين and أب): the word then only loses its article. */
const MIN_STEM = 3;
const ARTICLE = /^(?:[وف]?(?:[بك]?ال|لل))(?=.{2})/;
/** A particle and an ordinary word's worth of letters behind it. */
const PARTICLE = /^[وف]?[بلك](?=[\u0620-\u064a]{4})(?!ال|ل)/;

/** `word` is folded. */
function searchStem(word: string): string {
  const stem = lightStem(word);
  return stem.length >= MIN_STEM ? stem : word.replace(ARTICLE, '');
}

const stemsOf = (text: string): string[] => (foldText(text).match(WORD) ?? []).map(searchStem);

/**
 * Stems in the order of the text; behind them, once each, what is left of words that may begin with an unwritten-apart particle
 * (بأبين → ابين), so that they are found without breaking phrases.
 */
export function searchText(text: string): string {
  const words = foldText(text).match(WORD) ?? [];
  const stems = words.map(searchStem);
  const seen = new Set(stems);
  for (const word of words) {
    if (!PARTICLE.test(word)) continue;
    const rest = searchStem(word.replace(PARTICLE, ''));
    if (seen.has(rest)) continue;
    seen.add(rest);
    stems.push(rest);
  }
  return stems.join(' ');
}

export interface SearchQuery {
  /** For MongoDB's `$text.$search`: stems, "phrases" and -exclusions; empty when the query has filters only. */
  search: string;
  /** `name:value` filters, by name: entity:country:YE, source:example.com, lang:ar. Values may be quoted. */
  filters: Record<string, string>;
}

const FILTERS = new Set(['entity', 'source', 'lang', 'author', 'section', 'feed', 'story', 'country']);
const PIECE = /(-?)(?:([a-z]+):)?(?:["“«]([^"”»]*)["”»]?|([^\s"“«]+))/gu;

/** Reads what a person types: words, "a phrase", -word, and filters. */
export function searchQuery(query: string): SearchQuery {
  const parts: string[] = [];
  const filters: Record<string, string> = {};
  for (const [piece, minus = '', name, phrase, word = ''] of query.slice(0, 1000).matchAll(PIECE)) {
    if (name !== undefined && FILTERS.has(name)) {
      filters[name] = phrase ?? word;
      continue;
    }
    const stems = stemsOf(phrase ?? (name === undefined ? word : piece));
    if (stems.length === 0) continue;
    // A word parted by a hyphen or point is searched as a phrase, as it stands in the text.
    parts.push(stems.length > 1 ? `${minus}"${stems.join(' ')}"` : `${minus}${stems[0]}`);
  }
  return { search: parts.join(' '), filters };
}
