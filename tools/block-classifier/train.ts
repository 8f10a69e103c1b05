/**
 * tsx tools/block-classifier/train.ts FOLDER... [--folds N [--splits N]]
 *
 * Trains data/block-classifier.json from pages with known bodies. Each FOLDER holds `ground-truth.json` (id → { url, host, articleBody })
 * and `html/<id>.html.gz`. With --folds nothing is written: the pages of a host are always in one fold, each fold is judged by
 * models that saw none of its hosts, and the mean 4-gram F1 is printed, of several ways to deal hosts to folds with --splits.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { type Block, collectBlocks } from '../../src/workers/extract-article/blocks.ts';
import {
  bestCut,
  blocksAbove,
  type Headline,
  likeliest,
  pruned,
  tablesAsOne,
} from '../../src/workers/extract-article/choose-blocks.ts';
import type { StoredClassifier } from '../../src/workers/extract-article/classifier.ts';
import { contextFeatures } from '../../src/workers/extract-article/context-features.ts';
import { CONTEXT_FEATURES, LOCAL_FEATURES } from '../../src/workers/extract-article/feature-columns.ts';
import { bodyElement, worthASecondLook } from '../../src/workers/extract-article/find-body.ts';
import { findTitle } from '../../src/workers/extract-article/find-title.ts';
import { type BlockFeatures, localFeatures } from '../../src/workers/extract-article/local-features.ts';
import { clean, siteNames } from '../../src/workers/extract-article/page-facts.ts';
import { fold } from '../../src/workers/extract-article/phrases.ts';
import { readAuthors } from '../../src/workers/extract-article/read-authors.ts';
import { readTitle } from '../../src/workers/extract-article/read-title.ts';
import { readStructuredData } from '../../src/workers/extract-article/structured-data.ts';
import { dataTables } from '../../src/workers/extract-article/tables.ts';
import { parseTree, type Tree } from '../../src/workers/extract-article/tree.ts';
import { compareFourGrams } from '../four-grams.ts';
import { type Binned, bin, type Model, probability, type Settings, train } from './boosting.ts';
import { type Labels, labelBlocks } from './label.ts';

interface Page {
  id: string;
  /** Names of the groups it is judged with. */
  groups: string[];
  set: string;
  host: string;
  headline: Headline;
  body: string;
  tree: Tree;
  blocks: Block[];
  features: BlockFeatures;
  labels: Labels;
  /** First row of the page in the matrices. */
  offset: number;
}

/** Folds of the inner split that gives the second pass honest first-pass opinions. */
const INNER_FOLDS = 4;
/** Bodies of fewer words weigh as if they had so many, and longer ones as if they had no more. */
const BODY_WORDS: [number, number] = [150, 1500];
/** Sets annotated by hand from what a reader sees count for more than the output of parsers. */
const SET_WEIGHT: Record<string, number> = { sh: 1.5 };
/** Pages whose known body is mostly not in the page teach little. */
const POORLY_ALIGNED = { coverage: 0.5, weight: 0.1 };

/** Short lines that are all link and no text, more than half of all blocks: one in some is taught, at as many times the weight. */
const MENU_LINE = { linked: 0.9, chars: 80, share: 0.3, oneIn: 4 };
const FIRST_SETTINGS: Settings = {
  trees: 80,
  depth: 5,
  rate: 0.12,
  lambda: 5,
  minWeight: 2,
  rowShare: 0.6,
  columnShare: 0.5,
  seed: 7,
};
const SECOND_SETTINGS: Settings = {
  ...FIRST_SETTINGS,
  trees: 80,
  rate: 0.12,
  minWeight: 3,
  rowShare: 0.5,
  columnShare: 0.15,
  seed: 8,
};
/** Forests of the second pass. */
const BAGS = 2;

