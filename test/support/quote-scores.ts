import type { Quote } from '../../src/shared/model.ts';
import { analyzeArticle } from '../../src/workers/extract-entities/analyze/index.ts';

/** Labelled and found words are the same quotation when they share this much of what either covers. */
const SAME_SHARE = 0.75;

interface Labelled {
  speaker: string;
  direct: boolean;
  text: string;
  start: number;
}

export interface QuoteScores {
  labelled: number;
  /** Share of the quotations found that are labelled, and of the labelled ones that are found. */
  precision: number;
  recall: number;
  /** Share of the labelled quotations found whose speaker is right. */
  speakers: number;
  /** What went wrong, for people. */
  errors: string[];
}

/** Blocks parted by blank lines: paragraphs of a text, then `= speaker | d or i | words` for every quotation. */
export function scoreQuotes(fixture: string, language: string): QuoteScores {
  let labelled = 0;
  let found = 0;
  let right = 0;
  let attributed = 0;
  const errors: string[] = [];
  for (const block of fixture.split(/\n\n+/)) {
    const lines = block.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const text = lines.filter((line) => !line.startsWith('= ')).join('\n');
    if (text === '') continue;
    const gold = lines.filter((line) => line.startsWith('= ')).map((line) => readLabel(line, text));
    const quotes = [...analyzeArticle({ text, language }).quotes];
    labelled += gold.length;
    found += quotes.length;
    for (const one of gold) {
      const at = quotes.findIndex((quote) => overlap(quote, one) >= SAME_SHARE);
      const quote = quotes[at];
      if (quote === undefined) {
        errors.push(`missed: ${one.text}`);
        continue;
      }
      quotes.splice(at, 1);
      right++;
      if (sameSpeaker(quote.speaker, one.speaker)) attributed++;
      else errors.push(`speaker: ${quote.speaker} for ${one.speaker}: ${one.text}`);
    }
    errors.push(...quotes.map((quote) => `too much: ${quote.speaker}: ${quote.text}`));
  }
  return { labelled, precision: right / found, recall: right / labelled, speakers: attributed / right, errors };
}

function readLabel(line: string, text: string): Labelled {
  const [speaker = '', kind, words = ''] = line.slice(2).split(' | ');
  const start = text.indexOf(words);
  if (start < 0) throw new Error(`not in its text: ${words}`);
  return { speaker, direct: kind === 'd', text: words, start };
}

function overlap(quote: Quote, gold: Labelled): number {
  const end = gold.start + gold.text.length;
  const shared = Math.min(quote.end, end) - Math.max(quote.start, gold.start);
  return shared / (Math.max(quote.end, end) - Math.min(quote.start, gold.start));
}

function sameSpeaker(found: string | undefined, labelled: string): boolean {
  return labelled === '-' ? found === undefined : found === labelled;
}
