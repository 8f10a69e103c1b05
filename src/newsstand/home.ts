import { directionOf, escapeMarkup as esc } from './labels.ts';
import type { NewsstandOutlet } from './server.ts';

/** What an outlet's card shows of its articles. */
export interface Carried {
  count: number;
  /** Headline of its newest article. */
  newest?: string | undefined;
}

/** The newsstand's own front page: its outlets as cards; `carried` by outlet id. */
export function renderHome(outlets: readonly NewsstandOutlet[], carried: ReadonlyMap<string, Carried>): string {
  const total = [...carried.values()].reduce((sum, { count }) => sum + count, 0);
  const languages = new Set(outlets.map(({ language }) => language)).size;
  const cards = outlets
    .map(
      ({ id, name, language, siteUrl, feedUrl, format, encoding }) => `<li>
<h2 lang="${language}" dir="${directionOf(language)}"><a href="${esc(siteUrl)}">${esc(name)}</a></h2>
<p class="newest" lang="${language}" dir="${directionOf(language)}">${esc(carried.get(id)?.newest ?? '')}</p>
<p>${carried.get(id)?.count ?? 0} articles · ${language} · ${format}${encoding === 'utf-8' ? '' : ` · ${encoding}`}</p>
<p><a class="feed" href="${esc(feedUrl)}">${esc(feedUrl)}</a></p>
</li>`,
    )
    .join('\n');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Newsstand</title>
<style>
:root{color-scheme:light dark;--line:color-mix(in srgb,currentColor 18%,transparent)}
body{font:16px/1.5 system-ui,sans-serif;max-width:1080px;margin:0 auto;padding:24px 16px}
h1{margin:0 0 4px}ul{list-style:none;padding:0;display:grid;gap:12px;grid-template-columns:repeat(auto-fill,minmax(240px,1fr))}
li{border:1px solid var(--line);border-radius:10px;padding:12px 16px}h2{font-size:20px;margin:0}a{color:inherit}.newest{font-size:16px;min-height:3em}p{margin:4px 0;opacity:.85;font-size:14px}
.feed{font-family:ui-monospace,monospace;font-size:12px;overflow-wrap:anywhere}
</style>
</head>
<body>
<h1>Newsstand</h1>
<p>${outlets.length} outlets in ${languages} languages carry ${total} articles. All of it is invented.
<a href="/feeds.opml">feeds.opml</a> · <a href="/truth.jsonl">truth.jsonl</a></p>
<ul>
${cards}
</ul>
</body>
</html>
`;
}
