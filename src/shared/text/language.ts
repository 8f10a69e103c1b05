import { getLIDModel } from 'fasttext.wasm.js';
import type { DetectedLanguage } from '../model.ts';
import { directionOf, keepScript, profileScript } from './script.ts';

/**
 * Language identification: the script narrows the choice, letters only one language of that script has decide what a
 * model mixes up, and fastText's lid.176 (Joulin et al., 2016; inside the fasttext.wasm.js package) does the rest.
 */
const model = await (await getLIDModel()).load();

/** Fewer letters than this name no language, unless the script or its letters alone do. */
const MIN_LETTERS = 10;
/** Fewer than this need a model that is sure. */
const FEW_LETTERS = 20;
const SURE = 0.6;
/** As much text as helps; more only costs time. */
const MAX_LENGTH = 2000;
/** Below this the model is guessing. */
const MIN_CONFIDENCE = 0.25;

/** Scripts that one language of the news is written in. */
const SOLE_LANGUAGE: Record<string, string> = {
  Grek: 'el',
  Armn: 'hy',
  Geor: 'ka',
  Thai: 'th',
  Laoo: 'lo',
  Khmr: 'km',
  Mymr: 'my',
  Sinh: 'si',
  Taml: 'ta',
  Telu: 'te',
  Knda: 'kn',
  Mlym: 'ml',
  Gujr: 'gu',
  Guru: 'pa',
  Orya: 'or',
  Thaa: 'dv',
  Kore: 'ko',
  Jpan: 'ja',
};

/** What a script most often means when the text is too short to ask the model, for scripts with one dominant language. */
const USUAL_LANGUAGE: Record<string, string> = { Hani: 'zh', Hebr: 'he' };

/**
 * Languages the model may answer, by script. It also knows dialect Wikipedias, which draw short headlines of the big
 * languages; those are folded into the language their readers read news in (`DIALECTS`).
 */
const LANGUAGES: Record<string, string> = {
  Latn:
    'en fr es pt it de nl sv no da fi is et lv lt pl cs sk sl hr bs sr hu ro sq tr az uz tk ku ca gl eu oc cy ga gd br mt lb fy af sw so ' +
    'id ms jv su tl vi eo la ht mg yo ceb',
  Cyrl: 'ru uk be bg mk sr kk ky tg tt ba uz mn az os ce cv',
  Arab: 'ar fa ur ps ckb ug sd ks az',
  Deva: 'hi mr ne sa',
  Beng: 'bn as',
  Hebr: 'he yi',
  Hani: 'zh ja',
  Ethi: 'am ti',
  Tibt: 'bo dz',
};
const ALLOWED = new Map(Object.entries(LANGUAGES).map(([script, codes]) => [script, new Set(codes.split(' '))]));

const DIALECTS: Record<string, string> = {
  arz: 'ar',
  pnb: 'ur',
  mzn: 'fa',
  lrc: 'fa',
  azb: 'az',
  ku: 'ku',
  diq: 'ku',
  wuu: 'zh',
  yue: 'zh',
  sh: 'hr',
  nn: 'no',
  als: 'de',
  bar: 'de',
  pfl: 'de',
  nds: 'de',
  vls: 'nl',
  li: 'nl',
  sco: 'en',
  an: 'es',
  ast: 'es',
  cbk: 'es',
  mwl: 'pt',
  wa: 'fr',
  scn: 'it',
  nap: 'it',
  lmo: 'it',
  pms: 'it',
  vec: 'it',
  eml: 'it',
  co: 'it',
  rue: 'uk',
  mai: 'hi',
  bh: 'hi',
  new: 'ne',
  dty: 'ne',
  gom: 'mr',
  bpy: 'bn',
  min: 'id',
  war: 'ceb',
};

/**
 * Letters, and a few short words, of the Arabic script that only some of its languages write. Each row: letters, the language they speak for.
 * Source: Unicode 16, chapter 9.2, and the alphabets of the languages.
 */
const ARABIC_SCRIPT_LETTERS: readonly (readonly [RegExp, string])[] = [
  [/[ټډړڼښځڅېۍ]|(?<!\p{L})(?:د|په)(?!\p{L})/gu, 'ps'],
  [/[ۆڕڵێە]/gu, 'ckb'],
  [/[ٹڈڑںےۓھہ]/gu, 'ur'],
  [/[ةىأإؤ]/gu, 'ar'],
  [/[ۇۈۋېڭ]/gu, 'ug'],
  [/[ڄڃڇڏڊڙڻڳڱ]/gu, 'sd'],
];
const PERSIAN_LETTERS = /[پچژگکی]/gu;
const SHARED_WITH_ARABIC = /[ثصضطظعحذغ]/gu;

