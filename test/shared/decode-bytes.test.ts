import { Buffer } from 'node:buffer';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { decodeBytes } from '../../src/shared/decode-bytes.ts';

const ARABIC = 'قالت وزارة الخارجية اليوم إن الوفد وصل إلى العاصمة لإجراء محادثات حول الاتفاق الجديد بين البلدين';
const PERSIAN =
  'وزير امور خارجه امروز گفت که گفتگوها درباره توافق جديد در پايتخت آغاز شده است و هيئت کشور همسايه نيز در آن شرکت دارد';
const RUSSIAN = 'Министр иностранных дел заявил сегодня, что переговоры о новом соглашении начались в столице';
const UKRAINIAN =
  'Міністр закордонних справ заявив сьогодні, що переговори про нову угоду почалися в столиці їхньої країни';
const GREEK = 'Ο υπουργός Εξωτερικών δήλωσε σήμερα ότι οι συνομιλίες για τη νέα συμφωνία ξεκίνησαν στην πρωτεύουσα';
const HEBREW = 'שר החוץ אמר היום כי השיחות על ההסכם החדש החלו בבירה ומשלחת מהמדינה השכנה משתתפת בהן';
const TURKISH = 'Dışişleri Bakanı bugün yeni anlaşmaya ilişkin görüşmelerin başkentte başladığını söyledi';
const FRENCH =
  'Le ministre des Affaires étrangères a déclaré aujourd’hui que les négociations sur l’accord avaient commencé — coût : 5 €';
const LATIN1 =
  'Le ministre des Affaires étrangères a déclaré que les négociations avaient commencé à Genève, où siège la délégation';
const CZECH =
  'Ministr zahraničí dnes řekl, že jednání o nové dohodě začala v hlavním městě a účastní se jich sousední země';
const POLISH =
  'Minister spraw zagranicznych powiedział dziś, że rozmowy na temat nowej umowy rozpoczęły się w stolicy, gdzie są także sąsiedzi';
const BALTIC = 'Ārlietu ministrs šodien paziņoja, ka sarunas par jauno līgumu ir sākušās galvaspilsētā';
const THAI = 'รัฐมนตรีว่าการกระทรวงการต่างประเทศกล่าววันนี้ว่าการเจรจาเรื่องข้อตกลงใหม่ได้เริ่มขึ้นแล้ว';
const VIETNAMESE = 'Bộ trưởng Ngoại giao hôm nay cho biết các cuộc đàm phán đã bắt đầu';
const CHINESE = '外交部长今天表示，关于新协议的谈判已经在首都开始，邻国代表团也参加了会谈';
const TAIWAN = '外交部長今天表示，關於新協議的談判已經在首都開始，鄰國代表團也參加了會談';
const JAPANESE = '外務大臣は今日、新しい合意に関する交渉が首都で始まったと述べた。隣国の代表団も参加している';
const KOREAN = '외무장관은 오늘 새로운 합의에 관한 협상이 수도에서 시작되었다고 말했다';
const MIXED = `${ARABIC} — ${FRENCH} — 東京`;

