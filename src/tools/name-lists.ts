import { readFileSync } from 'node:fs';
import type { NameLists } from '../workers/extract-entities/tagger/sentences.ts';

/** Names that training sentences are filled with, from our own lists and the knowledge base. */

const DATA = new URL('../../data/', import.meta.url);

/** Inhabitants of a place whose name the news know, and of one they do not. */
const CITY = 100_000;
const VILLAGE = 15_000;
/** Family names of nobody, so that not only known names are learnt. */
const INVENTED = 4_000;

const WORDS = {
  en: {
    job: 'chairman,president,head,director,secretary-general,spokesman,manager,editor,ambassador,governor,chief executive',
    month: 'January,February,March,April,May,June,July,August,September,October,November,December',
    weekday: 'Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday',
    day: '1,4,9,12,17,23,30',
    year: '1994,1996,2001,2008,2013,2019,2024',
    initial: 'A,B,C,D,E,F,G,H,J,K,L,M,N,P,R,S,T,W',
    head: 'Commission,Committee,Council,Association,Federation,Union,Party,Movement,Agency,Institute,Front,Board',
    head2:
      'Football,Trade,Farmers,Human Rights,Nuclear Energy,Broadcasting,Labour,Cycling,Medical,Olympic,Reform,Wildlife',
  },
  ar: {
    month:
      'يناير,فبراير,مارس,أبريل,مايو,يونيو,يوليو,أغسطس,سبتمبر,أكتوبر,نوفمبر,ديسمبر,كانون الثاني,شباط,آذار,نيسان,أيار,حزيران,تموز,آب,أيلول',
    weekday: 'الأحد,الاثنين,الثلاثاء,الأربعاء,الخميس,الجمعة,السبت',
    year: '1948,1967,1979,1991,1996,2001,2003,2005,2011,2014,2019,2024',
    ideology: 'الديمقراطي,الاشتراكي,الشيوعي,الليبرالي,المحافظ,الجمهوري,الوطني,القومي,الإسلامي,الدستوري',
    virtue:
      'العدالة,التنمية,الإصلاح,الوحدة,الحرية,التغيير,النهضة,الاستقلال,التحرير,الوفاق,العمل,السلام,المستقبل,التضامن',
  },
};

/** Names in English or Arabic. `random` is used to invent some. */
export function namesFor(language: 'en' | 'ar', random: () => number): NameLists {
  const own = readLists(language);
  const arabic = language === 'ar';
  const isName = arabic ? /^[\p{Script=Arabic} ]+$/u : /^\p{Lu}[\p{L} '’-]+$/u;
  const places = (from: number, to: number) =>
    rows('cities.tsv').flatMap(([, , , , population, , english = '', arabicNames = '']) => {
      const name = arabic ? (arabicNames.split('|')[0] as string) : plain(english);
      return Number(population) >= from && Number(population) < to && isName.test(name) ? [name] : [];
    });
  const single = (names: readonly string[] = []) => names.filter((name) => isName.test(name) && !name.includes(' '));
  const invented = Array.from({ length: INVENTED }, () => (arabic ? inventArabic(random) : inventName(random)));
  const nationality = own.nationality ?? [];
  return {
    ...Object.fromEntries(Object.entries(WORDS[language]).map(([kind, words]) => [kind, words.split(',')])),
    given: single(own.given),
    // عبد الله is one given name of two words; البرغوثي is behind it what it belongs to.
    compound: (own.given ?? []).filter((name) => isName.test(name) && name.includes(' ')),
    clan: single(own.surname).filter((name) => name.startsWith('ال')),
    family: [...single(own.surname), ...invented],
    place: places(CITY, Number.POSITIVE_INFINITY),
    village: [...places(0, VILLAGE), ...invented.slice(0, INVENTED / 2)],
    country: rows('states.tsv').flatMap(([code = '']) => territory(code, language)),
    region: own.region ?? [],
    organization: own.organization ?? [],
    company: own.company ?? [],
    club: own.club ?? [],
    media: own.media ?? [],
    nation: arabic ? nationality.map((name) => `ال${name}`) : nationality,
    nationality: nationality.map((name) => `ال${name}`),
  };
}

/** As English news print it: without accents. */
const plain = (name: string) => name.normalize('NFD').replace(/\p{M}+/gu, '');

function rows(file: string): string[][] {
  return readFileSync(new URL(`knowledge/${file}`, DATA), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'));
}

let territories: Record<string, Record<string, string>> | undefined;
function territory(code: string, language: string): string[] {
  territories ??= JSON.parse(readFileSync(new URL('knowledge/territories.json', DATA), 'utf8'));
  const name = territories?.[code]?.[language];
  return name ? [name] : [];
}

/** data/gazetteers/lists-LANGUAGE.txt by kind. */
function readLists(language: string): Record<string, string[]> {
  const lists: Record<string, string[]> = {};
  let kind = '';
  for (const line of readFileSync(new URL(`gazetteers/lists-${language}.txt`, DATA), 'utf8').split('\n')) {
    if (line.startsWith('#')) continue;
    if (line.startsWith('== ')) kind = line.slice(3).trim();
    else
      lists[kind] = [
        ...(lists[kind] ?? []),
        ...line
          .split(',')
          .map((name) => name.trim())
          .filter(Boolean),
      ];
  }
  return lists;
}

const ONSETS = 'b,br,c,ch,d,dr,f,g,gr,h,j,k,kl,kr,l,m,n,p,r,s,sch,sh,st,t,tr,v,w,y,z'.split(',');
const NUCLEI = 'a,e,i,o,u,a,e,o,ai,ei,ou,ia'.split(',');
const CODAS = ',,,n,r,l,s,m,k,nd,rt,v'.split(',');
const ENDINGS = ',,,son,ov,ova,ic,man,ez,ini,berg,sen,escu,wala,ski,idis,yan'.split(',');

function inventName(random: () => number): string {
  const one = (list: readonly string[]) => list[Math.floor(random() * list.length)] as string;
  const more = random() < 0.4 ? one(ONSETS) + one(NUCLEI) : '';
  const name = one(ONSETS) + one(NUCLEI) + one(CODAS) + more + one(ONSETS) + one(NUCLEI).charAt(0) + one(ENDINGS);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

const ARABIC_ONSETS = 'ب,ت,ج,د,ر,س,ش,ف,ك,ل,م,ن,ه,ي,غ,ز,خ,بر,كر,تر,ست,فر'.split(',');
const ARABIC_NUCLEI = 'ا,و,ي,,ا,و,ي'.split(',');
const ARABIC_ENDINGS = ',,ن,ر,س,ل,وف,يتش,سون,مان,ينو,ياني,وفا,ينغ,اوي,ي'.split(',');

/** A foreign name as Arabic writes it. */
function inventArabic(random: () => number): string {
  const one = (list: readonly string[]) => list[Math.floor(random() * list.length)] as string;
  const syllable = () => one(ARABIC_ONSETS) + one(ARABIC_NUCLEI);
  return syllable() + (random() < 0.6 ? syllable() : '') + one(ARABIC_ONSETS) + one(ARABIC_ENDINGS);
}
