import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { canonicalizeUrl } from '../shared/url/index.ts';
import { CommandError } from './command-error.ts';
import type { Terminal } from './terminal.ts';

/** The bytes of a file, or of standard input for `-`. Throws CommandError when it cannot be read. */
export async function readInput({ stdin }: Terminal, file: string): Promise<Uint8Array> {
  if (file === '-') return buffer(stdin);
  try {
    return await readFile(file);
  } catch (error) {
    throw new CommandError(`cannot read ${file}: ${(error as Error).message}`);
  }
}

const print = ({ stdout }: Terminal, value: unknown) => stdout.write(`${JSON.stringify(value, null, 2)}\n`);

// The engines are loaded by the command that needs them: models and libraries take a while to read.

export async function parseFeed(terminal: Terminal, file: string, { url }: { url?: string }): Promise<void> {
  const { parseFeed } = await import('../workers/poll-feed/index.ts');
  print(terminal, await parseFeed(await readInput(terminal, file), { url }));
}

export async function extract(
  terminal: Terminal,
  file: string,
  { url, rule }: { url: string; rule?: string },
): Promise<void> {
  const { extractArticle } = await import('../workers/extract-article/index.ts');
  const { readSiteRule } = await import('../workers/extract-article/site-rules.ts');
  const siteRule = rule === undefined ? undefined : readSiteRule(rule);
  print(terminal, extractArticle(await readInput(terminal, file), { url, siteRule }));
}

export async function analyze(
  terminal: Terminal,
  file: string,
  { language, published }: { language?: string; published?: string },
): Promise<void> {
  const { analyzeArticle } = await import('../workers/extract-entities/analyze/index.ts');
  const text = Buffer.from(await readInput(terminal, file)).toString('utf8');
  print(terminal, analyzeArticle({ text, language, publishedAt: published }));
}

export async function canonicalize(terminal: Terminal, urls: readonly string[]): Promise<void> {
  for (const url of urls) {
    const key = canonicalizeUrl(url);
    if (key === undefined) throw new CommandError(`${url} is not an http or https URL`);
    terminal.stdout.write(`${key}\n`);
  }
}
