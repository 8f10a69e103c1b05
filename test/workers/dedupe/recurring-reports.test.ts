import { describe, expect, test } from 'vitest';
import { createDeduper } from '../../../src/workers/dedupe/index.ts';
import { words } from './texts.ts';

/** Ids of the originals of texts that come in this order, a, b, c…; undefined for an original. */
async function originals(texts: readonly { title: string; text: string; source?: string }[]) {
  const deduper = createDeduper();
  const found: (string | undefined)[] = [];
  for (const [i, article] of texts.entries()) {
    const publishedAt = new Date(Date.UTC(2026, 0, 1, 6 * i)).toISOString();
    const decision = await deduper.add({ id: String.fromCharCode(97 + i), language: 'ar', publishedAt, ...article });
    found.push(decision.duplicateOf);
  }
  return found;
}

const DAYS = ['الأحد', 'الاثنين', 'الثلاثاء', 'الأربعاء'];
const fourDays = <T>(report: (day: number) => T): T[] => [0, 1, 2, 3].map(report);
const NONE = [undefined, undefined, undefined, undefined];

describe('reports that come every day in the same words', () => {
  test('prayer times, some of them a minute later each day', async () => {
    const at = (hour: number, minute: number) => `${hour}:${String(minute).padStart(2, '0')}`;
    const report = (day: number) => ({
      title: `مواقيت الصلاة اليوم ${DAYS[day]} في القاهرة والمحافظات`,
      text: `ننشر لكم مواقيت الصلاة اليوم ${DAYS[day]} ${11 + day} يناير في مدينة القاهرة وضواحيها حسب الهيئة المصرية العامة للمساحة. موعد أذان الفجر الساعة ${at(5, 18)} صباحا، وموعد الشروق الساعة ${at(6, 50)} صباحا، وموعد أذان الظهر الساعة ${at(12, 2 + Math.floor(day / 2))} ظهرا، وموعد أذان العصر الساعة ${at(2, 55 + day)} مساء، وموعد أذان المغرب الساعة ${at(5, 14 + day)} مساء، وموعد أذان العشاء الساعة ${at(6, 37 + day)} مساء. مع مراعاة فروق التوقيت بين المحافظات.`,
    });
    expect(await originals(fourDays(report))).toEqual(NONE);
  });

  test('the weather', async () => {
    const [riyadh, jeddah, abha] = [
      [21, 23, 20, 24],
      [29, 31, 30, 28],
      [15, 13, 17, 16],
    ];
    const report = (day: number) => ({
      title: `طقس ${DAYS[day]}: سماء غائمة جزئيا`,
      text: `توقعت الهيئة العامة للأرصاد في تقريرها عن طقس اليوم ${DAYS[day]} أن تكون السماء غائمة جزئيا على مناطق المملكة مع فرصة لهطول أمطار خفيفة على المرتفعات. وتسجل الرياض ${riyadh?.[day]} درجة للعظمى و${8 + ((day * 3) % 5)} للصغرى، وجدة ${jeddah?.[day]} درجة، وأبها ${abha?.[day]} درجة، والدمام ${19 + ((day * 5) % 7)} درجة. وتكون حركة الرياح السطحية على البحر الأحمر شمالية غربية بسرعة ${14 + day * 2} كيلومترا في الساعة وارتفاع الموج من متر إلى متر ونصف المتر.`,
    });
    expect(await originals(fourDays(report))).toEqual(NONE);
  });

  test('the price of gold, by carats that never change', async () => {
    const report = (day: number) => ({
      title: `أسعار الذهب اليوم ${DAYS[day]}`,
      text: `شهدت أسعار الذهب اليوم ${DAYS[day]} استقرارا في محال الصاغة، وسجل سعر غرام الذهب عيار 24 نحو ${4120 + day * 17} جنيها، وسجل عيار 21 الأكثر مبيعا نحو ${3605 + day * 15} جنيها، وسجل عيار 18 نحو ${3090 + day * 13} جنيها، فيما بلغ سعر الجنيه الذهب ${28840 + day * 120} جنيها، وبلغ سعر الأونصة عالميا ${2350 + day * 9} دولارا، وهذه الأسعار من دون المصنعية والدمغة التي تختلف من محل إلى آخر.`,
    });
    expect(await originals(fourDays(report))).toEqual(NONE);
  });

  test('the close of the stock market', async () => {
    const report = (day: number) => ({
      title: `مؤشر السوق يغلق عند ${7120 + day * 31} نقطة`,
      text: `أغلق المؤشر العام لسوق الأسهم اليوم ${DAYS[day]} مرتفعا ${12 + day * 7}.${day + 2} نقطة ليصل إلى ${7120 + day * 31}.${day + 1} نقطة وسط تداولات بلغت قيمتها ${4 + day}.${3 + day} مليار ريال. وبلغ عدد الأسهم المتداولة ${180 + day * 11} مليون سهم تقاسمتها أكثر من ${96 + day * 4} ألف صفقة، ارتفعت فيها أسهم ${77 + day * 3} شركة وأغلقت أسهم ${60 - day * 5} شركة على تراجع. وكانت أسهم شركات التأمين والبنوك الأكثر ارتفاعا من حيث النسبة.`,
    });
    expect(await originals(fourDays(report))).toEqual(NONE);
  });
});

