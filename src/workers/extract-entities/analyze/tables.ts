/** How the tables of `data/knowledge` are read: rows of cells parted by tabs, names in a cell by bars. */
import { readFileSync } from 'node:fs';
import { foldText } from '../../../shared/arabic/fold.ts';
import { joins, wordsOf } from './words.ts';

const DATA = new URL('../../../../data/knowledge/', import.meta.url);

export const read = (file: string): string => readFileSync(new URL(file, DATA), 'utf8');

/** The cells of a table, without its remarks. */
export function rows(file: string): string[][] {
  return read(file)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'));
}

/** The names of a cell. */
export const list = (cell: string | undefined): string[] => (cell ? cell.split('|').filter(Boolean) : []);

/** A name without the mark that says it is also a word. */
export const bare = (name: string): string => name.replace(/\?$/, '');

/** Reads `fr:Le Caire` as a French name, a bare one as English. */
export function tagged(name: string): [language: string, name: string] {
  const match = /^([a-z]{2,3}):(.+)$/.exec(name);
  return match?.[1] && match[2] ? [match[1], match[2]] : ['en', name];
}

/** A name as part of an id. */
export function slug(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[’‘'`.]+/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** The folded words of a name. */
export function keysOf(name: string): string[] {
  // Thousands of names are plain: the same answer without looking at every word.
  if (/^[a-zA-Z ]+$/.test(name)) return name.toLowerCase().split(/ +/).filter(Boolean);
  if (/^[\u0621-\u064a ]+$/.test(name)) {
    const keys: string[] = [];
    for (const key of foldText(name).split(/ +/)) {
      if (key === '') continue;
      const last = keys.at(-1);
      if (last !== undefined && joins(last, key)) keys[keys.length - 1] = last + key;
      else keys.push(key);
    }
    return keys;
  }
  return wordsOf(name).map((word) => word.key);
}

/** Whether a folded name begins with an Arabic letter. */
export const isArabic = (key: string): boolean => {
  const first = key.charCodeAt(0);
  return first >= 0x0600 && first <= 0x06ff;
};
