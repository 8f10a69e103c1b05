import type { PoolClient } from 'pg';

/** How long MongoDB keeps a cursor nobody asks for more (its cursorTimeoutMillis). */
export const IDLE_CURSOR_MS = 600_000;

/** An open cursor. Most continue on any connection; a pinned one lives on the connection that opened it. */
export interface Cursor {
  id: string;
  db: string;
  continuation: Buffer;
  pinned?: PoolClient;
  /** A getMore is running on it. */
  busy: boolean;
  usedAt: number;
}

/** The open cursors of one gateway. `now` is a clock in milliseconds. */
export class CursorTable {
  private readonly cursors = new Map<string, Cursor>();
  private readonly maxPinned: number;
  private readonly now: () => number;
  private pinnedCount = 0;

  constructor(maxPinned: number, now: () => number) {
    this.maxPinned = maxPinned;
    this.now = now;
  }

  get size(): number {
    return this.cursors.size;
  }

  /** Adds a cursor. Pinned cursors are bounded, because each holds a connection: the longest idle one gives way. */
  async add(cursor: Omit<Cursor, 'busy' | 'usedAt'>): Promise<void> {
    if (cursor.pinned !== undefined && this.pinnedCount >= this.maxPinned) {
      const oldest = [...this.cursors.values()].find((other) => other.pinned !== undefined && !other.busy);
      if (oldest !== undefined) await this.close(oldest.id);
    }
    if (cursor.pinned !== undefined) this.pinnedCount += 1;
    this.cursors.set(cursor.id, { ...cursor, busy: false, usedAt: this.now() });
  }

  get(id: string): Cursor | undefined {
    return this.cursors.get(id);
  }

  /** Marks a cursor as used just now, which also makes it the youngest. */
  touch(cursor: Cursor): void {
    cursor.usedAt = this.now();
    this.cursors.delete(cursor.id);
    this.cursors.set(cursor.id, cursor);
  }

  /** Ends a cursor and frees its connection. False when there is none of that id. */
  async close(id: string): Promise<boolean> {
    const cursor = this.cursors.get(id);
    if (cursor === undefined) return false;
    this.cursors.delete(id);
    if (cursor.pinned === undefined) return true;
    this.pinnedCount -= 1;
    try {
      await cursor.pinned.query('CLOSE ALL');
      cursor.pinned.release();
    } catch (error) {
      cursor.pinned.release(error as Error);
    }
    return true;
  }

  /** Ends the cursors that have been idle for longer than `idleMs`; returns how many. */
  async closeIdle(idleMs: number): Promise<number> {
    const before = this.now() - idleMs;
    const idle = [...this.cursors.values()].filter((cursor) => !cursor.busy && cursor.usedAt < before);
    for (const { id } of idle) await this.close(id);
    return idle.length;
  }

  async closeAll(): Promise<void> {
    for (const id of [...this.cursors.keys()]) await this.close(id);
  }
}
