/** All BMP characters in order of code, without surrogates, which would pair up. */
const BEFORE_SURROGATES = charsFrom(0, 0xd800);
const AFTER_SURROGATES = charsFrom(0xe000, 0x10000);

function charsFrom(first: number, end: number): string {
  const units = Uint16Array.from({ length: end - first }, (_, i) => first + i);
  return new TextDecoder('utf-16le').decode(units);
}

/** 1 for each UTF-16 code unit that matches; surrogates never do. A table asks faster than a pattern. `pattern` needs the flags `gu`. */
export function unitsMatching(pattern: RegExp): Uint8Array {
  const table = new Uint8Array(0x10000);
  for (const [chars, first] of [
    [BEFORE_SURROGATES, 0],
    [AFTER_SURROGATES, 0xe000],
  ] as const) {
    for (const { 0: run, index } of chars.matchAll(pattern)) table.fill(1, first + index, first + index + run.length);
  }
  return table;
}
