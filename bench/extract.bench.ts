/**
 * Text, title and speed of article extractors on the pages of the newsstand: outlets of six layouts in several languages and encodings,
 * whose articles are ours, so that the text is known to the letter. All get the same decoded page; linkedom parses it for those that want a DOM.
 * Run: npx tsx bench/extract.bench.ts [articles, default 120]
 *
 * F1 is that of 4-gram multisets, from the mean precision and recall over pages. Speed is pages per second of CPU time, best of three rounds
 * after one to warm up; compare the ratios, not the figures of two machines.
 */
import { extractFromHtml } from '@extractus/article-extractor';
import { Readability } from '@mozilla/readability';
import { Defuddle } from 'defuddle/node';
import { parseHTML } from 'linkedom';
import { startNewsstand } from '../src/newsstand/index.ts';
import { decodeBytes } from '../src/shared/decode-bytes.ts';
import { extractArticle } from '../src/workers/extract-article/index.ts';
import { compareFourGrams } from '../tools/four-grams.ts';

const ROUNDS = 3;
const count = Number(process.argv[2] ?? 120);

interface Found {
  title: string;
  text: string;
}
type Extractor = (html: string, url: string) => Found | Promise<Found>;

/** Text of HTML as a reader sees it: blocks on lines of their own. */
function textOf(html: string): string {
  const { document } = parseHTML(
    `<html><body>${html.replace(/<\/(?:p|h\d|li|div|blockquote|td|figcaption)>|<br\s*\/?>/gi, '$&\n')}</body></html>`,
  );
  return document.body.textContent ?? '';
}

const EXTRACTORS: Record<string, Extractor> = {
  khabar: (html, url) => extractArticle(html, { url }),
  '@mozilla/readability + linkedom': (html) => {
    const { document } = parseHTML(html);
    const article = new Readability(document as never).parse();
    return { title: article?.title ?? '', text: textOf(article?.content ?? '') };
  },
  '@extractus/article-extractor': async (html, url) => {
    const article = await extractFromHtml(html, url);
    return { title: article?.title ?? '', text: textOf(article?.content ?? '') };
  },
  'defuddle + linkedom': async (html, url) => {
    const { document } = parseHTML(html);
    const article = await Defuddle(document as never, url);
    return { title: article.title ?? '', text: textOf(article.content ?? '') };
  },
};

const mean = (list: number[]) => list.reduce((s, v) => s + v, 0) / (list.length || 1);
const folded = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const newsstand = await startNewsstand({ articles: count, now: new Date('2026-11-22T12:00:00Z') });
const pages: { url: string; html: string; title: string; text: string }[] = [];
try {
  for (const { url, title, text, furtherUrls } of newsstand.articles) {
    if (furtherUrls.length > 0) continue; // no extractor sees more than the one page
    const response = await fetch(url);
    if (!response.ok) continue;
    const bytes = new Uint8Array(await response.arrayBuffer());
    const { text: html } = decodeBytes(bytes, {
      contentType: response.headers.get('content-type') ?? undefined,
      kind: 'html',
    });
    pages.push({ url, html, title, text });
  }
} finally {
  await newsstand.close();
}
console.log(`${pages.length} pages, ${(mean(pages.map((p) => p.html.length)) / 1000).toFixed(1)} kB on average`);
console.log(
  '| extractor | F1 | precision | recall | titles | errors | pages/CPU s |\n| --- | --- | --- | --- | --- | --- | --- |',
);

// Libraries that complain on the console would distort the figures.
const log = console.log;
console.warn = console.error = () => {};
for (const [name, extractor] of Object.entries(EXTRACTORS)) {
  const precisions: number[] = [];
  const recalls: number[] = [];
  let titles = 0;
  let errors = 0;
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round <= ROUNDS; round++) {
    const before = cpuSeconds();
    for (const { html, url, title, text } of pages) {
      let found: Found = { title: '', text: '' };
      try {
        found = await extractor(html, url);
      } catch {
        if (round === 0) errors++;
      }
      if (round > 0) continue;
      const { precision, recall = 0 } = compareFourGrams(text, found.text);
      if (precision !== undefined) precisions.push(precision);
      recalls.push(recall);
      if (folded(found.title) === folded(title)) titles++;
    }
    if (round > 0) best = Math.min(best, cpuSeconds() - before);
  }
  const [p, r] = [mean(precisions), mean(recalls)];
  log(
    `| ${name} | ${((2 * p * r) / (p + r)).toFixed(3)} | ${p.toFixed(3)} | ${r.toFixed(3)} | ${((100 * titles) / pages.length).toFixed(0)} % | ${errors} | ${(pages.length / best).toFixed(0)} |`,
  );
}