interface Source {
  label: string;
  text: string;
  canonical: string;
}
/** Encodings with the letters they exist for. */
const SOURCES: Source[] = [
  { label: 'windows-1256', text: ARABIC, canonical: 'windows-1256' },
  { label: 'iso-8859-6', text: ARABIC, canonical: 'iso-8859-6' },
  { label: 'windows-1251', text: RUSSIAN, canonical: 'windows-1251' },
  { label: 'koi8-r', text: RUSSIAN, canonical: 'koi8-r' },
  { label: 'koi8-u', text: UKRAINIAN, canonical: 'koi8-u' },
  { label: 'iso-8859-5', text: RUSSIAN, canonical: 'iso-8859-5' },
  { label: 'windows-1253', text: GREEK, canonical: 'windows-1253' },
  { label: 'iso-8859-7', text: GREEK, canonical: 'iso-8859-7' },
  { label: 'windows-1255', text: HEBREW, canonical: 'windows-1255' },
  { label: 'windows-1254', text: TURKISH, canonical: 'windows-1254' },
  { label: 'iso-8859-9', text: TURKISH, canonical: 'windows-1254' },
  { label: 'windows-1252', text: FRENCH, canonical: 'windows-1252' },
  { label: 'iso-8859-1', text: LATIN1, canonical: 'windows-1252' },
  { label: 'iso-8859-15', text: LATIN1, canonical: 'iso-8859-15' },
  { label: 'windows-1250', text: CZECH, canonical: 'windows-1250' },
  { label: 'iso-8859-2', text: POLISH, canonical: 'iso-8859-2' },
  { label: 'windows-1257', text: BALTIC, canonical: 'windows-1257' },
  { label: 'windows-874', text: THAI, canonical: 'windows-874' },
  { label: 'gb2312', text: CHINESE, canonical: 'gb18030' },
  { label: 'gb18030', text: CHINESE, canonical: 'gb18030' },
  { label: 'big5', text: TAIWAN, canonical: 'big5' },
  { label: 'shift_jis', text: JAPANESE, canonical: 'shift_jis' },
  { label: 'euc-jp', text: JAPANESE, canonical: 'euc-jp' },
  { label: 'euc-kr', text: KOREAN, canonical: 'euc-kr' },
  { label: 'cp720', text: ARABIC, canonical: 'cp720' },
  { label: 'utf-8', text: MIXED, canonical: 'utf-8' },
];

const xml = (text: string, label?: string) =>
  `<?xml version="1.0"${label ? ` encoding="${label}"` : ''}?>\n<rss version="2.0"><channel><title>${text}</title></channel></rss>`;
const html = (text: string, head = '') =>
  `<!DOCTYPE html>\n<html><head>${head}<title>x</title></head><body><p>${text}</p></body></html>`;
const bytesOf = (text: string, encoding: string) => new Uint8Array(iconv.encode(text, encoding));
const asXml = (bytes: Uint8Array, contentType?: string) => decodeBytes(bytes, { kind: 'xml', contentType });
const asHtml = (bytes: Uint8Array, contentType?: string) => decodeBytes(bytes, { kind: 'html', contentType });

describe('decodeBytes – xml, label in one place', () => {
  test.each(SOURCES)('$label declared in the document', ({ label, text, canonical }) => {
    const decoded = asXml(bytesOf(xml(text, label), label));
    expect(decoded).toMatchObject({ text: xml(text, label), encoding: canonical, warnings: [] });
    expect(decoded.source).toBe('declared');
  });

  test.each(SOURCES)('$label in the HTTP header', ({ label, text, canonical }) => {
    const decoded = asXml(bytesOf(xml(text), label), `application/xml; charset=${label}`);
    expect(decoded).toMatchObject({ text: xml(text), encoding: canonical, source: 'http', warnings: [] });
  });

  test.each(SOURCES)('$label in both', ({ label, text, canonical }) => {
    const decoded = asXml(bytesOf(xml(text, label), label), `text/xml;charset="${label.toUpperCase()}"`);
    expect(decoded).toMatchObject({ text: xml(text, label), encoding: canonical, source: 'http', warnings: [] });
  });
});

describe('decodeBytes – html', () => {
  test.each(SOURCES)('$label in <meta charset>', ({ label, text, canonical }) => {
    const page = html(text, `<meta charset="${label}">`);
    expect(asHtml(bytesOf(page, label))).toMatchObject({ text: page, encoding: canonical, source: 'declared' });
  });

  test.each(SOURCES)('$label in http-equiv, behind 4 KB of script', ({ label, text, canonical }) => {
    const page = html(
      text,
      `<script>var a="${'x'.repeat(4096)}"</script><META content='text/html; charset=${label}' HTTP-EQUIV=Content-Type>`,
    );
    expect(asHtml(bytesOf(page, label))).toMatchObject({ text: page, encoding: canonical, source: 'declared' });
  });
});

