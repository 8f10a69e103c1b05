/**
 * Who came to harm and how many, as the report puts it: `أربعة من الجنود … قتلوا`, `مصرع 24 مسلحاً`, `وأصيب تسعة آخرون`,
 * `مقتل جنديين`, `killing at least 12 people`. Numbers that count days, kilometres or posts are not people.
 */
import type { Casualty } from '../../../shared/model.ts';
import { nisbaCountry } from './knowledge.ts';
import { type FoundNumber, numberAt } from './numbers.ts';
import { endsSentence, foldWord, type Word, wordSet } from './words.ts';

type Kind = Casualty['kind'];

/** Words between a verb of harm and the number it governs. */
const REACH = 9;

function kinds(lists: Record<Kind, string>): Map<string, Kind> {
  return new Map(
    (Object.entries(lists) as [Kind, string][]).flatMap(([kind, list]) =>
      list.split(' ').map((word) => [foldWord(word), kind] as const),
    ),
  );
}

/** Verbs and verbal nouns that come before whom they befell. */
const HARM = kinds({
  killed:
    'مقتل مصرع استشهاد وفاة قتل قتلت قتلوا قتلا قُتل مصرعهم مصرعه مصرعها حتفهم حتفه بحياة ضحيته ضحيتها ضحية حصد حصدت قضى قضوا قضت استشهد استشهدوا استشهدت توفي توفيت توفوا لقوا لقي لقيت يقتل تقتل لمقتل أرواح حياة إعدام اغتيال ذبح سقوط غرق اغتالت مات ماتوا killed kill kills killing dead died die dies deaths death murdered slain tues tue tuees tuee tuant morts mort mortes deces decedes muertos muerto murieron murio matado mataron fallecidos fallecieron matando tuer perdu',
  wounded:
    'إصابة جرح أصيب أصيبوا أصيبت أصيبا جرحوا جرحت إصابات بجروح جرحى wounded injured injuring wounding hurt injuries blesses blesse blessees blessant heridos herido heridas resultaron lesionados',
  missing: 'فقدان فقد فقدوا المفقودين مفقودا missing disparus disparu desaparecidos desaparecido portees',
});
/** Nouns that are counted themselves: 24 قتيلا, ثلاثة جرحى, 12 dead. */
const COUNTED = kinds({
  killed:
    'قتيل قتيلا قتلى القتلى الضحايا قتيلين قتيلان شهيد شهيدا شهداء شهيدين شهيدان ضحايا وفاة وفيات جثة جثث جثتين جثتان dead deaths bodies fatalities morts muertos fallecidos victimes victimas killed tues mort muerto',
  wounded:
    'جريح جريحا جرحى الجرحى المصابين جريحين جريحان مصاب مصابا مصابين مصابون مصابان إصابة إصابات wounded injured injuries blesses heridos blesse herido',
  missing: 'مفقود مفقودا مفقودين مفقودون مفقودان missing disparus desaparecidos',
});
const PERSONS = wordSet(
  'شخص شخصا أشخاص الأشخاص مسلح مسلحا مسلحين المسلحين مسلحون جندي جنديا جنود الجنود مدني مدنيا مدنيين المدنيين مدنيون عنصر عنصرا عناصر العناصر متمرد متمردا متمردين متشدد متشددا متشددين إرهابي إرهابيا إرهابيين شرطي شرطيا شرطيين رجال رجل رجلا ضابط ضابطا ضباط',
  'طفل طفلا أطفال الأطفال امرأة نساء سيدة سيدات رجال مواطن مواطنا مواطنين المواطنين عامل عاملا عمال صحفي صحفيا صحفيين صحافيا صحافيين متظاهر متظاهرا متظاهرين المتظاهرين محتج محتجا محتجين راكب راكبا ركاب سائح سائحا سياح مقاتل مقاتلا مقاتلين المقاتلين ضحية حاج حاجا حجاج',
  'مهاجر مهاجرا مهاجرين لاجئ لاجئا لاجئين طالب طالبا طلاب تلميذ تلميذا تلاميذ طالبة فرد فردا أفراد آخرون آخرين اخرين اخرون آخر أسير سجين سجينا سجناء انتحاري انتحاريا انتحاريين شاب شابا شبان مصل مصليا مصلين موظف موظفا موظفين حارس حارسا حراس مدنيان قيادي قياديا قياديين قيادات عسكري عسكريا عسكريين طيارا طيارين صيادا صيادين مسعفا مسعفين طبيبا رضيعا رضع مستوطنا مستوطنين بحار بحارا بحارة فتاة فتيات منهم بينهم',
  'people persons person firefighters firefighter medics paramedics civilians civilian soldiers soldier militants militant troops officers officer policemen police men women children child fighters fighter rebels rebel protesters passengers workers journalists others migrants students insurgents gunmen worshippers pilgrims tourists members victims more man woman boy girl boys girls residents refugees prisoners',
  'personnes personne pompiers pompier gendarmes secouristes agents civils civil soldats soldat militaires policiers enfants enfant femmes femme hommes homme combattants manifestants passagers autres migrants rebelles fideles personas persona bomberos agentes civiles soldados soldado militares policias ninos nino mujeres mujer hombres combatientes manifestantes pasajeros otras otros migrantes rebeldes vecinos',
);
/** Persons in the dual: the number is in the word. */
const DUAL = wordSet(
  'شخصان شخصين جنديان جنديين مسلحان مدنيان شرطيان شرطيين طفلان طفلين امرأتان امرأتين رجلان رجلين عنصران عنصرين ضابطان ضابطين صحفيان عاملان مواطنان متظاهران فلسطينيان أمريكيان أميركيان شابان شابين سائحان انتحاريان حارسان حارسين فتاتان فتاتين سيدتان سيدتين مراسلان طفلتان طفلتين قتيلان قتيلين جريحان جريحين شهيدان شهيدين شقيقان شقيقين جثتين جثتان',
);
/** A single person without a number counts one after a verb of harm. */
const SINGLE = wordSet(
  'أحد إحدى شخص جندي مسلح مدني شرطي طفل طفلة امرأة رجل ضابط صحفي صحافي عامل مواطن متظاهر سائح شاب سيدة فتاة طالب انتحاري محتج عنصر مراسل فلسطيني فلسطينية سائق حارس مزارع راكب بحار طيار عسكري صياد مسعف ممرض طبيب معلم مصور رضيع فتى عنصر مستوطن رجل حاج آخر ثان ثالث رابع خامس',
);
const NOT_PERSONS = wordSet(
  'يوم يوما أيام ساعة ساعات عام عاما أعوام سنة سنوات أسبوع أسابيع شهر شهرا أشهر دقيقة دقائق كيلومتر كيلومترا كيلومترات متر مترا أمتار كلم كم مليون دولار دولارا بالمئة بالمائة سيارة سيارات منزل منزلا منازل مبنى مرة مرات نقطة مدينة محافظة قرية days day years year hours hour months kilometers km miles percent minutes weeks jours ans heures annees mois dias anos horas meses kilometros',
);
const FILLER = wordSet(
  'ما لا يقل عن على الأقل نحو حوالي قرابة أكثر من زهاء ما يقرب يزيد عدد وعدد at least about some around more than nearly up to au moins environ plus de quelque al menos unas unos más de cerca as many',
);
/** Negations before a verb of harm. */
const NEGATED = wordSet('لم لن دون عدم no not without sans aucun ninguno sin');

