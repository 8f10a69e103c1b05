/**
 * Looks for documents under the caps that take more than two CPU seconds: known attacks at full size, then random ones from a fixed
 * seed, built of the pieces parsers are slow at. Prints the slowest; exits 1 when one is over.
 * Run: npx tsx bench/parse-feed-slow.bench.ts [random documents, default 200]
 */
import { FeedError } from '../src/shared/errors.ts';
import { seededRandom } from '../src/shared/seeded-random.ts';
import { MAX_FEED_BYTES, parseFeed } from '../src/workers/poll-feed/parse-feed.ts';

const LIMIT_CPU_MS = 2_000;
const SEED = 20261122;
const FULL = MAX_FEED_BYTES - 1_000;

const fill = (piece: string, bytes = FULL) => piece.repeat(Math.floor(bytes / Buffer.byteLength(piece)));
const rss = (inside: string) => `<rss version="2.0"><channel><title>t</title>${inside}</channel></rss>`;
const item = (inside: string) => rss(`<item>${inside}</item>`);

const ATTACKS: Record<string, () => string> = {
  'empty items': () => rss(fill('<item/>')),
  'small items': () => rss(fill('<item><title>a</title><link>b</link></item>')),
  'unclosed items': () => rss(fill('<item><title>a')),
  'items in one title': () => rss(`<item><title>${fill('<b>x</b>')}`),
  'one large text': () => item(`<description>${fill('نص ')}</description>`),
  'one large CDATA': () => item(`<description><![CDATA[${fill('<p>x</p>')}]]></description>`),
  'one large title': () => item(`<title>${fill('a &amp; b ')}</title>`),
  'one large title of tags': () => item(`<title>${fill('&lt;b&gt;')}</title>`),
  'one large title of <': () => item(`<title>${fill('&lt;')}</title>`),
  'one large guid': () => item(`<guid>${fill('x ')}</guid>`),
  'one large link': () => item(`<link>http://a.example/${fill('../')}</link>`),
  'one large date': () => item(`<pubDate>${fill('1 ')}</pubDate>`),
  'one large author': () => item(`<author>${fill('a@')}</author>`),
  'one large author of brackets': () => item(`<author>${fill('(')}</author>`),
  'many authors': () => item(fill('<author>a</author>')),
  'many categories': () => item(fill('<category>a</category>')),
  'many different categories': () =>
    item(Array.from({ length: 400_000 }, (_x, i) => `<category>c${i}</category>`).join('')),
  'many enclosures': () =>
    item(Array.from({ length: 250_000 }, (_x, i) => `<enclosure url="http://a/${i}"/>`).join('')),
  'many links': () => item(fill('<link rel="self" href="a"/>')),
  'many links with bases': () =>
    item(Array.from({ length: 200_000 }, (_x, i) => `<link xml:base="b${i}" href="a"/>`).join('')),
  'many media groups': () => item(fill('<media:group><media:content url="a"/></media:group>')),
  'many dates': () => item(fill('<pubDate>x</pubDate>')),
  'many namespaces': () => rss(`<item>${Array.from({ length: 900 }, (_x, i) => `<a xmlns:n${i}="u${i}">`).join('')}`),
  'many namespaces on one element': () =>
    `<rss ${Array.from({ length: 300_000 }, (_x, i) => `xmlns:n${i}="u${i}"`).join(' ')}>${fill('<a xmlns:z="z"/>', 5_000_000)}</rss>`,
  'namespaces deep and wide': () =>
    `<rss>${Array.from({ length: 900 }, (_x, i) => `<a xmlns:n${i}="u">`).join('')}${fill('<b xmlns:y="q"/>')}`,
  'many attributes': () => `<rss ${Array.from({ length: 1_000_000 }, (_x, i) => `a${i}="1"`).join(' ')}/>`,
  'many element names': () => rss(Array.from({ length: 900_000 }, (_x, i) => `<e${i}/>`).join('')),
  'deep to the limit, then closed': () => rss(fill(`${'<a>'.repeat(990)}${'</a>'.repeat(990)}`)),
  'deep to the limit, wrong ends': () => rss(`${'<a>'.repeat(990)}${fill('</b>')}`),
  'deep to the limit, many children': () => rss(`${'<a>'.repeat(990)}${fill('<b/>')}`),
  'as deep and as many as allowed': () => rss(`${'<a>'.repeat(990)}${'<b/>'.repeat(395_000)}`),
  'as deep and as many divs as allowed': () => rss(`${'<a>'.repeat(990)}${'<div></div>'.repeat(195_000)}`),
  'deep in a description': () =>
    item(`<description>${fill(`${'<a>'.repeat(900)}${'</a>'.repeat(900)}`)}</description>`),
  'xml:base deep': () => rss(`${'<a xml:base="b/">'.repeat(900)}${fill('<item><link>x</link></item>', 3_000_000)}`),
  'bare ampersands': () => item(`<description>${fill('&')}</description>`),
  'ampersands with names': () => item(`<description>${fill('&abcdefgh')}</description>`),
  'unknown references': () => item(`<description>${fill('&nope;')}</description>`),
  'HTML references': () => item(`<description>${fill('&eacute;')}</description>`),
  'numeric references': () => item(`<description>${fill('&#1575;')}</description>`),
  'large numeric references': () => item(`<description>${fill('&#99999999999;')}</description>`),
  'stray <': () => item(`<description>${fill('< ')}</description>`),
  'unterminated comments': () => rss(fill('<!--')),
  'unterminated CDATA': () => rss(fill('<![CDATA[')),
  'unterminated instructions': () => rss(fill('<?x')),
  'unterminated XML declarations': () => fill('<?xml '),
  'unterminated tags': () => rss(fill('<a ')),
  'unterminated attribute': () => `<rss version="${fill('a>')}`,
  'unterminated doctype': () => `<!DOCTYPE rss [${fill('<!ENTITY a "b')}`,
  'doctype of comments': () => `<!DOCTYPE rss [${fill('<!-- ')}`,
  'doctype of quotes': () => `<!DOCTYPE rss [${fill(`'"`)}`,
  'many entities': () =>
    `<!DOCTYPE rss [${Array.from({ length: 100_000 }, (_x, i) => `<!ENTITY e${i} "${'x'.repeat(99)}">`).join('')}]><rss/>`,
  'billion laughs': () =>
    `<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 20 }, (_x, i) => `<!ENTITY b${i} "${'&a;'.repeat(60)}">`).join('')}]>${item(`<title>${fill('&b9;')}</title>`)}`,
  'control characters': () => item(`<description>${fill('\u0001')}</description>`),
  'C1 characters': () => item(`<description>${fill('\u0092')}</description>`),
  'blanks before the document': () => `${fill(' ')}<rss/>`,
  'blanks only in a value': () => item(`<title>${fill(' \n')}</title>`),
  'tag-like junk before': () => `${fill('x <y ', 60_000)}${rss(fill('<item/>', 1_000_000))}`,
  'deep JSON': () => `{"version":"https://jsonfeed.org/version/1","items":${'['.repeat(5_000_000)}`,
  'wide JSON': () => `{"version":"https://jsonfeed.org/version/1","items":[${fill('{"id":1},', FULL - 200)}{}]}`,
  'JSON tags': () =>
    `{"version":"https://jsonfeed.org/version/1","items":[{"id":1,"tags":[${fill('"a",', FULL - 200)}"b"]}]}`,
  'wide sitemap': () => `<urlset>${fill('<url><loc>http://a/</loc></url>')}</urlset>`,
  'wide sitemap index': () => `<sitemapindex>${fill('<sitemap><loc>http://a/</loc></sitemap>')}</sitemapindex>`,
  'news keywords': () =>
    `<urlset><url><news:news><news:keywords>${fill('a,')}</news:keywords></news:news></url></urlset>`,
  'skip hours': () => rss(`<skipHours>${fill('<hour>1</hour>')}</skipHours>`),
  hubs: () => rss(Array.from({ length: 150_000 }, (_x, i) => `<atom:link rel="hub" href="http://h/${i}"/>`).join('')),
  'base64 content': () =>
    `<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="application/x">${fill('QUJD')}</content></entry></feed>`,
  'XHTML prefixes': () =>
    `<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="xhtml">${fill('<x:p>a</x:p>')}</content></entry></feed>`,
  'XHTML declarations': () => `<feed><entry><content type="xhtml"><a>${fill(' xmlns:')}</a></content></entry></feed>`,
  'comments in a value': () => item(`<description>${fill('<!-- -->')}</description>`),
  'CDATA in a value': () => item(`<description>${fill('<![CDATA[a]]>')}</description>`),
  'HTML page': () => `<!DOCTYPE html><html><body>${fill('<div><p>x<br></div>')}`,
};

