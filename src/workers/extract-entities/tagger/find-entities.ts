import type { Mention } from '../../../shared/model.ts';
import { splitSentences } from '../../../shared/text/sentences.ts';
import { type Token, tokenize } from '../../../shared/text/tokenize.ts';
import { nameByCapitals } from './capitals.ts';
import { ENTITY_TYPES } from './labels.ts';
import { commonLexicon, taggerFor } from './models.ts';

/** Longer sentences are cut, so that a page without a full stop costs no more than its length. */
const MAX_SENTENCE_TOKENS = 250;

export interface TokenSpan {
  /** Token numbers, end exclusive. */
  start: number;
  end: number;
  type: Mention['type'];
  confidence: number;
}

/** Names in one sentence, given as its words: by a trained tagger where the language has one, else by capitals and lists. */
export function tagTokens(words: readonly string[], language: string): TokenSpan[] {
  const tag = taggerFor(language);
  const spans = tag ? tag(words) : nameByCapitals(words, language, commonLexicon());
  const found: TokenSpan[] = [];
  for (const { start, end, type, confidence } of spans) {
    const entityType = ENTITY_TYPES[type];
    if (entityType) found.push({ start, end, type: entityType, confidence });
  }
  return found;
}

/** People, organisations and places named in `text`, in order; spans do not overlap. `language` is an ISO 639 code. */
export function findEntities(text: string, language: string): Mention[] {
  const mentions: Mention[] = [];
  for (const sentence of splitSentences(text)) {
    const tokens = tokenize(sentence.text);
    for (let from = 0; from < tokens.length; from += MAX_SENTENCE_TOKENS) {
      const piece = tokens.slice(from, from + MAX_SENTENCE_TOKENS);
      const spans = tagTokens(
        piece.map((token) => token.text),
        language,
      );
      for (const { start, end, type, confidence } of spans) {
        const first = sentence.start + (piece[start] as Token).start;
        const last = sentence.start + (piece[end - 1] as Token).end;
        mentions.push({
          text: text.slice(first, last),
          start: first,
          end: last,
          type,
          confidence: Math.round(confidence * 1000) / 1000,
        });
      }
    }
  }
  return mentions;
}