/** Without any label, only the text itself can tell. */
const DETECTABLE: [string, string][] = [
  ['windows-1256', ARABIC],
  ['windows-1256', 'الرئيس يصل إلى بيروت'],
  ['windows-1256', PERSIAN],
  ['windows-1251', RUSSIAN],
  ['koi8-r', RUSSIAN],
  ['windows-1253', GREEK],
  ['windows-1255', HEBREW],
  ['windows-1252', FRENCH],
  ['gb18030', CHINESE],
  ['big5', TAIWAN],
  ['shift_jis', JAPANESE],
  ['euc-jp', JAPANESE],
  ['euc-kr', KOREAN],
  ['utf-8', MIXED],
];

describe('decodeBytes – nothing or the wrong thing declared', () => {
  test.each(DETECTABLE)('%s without a label', (encoding, text) => {
    expect(asXml(bytesOf(xml(text), encoding)).text).toBe(xml(text));
  });

  test.each(DETECTABLE)('%s said to be utf-8 by header and document', (encoding, text) => {
    const decoded = asXml(bytesOf(xml(text, 'utf-8'), encoding), 'text/xml; charset=utf-8');
    expect(decoded.text).toBe(xml(text, 'utf-8'));
    if (encoding !== 'utf-8') expect(decoded.warnings.join()).toContain('utf-8 does not fit');
  });

  test.each(DETECTABLE)('%s declared, the header says utf-8', (encoding, text) => {
    expect(asXml(bytesOf(xml(text, encoding), encoding), 'text/xml; charset=utf-8').text).toBe(xml(text, encoding));
  });

  test.each(DETECTABLE.filter(([e]) => e !== 'utf-8'))(
    '%s declared, the server default says iso-8859-1',
    (encoding, text) => {
      expect(asXml(bytesOf(xml(text, encoding), encoding), 'text/xml; charset=iso-8859-1').text).toBe(
        xml(text, encoding),
      );
    },
  );

  test.each([
    'windows-1256',
    'iso-8859-1',
    'windows-1251',
    'koi8-r',
    'us-ascii',
    'gb2312',
    'big5',
    'utf-16',
    'x-unknown',
    'none',
  ])('UTF-8 said to be %s', (label) => {
    const decoded = asXml(bytesOf(xml(ARABIC, label), 'utf-8'), `text/xml; charset=${label}`);
    expect(decoded).toMatchObject({ text: xml(ARABIC, label), encoding: 'utf-8' });
    expect(decoded.warnings.length).toBeGreaterThan(0);
  });

  test.each(['iso-8859-1', 'windows-1252', 'iso-8859-6', 'utf-8', 'us-ascii'])(
    'windows-1256 Arabic said to be %s',
    (label) => {
      const decoded = asHtml(bytesOf(html(ARABIC, `<meta charset=${label}>`), 'windows-1256'));
      expect(decoded).toMatchObject({ encoding: 'windows-1256', source: 'detected' });
      expect(decoded.text).toContain(ARABIC);
    },
  );

  test('windows-1256 Arabic among a page of ASCII markup and scripts', () => {
    const page = html(`${'<div class="box"><a href="/path/to/page">link text</a></div>\n'.repeat(400)}${ARABIC}`);
    expect(asHtml(bytesOf(page, 'windows-1256')).text).toBe(page);
  });

  test('French is left alone by the Arabic test', () => {
    expect(asHtml(bytesOf(html(LATIN1, '<meta charset=iso-8859-1>'), 'windows-1252'))).toMatchObject({
      encoding: 'windows-1252',
      source: 'declared',
    });
  });

  test('Vietnamese in windows-1258 by declaration', () => {
    // Combining tone marks are how windows-1258 writes them.
    const marked = VIETNAMESE.normalize('NFD').replace(/([AaĂăÂâEeÊêOoÔôUu])\u031b/g, (_all, v: string) =>
      v === 'o' ? 'ơ' : 'ư',
    );
    const composed = marked
      .replace(/([aeou])\u0302/g, (_all, v: string) => ({ a: 'â', e: 'ê', o: 'ô' })[v] ?? v)
      .replace(/a\u0306/g, 'ă');
    const page = xml(composed, 'windows-1258');
    expect(asXml(bytesOf(page, 'windows-1258')).encoding).toBe('windows-1258');
  });
});

