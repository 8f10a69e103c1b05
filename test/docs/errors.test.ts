import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/errors.md', ROOT), 'utf8');
const sources = readdirSync(new URL('src/', ROOT), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(new URL(`src/${name}`, ROOT), 'utf8'));

const documented = new Set([...page.matchAll(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)`/g)].map(([, code = '']) => code));
/** Codes that errors are made with, and those that the errors of node:net, node:dns and undici become. */
const given = new Set(
  sources.flatMap((source) =>
    [
      /(?:Permanent|Transient|Throttled|Stage|Feed|Extract|NoServer)Error\(\s*'([A-Z0-9_]+)'/g,
      /\b(?:code: |super\()'([A-Z][A-Z0-9]*_[A-Z0-9_]+)'/g,
      /^ {2}(?:E|UND_ERR_)[A-Z_]+: '([A-Z_]+)',$/gm,
    ].flatMap((pattern) => [...source.matchAll(pattern)].map(([, code = '']) => code)),
  ),
);

test('docs/errors.md – names every code that is given', () => {
  expect(given.size).toBeGreaterThan(50);
  expect([...given].filter((code) => !documented.has(code))).toEqual([]);
});

test('docs/errors.md – names no code that is not', () => {
  const told = [...documented].filter((code) => !/^KHABAR_|^CODE$|^HTTP_$|^HTTP_\d/.test(code));
  const all = sources.join('\n');
  expect(told.filter((code) => !all.includes(`'${code}'`))).toEqual([]);
});
