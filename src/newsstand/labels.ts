import { readFileSync } from 'node:fs';

/** The words around an article on a page of a given language. */
export type Labels = Record<
  | 'by'
  | 'published'
  | 'updated'
  | 'readAlso'
  | 'related'
  | 'mostRead'
  | 'share'
  | 'copyLink'
  | 'comments'
  | 'comment'
  | 'comment2'
  | 'writeComment'
  | 'newsletter'
  | 'newsletterText'
  | 'subscribe'
  | 'cookies'
  | 'accept'
  | 'advert'
  | 'advertText'
  | 'credit'
  | 'caption'
  | 'rights'
  | 'tags'
  | 'bio'
  | 'home'
  | 'privacy'
  | 'contact'
  | 'about'
  | 'search'
  | 'follow'
  | 'desk',
  string
>;

const LABELS = JSON.parse(readFileSync(new URL('../../data/newsstand/labels.json', import.meta.url), 'utf8')) as Record<
  string,
  Labels
>;

export function labelsOf(language: string): Labels {
  const labels = LABELS[language];
  if (!labels) throw new Error(`newsstand: no labels for ${language}`);
  return labels;
}

/** Writing direction of a language of the newsstand. */
export function directionOf(language: string): 'ltr' | 'rtl' {
  return ['ar', 'fa', 'ur', 'he'].includes(language) ? 'rtl' : 'ltr';
}

/** Escapes text for HTML and XML, in content and in double-quoted attributes. */
export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
