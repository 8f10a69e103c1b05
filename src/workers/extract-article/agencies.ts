import { readFileSync } from 'node:fs';
import { fold } from './phrases.ts';

let agencies: Map<string, string> | undefined;

/** The wire agency a credit names, under its usual Latin name. */
export function agencyOf(credit: string): string | undefined {
  if (!agencies) {
    const table = JSON.parse(readFileSync(new URL('../../../data/agencies.json', import.meta.url), 'utf8')) as Record<
      string,
      string[]
    >;
    agencies = new Map(
      Object.entries(table).flatMap(([name, spellings]) => spellings.map((s) => [fold(s), name] as const)),
    );
  }
  return agencies.get(fold(credit));
}