const PIECES = [
  '<item>',
  '</item>',
  '<entry>',
  '</entry>',
  '<item',
  '<title>',
  '</title>',
  '<link>',
  '</link>',
  '<link href="',
  '<description>',
  '</description>',
  '<content type="xhtml">',
  '</content>',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '<?',
  '?>',
  '&',
  '&amp;',
  '&lt;',
  '&gt;',
  '&nope;',
  '&#65;',
  '&#x',
  ';',
  '<',
  '>',
  '"',
  "'",
  '=',
  ' ',
  '\n',
  '/',
  'a',
  '<a>',
  '</a>',
  '<a:b xmlns:a="u">',
  '</a:b>',
  ' xmlns="u"',
  ' xml:base="u/"',
  '<b/>',
  '<br>',
  '(',
  ')',
  '@',
  'نص',
  '\u0001',
  '\u0092',
  '<pubDate>',
  '</pubDate>',
  '1 Jan 2026 ',
  '10:00:00',
  '<category>',
  '</category>',
  '<media:group>',
  '</media:group>',
  '<author>',
  '</author>',
  '<!DOCTYPE',
  '<!ENTITY a "b">',
  '[',
  ']',
  '<?xml ',
  '<rss>',
  '</rss>',
  '<channel>',
  '</channel>',
  '<feed>',
  '</feed>',
  '<url>',
  '</url>',
  'http://a.example/',
  '..',
  '%',
  '\ud83d',
];

