import { hashOf, hashOn, NO_HASH } from './name-table.ts';
import type { PageSource } from './page-source.ts';

/**
 * Gets what `scanMarkup` finds, in document order. Positions are bytes of the page, ends exclusive. Names are in lower case, with their
 * hash (see NameTable); they are parts of the bytes given with them.
 */
export interface MarkupHandler {
  /** Set when the rest of the page is not to be read. */
  readonly isFull: boolean;
  /** Entities are left as they are. Text between two tags may come in several pieces. */
  text(from: number, to: number): void;
  /** A start tag; its attributes follow, then `endOpenTag`. True when all is text up to its end tag. */
  openTag(bytes: Uint8Array, from: number, to: number, hash: number): boolean;
  /** `valueFrom` is `valueTo` for an attribute without a value. */
  attribute(bytes: Uint8Array, from: number, to: number, hash: number, valueFrom: number, valueTo: number): void;
  endOpenTag(selfClosing: boolean): void;
  closeTag(bytes: Uint8Array, from: number, to: number, hash: number): void;
}

const TAB = 9;
const LINE_FEED = 10;
const FORM_FEED = 12;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const BANG = 33;
const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;
const SLASH = 47;
const EQUALS = 61;
const GREATER = 62;
const QUESTION = 63;

const isBlank = (unit: number) =>
  unit === SPACE || unit === LINE_FEED || unit === TAB || unit === CARRIAGE_RETURN || unit === FORM_FEED;
const isCapital = (unit: number) => unit >= 65 && unit <= 90;
const isLetter = (unit: number) => (unit >= 97 && unit <= 122) || isCapital(unit);

/**
 * Takes a page apart as htmlparser2 10 does, within the rules of HTML (WHATWG, 13.2.5) but for what only a script's own mark-up needs.
 * Own because a page is mostly scripts, comments and attributes nobody reads, which this passes over by looking for their end, and
 * because it need not decode what is passed over. Linear in the page's length; never throws.
 */
export function scanMarkup(source: PageSource, handler: MarkupHandler): void {
  new Scanner(source, handler).scan();
}

class Scanner {
  private readonly bytes: Uint8Array;
  private readonly units: string;
  private readonly end: number;
  private readonly handler: MarkupHandler;
  /** Where we are. */
  private at = 0;
  /** The name read last. */
  private nameBytes: Uint8Array;
  private nameFrom = 0;
  private nameTo = 0;
  private nameHash = NO_HASH;

  constructor({ bytes, units, length }: PageSource, handler: MarkupHandler) {
    this.bytes = bytes;
    this.units = units;
    this.end = length;
    this.handler = handler;
    this.nameBytes = bytes;
  }

  scan(): void {
    const { units, bytes, end, handler } = this;
    let textFrom = 0;
    while (!handler.isFull) {
      const start = units.indexOf('<', this.at);
      if (start < 0) break;
      const unit = start + 1 < end ? (bytes[start + 1] as number) : 0;
      const isTag = unit === SLASH || isLetter(unit);
      // Any other sign of this kind is one of the text; so is an end tag without a name.
      if ((!isTag && unit !== BANG && unit !== QUESTION) || (unit === SLASH && bytes[start + 2] === GREATER)) {
        this.at = start + 1;
        continue;
      }
      if (start > textFrom) handler.text(textFrom, start);
      if (unit === SLASH) this.endTag(start + 2);
      else if (isTag) this.startTag(start + 1);
      else if (unit === BANG) this.declaration(start + 2);
      else this.skipPast('>', start + 2);
      textFrom = this.at;
    }
    if (!handler.isFull && textFrom < end) handler.text(textFrom, end);
  }

  private startTag(from: number): void {
    const { handler } = this;
    this.at = from;
    this.tagName(true);
    if (this.at >= this.end) return;
    const { nameFrom, nameTo } = this;
    const isRaw = handler.openTag(this.nameBytes, nameFrom, nameTo, this.nameHash);
    if (handler.isFull) return;
    const tag = isRaw ? this.nameBytes.subarray(nameFrom, nameTo) : this.nameBytes;
    const selfClosing = this.attributes();
    if (selfClosing === undefined) return;
    handler.endOpenTag(selfClosing);
    if (isRaw && !selfClosing) this.rawText(tag);
  }

  /** From here to a blank, the tag's end or, in a start tag, a slash. */
  private tagName(endsAtSlash: boolean): void {
    const { bytes, end } = this;
    const from = this.at;
    let at = from;
    let hash = NO_HASH;
    let capitals = false;
    for (; at < end; at++) {
      const unit = bytes[at] as number;
      if (unit === GREATER || isBlank(unit) || (unit === SLASH && endsAtSlash)) break;
      if (isCapital(unit)) capitals = true;
      hash = hashOn(hash, unit);
    }
    this.nameIs(from, at, hash, capitals);
  }

  private nameIs(from: number, to: number, hash: number, capitals: boolean): void {
    this.at = to;
    this.nameBytes = this.bytes;
    this.nameFrom = from;
    this.nameTo = to;
    this.nameHash = hash;
    if (capitals) this.lowerName();
  }

