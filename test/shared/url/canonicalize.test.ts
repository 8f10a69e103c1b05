import { describe, expect, test } from 'vitest';
import { areOnOneSite, canonicalizeUrl, registrableDomain, sameSite } from '../../../src/shared/url/index.ts';

const ARTICLE = 'https://site.test/story/a-1';
const encoded = encodeURIComponent;

describe('canonicalizeUrl – one key for', () => {
  test.each([
    ['scheme, case, default port and user', 'HTTP://user:secret@WWW.Site.TEST:80/story/a-1'],
    ['a trailing dot of the host', 'https://site.test./story/a-1'],
    ['mobile hosts', 'https://m.site.test/story/a-1/'],
    ['a mobile label behind www', 'https://www.m.site.test/story/a-1'],
    ['AMP hosts', 'https://amp.site.test/story/a-1'],
    ['AMP paths', 'https://site.test/amp/story/a-1'],
    ['AMP path behind the section', 'https://site.test/story/amp/a-1'],
    ['AMP suffixes', 'https://site.test/story/a-1.amp'],
    ['AMP parameters', 'https://site.test/story/a-1?amp&outputType=amp&amp_js_v=0.1&usqp=mq331'],
    ['the AMP cache', 'https://site-test.cdn.ampproject.org/v/s/site.test/story/a-1?amp_js_v=0.1'],
    ['the AMP cache without a scheme marker', 'https://site-test.cdn.ampproject.org/c/www.site.test/story/a-1/amp/'],
    ["Google's AMP viewer", 'https://www.google.com.eg/amp/s/www.site.test/story/a-1/amp'],
    ['Yandex Turbo', 'https://site-test.turbopages.org/turbo/site.test/s/story/a-1'],
    ['Google results', `https://www.google.com.sa/url?sa=t&url=${encoded(`${ARTICLE}?utm_source=x`)}&usg=1`],
    ['Google results by q', `https://google.com/url?q=${encoded(ARTICLE)}`],
    ['Facebook', `https://lm.facebook.com/l.php?u=${encoded(`${ARTICLE}?fbclid=1`)}&h=AT0`],
    ['Instagram', `https://l.instagram.com/?u=${encoded(ARTICLE)}&e=AT`],
    ['Outlook', `https://eur01.safelinks.protection.outlook.com/?url=${encoded(ARTICLE)}&data=05`],
    ['Proofpoint v2', 'https://urldefense.proofpoint.com/v2/url?u=https-3A__site.test_story_a-2D1&d=DwM'],
    ['Proofpoint v3', 'https://urldefense.com/v3/__https://site.test/story/a-1__;!!abc$'],
    ['DuckDuckGo', `https://duckduckgo.com/l/?uddg=${encoded(ARTICLE)}`],
    ['Yahoo search', `https://r.search.yahoo.com/_ylt=Aw/RV=2/RE=1/RO=10/RU=${encoded(ARTICLE)}/RK=2/RS=x`],
    ['Bing', `https://www.bing.com/ck/a?p=1&u=a1${Buffer.from(ARTICLE).toString('base64url')}&ntb=1`],
    ['YouTube', `https://www.youtube.com/redirect?event=video&q=${encoded(ARTICLE)}`],
    ['VK', `https://vk.com/away.php?to=${encoded(ARTICLE)}`],
    ['Telegram instant view', `https://t.me/iv?url=${encoded(ARTICLE)}&rhash=1`],
    ['Reddit', `https://out.reddit.com/t3_x?url=${encoded(ARTICLE)}&token=1`],
    ['Disqus', `https://disq.us/url?url=${encoded(`${ARTICLE}:Zk3bN5hQ2tV9rX1cS8dLwA`)}&cuid=1`],
    ['the Wayback Machine', `https://web.archive.org/web/20240102030405/${ARTICLE}`],
    ['archive.ph', `https://archive.ph/20240102030405/${ARTICLE}`],
    ['Google Translate', 'https://site-test.translate.goog/story/a-1?_x_tr_sl=ar&_x_tr_tl=en&_x_tr_pto=wapp'],
    [
      'a wrapper in a wrapper',
      `https://l.facebook.com/l.php?u=${encoded(`https://www.google.com/url?q=${encoded(ARTICLE)}`)}`,
    ],
    [
      'tracking parameters',
      `${ARTICLE}?utm_source=rss&UTM_Medium=x&gclid=1&at_medium=RSS&mc_cid=1&pk_campaign=2&ref=twitter&sf12345678=1`,
    ],
    ['parameters escaped once too often', `${ARTICLE}?utm_source=rss&amp;utm_medium=feed&#038;fbclid=2`],
    ['sessions', 'https://site.test/story/a-1;jsessionid=0A1B2C?PHPSESSID=1&sid=0123456789abcdef0123456789abcdef'],
    ["ASP.NET's cookieless session", 'https://site.test/(S(lit3py55t21z5v55vlm25s55))/story/a-1'],
    ['print views', `${ARTICLE}/print?view=print`],
    ['cache busters', `${ARTICLE}?_=1700000000000`],
    ['an AMP file', 'https://site.test/story/a-1/amp.html'],
    ['fragments', `${ARTICLE}#comments`],
    ['doubled slashes and dots', 'https://site.test//story/./b/../a-1//'],
    ['white space around it', ` \n${ARTICLE}\t`],
  ])('%s', (_case, url) => {
    expect(canonicalizeUrl(url)).toBe(ARTICLE);
  });
});

