import { readFileSync } from 'node:fs';
import type { Random } from './random.ts';

/**
 * A grammar of sentences, read from data/newsstand/grammar/<language>.txt:
 *
 * - `== name` begins a rule; each following line is one alternative; ` | ` parts several short ones on a line.
 * - `== name(city, country)` begins a table; each line is a row of fields parted by `;`.
 * - In an alternative, `<a|b>` chooses inline, `{rule}` expands a rule anew, `{rule.k}` expands it once and repeats it
 *   throughout the article (rules within it take its key: `{family.a}` is the surname of `{man.a}`), `{table:field}` and `{table.k:field}` read one row chosen once per key,
 *   `{n:10-90}` and `{n.k:10-90}` are whole numbers, the latter remembered.
 * - Date slots (`{weekday:-1}`, see dates.ts) are left as they are, except that `{date:-30~-10}` becomes one of its days.
 * - Lines that begin with `#` are comments.
 */
export interface Grammar {
  rules: Map<string, string[]>;
  tables: Map<string, { fields: string[]; rows: string[][] }>;
}

/** Names remembered while one article is written. */
export type Memory = Map<string, string | string[]>;

export function loadGrammar(language: string): Grammar {
  return parseGrammar(readFileSync(new URL(`../../data/newsstand/grammar/${language}.txt`, import.meta.url), 'utf8'));
}

export function parseGrammar(source: string): Grammar {
  const grammar: Grammar = { rules: new Map(), tables: new Map() };
  let add = (line: string): void => {
    throw new Error(`grammar: no rule before "${line}"`);
  };
  for (const raw of source.split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const head = /^== ([\w-]+)(?:\(([^)]*)\))?$/.exec(line);
    if (!head) {
      add(line);
    } else if (head[2] === undefined) {
      const alternatives: string[] = [];
      grammar.rules.set(head[1] as string, alternatives);
      add = (text) => alternatives.push(...text.split(' | ').map((part) => part.trim()));
    } else {
      const rows: string[][] = [];
      grammar.tables.set(head[1] as string, { fields: head[2].split(',').map((part) => part.trim()), rows });
      add = (text) => rows.push(text.split(';').map((part) => part.trim()));
    }
  }
  return grammar;
}

/** The alternatives of a rule. Throws when there is no such rule: a slip in the data. */
export function alternatives(grammar: Grammar, rule: string): string[] {
  const found = grammar.rules.get(rule);
  if (!found) throw new Error(`grammar: no rule ${rule}`);
  return found;
}

const SLOT = /\{([\w-]+)(?:\.(\w+))?(?::([^}]+))?\}/g;
const DATE_SLOTS = new Set(['weekday', 'date', 'month', 'monthyear', 'year']);

/** Writes out `template`; `outerKey` is the key of the rule it belongs to. */
export function expand(grammar: Grammar, template: string, random: Random, memory: Memory, outerKey?: string): string {
  let text = template;
  // Inner choices first, so that choices may be nested.
  for (let before = text.includes('<') ? '' : text; before !== text; ) {
    before = text;
    text = text.replace(/<([^<>]*)>/g, (_all, choices: string) => random.pick(choices.split('|')));
  }
  return text.replace(SLOT, (slot, name: string, ownKey: string | undefined, argument: string | undefined) => {
    if (DATE_SLOTS.has(name)) {
      const [low, high] = (argument ?? '').split('~').map(Number);
      return low === undefined || high === undefined ? slot : `{${name}:${random.between(low, high)}}`;
    }
    const table = grammar.tables.get(name);
    if (table) return readRow(table, name, ownKey ?? '', argument ?? '', random, memory);
    const key = name === 'n' ? ownKey : (ownKey ?? outerKey);
    const write = () => {
      if (name !== 'n') return expand(grammar, random.pick(alternatives(grammar, name)), random, memory, key);
      const [low, high] = (argument ?? '').split('-').map(Number);
      if (low === undefined || high === undefined) throw new Error(`grammar: ${slot} needs a range`);
      return String(random.between(low, high));
    };
    if (key === undefined) return write();
    const place = `${name}.${key}`;
    const known = memory.get(place) ?? write();
    memory.set(place, known);
    return known as string;
  });
}

/** Where the row chosen of a table is remembered. */
export function rowKey(table: string, key = ''): string {
  return `${table}.${key}:`;
}

function readRow(
  table: { fields: string[]; rows: string[][] },
  name: string,
  key: string,
  field: string,
  random: Random,
  memory: Memory,
): string {
  const place = rowKey(name, key);
  let row = memory.get(place) as string[] | undefined;
  if (!row) {
    const used = [...memory].filter(([other]) => other.startsWith(`${name}.`)).map(([, value]) => value);
    row = random.pick(table.rows.filter((candidate) => !used.includes(candidate)));
    memory.set(place, row);
  }
  const value = row[table.fields.indexOf(field)];
  if (value === undefined) throw new Error(`grammar: table ${name} has no ${field} in "${row.join('; ')}"`);
  return value;
}