function load(folder: string): Page[] {
  const collection = path.basename(folder);
  const truth = JSON.parse(readFileSync(path.join(folder, 'ground-truth.json'), 'utf8')) as Record<
    string,
    { set: string; url: string; host: string; script?: string; articleBody: string }
  >;
  return Object.entries(truth).map(([id, { set, url, host, script, articleBody }]) => {
    const tree = parseTree(gunzipSync(readFileSync(path.join(folder, 'html', `${id}.html.gz`))).toString('utf8'));
    const data = readStructuredData(tree);
    const blocks = collectBlocks(tree.root);
    const facts = { tree, data, blocks, url: new URL(url) };
    const sites = siteNames(facts);
    const title = readTitle(facts, sites);
    const titleAt = findTitle(blocks, title);
    const features = localFeatures(blocks, {
      title,
      titleAt,
      description: data.ld.description ?? data.meta.get('og:description') ?? data.meta.get('description') ?? '',
      articleBody: data.ld.articleBody ? clean(data.ld.articleBody) : '',
      authors: readAuthors(facts, sites, titleAt),
    });
    const labels = labelBlocks(
      blocks.map((b) => b.text),
      articleBody,
    );
    return {
      id,
      groups: ['all', collection, `${collection}/${set}`, ...(script === 'latin' ? [] : [`${collection}/non-Latin`])],
      set,
      host: host.replace(/^(?:www|edition|m)\./, ''),
      headline: { foldedTitle: fold(title), titleAt },
      body: articleBody,
      tree,
      blocks,
      features,
      labels,
      offset: 0,
    };
  });
}

/** A number from 0 to 4,294,967,295 that looks random. */
const hash = (text: string) => createHash('sha256').update(text).digest().readUInt32BE(0);

/** A row per block of all pages, in order. */
interface Rows {
  local: Binned;
  labels: Float32Array;
  weights: Float32Array;
  /** 1 for rows to train on. */
  taught: Uint8Array;
}

function makeRows(pages: Page[]): Rows {
  const count = pages.reduce((n, p) => n + p.blocks.length, 0);
  const values = new Float32Array(count * LOCAL_FEATURES.length);
  const labels = new Float32Array(count);
  const weights = new Float32Array(count);
  const taught = new Uint8Array(count).fill(1);
  for (const { set, offset, blocks, features, labels: known } of pages) {
    values.set(features.local, offset * LOCAL_FEATURES.length);
    const scale =
      (20 / Math.min(Math.max(known.bodyWords, BODY_WORDS[0]), BODY_WORDS[1])) *
      (known.coverage < POORLY_ALIGNED.coverage ? POORLY_ALIGNED.weight : 1) *
      (SET_WEIGHT[set] ?? 1);
    blocks.forEach(({ linkChars, chars }, i) => {
      const share = known.shares[i] as number;
      labels[offset + i] = share;
      weights[offset + i] = scale * ((known.words[i] as number) + 3);
      if (linkChars < chars * MENU_LINE.linked || chars > MENU_LINE.chars || share > MENU_LINE.share) return;
      if (i % MENU_LINE.oneIn === 0) weights[offset + i] = (weights[offset + i] as number) * MENU_LINE.oneIn;
      else taught[offset + i] = 0;
    });
  }
  return { local: bin(values, LOCAL_FEATURES.length), labels, weights, taught };
}

interface Trained {
  local: Model;
  context: Model;
  /** First-pass opinions on the blocks of a page: of inner folds on training pages, of the whole model elsewhere. */
  first(page: Page): Float32Array;
  second(page: Page): Float32Array;
}

