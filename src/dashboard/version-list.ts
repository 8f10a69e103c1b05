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
  const parts = diffArrays(words(older), words(newer), { maxEditLength: MAX_EDITS }) ?? [];
  const pieces = parts.map(
    ({ value, added, removed }): TextPiece => ({
      text: value.join(''),
      kind: added ? 'added' : removed ? 'removed' : 'same',
    }),
  );
  const letters = (kind: TextPiece['kind']) =>
    pieces.reduce((sum, piece) => sum + (piece.kind === kind ? piece.text.replace(/\s+/g, '').length : 0), 0);
  return letters('same') < MIN_SHARED * (letters('same') + Math.max(letters('removed'), letters('added')))
    ? whole
    : pieces;
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
${title !== nextTitle && html`<p class="change title">${comparePieces({ removed: [title], added: [nextTitle] }).map(piece)}</p>`}
${diff.map((change) => html`<p class="change">${comparePieces(change).map(piece)}</p>`)}
</div>
</details>`,
)}
</section>`;
}

function piece({ text, kind }: TextPiece): Markup {
  if (kind === 'removed') return html`<del>${text}</del>`;
  return kind === 'added' ? html`<ins>${text}</ins>` : html`${text}`;
}
