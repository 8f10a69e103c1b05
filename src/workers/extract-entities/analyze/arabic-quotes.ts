/** Quotations in Arabic reports: verb, then subject, then what was said, with or without quotation marks. */
import type { Quote } from '../../../shared/model.ts';
import { type Cue, MAX_LEAD_WORDS, SpeechCues, THAT } from './arabic-cues.ts';
import { ArabicSubjects, MAX_SUBJECT_WORDS } from './arabic-subjects.ts';
import type { Found } from './found.ts';
import { findQuoted, type Quoted } from './quotation-marks.ts';
import { Mentions, type Speaker, speakerIn, speakerOf } from './speakers.ts';
import { endsSentence, type Word, wordAt, wordSet } from './words.ts';

/** A clause longer than this has lost its full stop. */
const MAX_CLAUSE_WORDS = 120;
const MIN_QUOTED_WORDS = 3;
/** Words of a name in marks at most. */
const MAX_NAME_WORDS = 6;
/** So many words in marks are a quotation even where nothing announces one. */
const SURELY_QUOTED_WORDS = 8;

/** Behind a comma these turn to something else that happens. */
const NEW_CLAUSE = /^و?(?:فيما|بينما|لكن|وسط|حيث)$/;
/** Nouns after which words in quotation marks are a title or a name. */
const TITLED = wordSet(
  'صحيفة جريدة مجلة فيلم كتاب رواية مسلسل برنامج بعنوان عنوان باسم اسم يسمى تسمى المسماة المسمى شعار قناة موقع شركة حركة جماعة تنظيم حزب مسرحية أغنية ألبوم مقطع قصيدة لقب عملية اتفاقية وثيقة قانون مشروع مبادرة فندق سفينة السفينة ملعب جائزة مهرجان معرض',
);

export function findArabicQuotes(text: string, words: Word[], found: Found[]): Quote[] {
  return new ArabicQuotes(text, words, found).read();
}

class ArabicQuotes {
  readonly #text: string;
  readonly #words: Word[];
  readonly #mentions: Mentions;
  readonly #cues: SpeechCues;
  readonly #subjects: ArabicSubjects;
  #last: Speaker | undefined;

  constructor(text: string, words: Word[], found: Found[]) {
    this.#text = text;
    this.#words = words;
    this.#mentions = new Mentions(found);
    this.#cues = new SpeechCues(text, words);
    this.#subjects = new ArabicSubjects(text, words, this.#mentions);
  }

