/** Quotations in English, French and Spanish: before, between and after their verb of saying, and reported with that, que. */
import type { Quote } from '../../../shared/model.ts';
import type { Found } from './found.ts';
import { findQuoted, type Quoted } from './quotation-marks.ts';
import { Mentions } from './speakers.ts';
import { endsSentence, type Word, wordAt, wordSet } from './words.ts';

const VERBS = wordSet(
  'said says say told tells added adds stated states announced announces insisted insists claimed claims argued argues warned warns explained explains noted notes tweeted wrote writes declared declares confirmed confirms denied acknowledged admitted asked replied responded recalled suggested promised vowed concluded continued stressed reported estimated predicted remarked commented testified shouted joked conceded complained urged',
  'dit déclaré déclare affirmé affirme ajouté ajoute expliqué explique indiqué indique annoncé annonce précisé précise assuré assure estimé estime souligné souligne confié confie lancé lance rappelé rappelle averti avertit écrit regretté regrette raconté raconte poursuivi poursuit martelé insisté insiste répondu répond conclu conclut reconnu reconnaît dénoncé prévenu confirmé confirme rapporté jugé juge plaidé promis soutenu tweeté salué réagi commenté glissé soupire soupiré témoigne témoigné détaillé détaille admis admet protesté',
  'dijo dice declaró declara afirmó afirma añadió añade explicó explica anunció anuncia aseguró asegura señaló señala indicó indica advirtió advierte subrayó subraya destacó destaca manifestó agregó agrega reconoció reconoce insistió escribió escribe comentó comenta apuntó apunta recordó recuerda lamentó lamenta concluyó concluye sostuvo sostiene aclaró respondió precisó detalló confirmó confirma prometió dicho asegurado afirmado declarado explicado señalado relató contó confesó dijeron aseguraron afirmaron declararon señalaron indicaron anunciaron advirtieron explicaron confirmaron añadieron denunció denunciaron criticó admitió exclamó bromeó reveló informó informaron alertó zanjó valoró',
  'sagte sagt erklärte erklärt betonte betont kritisierte warnte fügte teilte schrieb meinte forderte kündigte räumte berichtete',
  'dedi söyledi belirtti açıkladı vurguladı ifade diyerek konuştu kaydetti',
  'сказал сказала сказали заявил заявила заявили сообщил сообщила отметил отметила подчеркнул подчеркнула добавил добавила пояснил пояснила рассказал рассказала написал написала ответил ответила',
  'disse afirmou declarou acrescentou explicou ha detto dichiarato affermato',
);
const SOURCES: [RegExp, number][] = [
  [/^according to$/, 2],
  [/^(?:selon|segun)$/, 1],
  [/^d ?apres$/, 2],
  [/^de acuerdo con$/, 3],
];
const THAT = /^(?:that|que|qu)$/;
const PRONOUN = /^(?:he|she|they|it|we|i|il|elle|ils|elles|on|el|ella|ellos|ellas|who|qui|quien|lui|t)$/;
/** Adverbs between commas: the union, however, warned. */
const ADVERB = /^(?:however|though|meanwhile|also|therefore|cependant|toutefois|pourtant|asimismo|ademas)$/;
/** They open what is said of a speaker: a diplomat who asked not to be named. */
const RELATIVE = /^(?:who|whose|qui|dont|quien|quienes)$/;
/** Between a verb and its speaker: small words and auxiliaries. */
const SMALL = wordSet(
  'the a an has have had been also later then on in at to un une le la les l el los las una a ha han avait ont est sont hier also in an his her son sa su sus avoir été quelque autre',
);
const ANONYMOUS = wordSet(
  'source sources official officials witness witnesses spokesman spokeswoman spokesperson spokespeople diplomat diplomats resident residents activist activists analyst analysts expert experts police authorities doctors medics survivor survivors neighbors neighbours porte parole responsable responsables témoin témoins diplomate habitants habitant autorités policier fuente fuentes portavoz testigo testigos funcionario funcionarios vecinos vecino vecina autoridades police policía',
);
const MIN_QUOTED_WORDS = 3;
const SURELY_QUOTED_WORDS = 8;

interface Attribution {
  speaker?: string;
  entityId?: string;
  anonymous?: boolean;
  verb?: string;
  pronoun?: boolean;
}

export function findLatinQuotes(text: string, words: Word[], found: Found[], language: string): Quote[] {
  const mentions = new Mentions(found);
  const reader = new LatinReader(text, words, mentions, language);
  return reader.read();
}

class LatinReader {
  readonly #text: string;
  readonly #words: Word[];
  readonly #mentions: Mentions;
  readonly #language: string;
  #last: Attribution | undefined;

