import { describe, expect, test } from 'vitest';
import { khabar } from '../support/khabar.ts';

describe('help and mistakes', () => {
  test('--help – every command, and where to start', async () => {
    const { out, code } = await khabar(['--help']);
    expect(code).toBe(0);
    for (const command of [
      'start',
      'run',
      'demo',
      'feeds',
      'explain',
      'quarantine',
      'replay',
      'newsstand',
      'parse-feed',
      'extract',
      'analyze',
      'canonicalize',
    ])
      expect(out).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    expect(out).toContain('khabar run --once');
  });

  test.each([
    [['feeds', 'lst'], /unknown command 'lst'[\s\S]*Did you mean list/],
    [['start', '--rolls', 'dedupe'], /unknown option '--rolls'[\s\S]*Did you mean --roles/],
    [['run'], /--once/],
    [['newsstand', '--port', 'http'], /whole number/],
    [['replay', '--stage', 'dedupe', '--limit', '0'], /1 or more/],
    [['quarantine', 'list', '--limit', '0'], /1 or more/],
    [['extract', '-'], /required option '--url/],
    [['canonicalize', 'ftp://x'], /not an http or https URL/],
    [
      ['extract', '-', '--url', 'https://a.example/', '--rule', '/no/rule.json'],
      /SITE_RULES_BAD: \/no\/rule\.json: ENOENT/,
    ],
    [['parse-feed', '/no/such/file'], /cannot read \/no\/such\/file/],
  ])('%j – exit 1 with what is wrong and no stack', async (args, message) => {
    const { err, code } = await khabar(args);
    expect(code).toBe(1);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/^\s+at /m);
  });

  test('a bad environment – all problems at once', async () => {
    const { err, code } = await khabar(['start'], {
      env: { KHABAR_PORT: 'x', KHABAR_THREADS: '0', KHABAR_HOST: '0.0.0.0' },
    });
    expect(code).toBe(1);
    expect(err).toMatch(/KHABAR_PORT:/);
    expect(err).toMatch(/KHABAR_THREADS:/);
  });

  test('open to a network without a token – refused', async () => {
    const { err, code } = await khabar(['start'], { env: { KHABAR_HOST: '0.0.0.0' } });
    expect(code).toBe(1);
    expect(err).toMatch(/KHABAR_TOKEN: is required/);
  });
});

describe('files', () => {
  test('parse-feed - reads standard input', async () => {
    const input =
      '<rss version="2.0"><channel><title>أخبار</title><item><title>خبر</title><link>/1</link></item></channel></rss>';
    const { out, code } = await khabar(['parse-feed', '-', '--url', 'https://news.example/feed'], { input });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      kind: 'rss',
      title: 'أخبار',
      entries: [{ title: 'خبر', link: 'https://news.example/1' }],
    });
  });

  test('parse-feed of a page – the code of the error', async () => {
    const { err, code } = await khabar(['parse-feed', '-'], { input: '<!doctype html><p>hello' });
    expect(code).toBe(1);
    expect(err).toMatch(/^NOT_A_FEED: /);
  });

  test('extract, analyze and canonicalize print what the library gives', async () => {
    const paragraph =
      'قال وزير الطاقة في العاصمة عمّان إن المحطة الجديدة ستعمل قبل نهاية العام الجاري بعد أعمال استمرت ثلاث سنوات كاملة.';
    const html = `<html lang="ar" dir="rtl"><title>محطة جديدة</title><article><h1>محطة جديدة</h1>${`<p>${paragraph}</p>`.repeat(4)}</article>`;
    const [page, analysis, url] = await Promise.all([
      khabar(['extract', '-', '--url', 'https://news.example/1'], { input: html }),
      khabar(['analyze', '-', '--language', 'ar'], { input: 'عمّان، الأردن (وكالات) -- افتتحت الحكومة المحطة.' }),
      khabar(['canonicalize', 'http://m.news.example/a?utm_source=x&b=1']),
    ]);
    expect(JSON.parse(page.out)).toMatchObject({ title: 'محطة جديدة', direction: 'rtl' });
    expect(JSON.parse(analysis.out)).toMatchObject({ language: 'ar', direction: 'rtl', entities: expect.any(Array) });
    expect(url.out).toBe('https://news.example/a?b=1\n');
  });
});
