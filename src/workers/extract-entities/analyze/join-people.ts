/** Which names of a text are shorter forms of a longer one. */
import type { Found } from './found.ts';

/** Bearers of one family name looked at; more is no report but a list. */
const MAX_NAMESAKES = 50;

/** Joins shorter forms of a person's name to the longest: منصور هادي and هادي to عبد ربه منصور هادي. */
export function joinPeople(found: Map<string, Found>): void {
  const people = [...found.values()].filter((one) => one.entity.type === 'person');
  const byFamily = new Map<string, { parts: string[]; one: Found }[]>();
  for (const one of [...people].sort((a, b) => longestKey(b).length - longestKey(a).length)) {
    for (const key of one.keys) {
      const parts = key.split(' ');
      const family = parts.at(-1) as string;
      byFamily.set(family, [...(byFamily.get(family) ?? []), { parts, one }].slice(0, MAX_NAMESAKES));
    }
  }
  const byGiven = new Map<string, Found | undefined>();
  for (const one of people) {
    const [given = '', ...rest] = longestKey(one).split(' ');
    // Two of that name: nobody can be told.
    if (rest.length > 0) byGiven.set(given, byGiven.has(given) ? undefined : one);
  }
  for (const one of people) {
    if (one.known) continue;
    const parts = longestKey(one).split(' ');
    const namesakes = byFamily.get(parts.at(-1) as string) ?? [];
    // الأمير خالد after الأمير خالد بن سلطان.
    const called = parts.length === 1 ? byGiven.get(parts[0] as string) : undefined;
    const whole =
      namesakes.find((other) => other.one !== one && found.has(other.one.id) && isFormOf(parts, other.parts))?.one ??
      (called !== one ? called : undefined);
    if (whole === undefined) continue;
    whole.mentions.push(...one.mentions);
    for (const key of one.keys) whole.keys.add(key);
    for (const role of one.entity.roles) if (!whole.entity.roles.includes(role)) whole.entity.roles.push(role);
    found.delete(one.id);
  }
}

function longestKey(one: Found): string {
  const canonical = one.known?.names.ar;
  return [...one.keys].sort((a, b) => b.length - a.length)[0] ?? canonical ?? '';
}

/** A shorter form keeps the family name and leaves out others: {محمد مرسي} of {محمد محمد مرسي}. */
function isFormOf(parts: string[], whole: string[]): boolean {
  if (parts.length >= whole.length || parts.at(-1) !== whole.at(-1)) return false;
  let at = 0;
  for (const part of parts) {
    at = whole.indexOf(part, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
