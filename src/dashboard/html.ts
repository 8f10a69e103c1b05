import type { Direction } from '../shared/model.ts';

/** Mark-up that is safe to send as it is. Only `html` makes it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | undefined | false | Markup | readonly Part[];

/** A template whose values are escaped unless they are Markup themselves; undefined and false leave nothing. */
export function html(strings: TemplateStringsArray, ...values: Part[]): Markup {
  return new Markup(strings.reduce((out, piece, i) => out + render(values[i - 1]) + piece));
}

function render(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Markup) return part.text;
  if (Array.isArray(part)) return part.map(render).join('');
  return String(part).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** Text of an article, in its own direction and language, isolated from what stands around it. */
export function foreign(text: string, dir: Direction | undefined, lang: string | undefined): Markup {
  return html`<bdi dir="${dir ?? 'auto'}"${lang && lang !== 'und' ? html` lang="${lang}"` : ''}>${text}</bdi>`;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "3 min ago", "in 2 h": short enough for a table; the exact time is in the title. */
export function when(date: Date | undefined, now: Date): Markup {
  if (!date) return html`–`;
  const ms = now.getTime() - date.getTime();
  const size = Math.abs(ms);
  const text =
    size < MINUTE
      ? `${Math.round(size / 1000)} s`
      : size < HOUR
        ? `${Math.round(size / MINUTE)} min`
        : size < 2 * DAY
          ? `${Math.round(size / HOUR)} h`
          : `${Math.round(size / DAY)} d`;
  return html`<time dir="ltr" datetime="${date.toISOString()}" title="${date.toISOString()}">${ms >= 0 ? `${text} ago` : `in ${text}`}</time>`;
}