  private lowerName(): void {
    const name = new Uint8Array(this.bytes.subarray(this.nameFrom, this.nameTo));
    for (let i = 0; i < name.length; i++) if (isCapital(name[i] as number)) name[i] = (name[i] as number) + 32;
    this.nameBytes = name;
    this.nameFrom = 0;
    this.nameTo = name.length;
    this.nameHash = hashOf(name, 0, name.length);
  }

  /** Up to the end of a start tag. Whether it closes itself; undefined when the page ends before. */
  private attributes(): boolean | undefined {
    const { bytes, end } = this;
    for (;;) {
      this.skipBlanks();
      if (this.at >= end) return undefined;
      const unit = bytes[this.at] as number;
      if (unit === GREATER) {
        this.at++;
        return false;
      }
      if (unit === SLASH) {
        this.at++;
        this.skipBlanks();
        if (this.at >= end || bytes[this.at] !== GREATER) continue;
        this.at++;
        return true;
      }
      this.attributeName();
      if (!this.attributeValue()) return undefined;
    }
  }

  /** The first character may be any. */
  private attributeName(): void {
    const { bytes, end } = this;
    const from = this.at;
    let at = from;
    let hash = NO_HASH;
    let capitals = false;
    let unit = bytes[at] as number;
    do {
      if (isCapital(unit)) capitals = true;
      hash = hashOn(hash, unit);
      at++;
      if (at >= end) break;
      unit = bytes[at] as number;
    } while (unit !== EQUALS && unit !== GREATER && unit !== SLASH && !isBlank(unit));
    this.nameIs(from, at, hash, capitals);
  }

  /** False when the page ends before the value does. */
  private attributeValue(): boolean {
    const { bytes, end, units } = this;
    this.skipBlanks();
    if (this.at >= end) return false;
    if (bytes[this.at] !== EQUALS) {
      this.attributeIs(this.at, this.at);
      return true;
    }
    this.at++;
    this.skipBlanks();
    const mark = this.at < end ? (bytes[this.at] as number) : 0;
    const isQuoted = mark === DOUBLE_QUOTE || mark === SINGLE_QUOTE;
    const from = isQuoted ? this.at + 1 : this.at;
    const to = isQuoted ? units.indexOf(mark === DOUBLE_QUOTE ? '"' : "'", from) : this.endOfBareValue();
    if (to < 0 || to >= end) {
      this.at = end;
      return false;
    }
    this.attributeIs(from, to);
    this.at = isQuoted ? to + 1 : to;
    return true;
  }

  private attributeIs(from: number, to: number): void {
    this.handler.attribute(this.nameBytes, this.nameFrom, this.nameTo, this.nameHash, from, to);
  }

  private endOfBareValue(): number {
    const { bytes, end } = this;
    let at = this.at;
    for (; at < end; at++) {
      const unit = bytes[at] as number;
      if (unit === GREATER || isBlank(unit)) break;
    }
    return at;
  }

  private endTag(from: number): void {
    this.at = from;
    this.skipBlanks();
    if (this.at >= this.end || !isLetter(this.bytes[this.at] as number)) {
      // What is no name makes a comment of it.
      this.skipPast('>', this.at);
      return;
    }
    this.tagName(false);
    if (this.at >= this.end) return;
    this.handler.closeTag(this.nameBytes, this.nameFrom, this.nameTo, this.nameHash);
    this.skipPast('>', this.at);
  }

  /** All is text up to the end tag of this name, which ends in a blank or `>`. */
  private rawText(name: Uint8Array): void {
    const { bytes, units, end, handler } = this;
    const from = this.at;
    for (let close = units.indexOf('</', from); close >= 0; close = units.indexOf('</', close + 2)) {
      const after = close + 2 + name.length;
      if (after >= end || !(bytes[after] === GREATER || isBlank(bytes[after] as number))) continue;
      if (!this.isNamed(name, close + 2)) continue;
      if (close > from) handler.text(from, close);
      handler.closeTag(name, 0, name.length, hashOf(name, 0, name.length));
      this.skipPast('>', after);
      return;
    }
    if (end > from) handler.text(from, end);
    this.at = end;
  }

  /** Whether the name stands here, in capitals or small letters. */
  private isNamed(name: Uint8Array, from: number): boolean {
    for (let i = 0; i < name.length; i++) {
      const unit = this.bytes[from + i] as number;
      if ((isCapital(unit) ? unit + 32 : unit) !== name[i]) return false;
    }
    return true;
  }

  /** Comments, CDATA sections and whatever else begins with `<!`. */
  private declaration(from: number): void {
    const { units } = this;
    if (units.startsWith('--', from)) this.skipPast('-->', from);
    else if (units.startsWith('[CDATA[', from)) this.skipPast(']]>', from + '[CDATA['.length);
    else this.skipPast('>', from);
  }

  private skipPast(mark: string, from: number): void {
    const found = this.units.indexOf(mark, from);
    this.at = found < 0 ? this.end : found + mark.length;
  }

  private skipBlanks(): void {
    const { bytes, end } = this;
    let { at } = this;
    while (at < end && isBlank(bytes[at] as number)) at++;
    this.at = at;
  }
}
