import { Buffer, isAscii, isUtf8 } from 'node:buffer';
import { analyse } from 'chardet';
import iconv from 'iconv-lite';

export type DecodingSource = 'bom' | 'nul-pattern' | 'http' | 'declared' | 'utf-8' | 'detected';

export interface DecodedText {
  /** Without a byte order mark. */
  text: string;
  /** Lower-case name, a WHATWG one where there is one: gbk and gb2312 are gb18030, Latin-1 and ASCII labels are windows-1252. */
  encoding: string;
  source: DecodingSource;
  /** Labels that were not believed, and bytes that became U+FFFD. */
  warnings: string[];
}

interface Candidate {
  encoding: string;
  source: DecodingSource;
}

/** Bytes searched for an XML declaration, and for `<meta charset>`. WHATWG asks for 1,024; pages put scripts before it. */
const XML_PRESCAN_BYTES = 512;
const HTML_PRESCAN_BYTES = 16_384;
/** Detectors see this much of the non-ASCII text: enough for letter statistics, little enough to be quick. */
const DETECTION_BYTES = 65_536;
/** A label is still believed when at most this share of the non-ASCII characters cannot be decoded (truncation, stray bytes). */
const MAX_UNDECODABLE_SHARE = 0.02;

/**
 * Text of a document in the encoding it is really in. Never throws.
 * Order: byte order mark, NUL pattern (UTF-16/32), valid multi-byte UTF-8 over any label, the HTTP charset, the document's
 * own declaration, ASCII as UTF-8, dense windows-1256 Arabic, statistical detection, windows-1252. Each label is tried
 * strictly, and the next one taken when the bytes do not fit. A Latin label (the default of many servers) is not believed
 * when whole words consist of high bytes.
 */
export function decodeBytes(bytes: Uint8Array, opts: DecodingOptions = { kind: 'html' }): DecodedText {
  const { content, ...how } = decide(bytes, opts);
  return { text: typeof content === 'string' ? content : bufferOf(content).toString('utf8'), ...how };
}

/** The same text as well-formed UTF-8, which most documents are as they come: those are not decoded. */
export function toUtf8(bytes: Uint8Array, opts: DecodingOptions): Omit<DecodedText, 'text'> & { utf8: Uint8Array } {
  const { content, ...how } = decide(bytes, opts);
  return { utf8: typeof content === 'string' ? Buffer.from(content) : content, ...how };
}

export interface DecodingOptions {
  contentType?: string;
  kind: 'xml' | 'html';
}

/** Text, or the bytes where they are well-formed UTF-8. */
type Content = string | Uint8Array;

function decide(bytes: Uint8Array, opts: DecodingOptions): Omit<DecodedText, 'text'> & { content: Content } {
  const warnings: string[] = [];
  const done = (content: Content, { encoding, source }: Candidate) => {
    if (holdsReplacement(content)) warnings.push(`some bytes are not ${encoding}`);
    return { content: withoutMarks(content), encoding, source, warnings };
  };

  const mark = byteOrderMark(bytes);
  if (mark) return done(decodeLeniently(bytes.subarray(mark.length), mark.encoding), { ...mark, source: 'bom' });
  const wide = nulPattern(bytes);
  if (wide) return done(decodeLeniently(bytes, wide), { encoding: wide, source: 'nul-pattern' });

  const labels = labelsOf(bytes, opts, warnings);
  if (isAscii(bytes)) {
    const shifting = labels.find((l) => SHIFTING.has(l.encoding));
    if (shifting) return done(decodeLeniently(bytes, shifting.encoding), shifting);
    return done(bytes, {
      encoding: 'utf-8',
      source: labels.find((l) => l.encoding === 'utf-8')?.source ?? 'utf-8',
    });
  }

  const legacy = labels.filter((l) => l.encoding !== 'utf-8');
  const utf8 = asUtf8(bytes, legacy);
  if (utf8 !== undefined) {
    for (const { encoding, source } of legacy)
      warnings.push(`${source} charset ${encoding} ignored: the text is UTF-8`);
    return done(utf8, { encoding: 'utf-8', source: labels.find((l) => l.encoding === 'utf-8')?.source ?? 'utf-8' });
  }

  const words = highByteWords(bytes);
  const arabic = isDenseArabic(words);
  for (const label of labels) {
    const implausible = label.encoding === 'utf-8' || (LATIN.has(label.encoding) && isNotLatin(words));
    const text = implausible ? undefined : decodeStrictly(bytes, label.encoding);
    if (text === undefined) {
      warnings.push(`${label.source} charset ${label.encoding} does not fit the bytes`);
      continue;
    }
    for (const other of labels.filter((l) => l.encoding !== label.encoding && l !== label)) {
      warnings.push(`charset is ${label.encoding} by ${label.source}, ${other.encoding} by ${other.source}`);
    }
    return done(text, label);
  }
  if (arabic) return done(decodeLeniently(bytes, 'windows-1256'), { encoding: 'windows-1256', source: 'detected' });
  for (const { name, confidence } of analyse(withoutTags(bytes))) {
    const encoding = normalizeLabel(name);
    if (confidence < 10 || !encoding || encoding === 'utf-8' || /^utf-/.test(encoding)) continue;
    const text = decodeStrictly(bytes, encoding);
    if (text !== undefined) return done(text, { encoding, source: 'detected' });
  }
  return done(decodeLeniently(bytes, 'windows-1252'), { encoding: 'windows-1252', source: 'detected' });
}

