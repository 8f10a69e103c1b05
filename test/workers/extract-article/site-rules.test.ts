import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { extractArticle } from '../../../src/workers/extract-article/index.ts';
import { loadSiteRules, type SiteRule, siteRuleFor } from '../../../src/workers/extract-article/site-rules.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'site-rules-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, rule: unknown) =>
  writeFileSync(join(folder, name), typeof rule === 'string' ? rule : JSON.stringify(rule));

test('loadSiteRules – a rule of a folder is found for its host and what is below it', () => {
  write('news.json', { host: 'news.example', body: ['div.text'] });
  write('local.json', { host: '127.0.0.1:8081', remove: ['.ad'] });
  write('notes.txt', 'no rule');
  const rules = loadSiteRules(folder);
  const hostOf = (url: string) => siteRuleFor(new URL(url), rules)?.host;
  expect(hostOf('https://news.example/a')).toBe('news.example');
  expect(hostOf('https://www.ar.news.example/a')).toBe('news.example');
  expect(hostOf('https://news.example:8443/a')).toBe('news.example');
  expect(hostOf('http://127.0.0.1:8081/a')).toBe('127.0.0.1:8081');
  expect(hostOf('http://127.0.0.1:8082/a')).toBeUndefined();
  expect(hostOf('https://oldnews.example/a')).toBeUndefined();
});

test('loadSiteRules – every bad file is told, with what is wrong with it', () => {
  write('good.json', { host: 'news.example', body: ['article'] });
  write('half.json', '{"host": "a.example",');
  write('nohost.json', { body: ['article'] });
  write('deep.json', { host: 'b.example', body: ['div.story > p'] });
  write('typo.json', { host: 'c.example', boddy: ['p'] });
  write('empty.json', { host: 'D.example', remove: [''] });
  const told = () => loadSiteRules(folder);
  for (const line of [
    /half\.json: .*JSON/,
    /nohost\.json: host: /,
    /deep\.json: body: 0: not a compound selector: div\.story > p/,
    /typo\.json: .*boddy/,
    /empty\.json: host: must be a host name in lower case/,
    /empty\.json: remove: 0: an empty selector/,
  ])
    expect(told).toThrow(line);
  expect(told).toThrow(expect.objectContaining({ code: 'SITE_RULES_BAD' }));
  expect(told).not.toThrow(/good\.json/);
  expect(() => loadSiteRules(join(folder, 'nowhere'))).toThrow(/nowhere: ENOENT/);
});

const TEXT = [
  'عادت أسراب اللقلق إلى سهل البقاع هذا الأسبوع أبكر من موعدها المعتاد، ورصد متطوعون أكثر من أربعة آلاف طائر في يوم واحد.',
  'وتقول جمعية لمراقبة الطيور إن الدفء المبكر دفع الأسراب إلى الشمال، وإن الصيادين التزموا هذا العام بمنع الصيد في الممر.',
  'ويستعد المتطوعون لعد ثان في نهاية الأسبوع عند بحيرة القرعون، حيث تبيت الطيور قبل أن تعبر الجبال نحو الأناضول.',
];
const page = (html: string) =>
  `<html lang="ar"><head><title>اللقالق تعود إلى سهل البقاع قبل موعدها</title></head><body><h1>اللقالق تعود إلى سهل البقاع قبل موعدها</h1>${html}</body></html>`;
const read = (html: string, siteRule: SiteRule) =>
  extractArticle(page(html), { url: 'https://birds.example/2026/03/01/storks', siteRule });

test('a rule – names text that the general method takes for something else', () => {
  const html = `<div class="intro">${TEXT.map((p) => `<p>${p}</p>`).join('')}</div><div class="comments related"><p class="count">4211 طائراً</p><p>اقرأ أيضاً</p></div>`;
  const rule = { host: 'birds.example', body: ['.intro', '.comments'] };
  expect(extractArticle(page(html), { url: 'https://birds.example/a' }).text).not.toContain('4211');
  const { text, method } = read(html, rule);
  expect(text.split(/\n+/)).toEqual([...TEXT, '4211 طائراً']);
  expect(method).toBe('site-rule');
});

test('a rule that finds no body – the page is read without it, with a warning and half as sure', () => {
  const html = `<article>${TEXT.map((p) => `<p>${p}</p>`).join('')}</article>`;
  const without = extractArticle(page(html), { url: 'https://birds.example/2026/03/01/storks' });
  const outgrown = read(html, { host: 'birds.example', body: ['.gone'] });
  expect(outgrown).toMatchObject({ text: without.text, method: 'blocks' });
  expect(outgrown.score).toBeCloseTo(without.score / 2, 2);
  expect(outgrown.warnings).toEqual(['the rule for birds.example finds no body on this page']);
});
