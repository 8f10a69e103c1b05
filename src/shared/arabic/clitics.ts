/**
 * What is written onto an Arabic word without being of it: conjunctions and prepositions before it (و ف ب ل ك س), the article,
 * pronouns behind it. Parting is by spelling alone, so every answer is a guess that features and look-ups try, not a fact.
 */
export interface Clitics {
  /** Letters before the article or stem: و, ب, ول, … as written. */
  proclitic: string;
  /** The word has the article, also inside لل (ل + ال). */
  article: boolean;
  /** The word without proclitics and article. */
  stem: string;
  /** Where the stem starts in the word. */
  stemStart: number;
  /** The pronoun the stem ends in, if it may. */
  pronoun: string;
}

const ARTICLE = 'ال';
/** A stem shorter than this is left whole. */
const MIN_STEM = 3;
const PRONOUN = /(?:كما|هما|ها|هم|هن|كم|نا|ني)$/u;

/** Parts a folded word (see foldText) into its clitics and stem. */
export function partClitics(word: string): Clitics {
  let at = 0;
  const left = () => word.length - at;
  const conjunction = word[at] === 'و' || word[at] === 'ف';
  // و and ف are common first letters of stems, so they are parted before a preposition with the article, or the article, alone.
  if (conjunction && left() - 1 >= MIN_STEM) {
    const rest = word.slice(at + 1);
    if (rest.startsWith(ARTICLE) || /^[بلك](?:ال|ل)/u.test(rest) || (word[at] === 'و' && rest.length > MIN_STEM))
      at += 1;
  }
  let article = false;
  if (word.startsWith('لل', at) && left() - 2 >= MIN_STEM) {
    at += 2;
    article = true;
  } else {
    const preposition = word[at] ?? '';
    if ('بلكف'.includes(preposition) && word.startsWith(ARTICLE, at + 1) && left() - 3 >= MIN_STEM - 1) at += 1;
    if (word.startsWith(ARTICLE, at) && left() - 2 >= MIN_STEM - 1) {
      article = true;
    }
  }
  const proclitic = article && word.startsWith('لل', at - 2) ? `${word.slice(0, at - 2)}ل` : word.slice(0, at);
  if (article && word.startsWith(ARTICLE, at)) at += ARTICLE.length;
  const stem = word.slice(at);
  const pronoun = stem.length > MIN_STEM + 1 ? (PRONOUN.exec(stem)?.[0] ?? '') : '';
  return { proclitic, article, stem, stemStart: at, pronoun };
}
