import { readFileSync } from 'node:fs';
import { foldText } from '../../shared/arabic/fold.ts';
import type { Article } from '../../shared/model.ts';
import { registrableDomain } from '../../shared/url/index.ts';

/** The news agency an article names as its source. */
export interface WireCredit {
  /** Name in data/agencies.json; {@link AGENCIES_AT_LARGE} for "agencies" without a name. */
  agency: string;
  /** Where it was found. */
  place: 'byline' | 'dateline' | 'sign-off';
}

export interface CreditedArticle {
  text: string;
  authors?: readonly string[];
  /** What extraction read from the page's metadata. */
  agency?: string;
}

export const AGENCIES_AT_LARGE = 'agencies';

/** A dateline is over, and a sign-off has not begun, after so many characters. */
const DATELINE_CHARS = 160;
const SIGN_OFF_CHARS = 120;

const AT_LARGE = [
  'وكالات',
  'الوكالات',
  'وكالات الأنباء',
  'agencies',
  'news agencies',
  'wire services',
  'agences',
  'avec agences',
  'agencias',
  'agenturen',
];

/** Words that introduce a source. */
const SOURCE_WORDS = [
  'المصدر',
  'المصادر',
  'نقلا عن',
  'عن',
  'source',
  'sources',
  'by',
  'from',
  'par',
  'avec',
  'with',
  'via',
  'quelle',
  'fuente',
];

interface Name {
  agency: string;
  /** Folded, blanks and dots of initials optional. */
  pattern: string;
}

let names: Name[] | undefined;

function agencyNames(): Name[] {
  if (names === undefined) {
    const table = JSON.parse(readFileSync(new URL('../../../data/agencies.json', import.meta.url), 'utf8')) as Record<
      string,
      string[]
    >;
    const all = Object.entries({ ...table, [AGENCIES_AT_LARGE]: AT_LARGE });
    names = all
      .flatMap(([agency, spellings]) =>
        [agency, ...spellings].map((spelling) => ({ agency, pattern: patternOf(spelling) })),
      )
      .sort((a, b) => b.pattern.length - a.pattern.length);
  }
  return names;
}

/** أ ف ب, أ.ف.ب and أ. ف. ب are one, and so are AFP and A.F.P. */
function patternOf(spelling: string): string {
  const folded = foldText(spelling);
  const letters = folded.replace(/[\s.]/g, '');
  const isInitials = /^(?:.[\s.]+)+.\.?$/u.test(folded) || (/^[a-z]{2,4}$/.test(letters) && letters === folded);
  const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return isInitials ? [...letters].map(escaped).join('[\\s.]*') : escaped(folded).replace(/\s+/g, '\\s+');
}

let forms: { byline: RegExp; dateline: RegExp[]; signOff: RegExp[] } | undefined;

/**
 * Forms of a credit, over folded text. A bare name in running text is a mention ("Reuters moved its offices"): a credit stands in brackets,
 * between dashes, before a colon, or alone on the last line.
 */
function creditForms() {
  if (forms === undefined) {
    const any = `(?<name>${agencyNames()
      .map(({ pattern }) => pattern)
      .join('|')})`;
    const more = `(?:\\s*[,،/&+-]\\s*[\\p{L}\\p{M} .]{2,24})?`;
    const place = `[\\p{L}\\p{M}\\p{N}'’.,،() -]{0,60}?`;
    const source = `(?:(?:${SOURCE_WORDS.map(foldText).join('|')})\\s*[:：]?\\s+)?`;
    forms = {
      byline: new RegExp(`^\\s*${source}(?:وكاله\\s+(?:انباء\\s+)?)?${any}${more}\\s*$`, 'u'),
      dateline: [
        new RegExp(`^${place}[(\\[]\\s*${any}${more}\\s*[)\\]]`, 'u'), // القاهرة (رويترز) - , PARIS, 3 mai (AFP)
        new RegExp(`^${place}(?:^|[-–—/:،,]\\s*)${any}${more}\\s*(?:[:：]|[-–—])(?=\\s|$)`, 'u'), // دبي - وكالات:
        new RegExp(`^\\s*${any}${more}\\s*\\n`, 'u'), // alone on the first line
      ],
      signOff: [
        new RegExp(`[(\\[]\\s*${source}${any}${more}\\s*[)\\]]\\s*[.]?\\s*$`, 'u'), // … (أ ف ب)
        new RegExp(`(?:^|\\n|\\s[-–—/]\\s*|[©])\\s*${source}${any}${more}\\s*[.]?\\s*$`, 'u'), // — AP
        new RegExp(`(?:${SOURCE_WORDS.map(foldText).join('|')})\\s*[:：]\\s*${any}${more}\\s*[.]?\\s*$`, 'u'), // المصدر: رويترز
      ],
    };
  }
  return forms;
}

