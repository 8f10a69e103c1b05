/** Who is said to speak: the noun phrase behind a verb of saying, or before it, as Arabic reports put it. */
import type { Cue } from './arabic-cues.ts';
import { knowledge, nisbaCountry } from './knowledge.ts';
import { NOT_FAMILY_NAMES, SAYING_PARTICIPLES, SAYING_VERBS, TITLES } from './lexicon.ts';
import { isAnonymousHead, type Mentions, type Speaker, speakerIn, speakerOf } from './speakers.ts';
import { endsSentence, type Word, wordSet } from './words.ts';

/** Words a subject may have. */
export const MAX_SUBJECT_WORDS = 14;
/** Whom a reply goes to, before the subject. */
const TO_WHOM = /^(?:عليه|عليها|عليهم|له|لها|لهم)$/;
/** What goes on behind the subject. */
const SUBJECT_ENDS = wordSet(
  'إن أن بأن إنه أنه إنها أنها إنهم أنهم بأنه بأنها بأنهم أنني إنني أننا إننا في خلال عقب بعد قبل إلى على عن عبر أثناء لدى مع حول منذ ردا تعليقا أمام حين عندما بينما حيث إنما لكن من خلال له لها لهم لنا لي به بها',
  'رفض رفضت طلب طلبت فضل فضلت آثر آثرت اشترط اشترطت الذي التي الذين أمس اليوم مساء صباح فجر يوم ظهر قائلا قائلة مؤخرا أيضا بشأن بخصوص ليل ضمن لوكالة لصحيفة لقناة لشبكة لموقع للصحفيين للصحافيين للصحفيين لإذاعة لمجلة لبرنامج لتلفزيون مضيفا مشيرا مؤكدا موضحا بدوره بدورها هنا وهو وهي وهم الصحفيين الصحافيين الصحفيون المصلين كلمته كلمتها حديثه حديثها خطابه خطابها بالقول مؤتمره هكذا بهذه',
);
const TIME_WORDS = wordSet('الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت');
/** الأسبوع الماضي: a time and no subject, when such a word follows. */
const PERIODS = wordSet('الأسبوع الشهر العام');
/** Words that open a sentence before its subject. */
const OPENERS = wordSet('لكن ولكن وكان كان وكانت كانت إلا أن إن غير قد وقد أما وأما حتى بل');
/** What is said in: قال مسؤول في بيان names no place. */
const OCCASIONS = wordSet(
  'بيان تصريح تصريحات حديث مؤتمر مقابلة اتصال وقت كلمة رسالة ختام اجتماع خطاب لقاء تغريدة تقرير جلسة ساعة ذلك هذا هذه تلك حين مستهل إطار معرض بيانها بيانه مكالمة شهادته',
);

/** Reads the speakers in the words of one text. */
export class ArabicSubjects {
  readonly #text: string;
  readonly #words: Word[];
  readonly #mentions: Mentions;

  constructor(text: string, words: Word[], mentions: Mentions) {
    this.#text = text;
    this.#words = words;
    this.#mentions = mentions;
  }

  #key(index: number): string {
    return this.#words[index]?.key ?? '';
  }

  #read(from: number, last: number): Speaker | undefined {
    return speakerIn(this.#text, this.#words, this.#mentions, from, last);
  }

  /** The subject that follows a verb of saying: up to إن, a preposition, a colon, a mark, or a comma no name follows. */
  after(cue: Cue, limit: number): Speaker | undefined {
    const named = this.nounPhrase(cue.word + 1, limit);
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

  /** Whom the phrase that starts at word `from` names, up to word `limit`: a person or body, an office, or a source without a name. */
  nounPhrase(from: number, limit: number): Speaker | undefined {
    const holder = this.#holderOf(from, limit);
    if (holder) return holder;
    // ورد عليه الوزير.
    if (TO_WHOM.test(this.#key(from)) && this.#words[from + 1]?.gap === ' ' && !TO_WHOM.test(this.#key(from + 1)))
      return this.nounPhrase(from + 1, limit);
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
        if (!(/^ ?["“«]$/.test(gap) && this.shortQuoted(index)) && !(/^["”»] $/.test(gap) && index > from)) break;
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
    return last < from ? undefined : this.#read(from, last);
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

  /** Whether the mark opened before word `index` is closed within four words: a name, and not what was said. */
  shortQuoted(index: number): boolean {
    for (let next = index; next < index + 4; next++) {
      const word = this.#words[next];
      if (word && /["”»]/.test(this.#text.charAt(word.end))) return true;
    }
    return false;
  }

  /** نقلت الوكالة عن برينان قوله: the speaker is the one after عن. */
  relayed(from: number, to: number): Speaker | undefined {
    for (let index = from; index < to; index++) {
      if (!/^[وف]?(?:نقل|نقلت|نقلا|تنقل|ينقل|نسب|نسبت)$/.test(this.#key(index))) continue;
      for (let next = index + 1; next <= Math.min(to, index + 12); next++) {
        if (/^(?:عن|الي)$/.test(this.#key(next))) return this.nounPhrase(next + 1, to);
      }
    }
    return undefined;
  }

  /** وزير الدفاع إيهود باراك أبلغ مسؤولين: a name right before the verb is its subject. */
  named(verb: number, start: number): Speaker | undefined {
    if (/^[وف]/.test(this.#key(verb)) && !SAYING_VERBS.has(this.#key(verb))) return undefined;
    const nearest = this.#mentions.within(start, verb - 1).at(-1);
    if (nearest?.last !== verb - 1 || nearest.one.entity.type === 'location' || (this.#words[verb] as Word).gap !== ' ')
      return undefined;
    return speakerOf(nearest);
  }

  /** الرئيس هادي قال, or هادي، الذي قال: a name before a verb that has no subject of its own. */
  before(verb: number, start: number): Speaker | undefined {
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
    return this.#read(from, last);
  }

  /** The noun phrase after the first word of a sentence, taken as its verb. */
  ofSentence(start: number, to: number): Speaker | undefined {
    if (start >= to) return undefined;
    const from = /^ال|^[وف]ال/.test(this.#key(start)) ? start : start + 1;
    const speaker = this.nounPhrase(from, to);
    return speaker && /^(?:ال|[وف]ال|مصدر|مصادر|احد)/.test(this.#key(from)) ? speaker : undefined;
  }
}