const REPLACEMENT = Buffer.from('\ufffd');

function holdsReplacement(content: Content): boolean {
  if (typeof content === 'string') return content.includes('\ufffd');
  return bufferOf(content).includes(REPLACEMENT);
}

/** Without the byte order marks it begins with. */
function withoutMarks(content: Content): Content {
  if (typeof content === 'string') return content.replace(/^\ufeff+/, '');
  let rest = content;
  while (rest[0] === 0xef && rest[1] === 0xbb && rest[2] === 0xbf) rest = rest.subarray(3);
  return rest;
}

/** Labels the sender gave, best first, without repeats. Labels of 16 and 32 bit encodings are dropped: such bytes hold NULs. */
function labelsOf(
  bytes: Uint8Array,
  opts: { contentType?: string; kind: 'xml' | 'html' },
  warnings: string[],
): Candidate[] {
  const found: [DecodingSource, string | undefined][] = [
    ['http', /charset\s*=\s*["']?\s*([^\s"';,]+)/i.exec(opts.contentType ?? '')?.[1]],
    ['declared', declaredLabel(bytes, opts.kind)],
  ];
  const labels: Candidate[] = [];
  for (const [source, label] of found) {
    if (!label) continue;
    let encoding = normalizeLabel(label);
    if (encoding && /^utf-(16|32)/.test(encoding)) {
      warnings.push(`${source} charset ${encoding} does not fit the bytes`);
      encoding = 'utf-8';
    }
    if (!encoding) warnings.push(`${source} charset ${JSON.stringify(label)} is unknown`);
    else if (!labels.some((l) => l.encoding === encoding)) labels.push({ encoding, source });
  }
  return labels;
}

/** The encoding a document names for itself: XML 1.0 §4.3.3, or the WHATWG prescan for `<meta>` (comments do not count). */
function declaredLabel(bytes: Uint8Array, kind: 'xml' | 'html'): string | undefined {
  const head = asciiOf(bytes.subarray(0, kind === 'xml' ? XML_PRESCAN_BYTES : HTML_PRESCAN_BYTES));
  const declaration = /<\?xml\b[^>]*?\bencoding\s*=\s*["']\s*([^"'>]+?)\s*["']/i.exec(head)?.[1];
  if (declaration || kind === 'xml') return declaration;
  const visible = head.replace(/<!--[\s\S]*?(?:-->|$)/g, ' ');
  for (const [tag] of visible.matchAll(/<meta\b(?:"[^"]*"|'[^']*'|[^>"'])*>/gi)) {
    const direct = /[\s"'/]charset\s*=\s*["']?\s*([^\s"'/>;]+)/i.exec(
      tag.replace(/content\s*=\s*("[^"]*"|'[^']*')/i, ' '),
    )?.[1];
    if (direct) return direct;
    if (/http-equiv\s*=\s*["']?\s*content-type/i.test(tag)) {
      const inContent = /content\s*=\s*["'][^"']*?charset\s*=\s*([^\s"';]+)/i.exec(tag)?.[1];
      if (inContent) return inContent;
    }
  }
  return undefined;
}

/** Names seen in the wild that the WHATWG table does not know. */
const ALIASES: Record<string, string> = {
  unicode: 'utf-8',
  'utf-8-sig': 'utf-8',
  utf8mb4: 'utf-8',
  'x-user-defined': 'windows-1252',
  'dos-720': 'cp720',
  'asmo-708': 'iso-8859-6',
};

/** Every byte is ASCII in these: escapes switch the alphabet. UTF-7 is left out on purpose, as in browsers. */
const SHIFTING = new Set(['iso-2022-jp', 'iso-2022-kr']);
/** Labels servers send by default, of alphabets whose words are mostly ASCII. */
const LATIN = new Set(['windows-1252', 'iso-8859-15', 'macintosh']);

/** Canonical name of a charset label, or undefined when nothing can decode it. */
function normalizeLabel(label: string): string | undefined {
  const plain = label.trim().toLowerCase().replaceAll('_', '-');
  const name = ALIASES[plain] ?? plain.replace(/^(?:cp|win|windows|x-cp|ms)[- ]?(125\d)$/, 'windows-$1');
  const known = whatwgName(name) ?? whatwgName(label);
  if (known) return known === 'gbk' ? 'gb18030' : known;
  if (/^utf-?32/.test(name)) return name.includes('be') ? 'utf-32be' : 'utf-32le';
  // The names of iconv-lite also cover transfer encodings and UTF-7, which no document is to be read as.
  return /^(?:base64|hex|binary|utf-?7.*)$/.test(name) || !iconv.encodingExists(name) ? undefined : name;
}

function whatwgName(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

function byteOrderMark([a, b, c, d]: Uint8Array): { encoding: string; length: number } | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', length: 3 };
  if (a === 0xff && b === 0xfe)
    return c === 0 && d === 0 ? { encoding: 'utf-32le', length: 4 } : { encoding: 'utf-16le', length: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', length: 2 };
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return { encoding: 'utf-32be', length: 4 };
  return undefined;
}

/** UTF-16 or UTF-32 without a mark: markup is ASCII, so its NULs fall on fixed places (XML 1.0 appendix F). */
function nulPattern(bytes: Uint8Array): string | undefined {
  const length = Math.min(bytes.length, 1024) & ~3;
  if (length < 4) return undefined;
  const nuls = [0, 0, 0, 0];
  for (let i = 0; i < length; i++) if (bytes[i] === 0) nuls[i & 3] = (nuls[i & 3] ?? 0) + 1;
  const share = nuls.map((n) => n / (length / 4)) as [number, number, number, number];
  const [p, q, r, s] = share;
  if (p > 0.9 && q > 0.9 && s < 0.1) return 'utf-32be';
  if (r > 0.9 && s > 0.9 && p < 0.1) return 'utf-32le';
  if (q > 0.3 && s > 0.3 && p < 0.05 && r < 0.05) return 'utf-16le';
  if (p > 0.3 && r > 0.3 && q < 0.05 && s < 0.05) return 'utf-16be';
  return undefined;
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function byteAt(bytes: Uint8Array, i: number): number {
  return bytes[i] ?? 0;
}

function asciiOf(bytes: Uint8Array): string {
  return bufferOf(bytes).toString('latin1');
}

/**
 * The text when the bytes are UTF-8 with non-ASCII characters, allowing for a few broken ones. Legacy text is almost never valid
 * UTF-8 by accident; only a handful of two-byte characters under a multi-byte label is left to that label.
 */
function asUtf8(bytes: Uint8Array, legacy: Candidate[]): Content | undefined {
  // The quick way for nearly all pages; the count below is for broken bytes and doubtful labels.
  if (isUtf8(bytes) && !legacy.some((l) => MULTI_BYTE.has(l.encoding))) return bytes;
  const { valid, invalid } = countUtf8(bytes);
  if (valid === 0 || invalid > valid * MAX_UNDECODABLE_SHARE) return undefined;
  if (valid < 4 && legacy.some((l) => MULTI_BYTE.has(l.encoding) && decodeStrictly(bytes, l.encoding) !== undefined))
    return undefined;
  return new TextDecoder('utf-8').decode(bytes);
}

const MULTI_BYTE = new Set(['gb18030', 'big5', 'euc-jp', 'euc-kr', 'shift_jis']);

/** How many non-ASCII characters are well-formed UTF-8 (Unicode 16, table 3-7), and how many bytes are in none. A cut end is neither. */
function countUtf8(bytes: Uint8Array): { valid: number; invalid: number } {
  let valid = 0;
  let invalid = 0;
  for (let i = 0; i < bytes.length; ) {
    const b = byteAt(bytes, i);
    if (b < 0x80) {
      i++;
      continue;
    }
    const need = b >= 0xc2 && b <= 0xdf ? 1 : b >= 0xe0 && b <= 0xef ? 2 : b >= 0xf0 && b <= 0xf4 ? 3 : 0;
    let k = 1;
    while (k <= need && i + k < bytes.length && (byteAt(bytes, i + k) & 0xc0) === 0x80) k++;
    if (need > 0 && k > need) valid++;
    else if (need === 0 || i + k < bytes.length) invalid++;
    i += k;
  }
  return { valid, invalid };
}

/** The text, or undefined when more than a few of the non-ASCII characters do not fit. */
function decodeStrictly(bytes: Uint8Array, encoding: string): string | undefined {
  const text = decodeLeniently(bytes, encoding);
  if (!text.includes('\ufffd')) return text;
  let foreign = 0;
  let bad = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c > 0x7f) foreign++;
    if (c === 0xfffd) bad++;
  }
  return bad <= foreign * MAX_UNDECODABLE_SHARE ? text : undefined;
}

function decodeLeniently(bytes: Uint8Array, encoding: string): string {
  if (encoding === 'windows-1252') return decodeWindows1252(bytes);
  // In streaming mode a character cut at the end of the body is left out instead of becoming U+FFFD.
  if (whatwgName(encoding)) return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes, { stream: true });
  return iconv.decode(bufferOf(bytes), encoding);
}

/** Characters of windows-1252 for 0x80–0x9F (WHATWG index). Node 20's TextDecoder reads them as C1 controls. */
const WINDOWS_1252_HIGH = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function decodeWindows1252(bytes: Uint8Array): string {
  const text = asciiOf(bytes);
  return text.replace(/[\x80-\x9f]/g, (c) => WINDOWS_1252_HIGH.charAt(c.charCodeAt(0) - 0x80));
}

/** Words holding a high byte, separated by blanks: what detectors should look at, without the markup that drowns it. */
function highByteWords(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.min(bytes.length + 1, DETECTION_BYTES));
  let length = 0;
  for (let i = 0; i < bytes.length && length < out.length - 64; ) {
    if (byteAt(bytes, i) < 0x80) {
      i++;
      continue;
    }
    let start = i;
    while (start > 0 && i - start < 16 && isAsciiLetter(byteAt(bytes, start - 1))) start--;
    let end = i;
    while (end < bytes.length && end - start < 48 && (byteAt(bytes, end) > 0x7f || isAsciiLetter(byteAt(bytes, end))))
      end++;
    out.set(bytes.subarray(start, end), length);
    length += end - start;
    out[length++] = 0x20;
    i = end;
  }
  return out.subarray(0, length);
}

/** The text between tags. `<` and `>` are never part of a longer character in the encodings detection knows. */
function withoutTags(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.min(bytes.length, DETECTION_BYTES));
  let length = 0;
  let inTag = false;
  for (let i = 0; i < bytes.length && length < out.length; i++) {
    const b = byteAt(bytes, i);
    if (b === 0x3c) inTag = true;
    else if (b === 0x3e) inTag = false;
    else if (!inTag) out[length++] = b;
  }
  return out.subarray(0, length);
}

