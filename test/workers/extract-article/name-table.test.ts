import { expect, test } from 'vitest';
import { hashOf, NameTable } from '../../../src/workers/extract-article/name-table.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const whole = (text: string) => [bytesOf(text), 0, bytesOf(text).length] as const;

test('NameTable – finds names within a longer text, and none that are not there', () => {
  const names = Array.from({ length: 2_000 }, (_, i) => `name-${i * i}`);
  const table = NameTable.of(names.map((name) => [name, name]));
  const text = bytesOf(names.join(' '));
  let at = 0;
  for (const name of names) {
    const end = at + name.length;
    expect(table.find(text, at, end, hashOf(text, at, end))).toBe(name);
    at = end + 1;
  }
  for (const name of ['', 'name-', 'name-3', 'Name-4'])
    expect(table.find(...whole(name), hashOf(...whole(name)))).toBeUndefined();
});

test('NameTable – names with one hash are told apart, and only so many of them are kept', () => {
  const table = new NameTable<number>();
  const names = Array.from({ length: 1_000 }, (_, i) => `n${i}`);
  names.forEach((name, i) => {
    table.add(...whole(name), 42, i);
  });
  const found = names.map((name) => table.find(...whole(name), 42));
  expect(found.slice(0, 16)).toEqual([...Array(16).keys()]);
  expect(found.slice(16).every((value) => value === undefined)).toBe(true);
});
