/** Words remembered, and code units of one: a newsroom's vocabulary fits, and what is made up does not fill the memory. */
const MAX_REMEMBERED = 20_000;
const MAX_LENGTH = 60;

/** `make`, remembering what it has made of each word. */
export function remembering<T extends object>(make: (word: string) => T): (word: string) => T {
  const made = new Map<string, T>();
  return (word) => {
    const known = made.get(word);
    if (known !== undefined) return known;
    if (word.length > MAX_LENGTH) return make(word);
    if (made.size >= MAX_REMEMBERED) made.clear();
    const own = detached(word);
    const fresh = make(own);
    made.set(own, fresh);
    return fresh;
  };
}

/** A copy of its own: what is cut out of a text keeps the whole text in memory. */
export function detached(word: string): string {
  return Buffer.from(word, 'utf16le').toString('utf16le');
}
