import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { tokenize } from '../../../shared/text/tokenize.ts';
import { labelsOf, type TagSpan, TYPES } from './labels.ts';

/** A sentence of a training corpus, cut into words the way the tagger will see them. */
export interface LabelledSentence {
  words: string[];
  labels: Uint8Array;
}

const CLOSES = /^(?:[.,;:!?%)\]}،؛؟…”’»]|n't|['’](?:s|S|re|ve|ll|d|m))$/u;
const OPENS = /^[([{“‘«$#]$/u;
const IDEOGRAPH = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/u;

/** Reads a gzipped CoNLL file (`token TAG`, IOB1 or IOB2, blank line between sentences). */
export function readCorpus(file: URL | string, language: string): LabelledSentence[] {
  const sentences: LabelledSentence[] = [];
  let tokens: string[] = [];
  let tags: string[] = [];
  const flush = () => {
    if (tokens.length > 0) sentences.push(retokenize(tokens, tags, language));
    tokens = [];
    tags = [];
  };
  for (const line of gunzipSync(readFileSync(file)).toString('utf8').split('\n')) {
    if (!line.trim()) flush();
    else if (!line.startsWith('# ')) {
      const columns = line.trim().split(/[ \t]+/u);
      tokens.push(columns[0] as string);
      tags.push(columns.at(-1) as string);
    }
  }
  flush();
  return sentences;
}

/** Writes the corpus tokens out as text and cuts that into our own tokens, taking the names along. */
function retokenize(corpusTokens: readonly string[], tags: readonly string[], language: string): LabelledSentence {
  let text = '';
  const starts: number[] = [];
  let previous = '';
  let insideQuotes = false;
  for (const token of corpusTokens) {
    let spaced = previous !== '' && !CLOSES.test(token) && !OPENS.test(previous);
    if (token === '"') {
      if (insideQuotes) spaced = false;
      insideQuotes = !insideQuotes;
    } else if (previous === '"' && insideQuotes) spaced = false;
    if (language === 'zh' && (IDEOGRAPH.test(token[0] as string) || IDEOGRAPH.test(previous.slice(-1)))) spaced = false;
    if (spaced) text += ' ';
    starts.push(text.length);
    text += token;
    previous = token;
  }
  const tokens = tokenize(text);
  const spans: TagSpan[] = [];
  for (const { start, end, type } of corpusSpans(tags)) {
    const from = starts[start] as number;
    const to = (starts[end - 1] as number) + (corpusTokens[end - 1] as string).length;
    const first = tokens.findIndex((token) => token.end > from);
    const last = tokens.findLastIndex((token) => token.start < to);
    const clash = spans.some((span) => span.start <= last && span.end > first);
    if (first >= 0 && last >= first && !clash) spans.push({ start: first, end: last + 1, type });
  }
  return { words: tokens.map((token) => token.text), labels: labelsOf(spans, tokens.length) };
}

function corpusSpans(tags: readonly string[]): TagSpan[] {
  const spans: TagSpan[] = [];
  tags.forEach((tag, i) => {
    const type = TYPES.find((known) => tag.endsWith(`-${known}`) || tag.endsWith(`-${known}S`));
    if (!type) return;
    const last = spans.at(-1);
    if (tag.startsWith('I-') && last?.end === i && last.type === type) last.end = i + 1;
    else spans.push({ start: i, end: i + 1, type });
  });
  return spans;
}