describe('texts that share what is not theirs', () => {
  test('short reports of several outlets under one long note of their agency', async () => {
    const note = `يذكر أن وكالة الأنباء تبث خدماتها بست لغات على مدار الساعة وأن جميع الحقوق محفوظة لها ولا يجوز إعادة نشر موادها من دون إذن خطي مسبق منها`;
    const reports = [1, 2, 3, 4].map((n) => ({
      title: words(n, 6).join(' '),
      text: `${words(n + 10, 34).join(' ')}\n${note}`,
      source: `outlet ${n}`,
    }));
    expect(await originals(reports)).toEqual(NONE);
  });

  test('flashes that begin alike', async () => {
    const flashes = ['إغلاق مطار العاصمة', 'هزة أرضية في الشمال', 'استقالة وزير المالية', 'تأجيل جلسة البرلمان'];
    const reports = flashes.map((flash) => ({
      title: `عاجل: ${flash}`,
      text: `عاجل الآن ${flash}، والتفاصيل بعد قليل، تابعونا.`,
    }));
    expect(await originals(reports)).toEqual(NONE);
  });

  test('two rounds of one league', async () => {
    const report = (round: number, home: string, away: string, a: number, b: number) => ({
      title: `${home} ${a}-${b} ${away}`,
      text: `ضمن منافسات الجولة ${round} من الدوري الممتاز فاز فريق ${home} على ضيفه فريق ${away} بنتيجة ${a}-${b} في المباراة التي جمعتهما مساء اليوم على ملعب المدينة الرياضية. ${words(round * 7 + a, 60).join(' ')} وبهذا الفوز رفع ${home} رصيده إلى ${round * 2 + a} نقطة.`,
    });
    expect(
      await originals([
        report(11, 'النسور', 'الاتحاد', 3, 0),
        report(12, 'النسور', 'الشباب', 2, 1),
        report(12, 'الهلال', 'الوحدة', 4, 2),
        report(13, 'النسور', 'الوحدة', 1, 0),
      ]),
    ).toEqual(NONE);
  });
});

describe('one report that goes on', () => {
  const paragraphs = [1, 2, 3, 4, 5, 6].map((n) => words(60 + n, 40).join(' '));

  test.each(['one outlet', undefined])(
    'a new opening at every hour, the rest as it was (source %s)',
    async (source) => {
      const updates = paragraphs.map((_, i) => ({
        title: words(80 + i, 6).join(' '),
        text: paragraphs
          .slice(0, i + 1)
          .reverse()
          .join('\n'),
        ...(source !== undefined && { source }),
      }));
      const found = await originals(updates);
      // What has grown to six times its length shares a sixth of it, all in one place, but still a whole update with the one before.
      expect(found.slice(1).filter((original) => original !== undefined)).toHaveLength(5);
    },
  );

  test('a toll that rises', async () => {
    const report = (killed: number, wounded: number) => ({
      title: `${killed} قتلى في انهيار مبنى`,
      text: `ارتفعت حصيلة انهيار مبنى سكني من ستة طوابق في حي الزهور إلى ${killed} قتلى و${wounded} جريحا، وفق ما أعلن الدفاع المدني الذي قال إن فرقه تواصل البحث عن مفقودين تحت الأنقاض. وكان المبنى قد انهار فجر الثلاثاء بعد أمطار غزيرة، وقال سكان إن تشققات ظهرت في جدرانه قبل 10 أيام وإنهم أبلغوا البلدية بها في 2 يناير.`,
    });
    expect(await originals([report(3, 12), report(5, 12), report(5, 14)])).toEqual([undefined, 'a', 'a']);
  });
});
