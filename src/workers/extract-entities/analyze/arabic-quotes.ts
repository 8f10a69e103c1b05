/** Quotations in Arabic reports: verb, then subject, then what was said, with or without quotation marks. */
import type { Quote } from '../../../shared/model.ts';
import { type Cue, MAX_LEAD_WORDS, SpeechCues, THAT } from './arabic-cues.ts';
import type { Found } from './entities.ts';
import { knowledge, nisbaCountry } from './knowledge.ts';
import { NOT_FAMILY_NAMES, SAYING_PARTICIPLES, SAYING_VERBS, TITLES } from './lexicon.ts';
import { findQuoted, type Quoted } from './quotation-marks.ts';
import { isAnonymousHead, Mentions, type Speaker, speakerIn, speakerOf } from './speakers.ts';
import { endsSentence, type Word, wordAt, wordSet } from './words.ts';

/** Words a subject may have. */
const MAX_SUBJECT_WORDS = 14;
/** A clause longer than this has lost its full stop. */
const MAX_CLAUSE_WORDS = 120;
const MIN_QUOTED_WORDS = 3;
/** Words of a name in marks at most. */
const MAX_NAME_WORDS = 6;
/** So many words in marks are a quotation even where nothing announces one. */
const SURELY_QUOTED_WORDS = 8;