/** Words of fear or doubt: what comes behind them in their clause, or has one inside, has not happened yet or nobody knows. */
const FEARED = wordSet('يخشى تخشى يخشون مخاوف خشية ربما يحتمل feared fears might');
const FEAR_REACH = 9;

function isFeared(words: Word[], first: number, last: number): boolean {
  for (let at = last; at > first - FEAR_REACH && at >= 0; at--) {
    if (FEARED.has(words[at]?.key ?? '')) return true;
    if (at <= first && (endsSentence((words[at] as Word).gap) || /[،,;؛]/.test((words[at] as Word).gap))) return false;
  }
  return false;
}

export function findCasualties(text: string, words: Word[]): Casualty[] {
  const found: Casualty[] = [];
  const used = new Set<number>();
  const disease = DISEASE.test(text);
  for (let at = 0; at < words.length; at++) {
    const counted = countedAt(words, at);
    const made = counted ?? governedAt(words, at, used);
    // In a report on a disease إصابة is an infection.
    if (made === undefined || (disease && made.kind === 'wounded') || isFeared(words, made.first, made.last)) continue;
    const { first, last, kind, number, who } = made;
    if (number && used.has(number.first)) continue;
    if (number) for (let index = number.first; index <= number.last; index++) used.add(index);
    const start = stripConjunction(words, first);
    const end = (words[last] as Word).end;
    const casualty: Casualty = { kind, count: made.count, text: text.slice(start, end), start, end };
    if (who) casualty.who = text.slice((words[who[0]] as Word).start, (words[who[1]] as Word).end);
    found.push(casualty);
  }
  return found.sort((a, b) => a.start - b.start);
}

const DISEASE = /فيروس|وباء|الحصبة|كورونا|الكوليرا|إيبولا|لقاح|عدوى|virus|outbreak|epidemic|vaccin|épidémie|epidemia/i;

interface Made {
  first: number;
  last: number;
  kind: Kind;
  count: number;
  number?: FoundNumber;
  who?: [number, number];
}

