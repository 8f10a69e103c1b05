import type { Token } from './tokenize.ts';

/** Full stops of the scripts of the world, and what may close after them. */
const TERMINATOR = /[.!?؟…。！？۔।॥]/u;
const CLOSING = /["'”’»›)\]}」』）】*]/u;
const OPENING = /["'“‘«‹([{「『（【]/u;
const LETTER = /\p{L}/u;
const LOWER = /\p{Ll}/u;

/** Latin words a full stop shortens rather than a sentence ends. */
const ABBREVIATION =
  /(?:^|[\s("“«])(?:\p{Lu}|Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Adm|Rev|Hon|St|Jr|Sr|Inc|Ltd|Co|Corp|vs|No|Nos|Jan|Feb|Aug|Sept?|Oct|Nov|Dec|e\.g|i\.e|z\.B|bzw|ca|Nr|Sr|Sra|Dña|EE|UU|г|ул|др|т\.е|(?:\p{Lu}\.)+\p{Lu})$/u;
/** Arabic ones: Dr, Prof, the honorific (ص) and the like, one letter before the stop. */
const ARABIC_ABBREVIATION = /(?:^|[\s(«"])[أادمصهت]$/u;

/**
 * Where the sentences of `text` are, without the white space around them. A line break always ends one, so that a
 * headline or cross-head without a full stop stays apart. Quotation marks are not balanced, only skipped over, so a missing
 * or glued one («قال.»وأضاف) cannot swallow what follows.
 */
export function splitSentences(text: string): Token[] {
  const sentences: Token[] = [];
  let from = 0;
  const close = (to: number) => {
    let start = from;
    let end = to;
    while (start < end && /\s/u.test(text[start] as string)) start += 1;
    while (end > start && /\s/u.test(text[end - 1] as string)) end -= 1;
    if (end > start) sentences.push({ text: text.slice(start, end), start, end });
    from = to;
  };
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i] as string;
    if (character === '\n' || character === '\u2029') {
      close(i);
      continue;
    }
    if (!TERMINATOR.test(character)) continue;
    let end = i + 1;
    while (end < text.length && TERMINATOR.test(text[end] as string)) end += 1;
    const afterStop = end;
    while (end < text.length && CLOSING.test(text[end] as string)) end += 1;
    if (endsSentence(text, i, afterStop, end)) close(end);
    i = end - 1;
  }
  close(text.length);
  return sentences;
}

/** Whether the stop at `stop` (closing marks up to `end`) ends a sentence. */
function endsSentence(text: string, stop: number, afterStop: number, end: number): boolean {
  const sign = text[stop] as string;
  const next = text[end];
  if (next === undefined) return true;
  if (/[。！？]/u.test(sign)) return true;
  let after = end;
  while (after < text.length && /[^\S\n]/u.test(text[after] as string)) after += 1;
  const following = text[after];
  if (following === undefined || following === '\n') return true;
  const spaced = after > end;
  const quoted = end > afterStop;
  // Glued: a stop, a closing mark and straight on with a letter. Without the mark it is a domain name, a number or initials.
  if (!spaced) return quoted && LETTER.test(following) && sign !== '…';
  if (LOWER.test(following)) return false;
  if (sign === '.') {
    const before = text.slice(Math.max(0, stop - 12), stop);
    if (afterStop === stop + 1 && (ABBREVIATION.test(before) || ARABIC_ABBREVIATION.test(before))) return false;
  }
  // «!» and «؟» inside a quotation may go on with the verb: "Really?" he said. A letter that has no case decides nothing there.
  return (
    LETTER.test(following) || /\p{N}/u.test(following) || OPENING.test(following) || /\p{P}|\p{S}/u.test(following)
  );
}
