import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Article, StoryLink } from '../shared/model.ts';
import type { Stores } from '../shared/stores/database.ts';
import type { StorySummary } from '../shared/stores/stories.ts';
import { present, readQuery } from './api.ts';
import type { Markup } from './html.ts';
import { storiesPage, storyPage } from './story-pages.ts';

/** Articles and copies of one story that are shown, the latest to move. */
const MAX_SHOWN = 500;

const storyQuery = z.object({
  lang: z
    .string()
    .regex(/^[a-z]{2,3}$/i)
    .transform((lang) => lang.toLowerCase())
    .optional(),
  order: z.enum(['freshness', 'size']).default('freshness'),
  /** Only stories of at least so many originals. */
  min: z.coerce.number().int().min(1).max(1000).default(1),
  offset: z.coerce.number().int().min(0).max(10_000).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export type StoryFilter = z.infer<typeof storyQuery>;

/** An original of a story and what others took over from it, oldest first. */
export interface TimelineEntry {
  article: Article;
  copies: Article[];
}

export interface StoryView {
  story: StorySummary;
  lead?: Article;
  /** Outlets with how many articles and copies they have, most first. */
  sources: { name: string; articles: number }[];
  /** Oldest first. */
  timeline: TimelineEntry[];
  /** The same event in other languages, the surest first. */
  others: LinkedStory[];
}

/** A story of another language, and why it is thought to be of the same event. */
export interface LinkedStory {
  story: StorySummary;
  link: StoryLink;
  /** The names both have, as the story shown writes them. */
  names: { id: string; name: string }[];
}

/** Stories in the API and on pages. */
export function serveStories(
  app: FastifyInstance,
  stores: Stores,
  show: (reply: FastifyReply, title: string, path: string, body: Markup) => FastifyReply,
): void {
  app.get('/api/stories', async ({ query }) => {
    const { stories, next } = await findStories(stores, readQuery(storyQuery, query));
    return { stories: stories.map(presentStory), next };
  });

  app.get<{ Params: { id: string } }>('/api/stories/:id', async ({ params }, reply) => {
    const view = await describeStory(stores, params.id);
    if (!view)
      return reply.code(404).send({ error: { code: 'NOT_FOUND', message: `no story has the id ${params.id}` } });
    return {
      ...presentStory(view.story),
      sources: view.sources,
      links: view.others.map(({ story: { title, articles }, link }) => ({ title, articles, ...link })),
      timeline: view.timeline.map(({ article, copies }) => ({ ...present(article), copies: copies.map(present) })),
    };
  });

  app.get('/stories', async ({ query }, reply) => {
    const asked = readQuery(storyQuery, query);
    const { stories, next } = await findStories(stores, asked);
    return show(reply, 'Stories', '/stories', storiesPage(stories, asked, next && `/stories?${next}`, new Date()));
  });

  app.get<{ Params: { id: string } }>('/stories/:id', async ({ params }, reply) => {
    const view = await describeStory(stores, params.id);
    if (!view) return reply.callNotFound();
    return show(reply, view.story.title, '/stories', storyPage(view, new Date()));
  });
}

/** A page of stories, and the query of the one after it while there is one. */
async function findStories(
  { stories }: Stores,
  { lang, order, min, offset, limit }: StoryFilter,
): Promise<{ stories: StorySummary[]; next?: string }> {
  const found = await stories.list({ ...(lang && { lang }), order, minArticles: min, skip: offset, limit: limit + 1 });
  if (found.length <= limit) return { stories: found };
  const pairs = {
    ...(lang && { lang }),
    order,
    min: String(min),
    offset: String(offset + limit),
    limit: String(limit),
  };
  return { stories: found.slice(0, limit), next: new URLSearchParams(pairs).toString() };
}

async function describeStory({ stories, articles, catalog }: Stores, id: string): Promise<StoryView | undefined> {
  const found = await stories.get(id);
  if (!found) return undefined;
  const { centroid, norm, leadSimilarity, version, ...story } = found;
  const { links = [] } = story;
  const [lead, linked, page] = await Promise.all([
    articles.get(story.leadId),
    stories.summaries(links.map((link) => link.id)),
    catalog.list({ story: id, limit: MAX_SHOWN }, new Date()),
  ]);
  return {
    story,
    ...(lead && { lead }),
    sources: countSources(page.articles),
    timeline: timelineOf(page.articles),
    others: describeLinks(links, linked, page.articles),
  };
}

function describeLinks(
  links: readonly StoryLink[],
  linked: readonly StorySummary[],
  articles: readonly Article[],
): LinkedStory[] {
  const names = new Map(articles.flatMap(({ entities = [] }) => entities.map(({ id, name }) => [id, name])));
  const named = (id: string) => {
    const name = names.get(id);
    return name === undefined ? [] : [{ id, name }];
  };
  return links.flatMap((link) => {
    const story = linked.find(({ id }) => id === link.id);
    return story === undefined ? [] : [{ story, link, names: link.names.flatMap(named) }];
  });
}

function countSources(articles: readonly Article[]): StoryView['sources'] {
  const counts = new Map<string, number>();
  for (const { source } of articles) counts.set(source.name, (counts.get(source.name) ?? 0) + 1);
  return [...counts].map(([name, articles]) => ({ name, articles })).sort((a, b) => b.articles - a.articles);
}

/** Copies stand with their original; one whose original is not among the articles stands for itself. */
function timelineOf(articles: readonly Article[]): TimelineEntry[] {
  const inOrder = [...articles].sort((a, b) => timeOf(a) - timeOf(b));
  const ids = new Set(articles.map(({ _id }) => _id));
  const isCopy = ({ dup }: Article) => dup !== undefined && ids.has(dup.of);
  return inOrder
    .filter((article) => !isCopy(article))
    .map((article) => ({ article, copies: inOrder.filter(({ dup }) => dup?.of === article._id) }));
}

const timeOf = ({ publishedAt, firstSeenAt }: Article) => (publishedAt ?? firstSeenAt).getTime();

function presentStory({ firstAt, lastAt, ...story }: StorySummary): Record<string, unknown> {
  return { ...story, firstAt: new Date(firstAt), lastAt: new Date(lastAt) };
}