const OTHERS = /^(?:autres?|others?|otr[oa]s)$/;
/** من بينهم عشرة عسكريين: part of a toll given before. */
const PART_OF = /^(?:بينهم|بينهن|منهم|including|dont|incluidos|incluyendo)$/;
const YEAR_BEFORE = /^[وفبل]?(?:عام|العام|سنه|مواليد|رقم|in|since|en|year)$/;

/** The number itself is not used up: مقتل 24 is found from مقتل. */
function countedAt(words: Word[], at: number): Made | undefined {
  const number = numberAt(words, at);
  if (number === undefined) {
    // قتيلان, جريحان.
    const key = bareKey((words[at] as Word).key);
    const kind = COUNTED.get(key);
    return kind && DUAL.has(key) ? { first: at, last: at, kind, count: 2 } : undefined;
  }
  if (!isCount(number) || YEAR_BEFORE.test(words[at - 1]?.key ?? '') || PART_OF.test(words[at - 1]?.key ?? ''))
    return undefined;
  // Numbers before the noun of harm, with people between at most: 24 قتيلا, 12 people were killed, ثلاثة مدنيين قتلوا.
  for (let index = number.last + 1; index <= number.last + REACH && index < words.length; index++) {
    const word = words[index] as Word;
    if (endsSentence(word.gap) || /[،,;؛]/.test(word.gap)) return undefined;
    const direct = index === number.last + 1;
    const key = bareKey(word.key);
    const counted = COUNTED.get(key);
    // six autres blessés.
    const afterOthers = index === number.last + 2 && OTHERS.test(words[index - 1]?.key ?? '');
    if (counted && (direct || afterOthers))
      return { first: at, last: index, kind: counted, count: number.value, number };
    if (direct && NOT_PERSONS.has(key)) return undefined;
    if (/^و.*(?:قتل|صيب|جرح)/.test(word.key)) return undefined;
    const harm = afterPeople(words, index, number);
    const complement = words[index + 1];
    const ends = /^لق/.test(word.key) && complement && /^(?:مصرع|حتف)/.test(complement.key) ? index + 1 : index;
    if (harm)
      return { first: at, last: ends, kind: harm, count: number.value, number, ...whoOf(words, number, index - 1) };
    // deux policiers et un manifestant ont été blessés: both were.
    const listed = /^(?:et|and|y|e)$/.test(words[index - 1]?.key ?? '');
    if (numberAt(words, index) && index > number.last + 1 && !listed) return undefined;
  }
  return undefined;
}

const AFTER_PEOPLE = kinds({
  killed:
    'قتلوا قتل قتلت لقوا استشهدوا توفوا ماتوا قضوا مصرعهم مصرعهن حتفهم killed dead died murdered tues tuees morts muertos murieron fallecieron perdu decedees',
  wounded: 'أصيبوا جرحوا أصيب أصيبت wounded injured hurt blesses blessees heridos heridas',
  missing: 'فقدوا المفقودين مفقودين missing disparus disparues desaparecidos desaparecidas',
});

const AUXILIARY = wordSet('were was are have has been be resultaron fueron han sido ont ete sont more others other');

/** A verb after its people: some person word must stand between it and the number. */
function afterPeople(words: Word[], at: number, number: FoundNumber): Kind | undefined {
  const kind = AFTER_PEOPLE.get((words[at] as Word).key);
  if (kind === undefined) return undefined;
  let onlyVerbs = at > number.last + 1;
  for (let index = number.last + 1; index < at; index++) {
    const { key } = words[index] as Word;
    if (isPerson(key)) return kind;
    if (!AUXILIARY.has(key)) onlyVerbs = false;
  }
  return onlyVerbs ? kind : undefined;
}

