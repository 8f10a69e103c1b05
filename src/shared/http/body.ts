import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { PermanentError, TransientError } from '../errors.ts';

type Coding = 'gzip' | 'deflate' | 'br';

/** Each format's two ways to be undone: on the thread pool, and at once. */
const INFLATE = {
  gzip: [promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.gunzip), zlib.gunzipSync],
  zlib: [promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.inflate), zlib.inflateSync],
  raw: [promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.inflateRaw), zlib.inflateRawSync],
  br: [promisify<Uint8Array, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress), zlib.brotliDecompressSync],
} as const;

/**
 * Bodies up to this size are inflated at once, which takes a quarter of the CPU time (46 against 229 µs for a feed of
 * 23 KB) and leaves the thread pool to name lookups. The worst 32 KiB there can be take 12 ms to reach a 15 MB cap.
 */
const MAX_AT_ONCE_BYTES = 32 * 1024;

/** What we can undo; sent as Accept-Encoding. */
export const ACCEPT_ENCODING = 'gzip, br, deflate';

/** More layers than this are an attack, not a server. */
const MAX_CODINGS = 2;

/** What collects chunks begins at this size and doubles. */
const FIRST_BYTES = 64 * 1024;

/**
 * At most `maxBytes` of `chunks` as one array; throws PermanentError TOO_LARGE beyond, or cuts there if `cut`. Chunks are copied as they come: a
 * server may send single bytes, and to keep each as it came would take a hundred times their size.
 */
export async function collect(chunks: AsyncIterable<Uint8Array>, maxBytes: number, cut = false): Promise<Uint8Array> {
  let kept = new Uint8Array(FIRST_BYTES);
  let length = 0;
  for await (const chunk of chunks) {
    const taken = cut ? chunk.subarray(0, maxBytes - length) : chunk;
    const total = length + taken.length;
    if (total > maxBytes) throw tooLarge(maxBytes);
    if (total > kept.length) {
      const larger = new Uint8Array(Math.max(total, Math.min(kept.length * 2, maxBytes)));
      larger.set(kept.subarray(0, length));
      kept = larger;
    }
    kept.set(taken, length);
    length = total;
    if (taken.length < chunk.length) break;
  }
  return kept.subarray(0, length);
}

/**
 * The codings of a Content-Encoding header in the order they were applied. A charset in the wrong header
 * ("Content-Encoding: UTF-8" is met often) codes nothing. Throws PermanentError UNKNOWN_ENCODING.
 */
export function parseContentEncoding(header: string | undefined): Coding[] {
  const codings: Coding[] = [];
  for (const part of (header ?? '').toLowerCase().split(',')) {
    const name = part.trim().replace(/^x-gzip$/, 'gzip');
    if (name === 'gzip' || name === 'deflate' || name === 'br') codings.push(name);
    else if (name !== '' && name !== 'identity' && name !== 'none' && !isCharset(name)) {
      throw new PermanentError('UNKNOWN_ENCODING', `cannot undo Content-Encoding ${name}`);
    }
  }
  if (codings.length > MAX_CODINGS) {
    throw new PermanentError('UNKNOWN_ENCODING', `${codings.length} layers of Content-Encoding`);
  }
  return codings;
}

/**
 * `bytes` without their Content-Encoding. Inflating stops at `maxBytes`. Throws PermanentError TOO_LARGE or
 * BAD_ENCODING, TransientError BODY_TRUNCATED.
 */
export async function decode(bytes: Uint8Array, codings: readonly Coding[], maxBytes: number): Promise<Uint8Array> {
  let decoded = bytes;
  for (const coding of codings.toReversed()) {
    // Servers label empty answers too.
    if (decoded.length === 0) return decoded;
    const [inflate, inflateSync] = INFLATE[coding === 'deflate' ? (hasZlibHeader(decoded) ? 'zlib' : 'raw') : coding];
    const options = { maxOutputLength: maxBytes };
    try {
      if (decoded.length <= MAX_AT_ONCE_BYTES) decoded = inflateSync(decoded, options);
      else decoded = await inflate(decoded, options);
    } catch (error) {
      throw decodingFault(error, coding, maxBytes);
    }
  }
  return decoded;
}

export function tooLarge(maxBytes: number): PermanentError {
  return new PermanentError('TOO_LARGE', `the body is larger than ${maxBytes} bytes`);
}

/** "deflate" is the zlib format (RFC 9110 section 8.4.1.2), but some servers send raw deflate. RFC 1950 section 2.2. */
function hasZlibHeader(bytes: Uint8Array): boolean {
  const [method = 0, flags = 0] = bytes;
  return (method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0;
}

function isCharset(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}

function decodingFault(error: unknown, coding: string, maxBytes: number): Error {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(maxBytes);
  if (code === 'Z_BUF_ERROR') {
    return new TransientError('BODY_TRUNCATED', `the ${coding} body stops early`, { cause: error });
  }
  return new PermanentError('BAD_ENCODING', `the body is not ${coding}`, { cause: error });
}