/** A short unit of random pieces, repeated with small changes until the document is full. */
function randomDocument(random: () => number): string {
  const pick = () => PIECES[Math.floor(random() * PIECES.length)] ?? '';
  const head =
    ['<rss version="2.0"><channel>', '<feed xmlns="http://www.w3.org/2005/Atom">', '<rdf:RDF>', '<urlset>', ''][
      Math.floor(random() * 5)
    ] ?? '';
  const unit = Array.from({ length: 1 + Math.floor(random() * 12) }, pick).join('');
  const prefix = Array.from({ length: Math.floor(random() * 4) }, pick).join('');
  const suffix = Array.from({ length: Math.floor(random() * 4) }, pick).join('');
  const size = 2_000_000 + Math.floor(random() * (FULL - 2_100_000));
  return `${head}${prefix}${fill(unit || 'x', size)}${suffix}`;
}

async function measure(name: string, text: string) {
  const bytes = new TextEncoder().encode(text).subarray(0, MAX_FEED_BYTES);
  const before = process.cpuUsage();
  let outcome: string;
  try {
    const feed = await parseFeed(bytes, { url: 'https://news.example/feed' });
    outcome = `${feed.entries.length} entries`;
  } catch (error) {
    if (!(error instanceof FeedError)) throw new Error(`${name}: not a FeedError`, { cause: error });
    outcome = error.code;
  }
  const used = process.cpuUsage(before);
  const cpuMs = Math.round((used.user + used.system) / 1_000);
  if (cpuMs > LIMIT_CPU_MS) console.log(`over: ${cpuMs} ms ${name}`);
  return {
    name,
    cpuMs,
    megabytes: +(bytes.length / 1e6).toFixed(1),
    outcome,
  };
}

const rounds = Number(process.argv[2] ?? 200);
const results: Awaited<ReturnType<typeof measure>>[] = [];
for (const [name, build] of Object.entries(ATTACKS)) results.push(await measure(name, build()));
const random = seededRandom(SEED);
for (let i = 0; i < rounds; i++) {
  const text = randomDocument(random);
  results.push(await measure(`random ${i}: ${text.slice(0, 120)}`, text));
}
results.sort((a, b) => b.cpuMs - a.cpuMs);
for (const { name, cpuMs, megabytes, outcome } of results.slice(0, 25))
  console.log(`${String(cpuMs).padStart(6)} ms  ${megabytes} MB  ${outcome.padEnd(16)} ${JSON.stringify(name)}`);
const over = results.filter((r) => r.cpuMs > LIMIT_CPU_MS).length;
console.log(
  JSON.stringify({
    documents: results.length,
    over2s: over,
    slowestMs: results[0]?.cpuMs,
    medianMs: results[results.length >> 1]?.cpuMs,
  }),
);
process.exitCode = over > 0 ? 1 : 0;