/** The agency an article credits in its byline, dateline or last line, or undefined. */
export function findWireCredit({ text, authors = [], agency }: CreditedArticle): WireCredit | undefined {
  const { byline, dateline, signOff } = creditForms();
  const read = (form: RegExp, part: string, place: WireCredit['place']): WireCredit | undefined => {
    const name = form.exec(foldText(part))?.groups?.name;
    const found =
      name === undefined
        ? undefined
        : agencyNames().find(({ pattern }) => new RegExp(`^(?:${pattern})$`, 'u').test(name));
    return found && { agency: found.agency, place };
  };
  const trimmed = text.trim();
  const tries: [RegExp, string, WireCredit['place']][] = [
    ...[...(agency === undefined ? [] : [agency]), ...authors].map((author): (typeof tries)[number] => [
      byline,
      author,
      'byline',
    ]),
    ...dateline.map((form): (typeof tries)[number] => [form, trimmed.slice(0, DATELINE_CHARS), 'dateline']),
    ...signOff.map((form): (typeof tries)[number] => [form, trimmed.slice(-SIGN_OFF_CHARS), 'sign-off']),
  ];
  for (const [form, part, place] of tries) {
    const credit = read(form, part, place);
    if (credit !== undefined) return credit;
  }
  return undefined;
}

/** {@link findWireCredit} of an article's record. */
export function creditOf({ text = '', authors, agency }: Pick<Article, 'text' | 'authors' | 'agency'>) {
  return findWireCredit({ text, ...(authors && { authors }), ...(agency !== undefined && { agency }) });
}

/** Sites of agencies that publish their own wire. Registrable domain → name in data/agencies.json. Source: the agencies' imprints. */
const AGENCY_SITES: Record<string, string> = {
  'reuters.com': 'Reuters',
  'afp.com': 'AFP',
  'apnews.com': 'AP',
  'aa.com.tr': 'Anadolu',
  'dpa.com': 'dpa',
  'efe.com': 'EFE',
  'ansa.it': 'ANSA',
  'tass.com': 'TASS',
  'tass.ru': 'TASS',
  'ria.ru': 'RIA Novosti',
  'interfax.ru': 'Interfax',
  'xinhuanet.com': 'Xinhua',
  'news.cn': 'Xinhua',
  'kyodonews.net': 'Kyodo',
  'jiji.com': 'Jiji Press',
  'yna.co.kr': 'Yonhap',
  'ptinews.com': 'PTI',
  'aninews.in': 'ANI',
  'mena.org.eg': 'MENA',
  'spa.gov.sa': 'SPA',
  'wam.ae': 'WAM',
  'qna.org.qa': 'QNA',
  'kuna.net.kw': 'KUNA',
  'petra.gov.jo': 'Petra',
  'wafa.ps': 'WAFA',
  'sana.sy': 'SANA',
  'ina.iq': 'INA',
  'nna-leb.gov.lb': 'NNA',
  'tap.info.tn': 'TAP',
  'mapnews.ma': 'MAP',
  'aps.dz': 'APS',
  'irna.ir': 'IRNA',
  'isna.ir': 'ISNA',
  'tasnimnews.com': 'Tasnim',
  'farsnews.ir': 'Fars',
  'mehrnews.com': 'Mehr',
  'upi.com': 'UPI',
  'ukrinform.net': 'Ukrinform',
  'ukrinform.ua': 'Ukrinform',
};

/** The agency whose own site a URL is on: its article is the wire itself and no reprint. */
export function agencyOfSite(url: string): string | undefined {
  const domain = registrableDomain(url);
  return domain !== undefined && Object.hasOwn(AGENCY_SITES, domain) ? AGENCY_SITES[domain] : undefined;
}
