import { PermanentError } from '../../../shared/errors.ts';

/**
 * The WordPiece tokenizer (Schuster & Nakajima 2012; as in BERT) of a `tokenizer.json` that Hugging Face tokenizers write. Words keep
 * their place in the text.
 */

export interface Piece {
  start: number;
  end: number;
  /** Vocabulary numbers of its pieces. */
  ids: number[];
}

interface TokenizerFile {
  model?: {
    type?: string;
    vocab?: Record<string, number>;
    unk_token?: string;
    continuing_subword_prefix?: string;
    max_input_chars_per_word?: number;
  };
  normalizer?: { type?: string; lowercase?: boolean; strip_accents?: boolean | null } | null;
  pre_tokenizer?: { type?: string } | null;
}

export interface WordPieces {
  /** What stands before and after a sequence. */
  readonly first: number;
  readonly last: number;
  cut(text: string): Piece[];
}

/** BERT cuts at white space, around every sign and around every Chinese character. */
const WORD = /[\u3400-\u9fff\uf900-\ufaff]|[!-/:-@[-`{-~\p{P}]|[^\s!-/:-@[-`{-~\p{P}\u3400-\u9fff\uf900-\ufaff]+/gu;

/** Throws PermanentError ONNX_TOKENIZER when it is of another kind. */
export function readWordPieces(json: string): WordPieces {
  const { model, normalizer, pre_tokenizer: preTokenizer } = JSON.parse(json) as TokenizerFile;
  const refuse = (what: string) => new PermanentError('ONNX_TOKENIZER', `tokenizer.json ${what}`);
  const { vocab, unk_token: unknown = '[UNK]' } = model ?? {};
  if (!vocab || (model?.type ?? 'WordPiece') !== 'WordPiece')
    throw refuse(`is of type ${model?.type}; only WordPiece is supported`);
  for (const { type } of [normalizer, preTokenizer].filter((part) => part != null))
    if (type && !/^Bert/.test(type)) throw refuse(`has a step of type ${type}; only those of BERT are supported`);
  const numberOf = (token: string): number => {
    const number = vocab[token];
    if (number === undefined) throw refuse(`has no ${token}`);
    return number;
  };
  const [first, last, none] = [numberOf('[CLS]'), numberOf('[SEP]'), numberOf(unknown)];
  const prefix = model?.continuing_subword_prefix ?? '##';
  const longest = model?.max_input_chars_per_word ?? 100;
  const lower = normalizer?.lowercase ?? false;
  const strip = normalizer?.strip_accents ?? lower;
  const normalize = (word: string) => {
    const plain = strip ? word.normalize('NFD').replace(/\p{Mn}+/gu, '') : word;
    return lower ? plain.toLowerCase() : plain;
  };
  const piecesOf = (word: string): number[] => {
    const letters = [...word];
    if (letters.length > longest) return [none];
    const ids: number[] = [];
    for (let from = 0; from < letters.length; ) {
      let to = letters.length;
      const number = () => vocab[(from > 0 ? prefix : '') + letters.slice(from, to).join('')];
      while (to > from && number() === undefined) to--;
      if (to === from) return [none];
      ids.push(number() as number);
      from = to;
    }
    return ids;
  };
  return {
    first,
    last,
    cut: (text) =>
      [...text.matchAll(WORD)].flatMap(({ 0: word, index }) => {
        const ids = piecesOf(normalize(word));
        return ids.length > 0 ? [{ start: index, end: index + word.length, ids }] : [];
      }),
  };
}
