/**
 * How far the name of a body reaches behind its head noun: محكمة الاستئناف, الهيئة العامة للموانئ, شركة نماء للاتصالات,
 * مركز الملك سلمان للإغاثة والأعمال الإنسانية. The head's kind says what may follow; each part read moves the end on.
 */
import {
  ADJECTIVE_ENDING,
  ADVERBIAL,
  BODY_ADJECTIVE,
  CLOSES_NAME,
  CONSTRUCT_NOUNS,
  DEFINITE_BODIES,
  DESCRIBED_HEADS,
  FIELDS,
  HIGH_COURT,
  NAME_ADJECTIVE,
  NAMED_AFTER_PEOPLE,
  NAMED_BY_QUALITY,
  NAMED_HEADS,
  NAMES_NOTHING,
  OPEN_NOUN,
  PARTICIPLE,
  PLACED_ADJECTIVE,
  PLACED_HEADS,
  PURPOSES,
  ROYAL_TITLE,
  WEAK_HEADS,
} from './arabic-body-words.ts';
import { nameEnd } from './arabic-people.ts';
import type { Candidate } from './find-names.ts';
import { knowledge, nisbaCountry } from './knowledge.ts';
import {
  COMPOUND_PLACE,
  NOT_FAMILY_NAMES,
  ORGANIZATION_HEADS,
  PARTICLES,
  PLACE_HEADS,
  STATE_ORGANS,
  TITLES,
} from './lexicon.ts';
import { lettersEnd } from './spelled-letters.ts';
import type { Word } from './words.ts';

const MAX_WORDS = 10;
/** Words of a quoted name at most. */
const MAX_QUOTED = 5;

export interface BodyExtent {
  last: number;
  /** Something in it shows that this is a name and no description. */
  anchored: boolean;
  country?: string;
  /** The definite words of a ministry's subject. */
  subject: string[];
  /** The body directly behind the head, if we know it: حزب + جبهة العمل الإسلامي. */
  inner?: Candidate;
}

/** What stands in the text where, as far as it is known before bodies are looked for. */
export interface Surroundings {
  places: Map<number, Candidate>;
  bodies: Map<number, Candidate>;
}

/** What a body does or works in. */
const isWork = (key: string): boolean => PURPOSES.has(key) || FIELDS.has(key);
const spaced = (word: Word | undefined): word is Word => word !== undefined && /^[ \u00a0]$/.test(word.gap);
const isDefinite = ({ key }: Word): boolean => /^ال.{2}/.test(key);
/** A word that begins another body, office or place. */
const opensOther = (key: string): boolean =>
  ORGANIZATION_HEADS.has(key) || TITLES.has(key) || PLACE_HEADS.has(key) || STATE_ORGANS.has(key);

/** The extent of the name whose head noun `head` is word `at`; undefined when nothing completes it. */
export function bodyExtent(
  text: string,
  words: Word[],
  at: number,
  head: string,
  around: Surroundings,
): BodyExtent | undefined {
  const extent = new Reader(text, words, at, head, around).read();
  return extent.last === at ? undefined : extent;
}

class Reader {
  readonly #text: string;
  readonly #words: Word[];
  readonly #at: number;
  readonly #head: string;
  readonly #around: Surroundings;
  readonly #definiteHead: boolean;
  readonly #nested: boolean;
  #definite = 0;
  readonly #extent: BodyExtent;

  /** `nested`: inside the name of another body, where none is looked for once more. */
  constructor(text: string, words: Word[], at: number, head: string, around: Surroundings, nested = false) {
    this.#text = text;
    this.#words = words;
    this.#at = at;
    this.#head = head;
    this.#around = around;
    this.#nested = nested;
    this.#definiteHead = head.startsWith('ال');
    this.#extent = { last: at, anchored: false, subject: [] };
  }

