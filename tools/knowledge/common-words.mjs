// node tools/knowledge/common-words.mjs CONLL.GZ… > data/knowledge/common-words.ar.txt
// Arabic words that newswire writes often and (almost) never inside a name: what tells a family name from a verb after a title.
// Made from the training parts of ANERcorp and AQMAR (CC BY-SA): words seen at least three times, at most one in fifty as part of a name.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const MIN_COUNT = 3;
const MAX_NAME_SHARE = 0.02;
const counts = new Map();
for (const file of process.argv.slice(2)) {
  for (const line of gunzipSync(readFileSync(file)).toString('utf8').split('\n')) {
    const [token = '', tag = 'O'] = line.split(' ');
    const word = token
      .replace(/[^\u0620-\u064a]/g, '')
      .replace(/[أإآ]/g, 'ا')
      .replaceAll('ى', 'ي')
      .replaceAll('ة', 'ه')
      .replaceAll('ئ', 'ي')
      .replaceAll('ؤ', 'و');
    if (word.length < 2) continue;
    const seen = counts.get(word) ?? [0, 0];
    seen[0]++;
    if (tag.endsWith('PER') || tag.endsWith('LOC')) seen[1]++;
    counts.set(word, seen);
  }
}
const words = [...counts]
  .filter(([, [all, named]]) => all >= MIN_COUNT && named / all <= MAX_NAME_SHARE)
  .map(([word]) => word);
console.log(words.sort().join('\n'));
