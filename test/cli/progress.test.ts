import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { createProgress } from '../../src/cli/progress.ts';

test('progress without a terminal – how far each stage is, and no line twice', async () => {
  const stream = new PassThrough();
  const progress = createProgress(stream);
  const row = (state: 'discovered' | 'unique' | 'published', count: number) => ({ state, outcome: state, count });
  progress.show({ feeds: 2, polled: 1, rows: [row('discovered', 3)] });
  const end = { feeds: 2, polled: 3, rows: [row('unique', 1), row('published', 2)] };
  progress.show(end);
  progress.show(end);
  progress.stop();
  progress.stop();
  stream.end();
  expect(await text(stream)).toBe(
    [
      '  feeds 1/2  fetch-article 0/3  extract-article 0/3  dedupe 0/3  extract-entities 0/3  publish-article 0/3\n',
      '  feeds 2/2  fetch-article 3/3  extract-article 3/3  dedupe 3/3  extract-entities 2/3  publish-article 2/3\n',
    ].join(''),
  );
});