  read(): BodyExtent {
    const extent = this.#extent;
    if (this.#first()) this.#purpose(false);
    else {
      while (extent.last - this.#at < MAX_WORDS && this.#further());
      while (extent.last > this.#at && OPEN_NOUN.test(this.#words[extent.last]?.key ?? '')) extent.last--;
    }
    if (this.#head === 'المحكمه' && HIGH_COURT.test(this.#words[extent.last]?.key ?? '')) extent.anchored = true;
    return extent;
  }

  #next(): Word | undefined {
    const word = this.#words[this.#extent.last + 1];
    return spaced(word) ? word : undefined;
  }

  #take(last: number, anchored = true): true {
    this.#extent.last = last;
    if (anchored) this.#extent.anchored = true;
    return true;
  }

  /** A proper name directly behind the head, which only a purpose may follow. */
  #first(): boolean {
    const { last } = this.#extent;
    const word = this.#words[last + 1];
    if (word === undefined) return false;
    if (NAMED_HEADS.has(this.#head) && (/^ ?["“«'(]$/.test(word.gap) || /^ ["“«]$/.test(word.gap))) {
      const closing = closingWord(this.#text, this.#words, last + 1);
      return closing !== undefined && this.#take(closing);
    }
    if (!spaced(word) || this.#definiteHead) return false;
    const body = this.#around.bodies.get(last + 1);
    if (
      body &&
      body.start === word.start &&
      (NAMED_HEADS.has(this.#head) || this.#head === 'هييه') &&
      body.last + 1 - this.#at <= MAX_WORDS
    ) {
      this.#take(body.last);
      const more = this.#next();
      // جمعية الهلال الأحمر الإيرانية: a national branch.
      if (
        /^(?:international|ngo)$/.test(body.senses[0]?.kind ?? '') &&
        more &&
        isDefinite(more) &&
        nisbaCountry(more.key)
      ) {
        this.#extent.country = nisbaCountry(more.key) as string;
        return this.#take(body.last + 1);
      }
      this.#extent.inner = body;
      return true;
    }
    // حزب جبهة العمل الإسلامي: a body called after another.
    if (NAMED_HEADS.has(this.#head) && ORGANIZATION_HEADS.has(word.key) && !this.#nested) {
      const nested = new Reader(this.#text, this.#words, last + 1, word.key, this.#around, true).read();
      if (nested.last > last + 1 && !isTooWeak(word.key, nested)) return this.#take(nested.last);
    }
    const letters = lettersEnd(this.#words, last + 1);
    if (letters !== undefined && NAMED_HEADS.has(this.#head)) {
      this.#take(letters);
      const more = this.#next();
      // مجموعة إي إف جي القابضة.
      if (more?.key === 'القابضه') this.#take(letters + 1);
      return true;
    }
    return this.#person(word) || this.#place(word);
  }

  /** مركز الملك سلمان, مستشفى رفيق الحريري الجامعي. */
  #person(word: Word): boolean {
    const { givenNames } = knowledge();
    if (!NAMED_AFTER_PEOPLE.has(this.#head)) return false;
    const from = this.#at + (ROYAL_TITLE.test(word.key) ? 2 : 1);
    const first = this.#words[from];
    if (!spaced(first) || !givenNames.has(first.key)) return false;
    const last = nameEnd(this.#words, from);
    if (last === from && from === this.#at + 1) {
      // مجمع ناصر الطبي: a given name alone needs the kind of house behind it.
      if (!PLACED_ADJECTIVE.test(this.#words[from + 1]?.key ?? '') || !spaced(this.#words[from + 1])) return false;
    }
    let end = last;
    while (end > from && PLACED_ADJECTIVE.test((this.#words[end] as Word).key)) end--;
    this.#take(Math.max(end, from));
    this.#placedAdjective();
    return true;
  }

  /** مستشفى بعقوبة العام, مؤسسة ميناء وهران, نادي مراكش. */
  #place(word: Word): boolean {
    const { last } = this.#extent;
    const second = this.#words[last + 2];
    const inner = PLACE_HEADS.has(word.key) && spaced(second) ? second : undefined;
    const from = inner ? last + 2 : last + 1;
    const place = this.#around.places.get(from);
    const start = (inner ?? word).start;
    if (place && place.start === start) {
      this.#extent.country = place.senses[0]?.country as string;
      if (this.#extent.country === undefined) delete this.#extent.country;
      this.#take(place.last);
    } else if (PLACED_HEADS.has(this.#head)) {
      const end = placeEnd(this.#words, from);
      if (end === undefined) return false;
      this.#take(end);
    } else return false;
    this.#placedAdjective();
    return true;
  }

  #placedAdjective(): void {
    if (PLACED_ADJECTIVE.test(this.#next()?.key ?? '')) this.#take(this.#extent.last + 1);
  }

  /** The next part of a descriptive name. */
  #further(): boolean {
    const next = this.#next();
    if (next === undefined) return false;
    return (
      this.#nationality(next) ??
      this.#article(next) ??
      (this.#pair(next) || this.#purpose(this.#definite > 0) || this.#construct(next) || this.#unknown(next))
    );
  }

  /** The nationality ends what the head is, and a purpose may follow: الاتحاد الأمريكي للتنس. */
  #nationality(next: Word): boolean | undefined {
    const nation = isDefinite(next) ? nisbaCountry(next.key) : undefined;
    if (nation === undefined) return undefined;
    // بقيادة المصري محمد صلاح: a man.
    if (!this.#definiteHead && this.#extent.last === this.#at) return false;
    this.#extent.country = nation;
    this.#take(this.#extent.last + 1);
    const more = this.#next();
    if (this.#definiteHead && more && isDefinite(more) && BODY_ADJECTIVE.test(more.key))
      this.#take(this.#extent.last + 1);
    this.#purpose(true);
    return false;
  }

  #article(next: Word): boolean | undefined {
    if (!isDefinite(next)) return undefined;
    const { key } = next;
    if (CLOSES_NAME.test(key) || (NOT_FAMILY_NAMES.has(key) && !NAME_ADJECTIVE.test(key))) return false;
    // A definite head takes adjectives only: in طالبت المحكمة السلطات السعودية two bodies meet.
    if (this.#definiteHead && (this.#definite >= 2 || !(BODY_ADJECTIVE.test(key) || this.#agrees(key)))) return false;
    if (this.#definite === 0 && opensOther(key) && (this.#extent.last > this.#at || this.#head === 'قوات'))
      return false;
    if (this.#definite > 0 && (opensOther(key) || !ADJECTIVE_ENDING.test(key)) && !NAME_ADJECTIVE.test(key))
      return false;
    this.#extent.subject.push(key);
    this.#definite++;
    // المركز الثقافي الملكي: two qualities make a name of a definite head.
    const named =
      (DEFINITE_BODIES.get(this.#head)?.test(key) ?? false) ||
      ((this.#definiteHead || NAMED_BY_QUALITY.has(this.#head)) && this.#definite === 2);
    return this.#take(this.#extent.last + 1, named);
  }

  /** الهيئة الصحية, المعهد التقني: an adjective in the gender of a head that is mostly a name. */
  #agrees(key: string): boolean {
    return DESCRIBED_HEADS.has(this.#head) && (this.#head.endsWith('ه') ? key.endsWith('يه') : key.endsWith('ي'));
  }

  /** وزارة التربية والتعليم, حزب العدالة والتنمية, هيئة الإذاعة والتلفزيون اليابانية. */
  #pair(next: Word): boolean {
    if (!/^وال.{3}/.test(next.key) || this.#definite === 0 || this.#definiteHead) return false;
    const { last, subject } = this.#extent;
    const after = this.#words[last + 2];
    const closed = spaced(after) && isDefinite(after) && nisbaCountry(after.key) !== undefined;
    if (this.#head === 'وزاره') {
      const known = closed || opensPortfolio([...subject, next.key].join(' '));
      const qualified = spaced(after) && isDefinite(after) && /يه$/.test(after.key) && /(?:ه|ات)$/.test(next.key);
      if (!known && !(qualified && !opensOther(next.key.slice(1)) && !NAMES_NOTHING.test(next.key.slice(1))))
        return false;
      subject.push(next.key);
      return this.#take(known ? last + 1 : last + 2, false);
    }
    if (closed) return this.#take(last + 1, false);
    if (!NAMED_HEADS.has(this.#head) || opensOther(next.key.slice(1)) || nisbaCountry(next.key) !== undefined)
      return false;
    // والمعارضة: whoever comes next, and no half of a name.
    if (NAMES_NOTHING.test(next.key.slice(1)) || !/(?:ه|يه|م|ر|ن|ل)$/.test(next.key)) return false;
    return this.#take(last + 1);
  }

  /** What the body is for: للموانئ, للعلوم والتقنية, لحماية المال العام; behind a proper name only a field of work. */
  #purpose(described: boolean): boolean {
    const next = this.#next();
    if (next === undefined) return false;
    let end = this.#extent.last + 1;
    if (/^لل.{3}/.test(next.key)) {
      // Only a definite head that an adjective describes may be for anything: الهيئة العامة للموانئ.
      const open = described && this.#definiteHead && !ADVERBIAL.test(next.key);
      if (!open && !FIELDS.has(next.key.slice(2))) return false;
    } else if (/^ل.{3}/.test(next.key) && isWork(next.key.slice(1)) && (described || !this.#definiteHead)) {
      while (this.#joinsWork(end + 1)) end++;
      if (spaced(this.#words[end + 1]) && CONSTRUCT_NOUNS.has(this.#key(end + 1))) end++;
      const object = this.#words[end + 1];
      if (!spaced(object) || !isDefinite(object)) return false;
      end++;
    } else if (this.#definiteHead && /^ل.{3}/.test(next.key) && COMPOUND_PLACE.test(next.key.slice(1))) {
      // المجلس الجماعي لسيدي بنور.
      if (!spaced(this.#words[end + 1])) return false;
      return this.#take(end + 1);
    } else return false;
    this.#extent.subject.push(next.key);
    this.#definite++;
    this.#take(end, described || this.#extent.anchored);
    this.#qualities();
    const pair = this.#next();
    if (
      pair &&
      /^وال.{3}/.test(pair.key) &&
      !opensOther(pair.key.slice(1)) &&
      !NAMES_NOTHING.test(pair.key.slice(1)) &&
      nisbaCountry(pair.key) === undefined &&
      !NOT_FAMILY_NAMES.has(pair.key.slice(1))
    ) {
      this.#take(this.#extent.last + 1);
      this.#qualities();
    }
    return true;
  }

  /** Adjectives of the noun just read: للمسح الجيولوجي, لحماية المال العام. */
  #qualities(): void {
    for (let count = 0; count < 3; count++) {
      const next = this.#next();
      if (next === undefined || !isDefinite(next) || CLOSES_NAME.test(next.key) || opensOther(next.key)) return;
      const adjective =
        NAME_ADJECTIVE.test(next.key) ||
        (!NOT_FAMILY_NAMES.has(next.key) &&
          (/(?:ي|يه|يين)$/.test(next.key) || (/ه$/.test(next.key) && /(?:ه|ات)$/.test(this.#key(this.#extent.last)))));
      if (!adjective) return;
      this.#take(this.#extent.last + 1);
      if (nisbaCountry(next.key) !== undefined) return;
    }
  }

  /** Another verbal noun or field of work joined to the one before: لإغاثة وتشغيل, تجارة وصناعة. */
  #joinsWork(index: number): boolean {
    return spaced(this.#words[index]) && /^و/.test(this.#key(index)) && isWork(this.#key(index).slice(1));
  }

  /** A noun without article inside the name: جهاز خفر السواحل, هيئة مكافحة الاحتيال, شبكة أطباء السودان. */
  #construct(next: Word): boolean {
    const { last } = this.#extent;
    let end = last + 1;
    if (isWork(next.key)) while (this.#joinsWork(end + 1)) end++;
    else if (!CONSTRUCT_NOUNS.has(next.key)) {
      const framed = this.#framedEnd(next);
      return framed !== undefined && this.#take(framed);
    }
    this.#extent.subject.push(next.key);
    this.#take(end, false);
    const object = this.#next();
    const place = this.#around.places.get(end + 1);
    if (place && object && place.start === object.start) return this.#take(place.last);
    if (object && isDefinite(object) && object.key.length >= 5 && !opensOther(object.key)) {
      if (!this.#definiteHead) this.#definite = 0;
      this.#extent.anchored = true;
    }
    return true;
  }

  /** هيئة عمليات التجارة البحرية البريطانية (UKMTO): any noun, where a nationality with a second name in brackets ends the name. */
  #framedEnd(next: Word): number | undefined {
    if (this.#definiteHead || this.#extent.last > this.#at || next.script !== 'arabic' || next.key.startsWith('ال'))
      return undefined;
    for (let index = this.#extent.last + 2; index <= this.#extent.last + 5; index++) {
      const word = this.#words[index];
      if (!spaced(word) || !isDefinite(word)) return undefined;
      if (/^ ?\(\p{L}/u.test(this.#text.slice(word.end, word.end + 3))) return index;
    }
    return undefined;
  }

  /** حزب الوفد and شركة تويوتا: a word nobody knows behind a head whose name may be any. */
  #unknown(next: Word): boolean {
    const { last } = this.#extent;
    const { common, givenNames, phrases } = knowledge();
    if (
      !NAMED_HEADS.has(this.#head) ||
      last !== this.#at ||
      next.script !== 'arabic' ||
      next.key.length < 3 ||
      common.has(next.key) ||
      PARTICLES.has(next.key) ||
      PARTICIPLE.test(next.key) ||
      opensOther(next.key) ||
      (this.#head === 'لواء' && givenNames.has(next.key)) ||
      nisbaCountry(next.key) !== undefined ||
      /^[وفبلك]?[بلك]?(?:ال|لل)/.test(next.key) ||
      // شركة تعمل, حركة تدعو: what it does; تسلا and تويوتا end in a long vowel.
      (/^[يت]/.test(next.key) && !next.key.endsWith('ا') && !phrases.has(next.key)) ||
      // شركة وهمية, جماعة بارزة, جامعة أقرته: what it is like, and verbs with their object.
      /يه$|^.ا..ه$|.{2}(?:ته|تها|هم|ها)$/.test(next.key) ||
      (/^[وب]/.test(next.key) && common.has(next.key.slice(1)))
    )
      return false;
    this.#take(last + 1);
    const second = this.#next();
    // صندوق سامروك كازينا: a second unknown word, where the name visibly ends.
    if (second && isUnknownWord(second) && endsName(this.#words[last + 3])) this.#take(last + 2);
    this.#purpose(false);
    return false;
  }

  #key(index: number): string {
    return this.#words[index]?.key ?? '';
  }
}

const isUnknownWord = ({ key, script }: Word): boolean =>
  script === 'arabic' &&
  key.length >= 3 &&
  !knowledge().common.has(key) &&
  !PARTICLES.has(key) &&
  nisbaCountry(key) === undefined &&
  !/^[وفبلك]?[بلك]?(?:ال|لل)|^[وبليت]/.test(key) &&
  !opensOther(key);

/** Punctuation or a particle. */
const endsName = (after: Word | undefined): boolean =>
  after === undefined || !spaced(after) || PARTICLES.has(after.key);

/** The last word of the place of the world list that starts at word `from` and is no ordinary word. */
function placeEnd(words: Word[], from: number): number | undefined {
  const { places, common } = knowledge();
  const first = words[from];
  if (!spaced(first)) return undefined;
  const second = words[from + 1];
  if (spaced(second) && (COMPOUND_PLACE.test(first.key) || places.has(`${first.key} ${second.key}`))) return from + 1;
  return first.key.length >= 3 && places.has(first.key) && !common.has(first.key) ? from : undefined;
}

/** Whether a folded subject is a ministry's, or begins one (العمل والشؤون of العمل والشؤون الاجتماعية). */
function opensPortfolio(subject: string): boolean {
  const asked = subject.replace('شيون', 'شوون');
  for (const known of knowledge().portfolios.keys()) if (known === asked || known.startsWith(`${asked} `)) return true;
  return false;
}

/** The last word inside the quotation mark opened before word `from`, if it closes within MAX_QUOTED words. */
function closingWord(text: string, words: Word[], from: number): number | undefined {
  for (let index = from; index < from + MAX_QUOTED; index++) {
    const word = words[index];
    if (word === undefined) return undefined;
    if (/^["”»')]/.test(text.slice(word.end, word.end + 1))) return index;
    if (/[.،,:\n]/.test(text.charAt(word.end))) return undefined;
  }
  return undefined;
}

/** Whether a head needs more behind it than the definite words read. */
export function isTooWeak(head: string, { anchored, country }: BodyExtent): boolean {
  if (anchored) return false;
  return head.startsWith('ال') ? country === undefined : WEAK_HEADS.has(head);
}
