/** What our lists of names say about the tokens of a sentence, as bits per token. */
export interface Lexicon {
  mark(forms: readonly { folded: string; stemText: string }[]): Int32Array;
}
