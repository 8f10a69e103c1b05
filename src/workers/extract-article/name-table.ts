/** Multiplier and start of the FNV-1a hash. */
const PRIME = 0x01000193;
const OFFSET_BASIS = 0x811c9dc5 | 0;

/** The hash of a name is NO_HASH with `hashOn` over its bytes. */
export const NO_HASH = OFFSET_BASIS;

export function hashOn(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, PRIME);
}

interface Entry<T> {
  /** The name is these bytes. */
  bytes: Uint8Array;
  from: number;
  to: number;
  hash: number;
  value: T;
}

/** Entries looked at before a name counts as not there: names made to collide cost no more than this. In a table a quarter full others need a few. */
const MAX_PROBES = 16;

/** Values by names that are parts of a longer text in bytes, found without cutting the name out. */
export class NameTable<T> {
  private slots: (Entry<T> | undefined)[];
  private size = 0;

  constructor(slots = 64) {
    this.slots = new Array(slots).fill(undefined);
  }

  static of<T>(names: Iterable<readonly [string, T]>): NameTable<T> {
    const table = new NameTable<T>(512);
    for (const [name, value] of names) {
      const bytes = new TextEncoder().encode(name);
      table.add(bytes, 0, bytes.length, hashOf(bytes, 0, bytes.length), value);
    }
    return table;
  }

  /** The value of a name, given with its hash. */
  find(bytes: Uint8Array, from: number, to: number, hash: number): T | undefined {
    const { slots } = this;
    const mask = slots.length - 1;
    for (let probe = 0, slot = spread(hash) & mask; probe < MAX_PROBES; probe++, slot = (slot + probe) & mask) {
      const entry = slots[slot];
      if (entry === undefined) return undefined;
      if (entry.hash === hash && isSame(entry.bytes, entry.from, entry.to, bytes, from, to)) return entry.value;
    }
    return undefined;
  }

  /** A name that is not there yet; left out when too many others stand in its way. */
  add(bytes: Uint8Array, from: number, to: number, hash: number, value: T): void {
    if (this.size * 4 >= this.slots.length) this.grow();
    if (this.place({ bytes, from, to, hash, value })) this.size++;
  }

  private place(entry: Entry<T>): boolean {
    const { slots } = this;
    const mask = slots.length - 1;
    for (let probe = 0, slot = spread(entry.hash) & mask; probe < MAX_PROBES; probe++, slot = (slot + probe) & mask) {
      if (slots[slot] !== undefined) continue;
      slots[slot] = entry;
      return true;
    }
    return false;
  }

  private grow(): void {
    const { slots } = this;
    this.slots = new Array(slots.length * 4).fill(undefined);
    for (const entry of slots) if (entry) this.place(entry);
  }
}

export function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = NO_HASH;
  for (let i = from; i < to; i++) hash = hashOn(hash, bytes[i] as number);
  return hash;
}

/** The low bits of the hash alone know little of the first letters. */
const spread = (hash: number) => hash ^ (hash >>> 15);

function isSame(a: Uint8Array, from: number, to: number, b: Uint8Array, start: number, end: number): boolean {
  if (to - from !== end - start) return false;
  for (let i = from, j = start; i < to; i++, j++) if (a[i] !== b[j]) return false;
  return true;
}