/** Whom a reply goes to, before the subject. */
const TO_WHOM = /^(?:عليه|عليها|عليهم|له|لها|لهم)$/;
/** Behind a comma these turn to something else that happens. */
const NEW_CLAUSE = /^و?(?:فيما|بينما|لكن|وسط|حيث)$/;
const SUBJECT_ENDS = wordSet(
  'إن أن بأن إنه أنه إنها أنها إنهم أنهم بأنه بأنها بأنهم أنني إنني أننا إننا في خلال عقب بعد قبل إلى على عن عبر أثناء لدى مع حول منذ ردا تعليقا أمام حين عندما بينما حيث إنما لكن من خلال له لها لهم لنا لي به بها',
  'رفض رفضت طلب طلبت فضل فضلت آثر آثرت اشترط اشترطت الذي التي الذين أمس اليوم مساء صباح فجر يوم ظهر قائلا قائلة مؤخرا أيضا بشأن بخصوص ليل ضمن لوكالة لصحيفة لقناة لشبكة لموقع للصحفيين للصحافيين للصحفيين لإذاعة لمجلة لبرنامج لتلفزيون مضيفا مشيرا مؤكدا موضحا بدوره بدورها هنا وهو وهي وهم الصحفيين الصحافيين الصحفيون المصلين كلمته كلمتها حديثه حديثها خطابه خطابها بالقول مؤتمره هكذا بهذه',
);
const TIME_WORDS = wordSet('الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت');
const PERIODS = wordSet('الأسبوع الشهر العام');
/** Words that open a sentence before its subject. */
const OPENERS = wordSet('لكن ولكن وكان كان وكانت كانت إلا أن إن غير قد وقد أما وأما حتى بل');
/** What is said in: قال مسؤول في بيان names no place. */
const OCCASIONS = wordSet(
  'بيان تصريح تصريحات حديث مؤتمر مقابلة اتصال وقت كلمة رسالة ختام اجتماع خطاب لقاء تغريدة تقرير جلسة ساعة ذلك هذا هذه تلك حين مستهل إطار معرض بيانها بيانه مكالمة شهادته',
);
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
  #last: Speaker | undefined;

  constructor(text: string, words: Word[], found: Found[]) {
    this.#text = text;
    this.#words = words;
    this.#mentions = new Mentions(found);
    this.#cues = new SpeechCues(text, words);
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
      const relayed = this.#relayed(start, cue.word);
      // نقلت عن القيادي في الجبهة حمة الهمامي قوله: the name right before it is whose words they are.
      const nearest = relayed && this.#mentions.within(start, cue.word - 1).at(-1);
      if (nearest?.one.entity.type === 'person' && nearest.last === cue.word - 1) return speakerOf(nearest);
      if (relayed) return relayed;
    }
    if (cue.kind === 'participle') {
      for (let index = this.#clauseStart(start, cue.word); index < cue.word; index++) {
        const verb = this.#cues.at(index);
        if (verb?.kind === 'verb') {
          const subject = this.#subjectAfter(verb, cue.word - 1);
          if (subject) return subject;
        }
      }
      const mention =
        this.#mentions.within(start, cue.word - 1).find(({ one }) => one.entity.type === 'person') ??
        this.#mentions.within(start, cue.word - 1).find(({ one }) => one.entity.type === 'organization');
      if (mention) return speakerOf(mention);
      return this.#verbSubject(start, cue.word - 1) ?? this.#last;
    }
    // وذكرت الصحيفة نقلا عن مصدرين أن: the words are theirs.
    for (let index = cue.word + 1; index < limit; index++)
      if (this.#key(index) === 'نقلا' && this.#key(index + 1) === 'عن') return this.#nounPhrase(index + 2, limit);
    if (cue.key === 'جاء') return this.#nounPhrase(cue.word + 2, limit);
    if (/^نقل/.test(cue.key)) {
      const relayed = this.#relayed(cue.word, Math.min(this.#words.length - 1, cue.word + MAX_LEAD_WORDS));
      if (relayed) return relayed;
    }
    return (
      this.#named(cue.word, start) ??
      this.#subjectAfter(cue, limit) ??
      this.#subjectBefore(cue.word, start) ??
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

  /** نقلت الوكالة عن برينان قوله: the speaker is the one after عن. */
  #relayed(from: number, to: number): Speaker | undefined {
    for (let index = from; index < to; index++) {
      if (!/^[وف]?(?:نقل|نقلت|نقلا|تنقل|ينقل|نسب|نسبت)$/.test(this.#key(index))) continue;
      for (let next = index + 1; next <= Math.min(to, index + 12); next++) {
        if (/^(?:عن|الي)$/.test(this.#key(next))) return this.#nounPhrase(next + 1, to);
      }
    }
    return undefined;
  }

  #sourceAfter(cue: Cue): Speaker | undefined {
    let from = cue.word + 1;
    if (/^(?:وفقا|طبقا|استنادا)$/.test(cue.key) || cue.key === 'نقلا') {
      if (/^(?:عن|الي|ل|لما)$/.test(this.#key(from))) from++;
    }
    // حسبما قال فلان.
    const verb = this.#cues.at(from);
    if (verb?.kind === 'verb') return this.#subjectAfter(verb, from + MAX_SUBJECT_WORDS);
    return this.#nounPhrase(from, from + MAX_SUBJECT_WORDS);
  }

  /** The subject that follows a verb of saying: up to إن, a preposition, a colon, a mark, or a comma no name follows. */
  #subjectAfter(cue: Cue, limit: number): Speaker | undefined {
    const named = this.#nounPhrase(cue.word + 1, limit);
    // المكلف بالإعلام على مستوى الوكالة، النقيب فلان، أن: the holder behind the comma that closes the office.
    const office = named?.at === cue.word + 1 && !named.entityId && TITLES.has(this.#key(cue.word + 1));
    return (office && this.#apposed(cue.word + 2, limit)) || named;
  }

  /** A person between commas in the words `from` to `to`, with or without a title. */
  #apposed(from: number, to: number): Speaker | undefined {
    const placed = this.#mentions.within(from, to).find(({ one, first }) => {
      const opening = TITLES.has(this.#key(first - 1)) ? first - 1 : first;
      return one.entity.type === 'person' && /^[،,]/.test((this.#words[opening] as Word).gap);
    });
    return placed && speakerOf(placed);
  }

  #nounPhrase(from: number, limit: number): Speaker | undefined {
    const holder = this.#holderOf(from, limit);
    if (holder) return holder;
    // ورد عليه الوزير.
    if (TO_WHOM.test(this.#key(from)) && this.#words[from + 1]?.gap === ' ' && !TO_WHOM.test(this.#key(from + 1)))
      return this.#nounPhrase(from + 1, limit);
    if (this.#isListener(from)) return undefined;
    // وقال مبتسماً: how it was said.
    const opening = this.#words[from];
    if (opening?.indefinite && from > 0) return undefined;
    // توعدت بمزيد: what it was said with.
    if (
      opening &&
      /^ب.{3}/.test(opening.key) &&
      knowledge().common.has(opening.key.slice(1)) &&
      this.#mentions.startingAt(from) === undefined
    )
      return undefined;
    const source = opening !== undefined && (isAnonymousHead(opening.key) || opening.script === 'number');
    let last = from - 1;
    for (
      let index = from;
      index <= Math.min(limit, from + MAX_SUBJECT_WORDS - 1) && index < this.#words.length;
      index++
    ) {
      const { gap, key } = this.#words[index] as Word;
      if (endsSentence(gap) || /[:«»"“”;؛(]/.test(gap)) {
        // A name in quotation marks belongs to the subject: وزارة "الدفاع", but a long stretch is what was said.
        if (!(/^ ?["“«]$/.test(gap) && this.#shortQuoted(index)) && !(/^["”»] $/.test(gap) && index > from)) break;
      }
      if (/[،,]/.test(gap)) {
        if (index === from) break;
        const titled = TITLES.has(key) ? this.#mentions.startingAt(index + 1) : undefined;
        const nation =
          nisbaCountry(key) !== undefined && key.startsWith('ال') ? this.#mentions.startingAt(index + 1) : undefined;
        const placed = this.#mentions.startingAt(index) ?? titled ?? nation;
        if (placed?.one.entity.type !== 'person') break;
        last = placed.last;
        index = placed.last;
        continue;
      }
      if (
        PERIODS.has(key) &&
        NOT_FAMILY_NAMES.has(this.#key(index + 1)) &&
        !/^(?:الامين|المدير|القايد|المفتش|المدعي|المفوض)$/.test(this.#key(index - 1))
      )
        break;
      // دبلوماسيون في الأمم المتحدة: where a nameless source sits is part of it.
      if (source && /^(?:في|من|لدي)$/.test(key) && index > from && !OCCASIONS.has(this.#key(index + 1))) {
        last = index;
        continue;
      }
      if (
        SUBJECT_ENDS.has(key) ||
        (TIME_WORDS.has(key) && !/^(?:خطيب|امام|صلاه)$/.test(this.#key(index - 1))) ||
        SAYING_PARTICIPLES.has(key)
      )
        break;
      if (index > from && SAYING_VERBS.has(key) && this.#mentions.startingAt(index) === undefined) break;
      if (index > from && NOT_FAMILY_NAMES.has(key) && /^(?:الان)$/.test(key)) break;
      last = index;
      const placed = this.#mentions.startingAt(index);
      if (placed && placed.last > index && placed.last <= limit) {
        last = placed.last;
        index = placed.last;
      }
    }
    while (last > from && SUBJECT_ENDS.has(this.#key(last))) last--;
    return last < from ? undefined : this.#readSubject(from, last);
  }

  /** النائب عن محافظة ديالى مثنى العزاوي: the person whose office starts here. */
  #holderOf(from: number, limit: number): Speaker | undefined {
    const word = this.#words[from];
    if (word === undefined) return undefined;
    const bare = this.#text.slice(word.start, word.end);
    for (const { one, first } of this.#mentions.within(from + 1, Math.min(limit, from + MAX_SUBJECT_WORDS))) {
      if (one.entity.type !== 'person') continue;
      const office = this.#text.slice(word.start, (this.#words[first - 1] as Word).end);
      if (one.entity.roles.some((role) => role === office && role.startsWith(bare)))
        return { name: one.entity.name, entityId: one.entity.id, at: from };
    }
    return undefined;
  }

  /** قال للصحفيين, قالت لـ"الحياة": whom it was said to, not who said it. */
  #isListener(from: number): boolean {
    const key = this.#key(from);
    if (key === 'ل' || /^لل/.test(key)) return true;
    if (
      !key.startsWith('ل') ||
      this.#mentions.startingAt(from)?.one.mentions.some((mention) => mention.start === this.#words[from]?.start)
    )
      return false;
    const { common } = knowledge();
    return (
      !common.has(key) &&
      !TITLES.has(key) &&
      (common.has(key.slice(1)) ||
        TITLES.has(key.slice(1)) ||
        this.#mentions.startingAt(from) !== undefined ||
        /^لمراسل/.test(key))
    );
  }

  #shortQuoted(index: number): boolean {
    for (let next = index; next < index + 4; next++) {
      const word = this.#words[next];
      if (word && /["”»]/.test(this.#text.charAt(word.end))) return true;
    }
    return false;
  }

  #readSubject(from: number, last: number): Speaker | undefined {
    return speakerIn(this.#text, this.#words, this.#mentions, from, last);
  }

  /** وزير الدفاع إيهود باراك أبلغ مسؤولين: a name right before the verb is its subject. */
  #named(verb: number, start: number): Speaker | undefined {
    if (/^[وف]/.test(this.#key(verb)) && !SAYING_VERBS.has(this.#key(verb))) return undefined;
    const nearest = this.#mentions.within(start, verb - 1).at(-1);
    if (nearest?.last !== verb - 1 || nearest.one.entity.type === 'location' || (this.#words[verb] as Word).gap !== ' ')
      return undefined;
    return speakerOf(nearest);
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

  /** الرئيس هادي قال, or هادي، الذي قال: a name before a verb that has no subject of its own. */
  #subjectBefore(verb: number, start: number): Speaker | undefined {
    const inside = this.#mentions.within(start, verb - 1).filter(({ one }) => one.entity.type !== 'location');
    const people = inside.filter(({ one }) => one.entity.type === 'person');
    // وندد المالكي بالهجمات، وقال: the second verb has the subject of the first.
    const joined = /^[وف]/.test(this.#key(verb)) && !SAYING_VERBS.has(this.#key(verb));
    const chosen = joined ? (people[0] ?? inside[0]) : (people.at(-1) ?? inside.at(-1));
    if (chosen === undefined && !joined) return this.#phraseBefore(verb, start);
    if (chosen === undefined || verb === start) return undefined;
    return speakerOf(chosen);
  }

  /** لكن مسؤولاً في الوزارة قال: a short phrase between the head of the sentence and the verb. */
  #phraseBefore(verb: number, start: number): Speaker | undefined {
    let from = start;
    while (from < verb && OPENERS.has(this.#key(from))) from++;
    let last = verb - 1;
    while (last > from && /^(?:قد|فقد)$/.test(this.#key(last))) last--;
    if (last < from || last - from > 6) return undefined;
    const head = this.#key(from).replace(/ا$/, '');
    if (!isAnonymousHead(head) && !TITLES.has(head) && !this.#key(from).startsWith('ال')) return undefined;
    return this.#readSubject(from, last);
  }

  /** The noun phrase after the first word of a sentence, taken as its verb. */
  #verbSubject(start: number, to: number): Speaker | undefined {
    if (start >= to) return undefined;
    const from = /^ال|^[وف]ال/.test(this.#key(start)) ? start : start + 1;
    const speaker = this.#nounPhrase(from, to);
    return speaker && /^(?:ال|[وف]ال|مصدر|مصادر|احد)/.test(this.#key(from)) ? speaker : undefined;
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
      if (/["“«:]$|:/.test(word.gap) && !this.#shortQuoted(index)) return undefined;
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
