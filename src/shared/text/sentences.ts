import type { Token } from './tokenize.ts';

/** Full stops of the scripts of the world, and ends of lines. */
const STOP = /[.!?؟…。！？۔।॥]+|[\n\u2029]/g;
/** What may close after a full stop. */
const CLOSING = /["'”’»›)\]}」』）】*]/u;
const OPENING = /["'“‘«‹([{「『（【]/u;
const SPACE = /\s/;
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
    while (start < end && SPACE.test(text.charAt(start))) start += 1;
    while (end > start && SPACE.test(text.charAt(end - 1))) end -= 1;
    if (end > start) sentences.push({ text: text.slice(start, end), start, end });
    from = to;
  };
  STOP.lastIndex = 0;
  for (let stop = STOP.exec(text); stop; stop = STOP.exec(text)) {
    const { 0: signs, index } = stop;
    if (signs === '\n' || signs === '\u2029') {
      close(index);
      continue;
    }
    const afterStop = index + signs.length;
    let end = afterStop;
    while (end < text.length && CLOSING.test(text.charAt(end))) end += 1;
    if (endsSentence(text, index, afterStop, end)) close(end);
    STOP.lastIndex = end;
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
