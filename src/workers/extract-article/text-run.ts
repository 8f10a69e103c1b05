import { Buffer } from 'node:buffer';
import { BLANK, COLLAPSED, COMMA, DIGIT, STOP, SURROGATE, UNIT_FLAGS, UPPER } from './characters.ts';
import type { PageSource } from './page-source.ts';
import type { TextNode } from './tree.ts';

const SPACE = 32;
const AMPERSAND = 38;

const unitsOf = (chars: string): ReadonlySet<number> => new Set([...chars].map((char) => char.charCodeAt(0)));
const SENTENCE_MARKS = unitsOf('.!?…:;。！？؟۔।॥‥։፡។៕');
const CLOSING_MARKS = unitsOf('"\'”’»›)]」』');

/**
 * The text between two block boundaries, taken from the page's bytes to a clean line in one go: decoded, its white space, NULs and signs of
 * no width collapsed into single spaces, trimmed, and counted.
 */
export class TextRun {
  /** Code units of the line so far. */
  private units = new Uint16Array(4096);
  private length = 0;
  /** Code units added, blanks apart, before any were collapsed: 0 for a blank run. */
  chars = 0;
  /** Of the line, blanks apart. */
  textChars = 0;
  words = 0;
  stops = 0;
  commas = 0;
  digits = 0;
  uppers = 0;
  /** Flags of all its characters together (see UNIT_FLAGS). */
  flags = 0;

  clear(): void {
    this.length = 0;
    this.chars = 0;
    this.textChars = 0;
    this.words = 0;
    this.stops = 0;
    this.commas = 0;
    this.digits = 0;
    this.uppers = 0;
    this.flags = 0;
  }

  /** A blank text before any other is nothing. */
  add({ own, source, from, to }: TextNode): void {
    if (own === undefined) this.addBytes(source, from, to);
    else this.addString(own);
  }

  private addBytes(source: PageSource, from: number, to: number): void {
    const { bytes } = source;
    let at = from;
    if (this.length === 0) while (at < to && (bytes[at] as number) <= SPACE) at++;
    this.reserve(to - at);
    while (at < to) {
      const byte = bytes[at] as number;
      if (byte === AMPERSAND) {
        this.addString(source.text(at, to));
        return;
      }
      if (byte < 0x80) {
        this.push(byte);
        at++;
      } else if (byte < 0xe0) {
        this.push(((byte & 0x1f) << 6) | continued(bytes, at + 1));
        at += 2;
      } else if (byte < 0xf0) {
        this.push(((byte & 0x0f) << 12) | (continued(bytes, at + 1) << 6) | continued(bytes, at + 2));
        at += 3;
      } else {
        const point =
          ((byte & 0x07) << 18) |
          (continued(bytes, at + 1) << 12) |
          (continued(bytes, at + 2) << 6) |
          continued(bytes, at + 3);
        this.push(0xd7c0 + (point >> 10));
        this.push(0xdc00 | (point & 0x3ff));
        at += 4;
      }
    }
  }

  private addString(text: string): void {
    this.reserve(text.length);
    for (let i = 0; i < text.length; i++) this.push(text.charCodeAt(i));
  }

  private reserve(more: number): void {
    if (this.length + more <= this.units.length) return;
    const grown = new Uint16Array(2 * (this.length + more));
    grown.set(this.units.subarray(0, this.length));
    this.units = grown;
  }

  private push(unit: number): void {
    const { units, length } = this;
    const flags = UNIT_FLAGS[unit] as number;
    if ((flags & BLANK) === 0) this.chars++;
    else if (length === 0) return;
    if ((flags & COLLAPSED) !== 0) {
      if (length > 0 && units[length - 1] !== SPACE) {
        units[length] = SPACE;
        this.length = length + 1;
        this.words++;
      }
      return;
    }
    units[length] = unit;
    this.length = length + 1;
    if ((flags & BLANK) !== 0) return;
    this.textChars++;
    this.flags |= flags;
    if ((flags & (UPPER | DIGIT | STOP | COMMA)) === 0) return;
    if (flags & UPPER) this.uppers++;
    else if (flags & DIGIT) this.digits++;
    else if (flags & STOP) this.stops++;
    else this.commas++;
  }

  /** The line, and the end of counting. */
  end(): string {
    this.words++;
    if (this.length > 0 && this.units[this.length - 1] === SPACE) {
      this.length--;
      this.words--;
    }
    const text = Buffer.from(this.units.buffer, 0, 2 * this.length).toString('utf16le');
    if (this.flags & SURROGATE) this.uppers = text.match(/\p{Lu}/gu)?.length ?? 0;
    return text;
  }

  /** Whether the line ends with the mark of a sentence, quotation marks and brackets apart. */
  endsSentence(): boolean {
    let end = this.length - 1;
    while (end >= 0 && CLOSING_MARKS.has(this.units[end] as number)) end--;
    return end >= 0 && SENTENCE_MARKS.has(this.units[end] as number);
  }
}

function continued(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) & 0x3f;
}
