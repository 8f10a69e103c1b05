/**
 * Light stemming for comparing words, not for showing them: the article, clitics and endings go, the pattern stays, so that الانتخابات,
 * وانتخابات and انتخابيه meet and كاتب and مكتب do not. For Arabic it is the "light10" of Larkey, Ballesteros and Connell (Light
 * stemming for Arabic information retrieval, 2007), on folded text; English and French lose plural and possessive endings only.
 */

/** Longest first, so that والـ is tried before الـ. */
const PREFIXES = ['وال', 'بال', 'كال', 'فال', 'ولل', 'فلل', 'لل', 'ال'];
const SUFFIXES = ['ها', 'ان', 'ات', 'ون', 'ين', 'يه', 'ه', 'ي'];
const MIN_STEM_AFTER_PREFIX = 2;
const MIN_STEM_AFTER_SUFFIX = 2;
const MIN_STEM_AFTER_AND = 3;

/** The light stem of one Arabic word, folded by `foldText`. Words in other letters come back as they are. */
function stemArabic(word: string): string {
  let stem = word;
  const prefix = PREFIXES.find((p) => stem.startsWith(p) && stem.length - p.length >= MIN_STEM_AFTER_PREFIX);
  if (prefix !== undefined) stem = stem.slice(prefix.length);
  else if (stem.startsWith('و') && stem.length > MIN_STEM_AFTER_AND) stem = stem.slice(1);
  for (const suffix of SUFFIXES) {
    if (stem.endsWith(suffix) && stem.length - suffix.length >= MIN_STEM_AFTER_SUFFIX)
      stem = stem.slice(0, -suffix.length);
  }
  return stem;
}

const ARABIC_LETTER = /[\u0620-\u064a\u0671-\u06d3]/;

/** The light stem of a folded word in any language; the script tells Arabic. */
export function lightStem(word: string): string {
  if (ARABIC_LETTER.test(word)) return stemArabic(word);
  const bare = word.replace(/['’]s$/, '');
  if (bare.length > 4 && bare.endsWith('ies')) return `${bare.slice(0, -3)}y`;
  if (bare.length > 4 && /(?:ss|sh|ch|x|z)es$/.test(bare)) return bare.slice(0, -2);
  if (bare.length > 3 && /[^su]s$/.test(bare)) return bare.slice(0, -1);
  if (bare.length > 4 && /(?:eau|eu)x$/.test(bare)) return bare.slice(0, -1);
  return bare;
}
