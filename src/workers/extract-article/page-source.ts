import { Buffer } from 'node:buffer';
import { decodeHTML } from 'entities';

/**
 * A page as UTF-8. Mark-up is ASCII and most of a page is read by nobody, so only what is kept of it is decoded: positions are bytes, and
 * no character of more bytes than one lies across the end of a name, a value or a text.
 */
export class PageSource {
  readonly bytes: Uint8Array;
  /** A code unit per byte, to be searched: ASCII stands as it is. */
  readonly units: string;
  private readonly buffer: Buffer;

  /** `utf8` must be well-formed. */
  constructor(utf8: Uint8Array) {
    // Not the Buffer itself: compiled code that has met both kinds of array asks each time which it is.
    this.bytes = new Uint8Array(utf8.buffer, utf8.byteOffset, utf8.length);
    this.buffer = Buffer.from(utf8.buffer, utf8.byteOffset, utf8.length);
    this.units = this.buffer.toString('latin1');
  }

  get length(): number {
    return this.bytes.length;
  }

  /** The characters of these bytes, as they stand. */
  slice(from: number, to: number): string {
    return isAscii(this.bytes, from, to) ? this.units.slice(from, to) : this.buffer.toString('utf8', from, to);
  }

  /** The same with entities decoded, as text between tags is read. */
  text(from: number, to: number): string {
    const raw = this.slice(from, to);
    return raw.includes('&') ? decodeHTML(raw) : raw;
  }
}

function isAscii(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if ((bytes[i] as number) > 0x7f) return false;
  return true;
}
