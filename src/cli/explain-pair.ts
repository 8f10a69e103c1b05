import type { Article } from '../shared/model.ts';
import type { Stores } from '../shared/stores/database.ts';
import { canonicalizeUrl } from '../shared/url/index.ts';
import { evidenceOf, sharedEvidence } from '../workers/dedupe/event-evidence.ts';
import { type ExplainedArticle, explainPair, type PairExplanation } from '../workers/dedupe/explain-pair.ts';
import { languageGroup } from '../workers/dedupe/near-duplicate-index.ts';
import { storyArticle, termStatistics } from '../workers/dedupe/place-story.ts';
import { CommandError } from './command-error.ts';
import { tellMissing } from './explain.ts';
import { withStores } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Says why two articles are, or are not, copies of each other and of one story: what is on record, and today's comparison. */
export async function tellPair(
  terminal: Terminal,
  name: string,
  other: string,
  { json }: { json?: boolean },
): Promise<void> {
  await withStores(
    terminal.env,
    (line) => terminal.stderr.write(`${line}\n`),
    async (stores) => {
      const read = async (given: string): Promise<Article> => {
        const key = canonicalizeUrl(given) ?? given;
        const article = await stores.articles.find(key);
        if (!article) throw new CommandError((await tellMissing(stores, given, key)).join('\n'));
        if (!article.text) throw new CommandError(`${given} has no text to compare: it is ${article.state}`);
        return article;
      };
      const [a, b] = [await read(name), await read(other)];
      if (a._id === b._id) throw new CommandError('both are one article, known by both names');
      const statistics = await termStatistics(stores).of(languageGroup(a.lang));
      const explanation = explainPair(forComparison(a), forComparison(b), statistics);
      const languages =
        languageGroup(a.lang) === languageGroup(b.lang) ? undefined : await explainLanguages(stores, a, b);
      const lines = json
        ? [JSON.stringify({ record: recordOf(a, b), ...explanation, ...(languages && { languages }) }, null, 2)]
        : [
            ...tellArticles(a, b),
            ...tellCopy(explanation.copy),
            ...(languages ? tellLanguages(languages) : tellStory(explanation.story)),
          ];
      terminal.stdout.write(`${lines.join('\n')}\n`);
    },
  );
}

/** Of articles in two languages: the link between their stories, and what would speak for one. */
async function explainLanguages({ stories }: Pick<Stores, 'stories'>, a: Article, b: Article) {
  const links = a.storyId === undefined ? undefined : (await stories.linksOf([a.storyId])).get(a.storyId);
  const link = links?.find(({ id }) => id === b.storyId);
  return { ...(link && { link }), shared: sharedEvidence(evidenceOf(a), evidenceOf(b)) };
}

function tellLanguages({ link, shared }: Awaited<ReturnType<typeof explainLanguages>>): string[] {
  const list = (values: readonly string[]) => values.join(', ') || 'none';
  return [
    `two languages: their stories are ${link ? `linked, with a score of ${link.score}` : 'not linked'}`,
    `  names both articles have       ${list(shared.names)}`,
    `  numbers both articles state    ${list(shared.numbers)}`,
  ];
}

function forComparison(article: Article): ExplainedArticle {
  const { id, title, text, language, entities, at } = storyArticle(article);
  return {
    id,
    title,
    text,
    at,
    seenAt: article.firstSeenAt.getTime(),
    ...(language !== undefined && { language }),
    ...(entities !== undefined && { entities }),
  };
}

/** What was decided when they came. */
function recordOf(a: Article, b: Article) {
  const [first, second] = [a.dup?.of ?? a._id, b.dup?.of ?? b._id];
  return {
    copies: first === second,
    ...(a.dup && { a: a.dup }),
    ...(b.dup && { b: b.dup }),
    story: a.storyId !== undefined && a.storyId === b.storyId,
    stories: [a.storyId, b.storyId],
  };
}

function tellArticles(a: Article, b: Article): string[] {
  const { copies, story, stories } = recordOf(a, b);
  const role = ({ dup }: Article) =>
    dup ? `a copy of ${dup.of} (${dup.kind}, ${percent(dup.score)} by ${dup.method})` : 'an original';
  return [
    ...([a, b] as const).flatMap((article, i) => [
      `${'AB'[i]}  ${article.title ?? article.url}`,
      `   ${article._id}, ${article.source.name}, ${(article.publishedAt ?? article.firstSeenAt).toISOString()}, ${role(article)}`,
    ]),
    `on record: ${copies ? 'copies of one text' : 'not copies of one text'}, ${
      story ? `both in story ${stories[0]}` : `stories ${stories.map((id) => id ?? 'none').join(' and ')}`
    }`,
  ];
}

function tellCopy({ isCopy, reasons, comparison, sharedHashes, estimate, needed }: PairExplanation['copy']): string[] {
  const { containment, numbersShared, widestGap, lengthRatio } = comparison;
  return [
    `compared now: ${isCopy ? 'a copy' : 'no copy'} (${reasons.map((reason) => reason.replaceAll('-', ' ')).join(', ')})`,
    `  shared, of the shorter text    ${percent(containment)}, needed ${percent(needed.containment)}`,
    `  hashes in both sketches        ${sharedHashes}, needed ${needed.sharedHashes}; by them, ${percent(estimate)} is shared`,
    `  numbers that agree             ${percent(numbersShared)}, needed ${percent(needed.numbersShared)}`,
    `  longest run of its own words   ${percent(widestGap)}, at most ${percent(needed.widestGap)}`,
    `  length, shorter to longer      ${percent(lengthRatio)}`,
  ];
}

function tellStory({ joins, cosine, decay, similarity, needed }: PairExplanation['story']): string[] {
  return [
    `B would ${joins ? '' : 'not '}join a story of A alone`,
    `  similarity                     ${similarity.toFixed(3)}, needed ${needed.toFixed(3)}`,
    `  = cosine × decay by days       ${cosine.toFixed(3)} × ${decay.toFixed(3)}`,
  ];
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
