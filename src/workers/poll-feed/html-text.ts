import { decodeHTML } from 'entities';

/** Elements HTML really has that turn up in titles; `x < y > z` is not one. A quoted value may hold what looks like a tag. */
const INLINE_TAG =
  /<\/?(?:a|abbr|acronym|b|bdi|bdo|big|br|cite|code|del|div|em|font|h[1-6]|hr|i|img|ins|kbd|li|mark|nobr|ol|p|q|s|small|span|strike|strong|sub|sup|table|tbody|td|tr|tt|u|ul|wbr)\b(?:[^<>"']*(?:(?:"[^"]{0,500}"|'[^']{0,500}')[^<>"']*){0,50}>|[^<>]*>)/gi;

/** A title as plain text on one line: tags that titles carry removed, references decoded, white space collapsed. */
export function plainText(value: string): string {
  let text = value;
  if (text.includes('<'))
    text = text.replace(INLINE_TAG, (tag) => (/^<\/?(?:br|p|div|li|td|tr|h\d|hr)\b/i.test(tag) ? ' ' : ''));
  if (text.includes('&')) text = decodeHTML(text);
  return text.replace(/[\s\u00a0]+/g, ' ').trim();
}

export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