  read(): Quote[] {
    const quoted = findQuoted(
      this.#text,
      (offset) => this.#cues.announce(offset),
      (offset) => this.#cues.announceEarlier(offset),
    ).filter((span) => this.#isQuotation(span));
    const events: { at: number; make: () => Quote | undefined }[] = quoted.map((span) => ({
      at: span.open,
      make: () => this.#direct(span, quoted),
    }));
    for (const indirect of this.#indirect(quoted)) events.push(indirect);
    events.sort((a, b) => a.at - b.at);
    const quotes: Quote[] = [];
    for (const { make } of events) {
      const quote = make();
      if (quote) quotes.push(quote);
    }
    return quotes.sort((a, b) => a.start - b.start);
  }

  #key(index: number): string {
    return this.#words[index]?.key ?? '';
  }

  #isQuotation(span: Quoted): boolean {
    const first = wordAt(this.#words, span.start);
    const last = wordAt(this.#words, span.end) - 1;
    const count = last - first + 1;
    // "تشات جي بي تي": a name in marks is no speech.
    if (count <= MAX_NAME_WORDS && this.#mentions.startingAt(first)?.last === last) return false;
    if (count < MIN_QUOTED_WORDS)
      return (
        count === 2 &&
        /[:：]\s*$/.test(this.#text.slice(Math.max(0, span.open - 3), span.open)) &&
        this.#cues.before(first) !== undefined
      );
    if (first > 0 && TITLED.has(this.#key(first - 1).replace(/^[وفبلك]/, '')) && count < SURELY_QUOTED_WORDS)
      return false;
    // وأكدت "حركة الإصلاح" في بيان: a name right behind the verb, with the sentence going on.
    const cue = this.#cues.at(first - 1);
    if (
      cue &&
      cue.kind === 'verb' &&
      count <= 5 &&
      !/:/.test((this.#words[first] as Word).gap) &&
      /^ [\u0620-\u064a]/.test(this.#text.slice(span.close, span.close + 2))
    )
      return false;
    if (this.#cues.announce(span.open)) return true;
    if (this.#cues.before(first) !== undefined || this.#cues.after(last) !== undefined)
      return (
        count > MIN_QUOTED_WORDS ||
        /[.،!؟]$/.test(span.text) ||
        // طالبه بـ"تقديم استقالته فوراً", دعا إلى "تحقيق شفاف".
        /(?:^|\s)(?:بـ?|إلى |عن )$/.test(this.#text.slice(Math.max(0, span.open - 5), span.open))
      );
    return count >= SURELY_QUOTED_WORDS;
  }

  #direct(span: Quoted, all: Quoted[]): Quote {
    const first = wordAt(this.#words, span.start);
    const last = wordAt(this.#words, span.end) - 1;
    const before = this.#cues.before(first);
    const after = this.#cues.after(last);
    // What follows wins only where nothing announces the words before.
    const cue = before && !(after?.kind === 'source' && !this.#cues.announce(span.open)) ? before : after;
    const speaker = cue
      ? this.#speakerOf(cue, cue === before ? first - 1 : cue.word + MAX_SUBJECT_WORDS)
      : (this.#heading(first) ?? this.#carried(span, all));
    return this.#quote(span.text, span.start, span.end, true, speaker, cue);
  }

  #quote(
    text: string,
    start: number,
    end: number,
    direct: boolean,
    speaker: Speaker | undefined,
    cue: Cue | undefined,
  ): Quote {
    if (speaker) this.#last = speaker;
    const quote: Quote = { text, start, end, direct };
    if (speaker) quote.speaker = speaker.name;
    if (speaker?.entityId) quote.speakerEntityId = speaker.entityId;
    if (speaker?.anonymous) quote.anonymous = true;
    if (cue && cue.kind !== 'source') {
      const word = this.#words[cue.word] as Word;
      quote.verb = this.#text.slice(word.start + (word.key.length - cue.key.length), word.end);
    }
    return quote;
  }

  /** هادي: "…" names its speaker before a colon. */
  #heading(first: number): Speaker | undefined {
    const word = this.#words[first];
    if (word === undefined || first === 0 || !/:/.test(word.gap)) return undefined;
    const from = this.#cues.sentence[first - 1] as number;
    return first - from <= 8 ? speakerIn(this.#text, this.#words, this.#mentions, from, first - 1) : undefined;
  }

  /** Words in marks with no verb of their own go on from the quotation before in the same or the last paragraph. */
  #carried(span: Quoted, all: Quoted[]): Speaker | undefined {
    const index = all.indexOf(span);
    const earlier = all[index - 1];
    if (earlier === undefined) return undefined;
    return this.#text.slice(earlier.close, span.open).length < 200 ? this.#last : undefined;
  }

  #speakerOf(cue: Cue, limit: number): Speaker | undefined {
    const start = Math.max(this.#cues.sentence[cue.word] as number, cue.word - MAX_CLAUSE_WORDS);
    if (cue.kind === 'source') return this.#sourceAfter(cue);
    if (/^قوله?(?:ا|م)?$/.test(cue.key) || cue.kind === 'participle') {
      const relayed = this.#subjects.relayed(start, cue.word);
      // نقلت عن القيادي في الجبهة حمة الهمامي قوله: the name right before it is whose words they are.
      const nearest = relayed && this.#mentions.within(start, cue.word - 1).at(-1);
      if (nearest?.one.entity.type === 'person' && nearest.last === cue.word - 1) return speakerOf(nearest);
      if (relayed) return relayed;
    }
    if (cue.kind === 'participle') {
      for (let index = this.#clauseStart(start, cue.word); index < cue.word; index++) {
        const verb = this.#cues.at(index);
        if (verb?.kind === 'verb') {
          const subject = this.#subjects.after(verb, cue.word - 1);
          if (subject) return subject;
        }
      }
      const mention =
        this.#mentions.within(start, cue.word - 1).find(({ one }) => one.entity.type === 'person') ??
        this.#mentions.within(start, cue.word - 1).find(({ one }) => one.entity.type === 'organization');
      if (mention) return speakerOf(mention);
      return this.#subjects.ofSentence(start, cue.word - 1) ?? this.#last;
    }
    // وذكرت الصحيفة نقلا عن مصدرين أن: the words are theirs.
    for (let index = cue.word + 1; index < limit; index++)
      if (this.#key(index) === 'نقلا' && this.#key(index + 1) === 'عن')
        return this.#subjects.nounPhrase(index + 2, limit);
    if (cue.key === 'جاء') return this.#subjects.nounPhrase(cue.word + 2, limit);
    if (/^نقل/.test(cue.key)) {
      const relayed = this.#subjects.relayed(cue.word, Math.min(this.#words.length - 1, cue.word + MAX_LEAD_WORDS));
      if (relayed) return relayed;
    }
    return (
      this.#subjects.named(cue.word, start) ??
      this.#subjects.after(cue, limit) ??
      this.#subjects.before(cue.word, start) ??
      this.#resumed(start)
    );
  }

  /** The last verb of saying before `to` that a comma and و join to the sentence: اتهم فلان …، ورد عليه الوزير …، قائلا. */
  #clauseStart(start: number, to: number): number {
    for (let index = to - 1; index > start; index--) {
      const { gap, key } = this.#words[index] as Word;
      if (/[،,]/.test(gap) && key.startsWith('و') && this.#cues.at(index)?.kind === 'verb') return index;
    }
    return start;
  }

  #sourceAfter(cue: Cue): Speaker | undefined {
    let from = cue.word + 1;
    if (/^(?:وفقا|طبقا|استنادا)$/.test(cue.key) || cue.key === 'نقلا') {
      if (/^(?:عن|الي|ل|لما)$/.test(this.#key(from))) from++;
    }
    // حسبما قال فلان.
    const verb = this.#cues.at(from);
    if (verb?.kind === 'verb') return this.#subjects.after(verb, from + MAX_SUBJECT_WORDS);
    return this.#subjects.nounPhrase(from, from + MAX_SUBJECT_WORDS);
  }

  /** وقال: … at the head of a sentence goes on with the speaker of this paragraph, or whom its last sentence is about. */
  #resumed(start: number): Speaker | undefined {
    const word = this.#words[start];
    if (word === undefined || start === 0 || /\n/.test(word.gap)) return this.#last;
    if (this.#last && this.#last.at >= this.#paragraphStart(start)) return this.#last;
    const before = this.#mentions
      .within(this.#cues.sentence[start - 1] as number, start - 1)
      .find(({ one }) => one.entity.type === 'person');
    return before ? speakerOf(before) : this.#last;
  }

  #paragraphStart(index: number): number {
    let at = index;
    while (at > 0 && index - at < 4 * MAX_CLAUSE_WORDS && !/\n/.test((this.#words[at] as Word).gap)) at--;
    return at;
  }

  /** What is said without marks: verb, subject, أن, then the rest of the sentence. */
  #indirect(quoted: Quoted[]): { at: number; make: () => Quote | undefined }[] {
    const events: { at: number; make: () => Quote | undefined }[] = [];
    let until = 0;
    for (let index = 0; index < this.#words.length; index++) {
      if (index < until) continue;
      const cue = this.#cues.at(index);
      if (cue === undefined || cue.kind === 'source') continue;
      const particle = this.#particleAfter(cue);
      if (particle === undefined) continue;
      const first = particle + 1;
      const last = this.#clauseEnd(first);
      const word = this.#words[first];
      if (
        word === undefined ||
        last < first + 1 ||
        (this.#cues.sentence[first] as number) !== (this.#cues.sentence[cue.word] as number)
      )
        continue;
      const start = word.start;
      const end = this.#punctuated((this.#words[last] as Word).end);
      if (quoted.some((span) => span.open < end && span.close > start)) continue;
      events.push({
        at: start,
        make: () =>
          this.#quote(this.#text.slice(start, end), start, end, false, this.#speakerOf(cue, particle - 1), cue),
      });
      // What somebody in it says is part of it: قال إن الوزير أكد أن …
      until = last + 1;
    }
    return events;
  }

  /** The إن or أن that opens what the verb reports, with nothing but subject, listener and time between. */
  #particleAfter(cue: Cue): number | undefined {
    const sentence = this.#cues.sentence[cue.word] as number;
    for (let index = cue.word + 1; index <= cue.word + MAX_LEAD_WORDS && index < this.#words.length; index++) {
      if ((this.#cues.sentence[index] as number) !== sentence) return undefined;
      const word = this.#words[index] as Word;
      if (/["“«:]$|:/.test(word.gap) && !this.#subjects.shortQuoted(index)) return undefined;
      // وأكد بان أن: Ban, and then the particle.
      if (/[،,]/.test(word.gap) && NEW_CLAUSE.test(word.key)) return undefined;
      if (THAT.test(word.key) && !(index === cue.word + 1 && THAT.test(this.#key(index + 1)))) return index;
      if (
        index > cue.word + 1 &&
        this.#cues.at(index)?.kind === 'verb' &&
        this.#mentions.startingAt(index) === undefined
      )
        return undefined;
    }
    return undefined;
  }

  /** The clause ends with the sentence, or before a participle or verb that reports anew. */
  #clauseEnd(first: number): number {
    let last = first;
    for (let index = first + 1; index < this.#words.length && index - first < MAX_CLAUSE_WORDS; index++) {
      const word = this.#words[index] as Word;
      if (endsSentence(word.gap)) break;
      if (/[،,]/.test(word.gap)) {
        const cue = this.#cues.at(index);
        if (/^(?:بينما|فيما|وفيما)$/.test(word.key) || (word.key === 'في' && this.#key(index + 1) === 'حين')) break;
        if (cue && (cue.kind === 'participle' || cue.kind === 'source' || /^(?:و|ف)/.test(word.key))) break;
        if (word.key === 'على' && this.#key(index + 1) === 'حد') break;
      }
      last = index;
    }
    return last;
  }

  #punctuated(end: number): number {
    const marked = /["»”]/.test(this.#text.charAt(end))
      ? end + 1
      : /[.!؟?]/.test(this.#text.charAt(end)) && /["»”]/.test(this.#text.charAt(end + 1))
        ? end + 2
        : end;
    return /[.!؟?]/.test(this.#text.charAt(marked)) ? marked + 1 : marked;
  }
}