const MARKS: [string, number[], string][] = [
  ['utf-8', [0xef, 0xbb, 0xbf], 'utf-8'],
  ['utf-16le', [0xff, 0xfe], 'utf-16le'],
  ['utf-16be', [0xfe, 0xff], 'utf-16be'],
  ['utf-32le', [0xff, 0xfe, 0, 0], 'utf-32le'],
  ['utf-32be', [0, 0, 0xfe, 0xff], 'utf-32be'],
];

describe('decodeBytes – byte order marks and NUL patterns', () => {
  test.each(MARKS)('%s mark beats header and declaration', (encoding, mark, canonical) => {
    const bytes = new Uint8Array([...mark, ...bytesOf(xml(MIXED, 'iso-8859-1'), encoding)]);
    const decoded = asXml(bytes, 'text/xml; charset=windows-1251');
    expect(decoded).toMatchObject({ text: xml(MIXED, 'iso-8859-1'), encoding: canonical, source: 'bom' });
  });

  test.each(MARKS.slice(1))('%s without a mark', (encoding, _mark, canonical) => {
    const decoded = asXml(bytesOf(xml(MIXED, 'utf-8'), encoding), 'text/xml; charset=utf-8');
    expect(decoded).toMatchObject({ text: xml(MIXED, 'utf-8'), encoding: canonical, source: 'nul-pattern' });
  });

  test.each(MARKS.slice(1, 3))('%s Arabic HTML without a mark', (encoding, _mark, canonical) => {
    expect(asHtml(bytesOf(html(ARABIC), encoding))).toMatchObject({ text: html(ARABIC), encoding: canonical });
  });

  test('a doubled mark is removed whole', () => {
    const bytes = new Uint8Array([0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, ...bytesOf(xml(ARABIC), 'utf-8')]);
    expect(asXml(bytes).text).toBe(xml(ARABIC));
  });
});

describe('decodeBytes – damage', () => {
  test('UTF-8 cut inside a character loses only that character', () => {
    const bytes = bytesOf(ARABIC, 'utf-8').subarray(0, -1);
    const decoded = asXml(bytes);
    expect(decoded.encoding).toBe('utf-8');
    expect(decoded.text.startsWith(ARABIC.slice(0, -1))).toBe(true);
  });

  test('a stray Latin byte in a UTF-8 document is one replacement character', () => {
    const bytes = new Uint8Array([...bytesOf(ARABIC, 'utf-8'), 0x20, 0xe9, 0x20, ...bytesOf(ARABIC, 'utf-8')]);
    expect(asXml(bytes, 'text/xml; charset=windows-1256')).toMatchObject({
      text: `${ARABIC} \ufffd ${ARABIC}`,
      encoding: 'utf-8',
    });
  });

  test('GBK cut inside a character keeps its label', () => {
    const bytes = bytesOf(xml(CHINESE, 'gbk').replace('</title></channel></rss>', ''), 'gbk').subarray(0, -1);
    expect(asXml(bytes)).toMatchObject({ encoding: 'gb18030', source: 'declared' });
  });

  test('a stray byte in a long GBK document keeps its label', () => {
    const text = bytesOf(xml(CHINESE.repeat(10), 'gbk'), 'gbk');
    expect(asXml(new Uint8Array([...text, 0xff, 0x20]))).toMatchObject({ encoding: 'gb18030', source: 'declared' });
  });

  test('two Chinese characters that happen to be UTF-8 follow their label', () => {
    expect(asXml(bytesOf('<?xml version="1.0" encoding="gbk"?><t>联通</t>', 'gbk')).text).toContain('联通');
  });

  test('ISO-2022-JP is all ASCII bytes and still Japanese', () => {
    const escaped = Uint8Array.from(
      Buffer.from('<?xml version="1.0" encoding="iso-2022-jp"?><t>\x1b$BF|K\\\x1b(B</t>', 'latin1'),
    );
    expect(asXml(escaped)).toMatchObject({ encoding: 'iso-2022-jp' });
    expect(asXml(escaped).text).toContain('日本');
  });

  test.each([
    ['empty', new Uint8Array()],
    ['one byte', new Uint8Array([0xc7])],
    ['every byte value', Uint8Array.from({ length: 256 }, (_x, i) => i)],
    ['NULs', new Uint8Array(64)],
    ['high bytes only', new Uint8Array(500).fill(0xff)],
  ])('%s does not throw', (_case, bytes) => {
    expect(typeof asXml(bytes).text).toBe('string');
    expect(typeof asHtml(bytes).text).toBe('string');
  });
});

