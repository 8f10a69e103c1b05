import type { Article, Reprint } from '../shared/model.ts';
import { foreign, html, type Markup } from './html.ts';

const percent = (share: number) => `${(share * 100).toFixed(0)} %`;

/** Of a copy in a list: its kind, what its outlet made of the text, and whether the text is its own. */
export function copyLine({ _id, dup, reprint }: Article, origin: string | undefined): Markup {
  return html`<span class="meta"><bdi dir="ltr">${dup?.kind} copy, ${percent(dup?.score ?? 0)}</bdi>${reprint && html` · ${reprintLine(reprint)}`}${_id === origin && html` <span class="tag good">origin</span>`}</span>`;
}

/** "kept 92 %, added 3 %": set apart, so that it reads from left to right inside a right-to-left line too. */
export function reprintLine({ kept, added, credit }: Reprint): Markup {
  return html`<bdi dir="ltr">kept ${percent(kept)}, added ${percent(added)}</bdi>${credit && html` · credits ${foreign(credit, undefined, undefined)}`}`;
}
