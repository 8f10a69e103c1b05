import type { StoryLink } from '../../shared/model.ts';
import type { ArticleOfStory } from '../../shared/stores/clusters.ts';
import type { StoryStore } from '../../shared/stores/stories.ts';
import { type EventEvidence, evidenceOf } from './event-evidence.ts';
import { type StoryEvidence, sumEvidence } from './link-stories.ts';
import { languageGroup } from './near-duplicate-index.ts';

/** What the articles of the open stories tell of their events, gathered while the stories are repaired. */
export class OpenEvents {
  readonly #articles = new Map<string, { storyId: string; language: string; at: number; evidence: EventEvidence }>();

  add(article: ArticleOfStory, storyId: string): void {
    const { _id, lang, publishedAt, firstSeenAt } = article;
    const at = (publishedAt ?? firstSeenAt).getTime();
    this.#articles.set(_id, { storyId, language: languageGroup(lang), at, evidence: evidenceOf(article) });
  }

  /** Says that an article is in another story now. */
  move(articleId: string, storyId: string): void {
    const article = this.#articles.get(articleId);
    if (article !== undefined) article.storyId = storyId;
  }

  stories(): StoryEvidence[] {
    const stories = new Map<string, { language: string; articles: { at: number; evidence: EventEvidence }[] }>();
    for (const { storyId, language, ...article } of this.#articles.values()) {
      const story = stories.get(storyId);
      if (story === undefined) stories.set(storyId, { language, articles: [article] });
      else story.articles.push(article);
    }
    return [...stories].map(([id, { language, articles }]) => sumEvidence(id, language, articles));
  }
}

/**
 * Makes the links of the open stories what they should be. A link to a story that was closed meanwhile stays, because nothing new is known
 * of it; one to a story that was joined to another goes. Safe to repeat: links that hold already are not written again.
 */
export async function saveLinks(
  records: Pick<StoryStore, 'linksOf' | 'setLinks'>,
  links: ReadonlyMap<string, StoryLink[]>,
  open: readonly string[],
): Promise<void> {
  const before = await records.linksOf(open);
  const isOpen = new Set(open);
  const others = [...before.values()].flat().filter(({ id }) => !isOpen.has(id));
  const closed = await records.linksOf([...new Set(others.map(({ id }) => id))]);
  for (const [id, had] of before) {
    const wanted = [...(links.get(id) ?? []), ...had.filter((link) => closed.has(link.id))];
    if (reasonsOf(wanted) !== reasonsOf(had)) await records.setLinks(id, wanted);
  }
}

/** Without the scores, which drift with what other stories there are. */
function reasonsOf(links: readonly StoryLink[]): string {
  return JSON.stringify(links.map(({ id, names, numbers }) => [id, [...names].sort(), [...numbers].sort()]).sort());
}
