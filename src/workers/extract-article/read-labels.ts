import { isSiteName } from './credits.ts';
import { clean, type PageFacts } from './page-facts.ts';
import { fold } from './phrases.ts';

const MAX_KEYWORDS = 30;
const MAX_KEYWORD_CHARS = 80;
/** What some systems write before a keyword. */
const KEYWORD_PREFIX = /^(?:#|(?:nlp )?(?:category|tag|topic|type|channel|section|subject)\s*:\s*)/i;
/** Numbers and identifiers of the publisher's system. */
const NO_KEYWORD = /^[\d\s._-]+$|^[0-9a-f]{8}-[0-9a-f-]{20,}$/i;

/** Keywords of the article. A list that speaks mostly of the site is the same on all its pages and says nothing. */
export function readKeywords({ data }: PageFacts, sites: Set<string>): string[] {
  const { meta, metaAll, ld } = data;
  const found = new Map<string, string>();
  addKeywords(metaAll.get('article:tag') ?? [], sites, found);
  addKeywords(ld.keywords, sites, found);
  addKeywords([meta.get('news_keywords') ?? ''], sites, found);
  addKeywords([meta.get('keywords') ?? ''], sites, found);
  return [...found.values()];
}

/** `found` has keywords by their folded form. */
function addKeywords(list: readonly string[], sites: Set<string>, found: Map<string, string>): void {
  const own: string[] = [];
  let all = 0;
  for (const line of list) {
    for (const part of line.split(/[,،;،、|]/)) {
      const keyword = clean(part).replace(KEYWORD_PREFIX, '');
      if (keyword === '' || keyword.length > MAX_KEYWORD_CHARS || NO_KEYWORD.test(keyword)) continue;
      all++;
      if (!isSiteName(keyword, sites)) own.push(keyword);
    }
  }
  if (own.length * 2 < all) return;
  for (const keyword of own) {
    const folded = fold(keyword);
    if (found.size < MAX_KEYWORDS && !found.has(folded)) found.set(folded, keyword);
  }
}

/** Front pages in breadcrumbs, and what systems write where an article has no section. */
const NO_SECTION = new Set(
  (
    'Home|Homepage|Home page|Start|Startseite|Accueil|Inicio|Portada|Início|Strona główna|Forside|Etusivu|Anasayfa|Ana sayfa|' +
    'الرئيسية|الصفحة الرئيسية|خانه|صفحه اصلی|صفحه نخست|صفحہ اول|Главная|Головна|Начало|ראשי|דף הבית|होम|首页|首頁|ホーム|トップ|홈|' +
    'Uncategorized|Uncategorised|Unkategorisiert|Allgemein|Non classé|Sin categoría|Sem categoria|Без рубрики|غير مصنف|Article|Articles|Website'
  )
    .split('|')
    .map(fold),
);
/** A section's address instead of its name: "crime-safety". */
const SLUG = /^[a-z0-9]+(?:[-_][a-z0-9]+)+$/;

/** The part of the site that the article belongs to: as stated, else the first of the breadcrumbs behind the front page. */
export function readSection({ data }: PageFacts, sites: Set<string>, title: string): string | undefined {
  const { ld, meta } = data;
  for (const stated of [ld.section, meta.get('article:section'), ...ld.breadcrumbs]) {
    const parts = clean(stated ?? '').split(/\s+[-|]\s+/);
    const name = [...new Set(parts)].join(' - ');
    const section = SLUG.test(name) ? [...new Set(name.split(/[-_]/))].join(' ') : name;
    const folded = fold(section);
    if (folded !== '' && folded !== fold(title) && !NO_SECTION.has(folded) && !isSiteName(section, sites))
      return section;
  }
  return undefined;
}

/** File names of pictures that are the site's and not the article's. */
const SITE_PICTURE = /(?:^|[^a-z])(?:logo|icon|favicon|placeholder|blank|spacer|default|opengraph)(?:[^a-z]|$)/i;

/** Whether an image's address is that of a logo, an icon or a stand-in. Only a short file name says so: "default" is a common folder. */
export function isSitePicture(address: string): boolean {
  const file = (address.split(/[?#]/, 1)[0] as string).split('/').pop() ?? '';
  return file.length <= 40 && SITE_PICTURE.test(file);
}
