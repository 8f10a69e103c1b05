/** What announces speech in Arabic: verbs of saying, their participles, and words such as وفقا and بحسب. */
import { SAYING_PARTICIPLES, SAYING_VERBS } from './lexicon.ts';
import { endsSentence, type Word, wordAt, wordSet } from './words.ts';

/** Words between a verb of saying and the particle that opens what was said. */
export const MAX_LEAD_WORDS = 32;
/** Words between a verb of saying and a mark that is glued to the last of them. */
const MAX_GLUED_WORDS = 12;
export const THAT = /^(?:و|ف)?(?:[بل]?ان|بان)(?:ه|ها|هم|هما|ني|نا|نه|هن)?$/;
/** وفقا لـ, بحسب, نقلا عن, على حد قول. */
const SOURCE_WORDS = wordSet('وفقا وفق بحسب حسب حسبما نقلا لقول قول تعبير وصف طبقا استنادا');
/** Words only a noun can follow. */
const NOUN_BEFORE = wordSet('عدم دون بدون إلى عن في من على بعد قبل خلال بعملية عملية إعادة محاولة طلب رفض أن لن لم');

export interface Cue {
  kind: 'verb' | 'participle' | 'source';
  word: number;
  key: string;
}

/** Finds them in the words of one text. */
export class SpeechCues {
  readonly #text: string;
  readonly #words: Word[];
  /** First word of the sentence of each word. */
  readonly sentence: Int32Array;

  constructor(text: string, words: Word[]) {
    this.#text = text;
    this.#words = words;
    this.sentence = new Int32Array(words.length);
    for (let index = 1; index < words.length; index++) {
      this.sentence[index] = endsSentence((words[index] as Word).gap) ? index : (this.sentence[index - 1] as number);
    }
  }

  #key(index: number): string {
    return this.#words[index]?.key ?? '';
  }

  at(index: number): Cue | undefined {
    const key = this.#key(index);
    // عدم كشف هويته, في نقل السلطة: the same letters as a noun.
    if (NOUN_BEFORE.has(this.#key(index - 1).replace(/^و/, '')) && this.#words[index]?.gap === ' ') return undefined;
    // ورد عليه answers, ورد في does not.
    const short = key === 'ورد' && /^عليه(?:ا|م)?$/.test(this.#key(index + 1));
    for (const form of /^[وف]/.test(key) && (key.length > 3 || short) ? [key, key.slice(1)] : [key]) {
      if (SAYING_PARTICIPLES.has(form)) return { kind: 'participle', word: index, key: form };
      if (SAYING_VERBS.has(form)) {
        // جاء في البيان: only with في it says something.
        if (form === 'جاء' && this.#key(index + 1) !== 'في') return undefined;
        // عبر الحدود crosses, عبر عن says.
        if (/^عبرت?$/.test(form) && !(this.#opensClause(index) && this.#follows(index, 'عن', 10))) return undefined;
        // نقلت المصابين carries people; only نقلت … عن carries words.
        return /^نقل/.test(form) && !this.#follows(index, 'عن', 10)
          ? undefined
          : { kind: 'verb', word: index, key: form };
      }
      if (SOURCE_WORDS.has(form)) return { kind: 'source', word: index, key: form };
      // وصفتها اليونسكو بأنها …: the verb with its object.
      const bare = /^(?:وصف|اعتبر|قال|ذكر|اكد|ابلغ|اخبر)ت?(?=(?:ه|ها|هم)$)/.exec(form)?.[0];
      if (bare) return { kind: 'verb', word: index, key: form };
    }
    return undefined;
  }

  #opensClause(index: number): boolean {
    const { gap, key } = this.#words[index] as Word;
    return index === 0 || key.startsWith('و') || !/^[ \u00a0]$/.test(gap);
  }

  #follows(index: number, key: string, within: number): boolean {
    for (let next = index + 1; next <= index + within && next < this.#words.length; next++) {
      if (endsSentence((this.#words[next] as Word).gap)) return false;
      if (this.#key(next) === key) return true;
    }
    return false;
  }

  /** A verb of saying, a colon or أن right before the offset. */
  announce(offset: number): boolean {
    const index = wordAt(this.#words, offset) - 1;
    if (index < 0) return false;
    const between = this.#text.slice((this.#words[index] as Word).end, offset);
    if (/\n/.test(between)) return false;
    return (
      /:/.test(between) ||
      (/^\s*[،,]?\s*$/.test(between) && (THAT.test(this.#key(index)) || this.at(index) !== undefined))
    );
  }

  /** وأضاف الوزير الجنوبي" …: a verb of saying not far before, and nothing yet of what was said. */
  announceEarlier(offset: number): boolean {
    const index = wordAt(this.#words, offset) - 1;
    const from = Math.max(this.sentence[index] ?? 0, index - MAX_GLUED_WORDS);
    for (let at = index; at >= from; at--) {
      if (THAT.test(this.#key(at))) return false;
      if (this.at(at)?.kind === 'verb') return true;
    }
    return false;
  }

  /** The nearest cue before word `first` in its sentence. */
  before(first: number): Cue | undefined {
    if (first <= 0) return undefined;
    const from = Math.max(this.sentence[first - 1] as number, first - MAX_LEAD_WORDS);
    // A quotation that opens a sentence is not announced by the one before, unless a colon or the verb itself stands there.
    if ((this.sentence[first] as number) === first && !/^[^.!?؟\n]*$/.test((this.#words[first] as Word).gap))
      return undefined;
    for (let index = first - 1; index >= from; index--) {
      const cue = this.at(index);
      if (cue && !(cue.kind === 'source' && /^(?:قول|تعبير|وصف)$/.test(cue.key) && this.#key(index - 1) !== 'حد'))
        return cue;
    }
    return undefined;
  }

  /** A cue within five words after word `last`, in the same sentence. */
  after(last: number): Cue | undefined {
    for (let index = last + 1; index <= last + 5 && index < this.#words.length; index++) {
      const gap = (this.#words[index] as Word).gap;
      if (index > last + 1 ? endsSentence(gap) : /\n/.test(gap)) return undefined;
      // A full stop inside the marks does not end the sentence when a comma or a source follows.
      if (index === last + 1 && /[.!؟?]["”»]?\s+$/.test(gap) && !this.#isSource(index)) return undefined;
      const cue = this.at(index);
      if (cue && !(cue.kind === 'verb' && /^[وف]/.test(this.#key(index)) && !SAYING_VERBS.has(this.#key(index))))
        return cue;
    }
    return undefined;
  }

  #isSource(index: number): boolean {
    return SOURCE_WORDS.has(this.#key(index)) || (this.#key(index) === 'على' && this.#key(index + 1) === 'حد');
  }
}
