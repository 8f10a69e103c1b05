import { expect, test } from 'vitest';
import { extractArticle } from '../../../src/workers/extract-article/index.ts';

const URL = 'https://akhbar.example/2024/05/03/water';

test('extractArticle – an Arabic page with menu, caption, related box and share bar', () => {
  const html = `<!doctype html><html lang="ar" dir="rtl"><head><title>عودة المياه إلى أحياء المدينة القديمة | أخبار المثال</title>
    <meta property="og:site_name" content="أخبار المثال"><meta property="article:published_time" content="2024-05-03T08:00:00+03:00"></head><body>
    <nav><ul><li><a href="/a">سياسة</a></li><li><a href="/b">اقتصاد</a></li><li><a href="/c">رياضة</a></li></ul></nav>
    <main><h1>عودة المياه إلى أحياء المدينة القديمة</h1><div class="byline">كتب: سمير الحلبي</div>
    <div class="article-body"><figure><img src="/p.jpg"><figcaption>عامل يصلح أنبوبا في السوق</figcaption></figure>
    <p>أعلنت بلدية المدينة صباح الجمعة عودة ضخ المياه إلى الأحياء القديمة بعد انقطاع دام خمسة أيام بسبب عطل في المحطة الرئيسية.</p>
    <p>وقال مدير الشركة إن الفرق الفنية عملت ليلا ونهارا، مشيرا إلى أن الضخ سيعود تدريجيا إلى بقية الأحياء خلال الساعات المقبلة.</p>
    <p><a href="/old">اقرأ أيضا: أزمة المياه في الصيف الماضي</a></p>
    <p>وتعاني المدينة من نقص متكرر في المياه منذ سنوات، وتعد السلطات بمشروع جديد يمول من صندوق التنمية ويبدأ تنفيذه في الخريف.</p></div>
    <div class="share"><a href="#">فيسبوك</a> <a href="#">تويتر</a></div></main><footer>جميع الحقوق محفوظة</footer></body></html>`;
  const article = extractArticle(html, { url: URL });
  expect(article.title).toBe('عودة المياه إلى أحياء المدينة القديمة');
  expect(article.authors).toEqual(['سمير الحلبي']);
  expect(article.publishedAt).toBe('2024-05-03T05:00:00.000Z');
  expect(article.language).toBe('ar');
  expect(article.direction).toBe('rtl');
  expect(article.paragraphs).toHaveLength(3);
  expect(article.text.startsWith('أعلنت بلدية')).toBe(true);
  expect(article.text).not.toMatch(/اقرأ أيضا|فيسبوك|عامل يصلح|سياسة|الحقوق/);
});
