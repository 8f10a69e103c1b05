/**
 * What an article page said, for telling the site's own lines from the story's. Lines are known by short hashes
 * (`paragraphKey` in src/workers/extract-article/furniture.ts).
 */
export interface PageLines {
  /** Id of the article. */
  id: string;
  /** When it was published, or read. */
  at: Date;
  title: string;
  /** Its longest paragraphs: what makes another page a version of it. */
  gist: string[];
  /** Brief lines at the end of the text, where sites add theirs. */
  closing: string[];
  /** Its other lines, headings and tables apart. */
  inner: string[];
}

/** Pages of a host that are remembered. */
export const KEPT_PAGES = 40;

/** Brief closing lines are the site's own when this many stories have them, and this share of those remembered. */
const MIN_CLOSING_STORIES = 4;
const MIN_CLOSING_SHARE = 0.1;

/** Any line is when this many stories have it, and this share. */
const MIN_STORIES = 8;
const MIN_SHARE = 0.5;

/** Lines of one day may belong to the event of the day. */
const MIN_SPAN_MS = 12 * 3_600_000;

/** Pages that have this share of the shorter one's gist in common tell one story. */
const SAME_STORY_SHARE = 0.5;

interface Recurrence {
  closing: Set<number>;
  all: Set<number>;
  first: number;
  last: number;
}

/**
 * Lines that recur on pages of one host which tell different stories: sign-offs, calls to subscribe, notices. Versions and
 * updates of one story count as one, however many they are.
 */
export function findFurniture(pages: readonly PageLines[]): Set<string> {
  const storyOf = groupStories(pages);
  const stories = new Set(storyOf).size;
  const lines = new Map<string, Recurrence>();
  pages.forEach(({ at, closing, inner }, index) => {
    const story = storyOf[index] as number;
    const time = at.getTime();
    const note = (key: string, isClosing: boolean) => {
      const line = lines.get(key) ?? { closing: new Set(), all: new Set(), first: time, last: time };
      if (isClosing) line.closing.add(story);
      line.all.add(story);
      line.first = Math.min(line.first, time);
      line.last = Math.max(line.last, time);
      lines.set(key, line);
    };
    for (const key of closing) note(key, true);
    for (const key of inner) note(key, false);
  });
  const furniture = [...lines].filter(([, { closing, all, first, last }]) => {
    if (last - first < MIN_SPAN_MS) return false;
    return (
      closing.size >= Math.max(MIN_CLOSING_STORIES, stories * MIN_CLOSING_SHARE) ||
      all.size >= Math.max(MIN_STORIES, stories * MIN_SHARE)
    );
  });
  return new Set(furniture.map(([key]) => key));
}

/** The number of each page's story: that of the first page with the same title or half of the same gist. */
function groupStories(pages: readonly PageLines[]): number[] {
  const storyOf: number[] = [];
  pages.forEach((page, index) => {
    const alike = pages.findIndex((earlier, other) => other < index && tellOneStory(earlier, page));
    storyOf.push(alike < 0 ? index : (storyOf[alike] as number));
  });
  return storyOf;
}

function tellOneStory(a: PageLines, b: PageLines): boolean {
  if (a.title === b.title) return true;
  const shorter = Math.min(a.gist.length, b.gist.length);
  const shared = a.gist.filter((key) => b.gist.includes(key)).length;
  return shared > 0 && shared >= shorter * SAME_STORY_SHARE;
}
