/** Words of dates and times in Arabic, English, French and Spanish, folded at load. */
import type { Period, Unit } from './calendar.ts';
import { foldWord, wordSet } from './words.ts';

function table(...lists: string[]): Map<string, number> {
  return new Map(lists.flatMap((list, index) => list.split(' ').map((word) => [foldWord(word), index] as const)));
}

export const WEEKDAYS = table(
  'الأحد sunday sundays dimanche domingo',
  'الاثنين الإثنين الأثنين monday mondays lundi lunes',
  'الثلاثاء tuesday tuesdays mardi martes',
  'الأربعاء wednesday wednesdays mercredi miercoles',
  'الخميس thursday thursdays jeudi jueves',
  'الجمعة friday fridays vendredi viernes',
  'السبت saturday saturdays samedi sabado',
);
/** Index 0 is unused so that the value is the month. */
export const MONTHS = table(
  '',
  'يناير جانفي january janvier enero',
  'فبراير شباط فيفري february fevrier febrero',
  'مارس آذار march mars marzo',
  'أبريل إبريل نيسان أفريل april avril abril',
  'مايو أيار ماي may mai mayo',
  'يونيو يونية حزيران جوان june juin junio',
  'يوليو يوليه يوليوز تموز جويلية july juillet julio',
  'أغسطس آب أوت غشت august aout agosto',
  'سبتمبر أيلول شتنبر september septembre septiembre',
  'أكتوبر اكتوبر october octobre octubre',
  'نوفمبر نونبر november novembre noviembre',
  'ديسمبر دجنبر december decembre diciembre',
);
/** Syriac months of two words. */
export const SYRIAC_PAIRS = new Map<string, number>([
  ['تشرين الاول', 10],
  ['تشرين الثاني', 11],
  ['كانون الاول', 12],
  ['كانون الثاني', 1],
]);
/** التاسع من سبتمبر, الحادي والعشرين من يناير; index is the day, without tens. */
export const ORDINALS = table(
  '',
  'الأول الحادي',
  'الثاني',
  'الثالث',
  'الرابع',
  'الخامس',
  'السادس',
  'السابع',
  'الثامن',
  'التاسع',
  'العاشر',
);
export const TENS = new Map<string, number>([
  ['عشر', 10],
  ['والعشرين', 20],
  ['والثلاثين', 30],
  ['العشرين', 20],
  ['الثلاثين', 30],
]);
export const QUARTERS = new Map<string, number>([
  ['الاول', 0],
  ['الثاني', 1],
  ['الثالث', 2],
  ['الرابع', 3],
  ['الاخير', 3],
]);
/** مطلع الشهر, نهاية العام: a part of the time that runs. */
export const EDGES = wordSet('نهاية بداية مطلع منتصف أواخر أوائل ختام');
export const HIJRI_MONTHS = table('', 'محرم المحرم', 'صفر', '', '', '', '', 'رجب', 'شعبان', 'رمضان', 'شوال');
export const HIJRI_PAIRS = new Map<string, number>([
  ['ربيع الاول', 3],
  ['ربيع الثاني', 4],
  ['ربيع الاخر', 4],
  ['جمادي الاولي', 5],
  ['جمادي الاخره', 6],
  ['جمادي الثانيه', 6],
  ['ذو القعده', 11],
  ['ذي القعده', 11],
  ['ذو الحجه', 12],
  ['ذي الحجه', 12],
]);
/** Months whose names are also words or people (may, mars, آب as father): they need a day, year or preposition beside them. */
export const WEAK_MONTHS = wordSet('may march mars mai آب أوت ماي رجب شعبان صفر رمضان جوان محرم مارس أيار');

export const UNITS = new Map<string, [Unit, number]>();
function unit(name: Unit, one: string, two = ''): void {
  for (const word of one.split(' ')) UNITS.set(foldWord(word), [name, 1]);
  for (const word of two.split(' ').filter(Boolean)) UNITS.set(foldWord(word), [name, 2]);
}
unit('minute', 'دقيقة دقائق minute minutes minuto minutos', 'دقيقتين دقيقتان');
unit('hour', 'ساعة ساعات hour hours heure heures hora horas', 'ساعتين ساعتان');
unit('day', 'يوم يوما أيام day days jour jours dia dias', 'يومين يومان');
unit('week', 'أسبوع أسبوعا أسابيع week weeks semaine semaines semana semanas', 'أسبوعين أسبوعان');
unit('month', 'شهر شهرا أشهر شهور month months mois mes meses', 'شهرين شهران');
unit('year', 'عام عاما أعوام سنة سنوات سنين year years an ans annee annees ano anos', 'عامين سنتين عامان سنتان');
unit('decade', 'عقد عقود decade decades decennie decennies decada decadas', 'عقدين');

/** Definite Arabic units: الأسبوع الماضي. */
export const DEFINITE = new Map<string, [Unit, plural: boolean]>([
  ['اليوم', ['day', false]],
  ['الليله', ['day', false]],
  ['الاسبوع', ['week', false]],
  ['الشهر', ['month', false]],
  ['العام', ['year', false]],
  ['السنه', ['year', false]],
  ['الايام', ['day', true]],
  ['الساعات', ['hour', true]],
  ['الاسابيع', ['week', true]],
  ['الاشهر', ['month', true]],
  ['الشهور', ['month', true]],
  ['السنوات', ['year', true]],
  ['الاعوام', ['year', true]],
  ['العقد', ['decade', false]],
  ['الشهرين', ['month', true]],
  ['العامين', ['year', true]],
  ['اليومين', ['day', true]],
  ['الاسبوعين', ['week', true]],
]);
export const PAST = wordSet(
  'الماضي الماضية الماضيين الماضيتين المنصرم المنصرمة الفائت الفائتة المنقضي الأخيرة الأخير السابق السابقة الماضى',
);
export const FUTURE = wordSet('المقبل المقبلة القادم القادمة المقبلين القادمين التالي');
export const CURRENT = wordSet('الجاري الجارية الحالي الحالية');
export const PARTS_OF_DAY = wordSet('مساء صباح فجر ظهر عصر ليل ليلة منتصف يوم نهار بيوم');
export const YEAR_CUE = wordSet(
  'عام سنة لعام بعام منذ العام صيف ربيع خريف شتاء مطلع نهاية بداية منتصف أواخر أوائل عامي وعام in since year until by before after during from depuis ici en annee de ano desde hasta del durante',
);
export const LATIN_PAST = wordSet(
  'last past dernier derniere passe passee pasado pasada previous ultimo ultima derniers dernieres pasados pasadas',
);
export const LATIN_FUTURE = wordSet('next coming prochain prochaine proximo proxima');
export const LATIN_CURRENT = wordSet('this ce cette este esta');
export const YESTERDAY = new Map<string, number>([
  ['yesterday', -1],
  ['hier', -1],
  ['ayer', -1],
  ['today', 0],
  ['tomorrow', 1],
  ['demain', 1],
  ['hoy', 0],
  ['anteayer', -2],
  ['tonight', 0],
]);

/** A word without a conjunction or preposition written onto it: the article stays. */
export const strip = (key: string): string => key.replace(/^[وف]?[بلك]?(?=ال.{3})/, '').replace(/^لل(?=.{3})/, 'ال');
export const stripAny = (key: string): string => key.replace(/^[وف]?[بلك]?(?=.{3})/, '');

/** A date in the words `first` to `last`; without a period it is not placed. */
export interface FoundDate {
  first: number;
  last: number;
  period?: Period;
}
