import { expect, test } from 'vitest';
import { analyzeArticle } from '../../../../src/workers/extract-entities/analyze/index.ts';

const REPORT = [
  'عدن، اليمن (CNN) -- قال محافظ لحج، سالم باعوم، إن مسلحين من تنظيم القاعدة هاجموا مدينتي "زنجبار" و"جعار" بمحافظة "أبين.',
  'والتقى الرئيس اليمني عبد ربه منصور هادي وفدا من وزارة الدفاع اليمنية، وشكر هادي الولايات المتحدة على دعمها لليمن.',
  'وأفادت وكالة الأنباء اليمنية بأن القاعدة انسحبت، ونفت الوكالة اليمنية وقوع ضحايا، فيما قال باعوم إن الوضع مستقر.',
].join('\n');

function named(text: string, language = 'ar') {
  const { entities } = analyzeArticle({ text, language });
  return Object.fromEntries(entities.map((entity) => [entity.id, entity.mentions.map((mention) => mention.text)]));
}

test('analyzeArticle – a report with a dateline', () => {
  const analysis = analyzeArticle({ text: REPORT });
  expect(analysis).toMatchObject({ language: 'ar', direction: 'rtl' });
  expect(analysis.dateline).toEqual({
    text: 'عدن، اليمن (CNN) --',
    start: 0,
    end: 19,
    places: ['عدن', 'اليمن'],
    agency: 'CNN',
  });
  for (const { mentions } of analysis.entities) {
    for (const { text, start, end } of mentions) expect(REPORT.slice(start, end)).toBe(text);
  }
});

test('analyzeArticle – known names get stable ids, clitics stay outside, لليمن begins at its second ل', () => {
  expect(named(REPORT)).toMatchObject({
    'country:YE': ['اليمن', 'ليمن'],
    'country:US': ['الولايات المتحدة'],
    'person:abd-rabbu-mansour-hadi': ['عبد ربه منصور هادي', 'هادي'],
    'org:ye-ministry-of-defence': ['وزارة الدفاع اليمنية'],
    'org:saba-news-agency': ['وكالة الأنباء اليمنية', 'الوكالة اليمنية'],
    'org:al-qaeda': ['تنظيم القاعدة', 'القاعدة'],
    'admin1:ye-abyan': ['أبين'],
  });
});

test('analyzeArticle – an unknown person keeps the office and is found again by the family name', () => {
  const person = analyzeArticle({ text: REPORT }).entities.find(({ id }) => id.startsWith('person:~'));
  expect(person).toMatchObject({ name: 'سالم باعوم', roles: ['محافظ لحج'] });
  expect(person?.mentions.map((mention) => mention.text)).toEqual(['سالم باعوم', 'باعوم']);
});

test.each([
  ['Yemen', REPORT, 'YE'],
  [
    'Tanzania',
    'دار السلام، تنزانيا (CNN) -- غرقت عبارة قبالة سواحل زنجبار، وقالت الشرطة التنزانية إن السفينة غادرت زنجبار فجرا.',
    'TZ',
  ],
])('analyzeArticle – زنجبار in a story from %s', (_story, text, country) => {
  const place = analyzeArticle({ text }).entities.find(({ mentions }) =>
    mentions.some((mention) => mention.text === 'زنجبار'),
  );
  expect(place?.country).toBe(country);
});

test('analyzeArticle – what describes a body does not name it', () => {
  const text = 'زار الوزير قناة محفورة في الصخر وشركة مملوكة للدولة وقناة الجزيرة.';
  const bodies = analyzeArticle({ text }).entities.filter(({ type }) => type === 'organization');
  expect(bodies.map(({ name }) => name)).toEqual(['قناة الجزيرة']);
});

test.each([
  ['en', 'The quake was felt in Bandar Abbas, where the port worked normally.', 'Bandar Abbas'],
  ['fr', 'Le séisme a été ressenti à Bandar Abbas, où le port fonctionne.', 'Bandar Abbas'],
  ['en', 'Palestinian leader Abbas met the ministers in Cairo. President Abbas then left.', undefined],
])('analyzeArticle – %s: a surname in the name of a place is no person', (language, text, place) => {
  const { entities } = analyzeArticle({ text, language });
  expect(entities.some(({ id }) => id === 'person:mahmoud-abbas')).toBe(place === undefined);
  expect(entities.find(({ name }) => name === 'Bandar Abbas')?.type).toBe(place && 'location');
});

test('analyzeArticle – the places of a dateline are places, though they look like people', () => {
  const text =
    'بندر عباس، إيران (CNN) -- ضرب زلزال محافظة هرمزغان، وقال المحافظ سالم باعوم إن الميناء يعمل في بندر عباس.';
  const { entities } = analyzeArticle({ text });
  expect(entities.find(({ country, type }) => type === 'location' && country === 'IR')).toBeDefined();
  const town = entities.find(({ mentions }) => mentions.some((mention) => mention.text === 'بندر عباس'));
  expect(town).toMatchObject({ type: 'location', country: 'IR', mentions: [{ start: 0 }, { text: 'بندر عباس' }] });
  expect(entities.filter(({ type }) => type === 'person').map(({ name }) => name)).toEqual(['سالم باعوم']);
});
