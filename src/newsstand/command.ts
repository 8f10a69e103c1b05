import { once } from 'node:events';
import { type NewsstandOptions, startNewsstand } from './server.ts';

export interface NewsstandCommand extends NewsstandOptions {
  /** Keeps serving until it aborts. */
  signal: AbortSignal;
  print: (line: string) => void;
}

/** `khabar newsstand`: opens the newsstand, prints its addresses, serves until `signal` aborts. */
export async function runNewsstandCommand({ signal, print, ...options }: NewsstandCommand): Promise<void> {
  const newsstand = await startNewsstand(options);
  try {
    print(`Newsstand: ${newsstand.url}`);
    print(`OPML:      ${new URL('feeds.opml', newsstand.url)}`);
    for (const { id, language, feedUrl } of newsstand.outlets) print(`${id.padEnd(12)} ${language}  ${feedUrl}`);
    for (const { name, url } of newsstand.misbehaving?.feeds ?? []) print(`${name.padEnd(12)} ??  ${url}`);
    const pages = newsstand.pages.length > 0 ? ` and ${newsstand.pages.length} saved pages` : '';
    print(`${newsstand.outlets.length} outlets, ${newsstand.articles.length} articles${pages}. Ctrl-C closes.`);
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await newsstand.close();
  }
}
