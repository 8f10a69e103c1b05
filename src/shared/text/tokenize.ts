/** A piece of the text, in UTF-16 code units, end exclusive. */
export interface Token {
  text: string;
  start: number;
  end: number;
}

/**
 * A number with its inner separators (3,500 · 2.5 · 10:30) | a word with its marks and inner apostrophes | one other sign.
 * Ideographs stand alone, because where Chinese words end is for the tagger to say. Hyphens part words, as in the
 * treebanks the models learn from.
 */
const TOKEN =
  /\p{Nd}+(?:[.,:٫٬]\p{Nd}+)*|[\p{Script=Han}]|(?:[\p{L}\p{M}\p{N}_\u0640](?<!\p{Script=Han}))+(?:[’'](?:[\p{L}\p{M}](?<!\p{Script=Han}))+)*|\.{2,}|-{2,}|\S/gu;

/** English clitics that are words of their own: John's, don't, they're. */
const ENGLISH_CLITIC = /(?:n[’']t|[’'](?:s|re|ve|ll|d|m))$/iu;

/** Words, numbers, ideographs and signs of `text`, in order, with their places in it. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const word = match[0];
    const start = match.index;
    const clitic = word.length > 2 ? ENGLISH_CLITIC.exec(word) : null;
    if (clitic && clitic.index > 0) {
      const cut = start + clitic.index;
      tokens.push({ text: word.slice(0, clitic.index), start, end: cut });
      tokens.push({ text: clitic[0], start: cut, end: start + word.length });
    } else {
      tokens.push({ text: word, start, end: start + word.length });
    }
  }
  return tokens;
}
