/**
 * People in languages of the Latin and Cyrillic scripts by capital letters and what stands before them, for languages no tagger is
 * trained on. A run of capitals is a person after an office or when it begins with a given name.
 */
import type { Candidate } from './find-names.ts';
import { knowledge } from './knowledge.ts';
import { endsSentence, foldWord, type Word, wordSet } from './words.ts';

const OFFICES = wordSet(
  'president presidente presidenta présidente ministre ministro ministra premier premiere première général general colonel coronel capitaine capitán juge juez avocat abogado abogada maire alcalde alcaldesa gouverneur gobernador gobernadora',
  'sénateur senador senadora député diputado diputada porte-parole parole portavoz directeur directrice director directora secrétaire secretario secretaria ambassadeur embajador embajadora professeur profesor profesora docteur doctor doctora',
  'roi rey reine reina prince príncipe princesse princesa pape papa cheikh jeque imam monsieur madame señor señora m mme mr mrs dr sr sra minister chancellor kanzler kanzlerin bundeskanzler präsident präsidentin sprecher sprecherin außenminister',
  'senator governor mayor judge spokesman spokeswoman spokesperson secretary ambassador professor chef jefe líder leader chairman analyste analista économiste economista entraîneur entrenador presidente segretario ministra',
);
const PARTICLES = wordSet(
  'de del della di da do dos das du des la le las los van von der den bin ben ibn al el y abou abu ould',
);
const GIVEN = wordSet(
  'jean pierre paul jacques michel philippe françois nicolas laurent alain bernard christophe stéphane thierry olivier éric patrick pascal frédéric vincent sébastien julien thomas antoine guillaume emmanuel bruno marie anne catherine isabelle nathalie sophie christine valérie sylvie claire julie camille élisabeth hélène brigitte',
  'josé juan antonio manuel francisco luis carlos javier miguel pedro jesús ángel alejandro fernando pablo sergio jorge alberto rafael ramón andrés enrique diego raúl iván rubén óscar maría carmen ana isabel laura cristina marta elena lucía pilar teresa rosa paula sara patricia mercedes beatriz silvia raquel',
  'hans peter klaus wolfgang jürgen dieter uwe stefan andreas michael thomas frank martin markus christian matthias jörg ursula sabine monika petra karin angela annalena',
  'john james robert michael william david richard joseph charles thomas mary patricia jennifer linda elizabeth barbara susan jessica sarah karen nancy lisa margaret betty george kenneth steven edward brian ronald anthony kevin jason matthew gary timothy mark donald paul andrew joshua daniel',
  'marco giuseppe giovanni luca mario matteo francesco andrea paolo giorgia giulia chiara sergio roberto',
  'mohamed mohammed ahmed ali hassan hussein omar khaled mahmoud mustafa ibrahim abdullah youssef karim rachid samir nabil fatima aisha leila amina',
);

export function findLatinPeople(text: string, words: Word[]): Candidate[] {
  const found: Candidate[] = [];
  for (let at = 0; at < words.length; at++) {
    if (!isCapital(text, words[at])) continue;
    const last = runEnd(text, words, at);
    // Bundesverkehrsminister Volker Wissing, Genel Başkanı Kemal Kılıçdaroğlu: the name begins behind the office.
    const office = lastOffice(words, at, last);
    if (office !== undefined) {
      if (last - office >= 2) found.push(person(text, words, office + 1, last, true));
      at = last;
      continue;
    }
    const before = words[at - 1];
    const afterOffice =
      before !== undefined && !endsSentence((words[at] as Word).gap.replace('.', '')) && OFFICES.has(before.key);
    const opensSentence = before === undefined || /[.!?\n:"«“]/.test((words[at] as Word).gap);
    const given = isGiven((words[at] as Word).key);
    if (last > at && (given || (afterOffice && !opensSentence))) found.push(person(text, words, at, last, afterOffice));
    at = last;
  }
  return found;
}

/** Offices written with a capital inside a run of capitals: German nouns, Turkish titles with their ending. */
const CAPITAL_OFFICE =
  /(?:minister|ministerin|prasident|prasidentin|sprecher|sprecherin|vorstand|kanzler|kanzlerin|kommissar|kommissarin|trainer|richter|richterin|anwalt|burgermeister|chef|chefin)$|^(?:baskan|baskani|bakani|muduru|direktoru|cumhurbaskani|basbakan|sozcusu|milletvekili)$/;

/** The last word of a run that is an office and no name. */
export function lastOffice(words: Word[], first: number, last: number): number | undefined {
  for (let index = last; index >= first; index--)
    if (CAPITAL_OFFICE.test((words[index] as Word).key.replace(/ş/g, 's'))) return index;
  return undefined;
}

const isGiven = (key: string): boolean => GIVEN.has(key) || latinGivenNames().has(key);

let latinGiven: Set<string> | undefined;
function latinGivenNames(): Set<string> {
  latinGiven ??= new Set([...knowledge().givenNames.values()].filter((name) => !name.includes(' ')).map(foldWord));
  return latinGiven;
}

function isCapital(text: string, word: Word | undefined): boolean {
  return (
    word !== undefined &&
    (word.script === 'latin' || word.script === 'cyrillic') &&
    /^\p{Lu}[\p{L}\p{M}]/u.test(text.slice(word.start, word.start + 2))
  );
}

/** The end of a run of capitalised words with small name particles between. */
function runEnd(text: string, words: Word[], from: number): number {
  let last = from;
  for (let index = from + 1; index <= from + 5 && index < words.length; index++) {
    const word = words[index] as Word;
    if (!/^[ \-'’\u00a0]$/.test(word.gap)) break;
    if (isCapital(text, word)) last = index;
    else if (!PARTICLES.has(word.key)) break;
  }
  return last;
}

function person(text: string, words: Word[], first: number, last: number, office: boolean): Candidate {
  const start = (words[first] as Word).start;
  const end = (words[last] as Word).end;
  const before = words[first - 1];
  const title = office && before ? { role: text.slice(before.start, before.end) } : {};
  return {
    first,
    last,
    start,
    end,
    type: 'person',
    key: words
      .slice(first, last + 1)
      .map((word) => word.key)
      .join(' '),
    senses: [],
    source: 'rule',
    confidence: 0.75,
    ...title,
  };
}
