import { expect, test } from 'vitest';
import { analyzeArticle } from '../../../../src/workers/extract-entities/analyze/index.ts';

function bodies(text: string, language = 'ar'): string[] {
  return analyzeArticle({ text, language })
    .entities.filter(({ type }) => type === 'organization')
    .flatMap(({ mentions }) => mentions)
    .sort((a, b) => a.start - b.start)
    .map((mention) => mention.text);
}

test.each([
  ['أيدت محكمة النقض الحكم الصادر في القاهرة.', ['محكمة النقض']],
  ['قالت الهيئة العامة للسدود إن المياه ارتفعت.', ['الهيئة العامة للسدود']],
  ['حذر المركز الوطني للزلازل من هزات أخرى.', ['المركز الوطني للزلازل']],
  ['أدانت الجمعية الأردنية لحماية المستهلك الغش.', ['الجمعية الأردنية لحماية المستهلك']],
  ['فاز حزب العدالة والتنمية بالانتخابات.', ['حزب العدالة والتنمية']],
  ['وقعت شركة نماء للاتصالات العقد أمس.', ['شركة نماء للاتصالات']],
  ['نقل الجرحى إلى مجمع ناصر الطبي فجرا.', ['مجمع ناصر الطبي']],
  ['وزع مركز الملك فيصل للبحوث والدراسات الإسلامية كتبا.', ['مركز الملك فيصل للبحوث والدراسات الإسلامية']],
  ['أعلنت القيادة العامة للقوات المسلحة السودانية الهدنة.', ['القيادة العامة للقوات المسلحة السودانية']],
  ['باعت مجموعة إل جي حصتها.', ['مجموعة إل جي']],
  ['زار بعثة الأمم المتحدة للدعم في ليبيا.', ['بعثة الأمم المتحدة للدعم']],
])('bodies – their whole name: %s', (text, expected) => {
  expect(bodies(text)).toEqual(expected);
});

test.each([
  'شركة وهمية تعمل في العقار',
  'فاز بقيادة المصري محمد سالم بالسباق.',
  'طالب حزب الرئيس بالهدوء.',
  'شركة تعمل في البناء أغلقت أبوابها.',
])('bodies – what is no name: %s', (text) => {
  expect(bodies(text)).toEqual([]);
});

test.each([
  ['ar', 'قالت المنظمة العربية لحماية الأنهار (AOPR) إن النهر جف. وأضافت AOPR أن الوضع خطير.', 'AOPR', 2],
  ['ar', 'أعلنت جامعة الملك سالم للعلوم (جامس) النتائج، وقالت جامس إنها أولية.', 'جامس', 2],
  ['en', 'The National Rivers Institute (NARI) said the river was dry. NARI warned farmers.', 'NARI', 2],
])('bodies – %s: a second name in brackets is the same one: %s', (language, text, alias, times) => {
  const found = analyzeArticle({ text, language }).entities.filter(({ mentions }) =>
    mentions.some((mention) => mention.text === alias),
  );
  expect(found).toHaveLength(1);
  expect(found[0]?.mentions.filter((mention) => mention.text === alias)).toHaveLength(times as number);
  expect(found[0]?.mentions.length).toBeGreaterThan(times as number);
});

test('bodies – a Latin name in brackets makes one id in both languages', () => {
  const arabic = analyzeArticle({ text: 'قالت مؤسسة غرينفيلد (Greenfield Trust) إنها ستغلق.', language: 'ar' });
  expect(arabic.entities.map(({ id }) => id)).toEqual(['org:~greenfield-trust']);
  expect(arabic.entities[0]?.mentions.map(({ text }) => text)).toEqual(['مؤسسة غرينفيلد', 'Greenfield Trust']);
});

test.each([
  ['وقال مراسل الجزيرة إن القصف توقف.', 'org:al-jazeera'],
  ['وأوضح الحايك لـ«الشرق الأوسط» أن السوق تترقب.', 'org:asharq-al-awsat'],
])('bodies – an outlet without the word that says what it is: %s', (text, id) => {
  expect(analyzeArticle({ text, language: 'ar' }).entities.map((entity) => entity.id)).toContain(id);
});