  constructor(text: string, words: Word[], mentions: Mentions, language: string) {
    this.#text = text;
    this.#words = words;
    this.#mentions = mentions;
    this.#language = language;
  }

  read(): Quote[] {
    const spans = findQuoted(this.#text, (offset) => this.#opensSpeech(offset)).filter(
      (span) => this.#count(span) >= MIN_QUOTED_WORDS,
    );
    const quotes: Quote[] = [];
    const events: { at: number; make: () => Quote | undefined }[] = spans.map((span, index) => ({
      at: span.start,
      make: () => this.#direct(span, spans[index - 1]),
    }));
    for (let index = 0; index < this.#words.length; index++) {
      const reported = this.#reportedAt(index, spans);
      if (reported) events.push(reported);
    }
    events.sort((a, b) => a.at - b.at);
    for (const { make } of events) {
      const quote = make();
      if (quote) quotes.push(quote);
    }
    return quotes.sort((a, b) => a.start - b.start);
  }

  #count(span: Quoted): number {
    return wordAt(this.#words, span.end) - wordAt(this.#words, span.start);
  }

  #key(index: number): string {
    return this.#words[index]?.key ?? '';
  }

  #opensSpeech(offset: number): boolean {
    const before = this.#text.slice(Math.max(0, offset - 12), offset);
    return offset === 0 || /[:,]\s*$|\n\s*$|(?:that|que)\s*$/.test(before);
  }

  #direct(span: Quoted, earlier: Quoted | undefined): Quote | undefined {
    const first = wordAt(this.#words, span.start);
    const last = wordAt(this.#words, span.end) - 1;
    // "…," said X, and «…», a déclaré X, bind closer than what stands before.
    const joined = /[,،?!.…]$/.test(span.text) || /^[»”"]?\s*,/.test(this.#text.slice(span.end, span.end + 3));
    const after = joined ? this.#after(last) : undefined;
    const before = this.#before(first, earlier ? wordAt(this.#words, earlier.close) : 0) ?? this.#introduced(first);
    const found = after ?? before ?? (joined ? undefined : this.#after(last));
    let by = found;
    if (
      by === undefined &&
      earlier !== undefined &&
      this.#text.slice(earlier.close, span.open).length < 160 &&
      !/\n\s*\n?.*\n/.test(this.#text.slice(earlier.close, span.open))
    ) {
      by = this.#last && { ...this.#last };
      if (by) delete by.verb;
    }
    if (by === undefined && this.#count(span) < SURELY_QUOTED_WORDS) return undefined;
    return this.#quote(span.start, span.end, true, by);
  }

  #quote(start: number, end: number, direct: boolean, found: Attribution | undefined): Quote {
    const by = found?.pronoun ? this.#antecedent(found, start) : found;
    if (by?.speaker) this.#last = by;
    return {
      text: this.#text.slice(start, end),
      start,
      end,
      direct,
      ...(by?.speaker ? { speaker: by.speaker } : {}),
      ...(by?.entityId ? { speakerEntityId: by.entityId } : {}),
      ...(by?.verb ? { verb: by.verb } : {}),
      ...(by?.anonymous ? { anonymous: true } : {}),
    };
  }

  /** Whom he or she means: who spoke last, else the person named last. */
  #antecedent(found: Attribution, start: number): Attribution {
    const nearest = this.#last ?? this.#personBefore(start);
    return { ...nearest, ...(found.verb ? { verb: found.verb } : {}) };
  }

  #personBefore(start: number): Attribution | undefined {
    const one = this.#mentions.before(wordAt(this.#words, start), (found) => found.entity.type === 'person');
    return one && { speaker: one.entity.name, entityId: one.entity.id };
  }

  #verbText(index: number): string {
    const word = this.#words[index] as Word;
    return this.#text.slice(word.start, word.end);
  }

  /** A verb within the clause behind the quotation: the speaker stands before or after it. */
  #after(last: number): Attribution | undefined {
    for (let index = last + 1; index <= last + 9 && index < this.#words.length; index++) {
      const { gap } = this.#words[index] as Word;
      if (index > last + 1 ? endsSentence(gap) || /["“«:;]/.test(gap) : /\n/.test(gap)) return undefined;
      const source = this.#sourceAt(index);
      if (source !== undefined) return this.#nounPhrase(source);
      if (!VERBS.has(this.#key(index))) continue;
      // A sentence of its own that begins after a full stop is announcing what comes, not what was.
      if (
        index > last + 2 &&
        /[.?!][”"»]?\s/.test((this.#words[last + 1] as Word).gap) &&
        !PRONOUN.test(this.#key(last + 1))
      )
        return undefined;
      const inverted = this.#nounPhrase(index + 1);
      const subject = this.#subjectBefore(index, last + 1);
      const by = subject ?? inverted;
      return by && { ...by, verb: this.#verbText(index) };
    }
    return undefined;
  }

  /** A verb, source phrase or name and colon in the sentence before the quotation. */
  #before(first: number, floor: number): Attribution | undefined {
    const opening = this.#words[first];
    if (opening === undefined || first === 0) return undefined;
    for (let index = first - 1; index >= floor && index >= first - 30; index--) {
      const next = this.#words[index + 1] as Word;
      if (endsSentence(next.gap.replace(/["“«”»]/g, '')) && !(index === first - 1 && /:/.test(next.gap)))
        return undefined;
      if (index < first - 1 && /["“«»”]/.test(next.gap) && /["”»]/.test(next.gap) && !/["“«]$/.test(next.gap))
        return undefined;
      const source = this.#sourceAt(index);
      if (source !== undefined) return this.#nounPhrase(source);
      if (!VERBS.has(this.#key(index))) continue;
      const by = this.#subjectBefore(index, Math.max(floor, this.#sentenceStart(index))) ?? this.#nounPhrase(index + 1);
      return by && { ...by, verb: this.#verbText(index) };
    }
    return undefined;
  }

  /** The mayor, Carlos Vega, was blunt: "…": a colon, and somebody in the sentence before it. */
  #introduced(first: number): Attribution | undefined {
    if (first === 0 || !/:/.test((this.#words[first] as Word).gap)) return undefined;
    const from = this.#sentenceStart(first - 1);
    const person = this.#mentions.within(from, first - 1).find(({ one }) => one.entity.type === 'person');
    return person && { speaker: person.one.entity.name, entityId: person.one.entity.id };
  }

  #sentenceStart(index: number): number {
    let at = index;
    while (at > 0 && index - at < 60 && !endsSentence((this.#words[at] as Word).gap)) at--;
    return at;
  }

  #sourceAt(index: number): number | undefined {
    // Pour Jean Dupuis, maire de la commune, « … »
    if (
      /^(?:pour|para)$/.test(this.#key(index)) &&
      this.#language !== 'en' &&
      this.#mentions.startingAt(index + 1)?.one.entity.type === 'person'
    )
      return index + 1;
    for (const [pattern, length] of SOURCES) {
      const phrase = Array.from({ length }, (_, offset) => this.#key(index + offset)).join(' ');
      if (pattern.test(phrase)) return index + length;
    }
    return undefined;
  }

  /** The nearest person or body before a verb, or the pronoun right before it. */
  #subjectBefore(verb: number, from: number): Attribution | undefined {
    for (let index = verb - 1; index >= Math.max(from, verb - 3); index--) {
      if (PRONOUN.test(this.#key(index)) && !(this.#key(index) === 'el' && index !== verb - 1))
        return { pronoun: true };
      if (!SMALL.has(this.#key(index))) break;
    }
    // Only what stands behind the last comma is the subject, unless the comma closes an apposition right before the verb.
    const clause = this.#clauseStart(from, verb);
    const inside = this.#mentions.within(clause, verb - 1).filter(({ one }) => one.entity.type !== 'location');
    const nearest = inside.filter(({ one }) => one.entity.type === 'person').at(-1) ?? inside.at(-1);
    if (nearest) return { speaker: nearest.one.entity.name, entityId: nearest.one.entity.id };
    return this.#phraseBetween(clause, verb - 1);
  }

  #clauseStart(from: number, verb: number): number {
    let content = 0;
    for (let index = verb; index > from; index--) {
      if (/,/.test((this.#words[index] as Word).gap)) return content >= 2 ? index : from;
      if (index < verb && !SMALL.has(this.#key(index))) content++;
      else if (index < verb && /^(?:the|a|an|le|la|les|un|une|el|los|una)$/.test(this.#key(index))) content++;
    }
    return from;
  }

  /** The phrase that starts at `from`: a name in it, or the words themselves up to the next boundary. */
  #nounPhrase(from: number): Attribution | undefined {
    let last = from - 1;
    for (let index = from; index < from + 12 && index < this.#words.length; index++) {
      const { gap, key } = this.#words[index] as Word;
      if (index > from && (endsSentence(gap.replace(/^\. (?=\p{Lu})/u, '')) || /["“«:;(]/.test(gap))) break;
      if (index > from && /,/.test(gap) && this.#mentions.startingAt(index)?.one.entity.type !== 'person') break;
      if (index === from && /[.\n"“«:;]/.test(gap)) return undefined;
      if (
        index > from &&
        (VERBS.has(key) ||
          THAT.test(key) ||
          /^(?:after|before|when|while|during|apres|avant|lors|pendant|durante|tras|cuando|who|qui|quien|on|in|at|to|a|en|dans|sur|ce|devant|ante|face|depuis|desde)$/.test(
            key,
          ))
      )
        break;
      last = index;
    }
    if (last < from) return undefined;
    if (PRONOUN.test(this.#key(from)) && !(this.#key(from) === 'el' && last > from)) return { pronoun: true };
    const inside = this.#mentions.within(from, last).filter(({ one }) => one.entity.type !== 'location');
    const person = inside.filter(({ one }) => one.entity.type === 'person').at(-1) ?? inside[0];
    if (person) return { speaker: person.one.entity.name, entityId: person.one.entity.id };
    return this.#phraseBetween(from, last);
  }

  #phraseBetween(from: number, to: number): Attribution | undefined {
    let first = from;
    let last = to;
    // Only the words after the last comma or conjunction are the subject: "In Paris, a spokesman said".
    for (let index = to; index > from; index--) {
      if (/[,;:"“«»”]/.test((this.#words[index] as Word).gap)) {
        // An official, who asked not to be named, said: what is said of the subject is not the subject.
        if (RELATIVE.test(this.#key(index)) || ADVERB.test(this.#key(index)))
          return this.#phraseBetween(from, index - 1);
        first = index;
        break;
      }
    }
    for (let index = first + 1; index <= last; index++) if (RELATIVE.test(this.#key(index))) last = index - 1;
    while (last > first && /^(?:has|have|had|a|ha|also|later|then|avait|ont|han|habia)$/.test(this.#key(last))) last--;
    if (last - first > 9) first = last - 9;
    if (last < first || (last === first && SMALL.has(this.#key(first)))) return undefined;
    if (
      /^(?:on|in|at|while|as|when|after|before|since|if|but|and|with|for|by|from|en|dans|lors|apres|quand|mais|al|tras|cuando|pero|con|por|para)$/.test(
        this.#key(first),
      )
    )
      return undefined;
    const phrase = this.#text.slice((this.#words[first] as Word).start, (this.#words[last] as Word).end);
    const anonymous = this.#words.slice(first, last + 1).some((word) => ANONYMOUS.has(word.key));
    if (
      !anonymous &&
      !/\p{Lu}|^(?:the|a|an|le|la|les|l|un|une|el|los|las|una|des|unos|police|authorities)\b/iu.test(phrase)
    )
      return undefined;
    return { speaker: phrase, ...(anonymous ? { anonymous: true } : {}) };
  }

  /** said on Sunday that, a déclaré vendredi que, dijo este lunes que. */
  #thatAfter(verb: number): number | undefined {
    for (let index = verb + 1; index <= verb + 6 && index < this.#words.length; index++) {
      const { gap, key } = this.#words[index] as Word;
      if (!/^[ '’]$/.test(gap)) return undefined;
      if (THAT.test(key)) return index;
      if (VERBS.has(key)) return undefined;
    }
    return undefined;
  }

  /** X said that …; English also without that. */
  #reportedAt(verb: number, spans: Quoted[]): { at: number; make: () => Quote | undefined } | undefined {
    if (!VERBS.has(this.#key(verb)) || /["“”«»]/.test((this.#words[verb] as Word).gap)) return undefined;
    const next = this.#words[verb + 1];
    if (next === undefined || next.gap !== ' ') return undefined;
    let first = verb + 1;
    const that = this.#thatAfter(verb);
    if (that !== undefined) first = that + 1;
    else if (
      !(
        this.#language === 'en' &&
        /^(?:said|says|claimed|insisted|announced|confirmed|warned)$/.test(this.#key(verb)) &&
        REPORTED_START.has(next.key)
      )
    )
      return undefined;
    const start = this.#words[first]?.start;
    if (start === undefined || endsSentence((this.#words[first] as Word).gap)) return undefined;
    let last = first;
    while (
      last + 1 < this.#words.length &&
      !/[.!?…]["”»]?\s|\n/.test((this.#words[last + 1] as Word).gap) &&
      last - first < 80
    )
      last++;
    if (last - first < 2) return undefined;
    const end = (this.#words[last] as Word).end;
    if (
      spans.some((span) => span.open < end && span.close > start) ||
      spans.some((span) => span.start <= (this.#words[verb] as Word).start && span.end >= end)
    )
      return undefined;
    const from = this.#sentenceStart(verb);
    return {
      at: start,
      make: () => {
        const by = this.#subjectBefore(verb, from);
        if (by === undefined) return undefined;
        const stop = /[.!?]/.test(this.#text.charAt(end)) ? end + 1 : end;
        return this.#quote(start, stop, false, { ...by, verb: this.#verbText(verb) });
      },
    };
  }
}

const REPORTED_START = wordSet(
  'it he she they the a an there his her their its this these those at no more about nearly we some two three four five six seven eight nine ten all both most',
);
