/** Latin letters spelt out in Arabic, as in the names of companies and channels: بي بي سي, إي إف جي. */
import type { Word } from './words.ts';

const LETTER = /^(?:ايه|بي|سي|دي|اي|اف|جي|اتش|جيه|كيه|كي|ام|بيه|كيو|ار|اس|تي|يو|دبليو|اكس|واي|زد|ان|او|في|ال)$/;
/** Letters whose names are words as well: إن, أو, في and the article. */
const ALSO_WORD = /^(?:ان|او|في|ال)$/;

/** Letters read at most. */
const MAX_LETTERS = 8;

/** The last of two or more Latin letters spelt out in Arabic that begin at word `from`. */
export function lettersEnd(words: Word[], from: number): number | undefined {
  let end = from - 1;
  for (let index = from; index < from + MAX_LETTERS && index < words.length; index++) {
    const word = words[index] as Word;
    if ((index > from && word.gap !== ' ') || !LETTER.test(word.key)) break;
    if (!ALSO_WORD.test(word.key)) end = index;
    // إل جي begins with one that alone is no word.
    else if (index === from && word.key !== 'ال') break;
    // سي إن إن ends in one written twice.
    else if (words[index - 1]?.key === word.key) end = index;
  }
  return end - from >= 1 ? end : undefined;
}
