/** The places of the world list by their names: far too many and too ambiguous to match without a reason. */
import { foldText } from '../../../shared/arabic/fold.ts';
import type { Known } from './knowledge.ts';
import { isArabic, keysOf, list } from './tables.ts';

/** GeoNames rows stay text until one of them is asked for: there are 27,000. */
export class WorldPlaces {
  readonly #lines: string[];
  /** Arabic names, and all others: an Arabic report never asks for the second. */
  #arabic: Map<string, number | number[]> | undefined;
  #other: Map<string, number | number[]> | undefined;
  #rowsById: Map<string, number> | undefined;
  readonly #byRow = new Map<number, Known>();
  /** Names of several words: how many, by the first. */
  readonly #longest = new Map<string, number>();
  readonly #divisions = new Map<string, Known[]>();

  constructor(file: string) {
    this.#lines = file.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  }

  /** Rows by folded name, of the names in the script of `key`. */
  #rowsIn(key: string): Map<string, number | number[]> {
    if (isArabic(key)) {
      this.#arabic ??= this.#index(([, , , , , , , arabic = '']) => arabic);
      return this.#arabic;
    }
    this.#other ??= this.#index(([, , , , , , name = '', , other = '']) => `${name}|${other}`);
    return this.#other;
  }

  #fileLength(key: string): void {
    const space = key.indexOf(' ');
    if (space < 0) return;
    const first = key.slice(0, space);
    this.#longest.set(first, Math.max(this.#longest.get(first) ?? 1, key.split(' ').length));
  }

  #index(names: (columns: string[]) => string): Map<string, number | number[]> {
    const rowsByKey = new Map<string, number | number[]>();
    const folded = foldNames(this.#lines.map((line) => names(line.split('\t'))).join('\n')).split('\n');
    for (let row = 0; row < folded.length; row++) {
      if (folded[row] === '') continue;
      for (const key of new Set((folded[row] as string).split('|'))) {
        if (key === '') continue;
        const filed = rowsByKey.get(key);
        if (filed === undefined) rowsByKey.set(key, row);
        else if (typeof filed === 'number') rowsByKey.set(key, [filed, row]);
        else filed.push(row);
        this.#fileLength(key);
      }
    }
    return rowsByKey;
  }

  /** The place with a GeoNames id, if the list has it. */
  byGeonamesId(id: string): Known | undefined {
    this.#rowsById ??= new Map(this.#lines.map((line, row) => [line.slice(0, line.indexOf('\t')), row]));
    const row = this.#rowsById.get(id);
    return row === undefined ? undefined : this.#place(row);
  }

  has(key: string): boolean {
    return this.#rowsIn(key).has(key) || this.#divisions.has(key);
  }

  get(key: string): Known[] | undefined {
    const rows = this.#rowsIn(key).get(key);
    const divisions = this.#divisions.get(key);
    if (rows === undefined) return divisions;
    const cities = (typeof rows === 'number' ? [rows] : rows).map((row) => this.#place(row));
    return divisions ? [...cities, ...divisions] : cities;
  }

  /** Words of the longest name that begins with a folded word; 1 where none of several does. */
  longest(first: string): number {
    this.#rowsIn(first);
    return this.#longest.get(first) ?? 1;
  }

  /** Many divisions are called like ordinary words (الوسطى، بحري): like cities they need a reason. */
  addDivision(name: string, known: Known): void {
    const key = keysOf(name).join(' ');
    this.#divisions.set(key, [...(this.#divisions.get(key) ?? []), known]);
    this.#fileLength(key);
  }

  #place(row: number): Known {
    const made = this.#byRow.get(row);
    if (made) return made;
    const [id = '', country = '', lat, lon, population, rank, name = '', arabic] = (this.#lines[row] as string).split(
      '\t',
    );
    const names: Record<string, string> = { en: name };
    const arabicName = list(arabic)[0];
    if (arabicName) names.ar = arabicName;
    const place: Known = {
      id: `place:geonames-${id}`,
      type: 'location',
      kind: rank === 'C' ? 'capital' : 'city',
      names,
      country,
      lat: Number(lat),
      lon: Number(lon),
      population: Number(population),
    };
    this.#byRow.set(row, place);
    return place;
  }
}

/** Folds many names at once, as `keysOf` folds one: words parted by single spaces, عبد and أبو joined to the next word. */
function foldNames(names: string): string {
  return foldText(names)
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[-'’‘`.]+/g, ' ')
    .replace(/ +(?=[|\n]|$)|(?<=[|\n]|^) +/g, '')
    .replace(/ {2,}/g, ' ')
    .replace(/(?<=^|[|\n ])(عبد|ابو|ابي) (?=[\u0620-\u064a])/g, '$1')
    .replace(/ı/g, 'i')
    .replace(/ø/g, 'o');
}