test('bodies – الهلال is a club in a report on sport, and no name elsewhere', () => {
  const match = 'فاز الهلال على النصر 2-1 في المباراة، وسجل اللاعب الهدف في الشوط الأول من الدوري على ملعب الرياض.';
  expect(bodies(match)).toEqual(['الهلال', 'النصر']);
  expect(bodies('رصد الفلكيون الهلال مساء أمس، وكان النصر حليف من صبر.')).toEqual([]);
});

test.each([
  ['شعر السكان بالزلزال قرب بندر عباس في إيران.', ['بندر عباس', 'إيران']],
  ['غادر الوفد شرم الشيخ إلى بني غازي.', ['شرم الشيخ', 'بني غازي']],
  ['انفجار في سان فرانسيسكو وآخر في خان يونس.', ['سان فرانسيسكو', 'خان يونس']],
  ['وصل الأمير بندر عباس إلى المطار.', []],
])('places – of two words beside people called alike: %s', (text, expected) => {
  const found = analyzeArticle({ text, language: 'ar' }).entities.filter(({ type }) => type === 'location');
  expect(found.flatMap(({ mentions }) => mentions.map((mention) => mention.text))).toEqual(expected);
});

test('people – lineage and house belong to the name', () => {
  const text = 'استقبل الأمير محمد بن سلمان بن عبد العزيز آل سعود ولي العهد الملك عبد الله الثاني ابن الحسين في جدة.';
  const people = analyzeArticle({ text, language: 'ar' }).entities.filter(({ type }) => type === 'person');
  expect(people.map(({ id, mentions }) => [id, mentions[0]?.text])).toEqual([
    ['person:mohammed-bin-salman', 'محمد بن سلمان بن عبد العزيز آل سعود'],
    ['person:abdullah-ii-of-jordan', 'عبد الله الثاني ابن الحسين'],
  ]);
});

test.each([
  ['الدوحة في 5 مايو /قنا/ قال الوزير إن العمل بدأ.', ['الدوحة'], 'قنا'],
  ['جدة 14 رمضان 1445 هـ الموافق 24 مارس 2024 م واس\nاستقبل الوزير الوفد.', ['جدة'], 'وكالة الأنباء السعودية'],
  ['الرياض: «الشرق الأوسط»\nقال الوزير إن العمل بدأ.', ['الرياض'], 'صحيفة الشرق الأوسط'],
])('datelines – of official agencies: %s', (text, places, agency) => {
  expect(analyzeArticle({ text, language: 'ar' }).dateline).toMatchObject({ places, agency });
});

test.each([
  ['fr', "Le directeur de l'Institut Mercier a critiqué la DGRT hier.", ['Institut Mercier', 'DGRT']],
  ['es', 'La Fiscalía General de la República citó al Banco Central de Quito.', ['Fiscalía General de la República']],
  ['de', 'Der Bundesverband der Deutschen Industrie warnte gestern.', ['Bundesverband der Deutschen Industrie']],
  ['en', 'The Ports and Rivers Authority fined Northvale Holdings Plc. Northvale will appeal.', ['Northvale']],
  ['fr', 'Il vit au XIXe siècle et paie la TVA.', []],
  ['de', 'Die Hafen-Organisation in Wien und eine Universität in Graz warnten.', []],
])('bodies – %s: %s', (language, text, expected) => {
  const found = bodies(text, language);
  for (const name of expected) expect(found).toContain(name);
  if (expected.length === 0) expect(found).toEqual([]);
});

test('people – German and Turkish offices are no part of the name', () => {
  const { entities } = analyzeArticle({
    text: 'Gestern sprach Bundesverkehrsminister Thomas Wiegand in Köln.',
    language: 'de',
  });
  expect(entities.filter(({ type }) => type === 'person').map(({ name }) => name)).toEqual(['Thomas Wiegand']);
});

test('people – a famous family name that begins another name is somebody else', () => {
  const { entities } = analyzeArticle({ text: 'The union was led by Sharon Doyle for years.', language: 'en' });
  expect(entities.map(({ id }) => id)).not.toContain('person:ariel-sharon');
});