function isAsciiLetter(b: number): boolean {
  return (b >= 0x41 && b <= 0x5a) || (b >= 0x61 && b <= 0x7a);
}

/** High bytes of windows-1252 that its languages hardly use: ‚ƒ„†‡ˆ‰‹˜› and the five undefined ones. */
const RARE_IN_LATIN = new Set([
  0x81, 0x82, 0x83, 0x84, 0x86, 0x87, 0x88, 0x89, 0x8b, 0x8d, 0x8f, 0x90, 0x98, 0x9b, 0x9d,
]);

/** Most words are runs of three or more letters beyond ASCII, or rare signs abound: no Latin-alphabet language is written so. */
function isNotLatin(words: Uint8Array): boolean {
  let letters = 0;
  let high = 0;
  let inRuns = 0;
  let rare = 0;
  let run = 0;
  for (const b of words) {
    if (b > 0x9f) {
      run++;
      if (run === 3) inRuns += 3;
      else if (run > 3) inRuns++;
    } else run = 0;
    if (b > 0x7f) high++;
    if (b !== 0x20) letters++;
    if (RARE_IN_LATIN.has(b)) rare++;
  }
  return (inRuns >= 6 && inRuns > letters * 0.6) || (rare >= 6 && rare > high * 0.1);
}

/** Bytes that are Arabic letters in windows-1256 (C1–DF without the multiplication sign, and lam, meem, noon, heh, waw, alef maksura, yeh). */
const isArabicLetter1256 = (b: number): boolean =>
  (b >= 0xc1 && b <= 0xdf && b !== 0xd7) || b === 0xe1 || (b >= 0xe3 && b <= 0xe6) || b === 0xec || b === 0xed;

/**
 * Arabic in windows-1256: nearly all high bytes are its Arabic letters, and the article ال (C7 E1) turns up as often as
 * Arabic prose has it. KOI8, windows-1251, GBK and Big5 use the same range, but never that pair at the head of words.
 */
function isDenseArabic(words: Uint8Array): boolean {
  let high = 0;
  let letters = 0;
  let articles = 0;
  let alefs = 0;
  for (const [i, b] of words.entries()) {
    if (b < 0x80) continue;
    high++;
    if (isArabicLetter1256(b)) letters++;
    if (b === 0xc7) {
      alefs++;
      if (words[i + 1] === 0xe1) articles++;
    }
  }
  return high >= 6 && letters >= high * 0.88 && alefs >= high * 0.06 && articles >= high * 0.02;
}
