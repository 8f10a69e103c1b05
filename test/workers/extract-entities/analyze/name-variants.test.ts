import { expect, test } from 'vitest';
import { isVariant } from '../../../../src/workers/extract-entities/analyze/name-variants.ts';

test.each([
  ['معمر القذافي', 'Muammar Gaddafi'],
  ['معمر القذافي', 'Moammar Khadafy'],
  ['معمر القذافي', 'Mouammar Kadhafi'],
  ['Muammar Gaddafi', 'Muammar al-Qadhafi'],
  ['سالم باعوم', 'Salem Baoum'],
  ['محمد مرسي', 'Muhammad Mursi'],
  ['عبد الفتاح السيسي', 'Abdelfattah el-Sisi'],
  ['حسين الحوثي', 'Hussein al-Houthi'],
  ['خالد مشعل', 'Khalid Meshaal'],
  ['يوسف القرضاوي', 'Yusuf al-Qaradawi'],
  ['أيمن الظواهري', 'Ayman al-Zawahiri'],
  ['علي عبد الله صالح', 'Ali Abdullah Saleh'],
  ['يحيى السنوار', 'Yahya Sinwar'],
  ['Mohammed Yusuf', 'Muhammad Yousuf'],
])('%s and %s – spellings of one name', (one, other) => {
  expect([isVariant(one, other), isVariant(other, one)]).toEqual([true, true]);
});

test.each([
  ['محمد سالم', 'Mahmoud Salem'],
  ['محمد سالم', 'Mohammed Salim'],
  ['أحمد حسين', 'Ahmed Hassan'],
  ['حامد علي', 'Hamid Ali'],
  ['جمال حسن', 'Kamal Hassan'],
  ['Gamal Hassan', 'Kamal Hassan'],
  ['Salem Ali', 'Salim Ali'],
  ['أمين خالد', 'Amina Khaled'],
  ['Hans Meyer', 'Hans Mayer'],
  ['سالم علي باعوم', 'Salem Baoum'],
  ['القذافي', 'Gaddafi'],
])('%s and %s – not for sure', (one, other) => {
  expect([isVariant(one, other), isVariant(other, one)]).toEqual([false, false]);
});