/** The language the letters of a text in Arabic script speak for, or undefined when they are those of several. */
function languageByArabicLetters(text: string): string | undefined {
  const counts = ARABIC_SCRIPT_LETTERS.map(([letters, language]) => ({
    language,
    count: text.match(letters)?.length ?? 0,
  })).sort((a, b) => b.count - a.count);
  const [first, second] = counts;
  if (first && second && first.count >= 2 && first.count >= 3 * second.count) {
    // Persian newsrooms write أ and ؤ in loan words, and Arabic ones write پ and گ in names: weigh them against each other.
    if (first.language !== 'ar') return first.language;
    return (text.match(PERSIAN_LETTERS)?.length ?? 0) * 2 <= first.count ? 'ar' : undefined;
  }
  const persian = text.match(PERSIAN_LETTERS)?.length ?? 0;
  const arabic = text.match(SHARED_WITH_ARABIC)?.length ?? 0;
  return first?.count === 0 && persian >= 3 && persian >= arabic ? 'fa' : undefined;
}

/** URLs, addresses, handles and hashtags: Latin in any language. */
const NOT_PROSE = /https?:\/\/\S+|www\.\S+|\S+@\S+\.\S+|[@#][\w.]+/gu;

/**
 * The language of `text` (best a title with its body), its script and direction. `und` when it is too short or too mixed
 * to tell; script and direction are given all the same.
 */
export function detectLanguage(text: string): DetectedLanguage {
  const prose = text.slice(0, MAX_LENGTH).replace(NOT_PROSE, ' ');
  const { script, letters, share } = profileScript(prose);
  const direction = directionOf(script);
  const answer = (language: string, confidence: number): DetectedLanguage => ({
    language,
    script,
    direction,
    confidence: Math.round(Math.min(1, confidence) * 1000) / 1000,
  });

  if (letters === 0) return answer('und', 0);
  const sole = SOLE_LANGUAGE[script];
  if (sole) return answer(sole, share);

  const byLetters = script === 'Arab' ? languageByArabicLetters(prose) : undefined;
  if (letters < MIN_LETTERS && script !== 'Hani') {
    if (byLetters) return answer(byLetters, 0.6 * share);
    const usual = USUAL_LANGUAGE[script];
    return usual ? answer(usual, 0.6 * share) : answer('und', 0);
  }
  if (script === 'Hani') {
    if (letters < 2) return answer('und', 0);
    return answer('zh', letters < 6 ? 0.6 * share : share);
  }

  const [language, probability] = askModel(keepScript(prose, script), script);
  if (byLetters && byLetters !== language) {
    // The model has seen little Urdu, Pashto and Sorani; its alphabets are proof on short text and it may keep its word on long.
    return answer(byLetters, 0.9 * share);
  }
  if (language === undefined || probability < (letters < FEW_LETTERS ? SURE : MIN_CONFIDENCE))
    return answer('und', probability * share);
  return answer(language, probability * share);
}

/** The model's best answer among the languages of the script, with its share of their probability. */
function askModel(text: string, script: string): [language: string | undefined, probability: number] {
  // fastText reads one line; capitals in headlines mislead it, as its training text is mostly lower case.
  const predictions = model.predict(`${text.replace(/\s+/gu, ' ').toLowerCase()}\n`, 24, 0) as unknown as {
    size(): number;
    get(index: number): [number, string];
    delete(): void;
  };
  const allowed = ALLOWED.get(script);
  const scores = new Map<string, number>();
  let total = 0;
  for (let i = 0; i < predictions.size(); i += 1) {
    const [probability, label] = predictions.get(i);
    const raw = label.slice('__label__'.length);
    const language = DIALECTS[raw] ?? raw;
    if (allowed && !allowed.has(language)) continue;
    total += probability;
    scores.set(language, (scores.get(language) ?? 0) + probability);
  }
  predictions.delete();
  let best: string | undefined;
  for (const [language, score] of scores) if (best === undefined || score > (scores.get(best) ?? 0)) best = language;
  return [best, best === undefined ? 0 : (scores.get(best) ?? 0) / total];
}
