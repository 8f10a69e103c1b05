import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

async function run(args: string[], input = '') {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH, HOME: process.env.HOME } });
  child.stdin.end(input);
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { out, err, code };
}

test('the process – prints, and ends with 0', async () => {
  expect(await run(['canonicalize', 'http://m.news.example/a?utm_source=x&b=1'])).toEqual({
    out: 'https://news.example/a?b=1\n',
    err: '',
    code: 0,
  });
});

test('the process – a mistake is told in one line, and ends with 1', async () => {
  expect(await run(['parse-feed', '-'], '<!doctype html><p>hello')).toEqual({
    out: '',
    err: expect.stringMatching(/^NOT_A_FEED: .*\n$/),
    code: 1,
  });
});
