import { StageError } from '../shared/errors.ts';
import type { FeedRecord, OpmlFeed } from '../shared/model.ts';
import type { Stores } from '../shared/stores/database.ts';
import { type FoundFeed, findFeeds } from '../workers/poll-feed/find-feeds.ts';
import { readOpml as parseList, writeOpml } from '../workers/poll-feed/index.ts';
import { CommandError } from './command-error.ts';
import { readInput } from './files.ts';
import { withStores } from './session.ts';
import type { Terminal } from './terminal.ts';

const sayTo =
  ({ stderr }: Terminal) =>
  (line: string) =>
    stderr.write(`${line}\n`);

export interface AddOptions {
  /** False subscribes to the addresses as they are, without asking them. */
  check: boolean;
  /** Every feed that is found, not only the best of each address. */
  all?: boolean;
}

export async function add(terminal: Terminal, urls: readonly string[], { check, all }: AddOptions): Promise<void> {
  const bad = urls.find((url) => !/^https?:\/\//i.test(url) || !URL.canParse(url));
  if (bad) throw new CommandError(`${bad} is not an http or https URL`);
  const addresses = urls.map((url) => new URL(url).href);
  const { chosen, failures } = check
    ? await search(terminal, addresses, all ?? false)
    : { chosen: addresses.map((url): OpmlFeed => ({ url, folders: [] })), failures: [] };
  if (chosen.length > 0)
    await withStores(terminal.env, sayTo(terminal), (stores) => subscribe(terminal, stores, chosen));
  if (failures.length > 0)
    throw new CommandError(`${failures.join('\n')}\n--no-check subscribes to an address as it is`);
}

/** Finds the feeds behind each address and prints them; one address in trouble does not keep the others. */
async function search(
  { env, stdout, signal }: Terminal,
  addresses: readonly string[],
  all: boolean,
): Promise<{ chosen: OpmlFeed[]; failures: string[] }> {
  const { openDoor } = await import('../service.ts');
  const { loadConfig } = await import('../shared/config.ts');
  const door = openDoor(loadConfig(env));
  const chosen: OpmlFeed[] = [];
  const failures: string[] = [];
  try {
    for (const address of addresses) {
      try {
        const found = await findFeeds(address, door, signal);
        const taken = all ? found : found.slice(0, 1);
        for (const feed of found) stdout.write(tellFound(feed, taken.includes(feed)));
        if (found.length > taken.length) stdout.write(`--all subscribes to all ${found.length}\n`);
        chosen.push(...taken.map(({ url, title, siteUrl }) => ({ url, title, siteUrl, folders: [] })));
      } catch (error) {
        if (!(error instanceof StageError) || signal.aborted) throw error;
        failures.push(`${error.code}: ${error.message}`);
      }
    }
  } finally {
    await door.close();
  }
  return { chosen, failures };
}

const FOUND: Record<FoundFeed['source'], string> = {
  given: 'the address itself',
  link: 'named by the page',
  anchor: 'linked from the page',
  path: 'at a usual place',
  robots: 'named in robots.txt',
};

function tellFound({ url, title, kind, entries, source }: FoundFeed, taken: boolean): string {
  return `${taken ? '+' : ' '} ${url}  ${kind}, ${entries} entr${entries === 1 ? 'y' : 'ies'}, ${FOUND[source]}${title ? `  ${title}` : ''}\n`;
}

/** Adds feeds and says which were new. */
export async function subscribe(
  { stdout }: { stdout: NodeJS.WritableStream },
  stores: Stores,
  list: readonly OpmlFeed[],
): Promise<void> {
  let added = 0;
  for (const feed of list) if (await stores.feeds.add(feed, new Date())) added++;
  const known = list.length - added;
  stdout.write(`${added} feed${added === 1 ? '' : 's'} added${known ? `, ${known} subscribed already` : ''}\n`);
}

export async function list(terminal: Terminal, { json }: { json?: boolean }): Promise<void> {
  const feeds = await withStores(terminal.env, sayTo(terminal), ({ feeds }) => feeds.list());
  for (const feed of feeds) terminal.stdout.write(json ? `${JSON.stringify(feed)}\n` : describe(feed));
  if (feeds.length === 0 && !json)
    terminal.stdout.write('no feeds yet: khabar feeds add URL, or khabar feeds import FILE.opml\n');
}

function describe({
  _id,
  url,
  title,
  status,
  lastPolledAt,
  lastOutcome,
  lastError,
  nextPollAt,
  entriesSeen,
}: FeedRecord): string {
  const health = lastError ? `failing ${lastError.code}` : (lastOutcome ?? 'not polled yet');
  const times = `last ${lastPolledAt?.toISOString() ?? '-'}  next ${status === 'active' ? nextPollAt.toISOString() : '-'}`;
  return `${_id}  ${status.padEnd(6)}  ${health.padEnd(24)}  ${times}  ${entriesSeen} entries\n  ${title ?? ''} ${url}\n`;
}

/** Reads an OPML list from a file, standard input or a URL the operator names, and says which of its lines had to be left out. */
export async function readOpml(terminal: Terminal, source: string): Promise<OpmlFeed[]> {
  const { feeds, problems } = parseList(await readList(terminal, source));
  for (const { line, message } of problems)
    terminal.stderr.write(`${source === '-' ? 'the list' : source}, line ${line}: ${message}; left out\n`);
  return feeds;
}

async function readList(terminal: Terminal, source: string): Promise<Uint8Array> {
  if (!/^https?:\/\//i.test(source)) return readInput(terminal, source);
  const { openDoor } = await import('../service.ts');
  const { loadConfig } = await import('../shared/config.ts');
  const door = openDoor(loadConfig(terminal.env));
  try {
    const { status, body } = await door.fetch(source, { purpose: 'feed', signal: terminal.signal });
    if (status !== 200) throw new CommandError(`${source} answered with status ${status}`);
    return body;
  } finally {
    await door.close();
  }
}

export async function importOpml(terminal: Terminal, source: string): Promise<void> {
  const list = await readOpml(terminal, source);
  await withStores(terminal.env, sayTo(terminal), (stores) => subscribe(terminal, stores, list));
}

export async function exportOpml(terminal: Terminal): Promise<void> {
  const feeds = await withStores(terminal.env, sayTo(terminal), ({ feeds }) => feeds.list());
  terminal.stdout.write(
    `${writeOpml(feeds.map(({ url, title, siteUrl, folders }) => ({ url, title, siteUrl, folders })))}\n`,
  );
}

async function named(stores: Stores, name: string): Promise<FeedRecord> {
  const feed = await stores.feeds.find(name);
  if (!feed) throw new CommandError(`no feed has the id or URL ${name}; khabar feeds list shows all`);
  return feed;
}

export async function remove(terminal: Terminal, names: readonly string[]): Promise<void> {
  await withStores(terminal.env, sayTo(terminal), async (stores) => {
    for (const name of names) {
      const { _id, url } = await named(stores, name);
      await stores.feeds.remove(_id, new Date());
      terminal.stdout.write(`unsubscribed ${url}; its articles stay\n`);
    }
  });
}

export async function setStatus(terminal: Terminal, name: string, status: 'active' | 'paused'): Promise<void> {
  await withStores(terminal.env, sayTo(terminal), async (stores) => {
    const { _id, url } = await named(stores, name);
    await stores.feeds.setStatus(_id, status, new Date());
    terminal.stdout.write(`${status === 'active' ? 'resumed' : 'paused'} ${url}\n`);
  });
}

export async function pollNow(terminal: Terminal, name: string): Promise<void> {
  await withStores(terminal.env, sayTo(terminal), async (stores) => {
    const { _id, url, status } = await named(stores, name);
    if (status !== 'active') throw new CommandError(`${url} is ${status}: khabar feeds resume ${_id}`);
    await stores.feeds.makeDue(new Date(), _id);
    terminal.stdout.write(`${url} is due; a running service polls it within a second or two\n`);
  });
}
