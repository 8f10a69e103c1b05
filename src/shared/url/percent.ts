/**
 * Percent-encoding settled on one form (RFC 3986 §6.2.2): upper-case hex, characters that need no escape written out, text in NFC.
 * Bytes that are not UTF-8 stay escaped as they came: servers that use windows-1256 slugs understand nothing else.
 */

const ESCAPES = /(?:%[0-9a-f]{2})+/gi;
const NOT_ASCII = /[^\x00-\x7f]+/g;

/**
 * ASCII that means the same escaped and not: the unreserved characters of RFC 3986 §2.3, and the marks of RFC 2396 §2.3, which browsers
 * never escape. Reserved characters keep the form they came in.
 */
const PLAIN = /[A-Za-z0-9\-._~!'()*]/;

export function normalizePath(path: string): string {
  return normalize(path);
}

/** One name or value of a query, in which `+` and `%20` both mean a blank. */
export function normalizeQueryPart(part: string): string {
  return normalize(part.replaceAll('+', '%20'));
}

function normalize(text: string): string {
  return text
    .replace(ESCAPES, decodeRun)
    .normalize('NFC')
    .replace(NOT_ASCII, (chars) => encodeURIComponent(chars));
}

function decodeRun(run: string): string {
  const bytes = Buffer.from(run.replaceAll('%', ''), 'hex');
  let decoded = '';
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes, i);
    const char = bytes.toString('utf8', i, i + length);
    const escaped = `%${bytes.toString('hex', i, i + 1).toUpperCase()}`;
    if (length === 1) decoded += PLAIN.test(char) ? char : escaped;
    else decoded += char;
    i += length;
  }
  return decoded;
}

/** Bytes of the well-formed UTF-8 sequence at `start` (1 to 4), or 1 when there is none. */
function sequenceLength(bytes: Buffer, start: number): number {
  const lead = bytes[start] as number;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
  if (length === 1 || start + length > bytes.length) return 1;
  const char = bytes.toString('utf8', start, start + length);
  return char.includes('\ufffd') && !isReplacementCharacter(bytes, start) ? 1 : length;
}

const isReplacementCharacter = (bytes: Buffer, at: number) =>
  bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd;
