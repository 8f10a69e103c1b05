import zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { collect, decode, parseContentEncoding } from '../../../src/shared/http/body.ts';

/** Text that does not compress much, so that its archives are as large as we want them. */
function noise(length: number): Buffer {
  let seed = 42;
  return Buffer.from(
    Array.from({ length }, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed >> 16;
    }),
  );
}

const ENCODERS = [
  ['gzip', 'gzip', zlib.gzipSync],
  ['deflate', 'deflate', zlib.deflateSync],
  ['raw deflate', 'deflate', zlib.deflateRawSync],
  ['br', 'br', zlib.brotliCompressSync],
] as const;

const CASES = ENCODERS.flatMap(([name, coding, encode]) =>
  [500, 200_000].map((size) => [name, size, coding, encode] as const),
);

test.each(CASES)('decode – %s of %d bytes', async (_name, size, coding, encode) => {
  const body = noise(size);
  expect(Buffer.compare(await decode(encode(body), [coding], size), body)).toBe(0);
});

test.each(CASES)('decode – %s of %d bytes over the cap', async (_name, size, coding, encode) => {
  await expect(decode(encode(noise(size)), [coding], size - 1)).rejects.toMatchObject({ code: 'TOO_LARGE' });
});

test.each(CASES)('decode – %s of %d bytes cut off', async (_name, size, coding, encode) => {
  const cut = encode(noise(size)).subarray(0, -9);
  await expect(decode(cut, [coding], size)).rejects.toMatchObject({ name: 'TransientError', code: 'BODY_TRUNCATED' });
});

test('decode – layers come off in reverse order', async () => {
  const body = noise(1_000);
  const layered = zlib.brotliCompressSync(zlib.gzipSync(body));
  expect(Buffer.compare(await decode(layered, ['gzip', 'br'], 10_000), body)).toBe(0);
});

test.each([
  [undefined, []],
  ['', []],
  ['identity', []],
  ['none', []],
  ['windows-1256', []],
  ['GZIP', ['gzip']],
  [' gzip , br', ['gzip', 'br']],
])('parseContentEncoding – %j', (header, codings) => {
  expect(parseContentEncoding(header)).toEqual(codings);
});

test.each(['zstd', 'compress', 'aws-chunked', 'gzip, gzip, gzip'])(
  'parseContentEncoding – %j is beyond us',
  (header) => {
    expect(() => parseContentEncoding(header)).toThrow(expect.objectContaining({ code: 'UNKNOWN_ENCODING' }));
  },
);

test('collect – stops reading at the cap', async () => {
  let given = 0;
  async function* chunks() {
    for (;;) {
      given += 1;
      yield new Uint8Array(100).fill(given);
    }
  }
  await expect(collect(chunks(), 250)).rejects.toMatchObject({ code: 'TOO_LARGE' });
  expect(given).toBe(3);
  const cut = await collect(chunks(), 250, true);
  expect(cut).toHaveLength(250);
  expect([cut[0], cut[100], cut[249]]).toEqual([4, 5, 6]);
});

describe('collect', () => {
  async function* bytes(text: string, size = 1) {
    for (let i = 0; i < text.length; i += size) yield Buffer.from(text.slice(i, i + size));
  }

  test('a body in single bytes – none of the chunks is kept', async () => {
    const chunk = new Uint8Array(1);
    async function* reused() {
      for (const byte of Buffer.from('خبر')) {
        chunk[0] = byte;
        yield chunk;
      }
    }
    expect(Buffer.from(await collect(reused(), 100)).toString()).toBe('خبر');
  });

  test.each([1, 7, 100_000])('chunks of %d bytes', async (size) => {
    const text = 'abcdefghij'.repeat(15_000);
    expect(Buffer.from(await collect(bytes(text, size), text.length)).toString() === text).toBe(true);
    await expect(collect(bytes(text, size), text.length - 1)).rejects.toMatchObject({ code: 'TOO_LARGE' });
    expect(Buffer.from(await collect(bytes(text, size), 149_999, true)).toString() === text.slice(0, -1)).toBe(true);
  });
});
