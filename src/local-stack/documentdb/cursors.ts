/** How long a cursor that nobody asks for more is kept; MongoDB's cursorTimeoutMillis. */
export const IDLE_CURSOR_MS = 600_000;

/** An open cursor: where the next page begins, in the extension's own terms. */
export interface Cursor {
  id: string;
  db: string;
  /** BSON. Whoever holds it may go on from any connection. */
  continuation: Buffer;
  /** A getMore is running on it. */
  busy: boolean;
  usedAt: number;
}

/** The open cursors of one gateway. `now` is a clock in milliseconds. */
export class CursorTable {
  private readonly cursors = new Map<string, Cursor>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  get size(): number {
    return this.cursors.size;
  }

  open(id: string, db: string, continuation: Buffer): void {
    this.cursors.set(id, { id, db, continuation, busy: false, usedAt: this.now() });
  }

  get(id: string): Cursor | undefined {
    return this.cursors.get(id);
  }

  /** Remembers where a cursor's next page begins. */
  advance(cursor: Cursor, continuation: Buffer): void {
    cursor.continuation = continuation;
    cursor.usedAt = this.now();
  }

  /** Forgets a cursor. False when there is none of that id. */
  close(id: string): boolean {
    return this.cursors.delete(id);
  }

  /** Forgets the cursors that have been idle for longer than `idleMs` and returns their ids. */
  closeIdle(idleMs: number): string[] {
    const before = this.now() - idleMs;
    const idle = [...this.cursors.values()].filter((cursor) => !cursor.busy && cursor.usedAt < before);
    for (const { id } of idle) this.cursors.delete(id);
    return idle.map(({ id }) => id);
  }
}