function trainBoth(pages: Page[], rows: Rows, isTraining: (page: Page) => boolean): Trained {
  const { local, labels, weights, taught } = rows;
  const taughtRows = (holds: (page: Page) => boolean) =>
    pages
      .filter(holds)
      .flatMap((p) => Array.from(p.blocks, (_b, i) => p.offset + i).filter((row) => taught[row] === 1));
  const inner = (page: Page) => hash(`inner ${page.host}`) % INNER_FOLDS;
  const trainFirst = (holds: (page: Page) => boolean) =>
    train(local, labels, weights, taughtRows(holds), FIRST_SETTINGS);
  const whole = trainFirst(isTraining);
  const parts = Array.from({ length: INNER_FOLDS }, (_, k) => trainFirst((p) => isTraining(p) && inner(p) !== k));
  const firsts = new Map(
    pages.map((page) => {
      const model = isTraining(page) ? (parts[inner(page)] as Model) : whole;
      return [page, Float32Array.from(page.blocks, (_b, i) => probability(model, local, page.offset + i))];
    }),
  );

  // The second pass is asked about blocks that are not hopeless, and learns from those.
  const places = new Map<Page, { at: number; wanted: Int32Array }>();
  const chunks: Float32Array[] = [];
  const sources: number[] = [];
  const training: number[] = [];
  for (const [page, first] of firsts) {
    const wanted = worthASecondLook(first);
    const element = bodyElement(page.tree.root, first, page.features.weights);
    chunks.push(contextFeatures(page.blocks, page.features, first, element, wanted));
    places.set(page, { at: sources.length, wanted });
    for (const i of wanted) {
      if (isTraining(page) && taught[page.offset + i] === 1) training.push(sources.length);
      sources.push(page.offset + i);
    }
  }
  const values = new Float32Array(sources.length * CONTEXT_FEATURES.length);
  let filled = 0;
  for (const chunk of chunks) {
    values.set(chunk, filled);
    filled += chunk.length;
  }
  const data = bin(values, CONTEXT_FEATURES.length);
  const of = (column: Float32Array) => Float32Array.from(sources, (row) => column[row] as number);
  const [secondLabels, secondWeights] = [of(labels), of(weights)];
  // Forests on other samples, averaged: they err in different places.
  const context = average(
    Array.from({ length: BAGS }, (_, bag) =>
      train(data, secondLabels, secondWeights, training, { ...SECOND_SETTINGS, seed: SECOND_SETTINGS.seed + bag }),
    ),
  );
  return {
    local: whole,
    context,
    first: (page) => firsts.get(page) as Float32Array,
    second(page) {
      const p = new Float32Array(page.blocks.length);
      const { at, wanted } = places.get(page) as { at: number; wanted: Int32Array };
      wanted.forEach((i, k) => {
        p[i] = probability(context, data, at + k);
      });
      return p;
    },
  };
}

function average(models: Model[]): Model {
  const share = 1 / models.length;
  return {
    base: models.reduce((sum, m) => sum + m.base * share, 0),
    trees: models.flatMap((m) =>
      m.trees.map((nodes) =>
        nodes.map((n) => (n.leaf === undefined ? n : { ...n, leaf: Number((n.leaf * share).toPrecision(4)) })),
      ),
    ),
  };
}

function flatten({ base, trees }: Model): StoredClassifier['local'] {
  const stored: StoredClassifier['local'] = {
    base: Number(base.toPrecision(6)),
    roots: [],
    feature: [],
    value: [],
    right: [],
  };
  for (const nodes of trees) {
    const start = stored.feature.length;
    stored.roots.push(start);
    for (const node of nodes) {
      const leaf = node.leaf !== undefined;
      stored.feature.push(leaf ? -1 : node.feature);
      stored.value.push(leaf ? (node.leaf as number) : node.edge);
      stored.right.push(leaf ? 0 : start + node.right);
    }
  }
  return stored;
}

interface Score {
  precision: number;
  recall: number;
  f1: number;
}

/** Mean precision and recall over pages of 4-gram multisets, and the F1 of the two. */
function judge(results: { truth: string; found: string }[]): Score {
  const precisions: number[] = [];
  const recalls: number[] = [];
  for (const { truth, found } of results) {
    const { precision, recall } = compareFourGrams(truth, found);
    if (precision !== undefined) precisions.push(precision);
    if (recall !== undefined) recalls.push(recall);
  }
  const [precision, recall] = [mean(precisions), mean(recalls)];
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall) };
}

const mean = (list: number[]) => list.reduce((s, v) => s + v, 0) / list.length;

