import { foldText } from '../../shared/arabic/fold.ts';

/**
 * Words that say nothing of what a text is about, in Arabic, English and French, and the words every report uses (said, added, today).
 * Inverse document frequency learns the rest, and these in other languages; the list is for the first articles, when it knows nothing.
 */
const WORDS = `
  في من على إلى عن أن إن ان التي الذي الذين اللذين ما ماذا هذا هذه ذلك تلك هؤلاء هو هي هم هما نحن أنا كان كانت كانوا يكون تكون لا لم لن قد لقد
  مع بعد قبل بين حتى ثم أو أم بل لكن ولكن كما كل كلا بعض أي أية غير سوى حول خلال عند عندما حين حيث لدى لدي منذ ضد تحت فوق أمام وراء دون
  إذا إذ لو لولا مثل أيضا ايضا هناك هنا ليس ليست به بها له لها لهم فيه فيها منه منها عليه عليها إليه إليها عنه عنها وفي ومن وعلى وإلى وأن وإن
  وكان وكانت وهو وهي وقد ولم ولا وما فقد فإن بأن لأن كأن قال قالت وقال وقالت أضاف وأضاف أضافت وأضافت أكد وأكد أوضح وأوضح أعلن أعلنت أشار وأشار
  اليوم أمس غدا الآن السبت الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة عام سنة شهر يوم أيام ساعة نحو أكثر أقل أول أولى آخر أخرى
  جدا تم يتم وذلك وهذا وهذه بسبب بشأن وفق وفقا بحسب حسب إن عبر ذات ذاته نفسه نفسها بعدما بينما فيما مما عما التى
  a an the and or but if of in on at to for from by with without as is are was were be been being has have had do does did not no nor so than
  that this these those it its he she they them his her their we our you your i who whom which what when where why how all any both each more
  most other some such only own same too very can will just should would could may might must also into over under after before between
  about against during through above below up down out off again then once here there said says say told tells added according mr mrs ms
  new one two first last year years day days week today yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday
  le la les l un une des du de d et ou mais si que qui quoi dont où à au aux en dans sur sous par pour avec sans ce cet cette ces il elle ils
  elles on nous vous je tu se sa son ses leur leurs est sont était étaient été être a ont avait avoir ne pas plus moins très comme aussi
  entre après avant depuis pendant selon contre vers chez deux trois dit déclaré ajouté annoncé indiqué lundi mardi mercredi jeudi vendredi
  samedi dimanche hier demain aujourd hui an ans jour jours fait faire y
`;

const FUNCTION_WORDS = new Set(foldText(WORDS).trim().split(/\s+/));

/** `word` folded. */
export const isFunctionWord = (word: string): boolean => FUNCTION_WORDS.has(word);