describe('decodeBytes – reading labels', () => {
  const cases: [string, string, string][] = [
    ['single quotes', "<?xml version='1.0' encoding='windows-1256'?>", 'windows-1256'],
    ['spaces', '<?xml version = "1.0" encoding = " windows-1256 " ?>', 'windows-1256'],
    ['upper case', '<?XML VERSION="1.0" ENCODING="WINDOWS-1256"?>', 'windows-1256'],
    ['cp1256', '<?xml version="1.0" encoding="cp1256"?>', 'windows-1256'],
    ['cp-1256', '<?xml version="1.0" encoding="cp-1256"?>', 'windows-1256'],
    ['win1256', '<?xml version="1.0" encoding="win1256"?>', 'windows-1256'],
    ['windows_1256', '<?xml version="1.0" encoding="windows_1256"?>', 'windows-1256'],
    ['blank lines first', '\r\n\r\n<?xml version="1.0" encoding="windows-1256"?>', 'windows-1256'],
  ];
  test.each(cases)('declaration with %s', (_case, head, encoding) => {
    expect(asXml(bytesOf(`${head}<t>${PERSIAN}</t>`, 'windows-1256'))).toMatchObject({ encoding, source: 'declared' });
  });

  test.each([
    ['in a comment', '<!-- <meta charset="windows-1251"> --><meta charset="windows-1256">'],
    ['without quotes', '<meta charset=windows-1256 />'],
    ['after other attributes', '<meta name="x" data-charset="windows-1251" charset="windows-1256">'],
    [
      'in another meta’s content',
      '<meta name="description" content="charset=windows-1251"><meta charset="windows-1256">',
    ],
    ['an XML declaration of XHTML', ''],
  ])('meta %s', (_case, head) => {
    const page = `${head ? '' : '<?xml version="1.0" encoding="windows-1256"?>'}${html(PERSIAN, head)}`;
    expect(asHtml(bytesOf(page, 'windows-1256'))).toMatchObject({
      text: page,
      encoding: 'windows-1256',
      source: 'declared',
    });
  });

  test.each([
    'text/xml;charset=windows-1256',
    'text/xml; Charset = "windows-1256"',
    "text/xml; charset='windows-1256'; x=y",
  ])('header %s', (contentType) => {
    expect(asXml(bytesOf(xml(PERSIAN), 'windows-1256'), contentType)).toMatchObject({
      encoding: 'windows-1256',
      source: 'http',
    });
  });

  test('two labels that both decode: the header wins and the conflict is reported', () => {
    const decoded = asXml(bytesOf(xml(RUSSIAN, 'koi8-r'), 'windows-1251'), 'text/xml; charset=windows-1251');
    expect(decoded.text).toBe(xml(RUSSIAN, 'koi8-r'));
    expect(decoded.warnings).toEqual(['charset is windows-1251 by http, koi8-r by declared']);
  });

  test('smart quotes and the euro of windows-1252 under an iso-8859-1 label', () => {
    expect(asXml(bytesOf(xml('“5 €” – ‘x’…', 'iso-8859-1'), 'windows-1252')).text).toContain('“5 €” – ‘x’…');
  });
});
