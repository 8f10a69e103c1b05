import { diffArrays } from 'diff';
import type { Article, ParagraphChange } from '../shared/model.ts';
import { html, type Markup, when } from './html.ts';

/** Texts that share fewer of their words are easier read one after the other. */
const MIN_SHARED = 0.5;
/** Longer searches for what two texts share are not worth their time. */
const MAX_EDITS = 2_000;

export interface TextPiece {
  text: string;
  kind: 'same' | 'removed' | 'added';
}

/** What became of some paragraphs, word by word, in the order of reading; as a whole where little has stayed. */
export function comparePieces({ removed, added }: Pick<ParagraphChange, 'removed' | 'added'>): TextPiece[] {
  const [older, newer] = [removed.join('\n'), added.join('\n')];
  const whole: TextPiece[] = [
    { text: older, kind: 'removed' as const },
    { text: newer, kind: 'added' as const },
  ].filter(({ text }) => text !== '');
  if (older === '' || newer === '') return whole;
  const words = (text: string) => text.split(/(\s+)/);
  const pieces = joinChanges(diffArrays(words(older), words(newer), { maxEditLength: MAX_EDITS }) ?? []);
  const letters = (kind: TextPiece['kind']) =>
    pieces.reduce((sum, piece) => sum + (piece.kind === kind ? piece.text.replace(/\s+/g, '').length : 0), 0);
  return letters('same') < MIN_SHARED * (letters('same') + Math.max(letters('removed'), letters('added')))
    ? whole
    : pieces;
}

/** Changed words with nothing but space between them are one change. */
function joinChanges(parts: readonly { value: string[]; added?: boolean; removed?: boolean }[]): TextPiece[] {
  const pieces: TextPiece[] = [];
  let removed = '';
  let added = '';
  const close = () => {
    if (removed) pieces.push({ text: removed, kind: 'removed' });
    if (added) pieces.push({ text: added, kind: 'added' });
    removed = added = '';
  };
  for (const [i, part] of parts.entries()) {
    const text = part.value.join('');
    const isGap = !part.added && !part.removed && /^\s+$/.test(text) && i > 0 && i < parts.length - 1;
    if (part.removed || isGap) removed += text;
    if (part.added || isGap) added += text;
    if (part.removed || part.added || isGap) continue;
    close();
    pieces.push({ text, kind: 'same' });
  }
  close();
  return pieces;
}

/** Earlier versions of an article, newest first, each with what was changed in it. */
export function versionList({ title = '', version = 1, versions = [], dir, lang }: Article, now: Date): Markup {
  if (versions.length === 0) return html``;
  const steps = versions.map((earlier, i) => ({ ...earlier, nextTitle: versions[i + 1]?.title ?? title })).reverse();
  const language = lang && lang !== 'und' ? html` lang="${lang}"` : '';
  return html`<section class="versions" aria-labelledby="versions-title">
<h2 id="versions-title" dir="ltr" lang="en">What was changed</h2>
<p class="quiet" dir="ltr" lang="en">This is version ${version}.</p>
${steps.map(
  ({ n, title, nextTitle, replacedAt, diff }, i) => html`<details${i === 0 ? html` open` : ''}>
<summary dir="ltr" lang="en">From version ${n} to ${n + 1}, ${when(replacedAt, now)}: ${diff.length} place${diff.length === 1 ? '' : 's'}${title !== nextTitle && ' and the title'}</summary>
<div dir="${dir ?? 'auto'}"${language}>
${title !== nextTitle && html`<p class="change title">${pieces({ removed: [title], added: [nextTitle] })}</p>`}
${diff.map((change) => html`<p class="change">${pieces(change)}</p>`)}
</div>
</details>`,
)}
</section>`;
}

function pieces(change: Pick<ParagraphChange, 'removed' | 'added'>): Markup[] {
  return comparePieces(change).map(({ text, kind }, i, all) => {
    if (kind === 'removed') return html`<del>${text}</del>`;
    if (kind === 'added') return html`${all[i - 1]?.kind === 'removed' && ' '}<ins>${text}</ins>`;
    return html`${text}`;
  });
}
