/**
 * What stands between quotation marks, paragraph by paragraph, as newsrooms really write it: straight marks, marks glued to the verb
 * (وأضاف" …), marks that never close, names in quotes inside a quotation.
 */
import type { Span } from '../../../shared/model.ts';

export interface Quoted extends Span {
  /** Place of the opening mark; equals `start` when a quotation goes on from the paragraph before. */
  open: number;
  /** One past the closing mark, or `end` when there is none. */
  close: number;
  /** The closing mark is missing: the quotation is taken to run to the end of the paragraph. */
  unclosed: boolean;
}

const MARK = /["“”„‟″«»]|''|‘‘|’’/g;
const SPACE = /[\s\u00a0\u200e\u200f]/;
const CLOSING_PUNCTUATION = /[.,،;:؛!?؟)\]»”…-]/;
/** Particles that are written onto an opening mark: و"زنجبار", بـ"القوة". */
const GLUED_PARTICLE = /(?:^|[\s\u00a0])(?:[وفبلك]{1,2}|[بلك]ـ|ال)ـ?$/;

interface Mark {
  at: number;
  end: number;
  side: 'open' | 'close' | 'either';
}

/**
 * Quoted stretches in order. `cue` says whether what stands right before an offset announces speech; `late` whether something further
 * before does, as in وأضاف الوزير" …, where the mark looks like a closing one that nothing has opened.
 */
export function findQuoted(
  text: string,
  cue: (offset: number) => boolean,
  late: (offset: number) => boolean = () => false,
): Quoted[] {
  const found: Quoted[] = [];
  let from = 0;
  let running = false;
  while (from <= text.length) {
    const newline = text.indexOf('\n', from);
    const to = newline < 0 ? text.length : newline;
    running = readParagraph(text, from, to, { cue, late }, running, found);
    from = to + 1;
  }
  return found;
}

/** Adds the quoted stretches of one paragraph; returns whether the last one is still open. */
function readParagraph(
  text: string,
  from: number,
  to: number,
  { cue, late }: Record<'cue' | 'late', (offset: number) => boolean>,
  running: boolean,
  found: Quoted[],
): boolean {
  const paragraph = text.slice(from, to);
  const marks = [...paragraph.matchAll(MARK)].map((match) => markAt(text, from, to, from + match.index, match[0]));
  const closersAhead = countClosers(marks);
  let open: Mark | undefined;
  let depth = 0;
  for (let index = 0; index < marks.length; index++) {
    const mark = marks[index] as Mark;
    if (open === undefined) {
      if (mark.side === 'close' && running && found.at(-1)?.unclosed) {
        const start = from + (paragraph.length - paragraph.trimStart().length);
        if (mark.at > start) found.push(quoted(text, start, start, mark.at, mark.end, false));
        running = false;
      } else if (mark.side !== 'close' || cue(mark.at) || late(mark.at)) open = mark;
      running = false;
      continue;
    }
    if (mark.side === 'open') {
      // Inside a quotation: a quoted name if two closing marks follow in turn, else the first mark was never closed.
      if ((closersAhead[index] as number) >= 2 + depth) depth++;
      else {
        open = mark;
        depth = 0;
      }
      continue;
    }
    if (depth > 0) {
      depth--;
      continue;
    }
    found.push(quoted(text, open.at, open.end, mark.at, mark.end, false));
    open = undefined;
  }
  if (open === undefined || !(cue(open.at) || (open.side === 'close' && late(open.at)))) return false;
  found.push(quoted(text, open.at, open.end, to, to, true));
  return true;
}

/** For each mark, how many closing marks follow before the next opening one. */
function countClosers(marks: Mark[]): number[] {
  const counts: number[] = new Array(marks.length).fill(0);
  for (let index = marks.length - 2; index >= 0; index--) {
    counts[index] = (marks[index + 1] as Mark).side === 'open' ? 0 : (counts[index + 1] as number) + 1;
  }
  return counts;
}

function markAt(text: string, from: number, to: number, at: number, mark: string): Mark {
  const end = at + mark.length;
  const left = at > from ? text.charAt(at - 1) : ' ';
  const right = end < to ? text.charAt(end) : ' ';
  const leftOpen =
    SPACE.test(left) || /[([:،,\-–—]/.test(left) || GLUED_PARTICLE.test(text.slice(Math.max(from, at - 5), at));
  const rightOpen = !SPACE.test(right) && !CLOSING_PUNCTUATION.test(right);
  const leftClose = !SPACE.test(left);
  const rightClose = SPACE.test(right) || CLOSING_PUNCTUATION.test(right);
  if (leftOpen && rightOpen) return { at, end, side: 'open' };
  if (leftClose && rightClose) return { at, end, side: SPACE.test(left) ? 'either' : 'close' };
  if (mark === '«' || mark === '“' || mark === '„') return { at, end, side: 'open' };
  if (mark === '»' || mark === '”') return { at, end, side: 'close' };
  return { at, end, side: 'either' };
}

function quoted(text: string, open: number, from: number, to: number, close: number, unclosed: boolean): Quoted {
  let start = from;
  let end = to;
  while (start < end && SPACE.test(text.charAt(start))) start++;
  while (end > start && SPACE.test(text.charAt(end - 1))) end--;
  return { open, close, start, end, unclosed, text: text.slice(start, end) };
}