/** A verb or noun of harm and the number, dual or single person it governs. */
function governedAt(words: Word[], at: number, used: Set<number>): Made | undefined {
  const word = words[at] as Word;
  const kind = HARM.get(word.key) ?? HARM.get(bareKey(word.key));
  if (kind === undefined) return undefined;
  const before = words[at - 1];
  // أن شرطياً قتل: one person before a verb of harm.
  const victim =
    before &&
    /^ $/.test(word.gap) &&
    AFTER_PEOPLE.has(word.key) &&
    before.key.endsWith('ا') &&
    SINGLE.has(before.key.slice(0, -1)) &&
    numberAt(words, at - 2) === undefined;
  if (victim) return { first: at - 1, last: at, kind, count: 1, who: [at - 1, at - 1] };
  if (before && NEGATED.has(before.key) && !endsSentence(word.gap)) return undefined;
  for (let index = at + 1; index <= at + REACH && index < words.length; index++) {
    const next = words[index] as Word;
    if (endsSentence(next.gap) || /[;؛]/.test(next.gap)) return undefined;
    if (/[،,]/.test(next.gap) && index > at + 1) return undefined;
    if (HARM.has(bareKey(next.key)) && !FILLER.has(next.key) && !COUNTED.has(bareKey(next.key))) return undefined;
    const direct = index === at + 1 || onlyFiller(words, at + 1, index);
    const key = bareKey(next.key);
    const dual = DUAL.has(key) || (direct && nisbaDual(key));
    if (dual) return { first: at, last: index, kind, count: 2, who: [index, index] };
    if (direct && SINGLE.has(key) && (numberAt(words, index + 1)?.value ?? 1) === 1 && word.script === 'arabic')
      return { first: at, last: index, kind, count: 1, who: [index, index] };
    const number = numberAt(words, index);
    if (number === undefined || used.has(number.first)) continue;
    const preceding = words[index - 1]?.key ?? '';
    if (!isCount(number) || YEAR_BEFORE.test(preceding) || PART_OF.test(preceding)) return undefined;
    const after = number.last + 1;
    const who = whoOf(words, number, Math.min(after + 3, words.length - 1));
    const unit = words[after];
    // died and dozens were missing: the second number has a verb of its own.
    const own = AUXILIARY.has(unit?.key ?? '') ? AFTER_PEOPLE.get(words[after + 1]?.key ?? '') : undefined;
    if (own !== undefined && own !== kind) continue;
    if (OTHERS.test(unit?.key ?? '') && (COUNTED.get(words[after + 1]?.key ?? '') ?? kind) !== kind) continue;
    if (unit && (NOT_PERSONS.has(unit.key) || (COUNTED.get(bareKey(unit.key)) ?? kind) !== kind)) return undefined;
    if (!direct && who.who === undefined) return undefined;
    // مقتل 24 في انفجار: a bare number right behind the noun.
    const last = closing(words, at, who.who ? who.who[1] : number.last);
    return { first: at, last, kind, count: number.value, number, ...who };
  }
  return undefined;
}

/** لقي … مصرعهم: the span runs to the noun that completes the verb. */
function closing(words: Word[], at: number, last: number): number {
  if (!/^[وف]?لق(?:ي|يت|وا)$/.test((words[at] as Word).key)) return last;
  for (let index = last + 1; index <= last + 8 && index < words.length; index++) {
    if (endsSentence((words[index] as Word).gap)) return last;
    if (/^(?:مصرع|حتف)/.test((words[index] as Word).key)) return index;
  }
  return last;
}

function onlyFiller(words: Word[], from: number, to: number): boolean {
  for (let index = from; index < to; index++) if (!FILLER.has((words[index] as Word).key)) return false;
  return true;
}

/** The noun phrase counted: the word after the number, with من and a definite noun, or a nisba. */
function whoOf(words: Word[], number: FoundNumber, limit: number): { who?: [number, number] } {
  for (let index = number.last + 1; index <= Math.min(limit, number.last + 3) && index < words.length; index++) {
    const word = words[index] as Word;
    if (endsSentence(word.gap) || /[،,:;؛]/.test(word.gap)) break;
    if (!isPerson(word.key)) continue;
    let last = index;
    const next = words[index + 1];
    if (next && next.gap === ' ' && nisbaCountry(next.key) && index + 1 <= limit + 2) last = index + 1;
    const first = (words[number.last + 1] as Word).key === 'من' ? number.last + 2 : index;
    return { who: [Math.min(first, index), last] };
  }
  return {};
}

function isPerson(key: string): boolean {
  return (
    PERSONS.has(key) ||
    PERSONS.has(bareKey(key)) ||
    PERSONS.has(key.replace(/(?:ها|هم|ه|هما)$/, '')) ||
    COUNTED.has(key) ||
    (nisbaCountry(key) !== undefined && !/^ال.*ه$/.test(key))
  );
}

const nisbaDual = (key: string): boolean => /(?:ان)$/.test(key) && key.length > 5 && nisbaCountry(key) !== undefined;

/** A count of people is whole and below what any one event does. */
const isCount = ({ value }: FoundNumber): boolean => Number.isInteger(value) && value > 0 && value < 2_000_000;

/** Without a leading conjunction or preposition, where the word is longer than that. */
function bareKey(key: string): string {
  if (HARM.has(key) || PERSONS.has(key) || COUNTED.has(key) || DUAL.has(key)) return key;
  return key.length > 3 ? key.replace(/^[وف]?[بل]?(?=.{3})/, '') : key;
}

function stripConjunction(words: Word[], at: number): number {
  const word = words[at] as Word;
  const bare = bareKey(word.key);
  return bare === word.key || word.offsets ? word.start : word.start + (word.key.length - bare.length);
}
