/**
 * tsx bench/ner.bench.ts
 *
 * Tokens per CPU second of findEntities, and the memory a language's model takes, over an article of our own said again and
 * again with other numbers, so that no sentence repeats.
 */
import { tokenize } from '../src/shared/text/tokenize.ts';
import { findEntities } from '../src/workers/extract-entities/tagger/find-entities.ts';

const ARTICLES: Record<string, string> = {
  ar: 'أعلنت وزارة الزراعة في الرباط أمس أن {n} مزارعا حصلوا على قروض جديدة من بنك الفلاحة.\nوقال الوزير سامر الخطيب إن البرنامج يشمل فاس ومراكش والدار البيضاء، وأضاف أن الاتحاد الأوروبي يسهم في تمويله.\nوكانت منظمة المزارعين قد طالبت بزيادة الدعم قبل موسم الأمطار.\n',
  en: 'The agriculture ministry in Nairobi said on Monday that {n} farmers had received new loans from the Kenya Land Bank.\nMinister Grace Otieno said the programme covers Mombasa, Kisumu and Nakuru, and that the European Union pays part of it.\nFarmers had asked for more support before the rainy season.\n',
  zh: '农业部星期一在成都宣布，{n}名农民获得了新的贷款。\n部长李文华说，该计划覆盖重庆、昆明和贵阳，欧盟承担部分费用。\n农民协会此前要求在雨季之前增加支持。\n',
  de: 'Das Landwirtschaftsministerium in Wien teilte am Montag mit, dass {n} Bauern neue Kredite erhalten haben.\nMinisterin Anna Lindner sagte, das Programm umfasse Graz, Linz und Salzburg, und die Europäische Union zahle einen Teil.\n',
};
const ROUNDS = 400;

for (const [language, article] of Object.entries(ARTICLES)) {
  const rssBefore = process.memoryUsage().rss;
  findEntities(article, language);
  const modelMb = (process.memoryUsage().rss - rssBefore) / 2 ** 20;
  const texts = Array.from({ length: ROUNDS }, (_, n) => article.replace('{n}', String(1000 + n)));
  const tokens = texts.reduce((sum, text) => sum + tokenize(text).length, 0);
  for (const text of texts.slice(0, ROUNDS / 10)) findEntities(text, language);
  const start = process.cpuUsage();
  for (const text of texts) findEntities(text, language);
  const { user, system } = process.cpuUsage(start);
  const perSecond = Math.round((tokens / (user + system)) * 1e6);
  console.log(`${language}: ${perSecond} tokens per CPU second, model and lists ${modelMb.toFixed(0)} MB RSS`);
}
