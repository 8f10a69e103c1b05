import { brotliCompressSync, constants } from 'node:zlib';

/** Ascending numbers as variable-length differences, seven bits a byte. */
export function encodeAscending(numbers: readonly number[]): Buffer {
  const bytes: number[] = [];
  let previous = 0;
  for (const number of numbers) {
    let difference = number - previous;
    previous = number;
    while (difference >= 0x80) {
      bytes.push((difference % 0x80) | 0x80);
      difference = Math.floor(difference / 0x80);
    }
    bytes.push(difference);
  }
  return Buffer.from(bytes);
}

export function compress(plain: Buffer): Buffer {
  return brotliCompressSync(plain, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
    },
  });
}

/** Reads `into.length` numbers written by encodeAscending, as 32-bit integers; returns where they end. */
export function decodeAscending(bytes: Uint8Array, start: number, into: Int32Array): number {
  let at = start;
  let number = 0;
  for (let i = 0; i < into.length; i += 1) {
    let factor = 1;
    for (;;) {
      const byte = bytes[at++] as number;
      number += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
      factor *= 0x80;
    }
    into[i] = number | 0;
  }
  return at;
}