test.each([
  ['Arabic slugs, raw', 'https://site.test/أخبار', 'https://site.test/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1'],
  [
    'Arabic slugs, lower-case hex',
    'https://site.test/%d8%a3%d8%ae%d8%a8%d8%a7%d8%b1',
    'https://site.test/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1',
  ],
  ['Arabic slugs, decomposed', 'https://site.test/%D8%A7%D9%94', 'https://site.test/%D8%A3'],
  ['windows-1256 escapes stay', 'https://site.test/%c3%ce%C8', 'https://site.test/%C3%CE%C8'],
  ['an escaped slash is not a slash', 'https://site.test/a%2fb', 'https://site.test/a%2Fb'],
  ['needless escapes', 'https://site.test/%61%2D%7Eb?q=%D9%85+b%20c', 'https://site.test/a-~b?q=%D9%85%20b%20c'],
  ['IDN hosts', 'https://www.موقع.مصر/', 'https://xn--4gbrim.xn--wgbh1c/'],
  ['sorted parameters', 'https://site.test/a?sec=2&id=7&&', 'https://site.test/a?id=7&sec=2'],
  ['index files', 'https://site.test/x/index.php?id=7', 'https://site.test/x?id=7'],
  ['a port of its own', 'http://site.test:8080/a', 'https://site.test:8080/a'],
  ['a script path', 'https://site.test/#!/story/5', 'https://site.test/#!/story/5'],
  ['a domain called m', 'https://m.me/a', 'https://m.me/a'],
  ['a www that is the registrable domain', 'https://www.gov.uk/a', 'https://www.gov.uk/a'],
  ['IP addresses', 'http://192.0.2.1/a', 'https://192.0.2.1/a'],
  ['IPv6 addresses', 'http://[2001:db8::1]/a', 'https://[2001:db8::1]/a'],
  [
    'opaque redirectors',
    'https://news.google.com/rss/articles/CBMi?oc=5',
    'https://news.google.com/rss/articles/CBMi?oc=5',
  ],
])('canonicalizeUrl – %s', (_case, url, key) => {
  expect(canonicalizeUrl(url)).toBe(key);
  expect(canonicalizeUrl(key)).toBe(key);
});

describe('canonicalizeUrl – different pages keep different keys', () => {
  test.each([
    ['https://site.test/boot-camp', 'https://site.test/boot-c'],
    ['https://site.test/?p=1', 'https://site.test/?p=2'],
    ['https://site.test/a?ref=main', 'https://site.test/a'],
    ['https://site.test/a?cid=12', 'https://site.test/a?cid=13'],
    ['https://site.test/a?gallery_id=3', 'https://site.test/a?gallery_id=4'],
    ['https://site.test/a?lang=ar', 'https://site.test/a?lang=en'],
    ['https://a.blogspot.com/1', 'https://b.blogspot.com/1'],
    ['https://arabic.site.test/a', 'https://site.test/a'],
    ['https://site.test/print', 'https://site.test/'],
    ['https://site.test/A', 'https://site.test/a'],
    ['https://site.test/index-2024.html', 'https://site.test/'],
    ['https://site.test/search?q=c%2B%2B', 'https://site.test/search?q=c'],
    ['https://site.test/go?url=https://other.test/x', 'https://other.test/x'],
  ])('%s | %s', (a, b) => {
    expect(canonicalizeUrl(a)).not.toBe(canonicalizeUrl(b));
  });
});

test.each([
  'javascript:void(0)',
  'mailto:a@b.test',
  'ftp://site.test/a',
  'data:text/plain,a',
  'about:blank',
  '/relative',
  '',
  'https://',
  'no url',
])('canonicalizeUrl – not a web page: "%s"', (url) => {
  expect(canonicalizeUrl(url)).toBeUndefined();
});

test('canonicalizeUrl – relative to a base', () => {
  expect(canonicalizeUrl('../b?utm_id=1', 'https://www.site.test/x/y/')).toBe('https://site.test/x/b');
  expect(canonicalizeUrl('//m.site.test/a', 'http://site.test/')).toBe('https://site.test/a');
});

test.each([
  ['https://news.bbc.co.uk/a', 'bbc.co.uk'],
  ['www.site.test', 'site.test'],
  ['https://a.blogspot.com/x', 'a.blogspot.com'],
  ['http://192.0.2.1/a', '192.0.2.1'],
])('registrableDomain – %s', (url, domain) => {
  expect(registrableDomain(url)).toBe(domain);
});

test('sameSite – sub-domains yes, other sites and no host no', () => {
  expect(sameSite('https://m.site.test/a', 'http://site.test/b')).toBe(true);
  expect(sameSite('https://a.blogspot.com/', 'https://b.blogspot.com/')).toBe(false);
  expect(sameSite('', '')).toBe(false);
});

test.each([
  ['one host', 'https://site.test/a', 'http://site.test:8080/b', true],
  ['sub-domains', 'https://m.site.test/a', 'https://site.test/b', true],
  ['blogs of one service', 'https://a.blogspot.com/', 'https://b.blogspot.com/', false],
  ['one address', 'http://192.0.2.1/a', 'http://192.0.2.1/b', true],
])('areOnOneSite – %s', (_case, a, b, expected) => {
  expect(areOnOneSite(new URL(a), new URL(b))).toBe(expected);
});
