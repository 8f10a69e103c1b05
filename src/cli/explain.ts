import type { Article, FeedRecord } from '../shared/model.ts';
import type { Stores } from '../shared/stores/database.ts';
import { canonicalizeUrl, registrableDomain } from '../shared/url/index.ts';
import { withStores } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Says where an article went, step by step, or why there is none. */
export async function explain(terminal: Terminal, name: string, { json }: { json?: boolean }): Promise<void> {
  const key = canonicalizeUrl(name) ?? name;
  await withStores(
    terminal.env,
    (line) => terminal.stderr.write(`${line}\n`),
    async (stores) => {
      const article = await stores.articles.find(key);
      const lines = json
        ? [JSON.stringify(article ?? { missing: key }, null, 2)]
        : article
          ? tellArticle(article)
          : await tellMissing(stores, name, key);
      terminal.stdout.write(`${lines.join('\n')}\n`);
    },
  );
}

function tellArticle(article: Article): string[] {
  const { _id, state, outcome, url, urlKeys, title, entry, trace, quarantine, dup, origin, dueBy, firstSeenAt, feeds } =
    article;
  const { version = 1, versions = [], furtherPages = [] } = article;
  return [
    `${title ?? entry.title ?? '(no title)'}`,
    `  id       ${_id}`,
    `  url      ${url}`,
    `  known as ${urlKeys.join('\n           ')}`,
    `  state    ${state} (${outcome})${dueBy ? `, enqueued again at ${dueBy.toISOString()} if nothing moves` : ''}`,
    `  ${firstSeenAt.toISOString()}  discovered in ${feeds.length} feed${feeds.length === 1 ? '' : 's'}`,
    ...trace.map(
      ({ at, stage, outcome, ms, version }) =>
        `  ${at.toISOString()}  ${stage} → ${outcome} (${ms} ms, version ${version})`,
    ),
    ...furtherPages.map(({ kind, url, outcome }) => `  ${kind} page ${url}: ${outcome ?? 'to be fetched'}`),
    ...versions.map(
      ({ n, replacedAt, diff }) =>
        `  version ${n} of ${version} was replaced ${replacedAt.toISOString()}: ${diff.length} place${diff.length === 1 ? '' : 's'} changed`,
    ),
    ...(quarantine
      ? [
          `  kept aside: ${quarantine.code}: ${quarantine.message}`,
          `  khabar quarantine retry ${_id} puts it back at ${quarantine.from}`,
        ]
      : []),
    ...(origin ? [`  its text is that of ${origin}, which was earlier or is the agency's own`] : []),
    ...(dup ? [`  a copy of ${dup.of} (${dup.kind}, similarity ${dup.score.toFixed(2)}, by ${dup.method})`] : []),
  ];
}

/** No article: which feed should have brought it, and how that feed is doing. */
export async function tellMissing(stores: Stores, name: string, key: string): Promise<string[]> {
  const feeds = await stores.feeds.list();
  const domain = registrableDomain(name);
  const near = domain
    ? feeds.filter(({ url, siteUrl }) => [url, siteUrl].some((u) => u && registrableDomain(u) === domain))
    : [];
  return [
    `no article is known as ${key}`,
    ...(near.length > 0
      ? [`No entry of these feeds of ${domain} has led to it:`, ...near.map(tellFeed)]
      : [`None of the ${feeds.length} feeds is of ${domain ?? 'that site'}: khabar feeds add URL subscribes to one.`]),
  ];
}

function tellFeed({ url, status, lastPolledAt, lastOutcome, lastError, nextPollAt }: FeedRecord): string {
  const health = lastError ? `failing: ${lastError.code} ${lastError.message}` : (lastOutcome ?? 'not polled yet');
  return `  ${url}  ${status}, last poll ${lastPolledAt?.toISOString() ?? 'never'} (${health}), next ${nextPollAt.toISOString()}`;
}
