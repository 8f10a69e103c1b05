import type { IndexEntry } from './near-duplicate-index.ts';

/** Raised when the layout or the hashing changes: older sketches are then left out of a rebuild. */
const VERSION = 1;
/** version u8, content hash length u8, hashes u16, paragraphs u16, bound f64, shingles u32 */
const HEADER_BYTES = 18;

/** What a rebuild needs of an article and its record does not say otherwise, packed. */
export type StoredSketch = Pick<IndexEntry, 'contentHash' | 'sketch' | 'paragraphs'>;

export function encodeStoredSketch({ contentHash, sketch, paragraphs }: StoredSketch): Uint8Array {
  const content = Buffer.from(contentHash ?? '', 'base64');
  const bytes = Buffer.alloc(HEADER_BYTES + content.length + 4 * (sketch.hashes.length + paragraphs.length));
  bytes.writeUInt8(VERSION, 0);
  bytes.writeUInt8(content.length, 1);
  bytes.writeUInt16LE(sketch.hashes.length, 2);
  bytes.writeUInt16LE(paragraphs.length, 4);
  bytes.writeDoubleLE(sketch.bound, 6);
  bytes.writeUInt32LE(sketch.shingles, 14);
  content.copy(bytes, HEADER_BYTES);
  let at = HEADER_BYTES + content.length;
  for (const hash of sketch.hashes) at = bytes.writeUInt32LE(hash, at);
  for (const hash of paragraphs) at = bytes.writeUInt32LE(hash, at);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** undefined for bytes of another version or length. */
export function decodeStoredSketch(stored: Uint8Array): StoredSketch | undefined {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  if (bytes.length < HEADER_BYTES || bytes.readUInt8(0) !== VERSION) return undefined;
  const contentBytes = bytes.readUInt8(1);
  const hashCount = bytes.readUInt16LE(2);
  const paragraphCount = bytes.readUInt16LE(4);
  const start = HEADER_BYTES + contentBytes;
  if (bytes.length !== start + 4 * (hashCount + paragraphCount)) return undefined;
  const hashAt = (index: number) => bytes.readUInt32LE(start + 4 * index);
  return {
    contentHash: contentBytes === 0 ? undefined : bytes.toString('base64', HEADER_BYTES, start),
    sketch: {
      hashes: Uint32Array.from({ length: hashCount }, (_, i) => hashAt(i)),
      bound: bytes.readDoubleLE(6),
      shingles: bytes.readUInt32LE(14),
    },
    paragraphs: Array.from({ length: paragraphCount }, (_, i) => hashAt(hashCount + i)),
  };
}