/** What each step of the extraction adds, by name: the blocks it keeps. */
const STEPS: Record<string, (page: Page, trained: Trained) => Block[]> = {
  'first forest': (page, { first }) => above(page, first(page), 0.5),
  'both forests': (page, { second }) => above(page, second(page), 0.5),
  'best cut': (page, { second }) => {
    const p = second(page);
    return above(page, p, bestCut(p, page.features.weights));
  },
  'posts and tables': (page, { second }) => chosen(page, second(page)),
  'and pruning': (page, { second }) => pruned(chosen(page, second(page)), page.headline),
  'the likeliest': (page, { second }) => {
    const p = second(page);
    const kept = pruned(chosen(page, p), page.headline);
    return kept.length > 0 ? kept : likeliest(page.blocks, p, page.features.weights, page.headline);
  },
};

const above = (page: Page, p: Float32Array, cut: number) => page.blocks.filter((_b, i) => (p[i] as number) > cut);

function chosen({ blocks, features: { weights } }: Page, second: Float32Array): Block[] {
  const tables = dataTables(blocks);
  const p = tablesAsOne(tables, second, weights);
  return blocksAbove(blocks, tables, p, bestCut(p, weights));
}

/** Prints, per step and set of pages, the mean over splits of the F1 of pages judged by forests that saw no page of their host. */
function crossValidate(pages: Page[], rows: Rows, folds: number, splits: number): void {
  const groups = new Set(pages.flatMap((p) => p.groups));
  const scores = new Map<string, Score[]>();
  for (let split = 0; split < splits; split++) {
    const found = new Map(Object.keys(STEPS).map((step) => [step, new Map<Page, string>()]));
    for (let k = 0; k < folds; k++) {
      const isTest = (page: Page) => hash(`${split} ${page.host}`) % folds === k;
      const trained = trainBoth(pages, rows, (p) => !isTest(p));
      for (const page of pages.filter(isTest))
        for (const [step, keep] of Object.entries(STEPS))
          found.get(step)?.set(
            page,
            keep(page, trained)
              .map((b) => b.text)
              .join('\n'),
          );
      console.error(`split ${split + 1} of ${splits}, fold ${k + 1} of ${folds}`);
    }
    for (const [step, texts] of found)
      for (const group of groups) {
        const key = `${step.padEnd(18)}${group.padEnd(26)}`;
        const results = pages
          .filter((p) => p.groups.includes(group))
          .map((p) => ({ truth: p.body, found: texts.get(p) ?? '' }));
        scores.set(key, [...(scores.get(key) ?? []), judge(results)]);
      }
  }
  for (const [key, list] of scores) {
    const f1 = mean(list.map((s) => s.f1));
    const deviation = Math.sqrt(mean(list.map((s) => (s.f1 - f1) ** 2)));
    const [precision, recall] = [mean(list.map((s) => s.precision)), mean(list.map((s) => s.recall))];
    console.log(`${key}F1 ${f1.toFixed(3)} ± ${deviation.toFixed(3)} P ${precision.toFixed(3)} R ${recall.toFixed(3)}`);
  }
}

const { values: options, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: { folds: { type: 'string', default: '0' }, splits: { type: 'string', default: '1' } },
});
const pages = folders.flatMap(load);
let count = 0;
for (const page of pages) {
  page.offset = count;
  count += page.blocks.length;
}
const rows = makeRows(pages);
if (Number(options.folds) > 0) crossValidate(pages, rows, Number(options.folds), Number(options.splits));
else {
  const { local, context } = trainBoth(pages, rows, () => true);
  const stored: StoredClassifier = {
    localFeatures: [...LOCAL_FEATURES],
    contextFeatures: [...CONTEXT_FEATURES],
    local: flatten(local),
    context: flatten(context),
  };
  writeFileSync(new URL('../../data/block-classifier.json', import.meta.url), `${JSON.stringify(stored)}\n`);
  console.log(`${pages.length} pages, ${count} blocks`);
}
