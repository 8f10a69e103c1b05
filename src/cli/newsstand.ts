import { type NewsstandOptions, startNewsstand } from '../newsstand/index.ts';
import { type Terminal, untilStopped } from './terminal.ts';

/** Serves the made-up outlets until it is stopped. */
export async function newsstand(
  { stdout, signal }: Terminal,
  { pages, ...options }: Pick<NewsstandOptions, 'port' | 'articles' | 'seed' | 'misbehave'> & { pages?: string },
): Promise<void> {
  const stand = await startNewsstand({ ...options, ...(pages !== undefined && { pagesDir: pages }) });
  const width = Math.max(...stand.outlets.map(({ name }) => name.length));
  stdout.write(`Newsstand at ${stand.url} with ${stand.articles.length} articles\n`);
  for (const { name, language, format, feedUrl } of stand.outlets)
    stdout.write(`  ${name.padEnd(width)}  ${language}  ${format.padEnd(5)}  ${feedUrl}\n`);
  stdout.write(
    `\nRead it with:\n  KHABAR_ALLOW_ADDRESSES=127.0.0.1 KHABAR_HOST_SPACING_MS=0 npx khabar run --once --opml ${stand.url}feeds.opml\n\nCtrl-C stops it.\n`,
  );
  await untilStopped(signal);
  await stand.close();
}
