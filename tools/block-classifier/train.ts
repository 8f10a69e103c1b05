/**
 * tsx tools/block-classifier/train.ts FOLDER... [--folds N]
 *
 * Trains data/block-classifier.json from pages with known bodies. Each FOLDER holds `ground-truth.json` (id → { url, host, articleBody })
 * and `html/<id>.html.gz`. With --folds nothing is written: the pages of a host are always in one fold, each fold is judged by
 * models that saw none of its hosts, and the mean 4-gram F1 is printed.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Block, collectBlocks } from '../../src/workers/extract-article/blocks.ts';
import type { StoredClassifier } from '../../src/workers/extract-article/classifier.ts';
import {
  type BlockFeatures,
  CONTEXT_FEATURES,
  contextFeatures,
  findTitle,
  LOCAL_FEATURES,
  localFeatures,
} from '../../src/workers/extract-article/features.ts';
import { bodyElement } from '../../src/workers/extract-article/find-body.ts';
import { clean, siteNames } from '../../src/workers/extract-article/page-facts.ts';
import { fold } from '../../src/workers/extract-article/phrases.ts';
import { isFurniture } from '../../src/workers/extract-article/prune.ts';
import { readAuthors } from '../../src/workers/extract-article/read-authors.ts';
import { readTitle } from '../../src/workers/extract-article/read-title.ts';
import { readStructuredData } from '../../src/workers/extract-article/structured-data.ts';
import { parseTree, type Tree } from '../../src/workers/extract-article/tree.ts';
import { type Binned, bin, type Model, probability, SETTINGS, train } from './boosting.ts';
import { type Labels, labelBlocks } from './label.ts';

interface Page {
  id: string;
  set: string;
  host: string;
  /** Folded. */
  title: string;
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
/** Pages whose known body is mostly not in the page teach little. */
const POORLY_ALIGNED = { coverage: 0.5, weight: 0.1 };

function load(folder: string): Page[] {
  const truth = JSON.parse(readFileSync(path.join(folder, 'ground-truth.json'), 'utf8')) as Record<
    string,
    { set: string; url: string; host: string; articleBody: string }
  >;
  return Object.entries(truth).map(([id, { set, url, host, articleBody }]) => {
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
      set: `${path.basename(folder)}/${set}`,
      host: host.replace(/^(?:www|edition|m)\./, ''),
      title: fold(title),
      body: articleBody,
      tree,
      blocks,
      features,
      labels,
      offset: 0,
    };
  });
}

const hash = (host: string, byte: number) => createHash('sha256').update(host).digest()[byte] as number;

function matrix(pages: Page[], width: number, rowsOf: (page: Page) => Float32Array): Binned {
  const count = pages.reduce((n, p) => n + p.blocks.length, 0);
  const values = new Float32Array(count * width);
  for (const page of pages) values.set(rowsOf(page), page.offset * width);
  return bin(values, width);
}

function contextMatrix(pages: Page[], first: Float32Array): Binned {
  return matrix(pages, CONTEXT_FEATURES.length, (page) => {
    const own = first.subarray(page.offset, page.offset + page.blocks.length);
    const element = bodyElement(page.tree.root, own, page.features.weights);
    return contextFeatures(page.blocks, page.features, own, element);
  });
}

interface Trained {
  local: Model;
  context: Model;
  /** First-pass opinions on all rows: inner folds on the training rows, the whole model elsewhere. */
  first: Float32Array;
  contextData: Binned;
}

function trainBoth(
  pages: Page[],
  local: Binned,
  labels: Float32Array,
  weights: Float32Array,
  isTraining: (page: Page) => boolean,
): Trained {
  const rowsWhere = (holds: (page: Page) => boolean) =>
    pages.filter(holds).flatMap((p) => Array.from(p.blocks, (_b, i) => p.offset + i));
  const inner = (page: Page) => hash(page.host, 1) % INNER_FOLDS;
  const first = new Float32Array(labels.length);
  for (let k = 0; k < INNER_FOLDS; k++) {
    const model = train(
      local,
      labels,
      weights,
      rowsWhere((p) => isTraining(p) && inner(p) !== k),
      SETTINGS,
    );
    for (const row of rowsWhere((p) => isTraining(p) && inner(p) === k)) first[row] = probability(model, local, row);
  }
  const whole = train(local, labels, weights, rowsWhere(isTraining), SETTINGS);
  for (const row of rowsWhere((p) => !isTraining(p))) first[row] = probability(whole, local, row);
  const contextData = contextMatrix(pages, first);
  // Two forests on other samples, averaged: they err in different places.
  const bags = [1, 2].map((bag) =>
    train(contextData, labels, weights, rowsWhere(isTraining), { ...SETTINGS, seed: SETTINGS.seed + bag }),
  );
  const context = average(bags);
  return { local: whole, context, first, contextData };
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
    left: [],
    right: [],
  };
  for (const nodes of trees) {
    const start = stored.feature.length;
    stored.roots.push(start);
    for (const node of nodes) {
      const leaf = node.leaf !== undefined;
      stored.feature.push(leaf ? -1 : node.feature);
      stored.value.push(leaf ? (node.leaf as number) : node.edge);
      stored.left.push(leaf ? 0 : start + node.left);
      stored.right.push(leaf ? 0 : start + node.right);
    }
  }
  return stored;
}

/** Mean precision and recall over pages of 4-gram multisets, and the F1 of the two. */
function judge(results: { truth: string; found: string }[]): string {
  const grams = (text: string) => {
    const words = text.match(/[\p{L}\p{N}_]+/gu) ?? [];
    const counts = new Map<string, number>();
    for (let i = 0; i < Math.max(1, words.length - 3); i++) {
      const key = words.slice(i, i + 4).join(' ');
      if (key !== '') counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  };
  const precisions: number[] = [];
  const recalls: number[] = [];
  for (const { truth, found } of results) {
    const a = grams(truth);
    const b = grams(found);
    let common = 0;
    for (const [key, count] of a) common += Math.min(count, b.get(key) ?? 0);
    const sum = (m: Map<string, number>) => [...m.values()].reduce((s, v) => s + v, 0);
    if (b.size > 0) precisions.push(common / sum(b));
    if (a.size > 0) recalls.push(common / sum(a));
  }
  const mean = (list: number[]) => list.reduce((s, v) => s + v, 0) / list.length;
  const [p, r] = [mean(precisions), mean(recalls)];
  return `F1 ${((2 * p * r) / (p + r)).toFixed(3)} P ${p.toFixed(3)} R ${r.toFixed(3)} (${results.length} pages)`;
}

const args = process.argv.slice(2);
const foldsAt = args.indexOf('--folds');
const folds = foldsAt >= 0 ? Number(args[foldsAt + 1]) : 0;
const folders = args.filter((a, i) => !a.startsWith('--') && (foldsAt < 0 || i !== foldsAt + 1));
const pages = folders.flatMap(load);
let rows = 0;
for (const page of pages) {
  page.offset = rows;
  rows += page.blocks.length;
}
const labels = new Float32Array(rows);
const weights = new Float32Array(rows);
for (const { offset, labels: l } of pages) {
  const scale =
    (20 / Math.min(Math.max(l.bodyWords, BODY_WORDS[0]), BODY_WORDS[1])) *
    (l.coverage < POORLY_ALIGNED.coverage ? POORLY_ALIGNED.weight : 1);
  l.shares.forEach((share, i) => {
    labels[offset + i] = share;
    weights[offset + i] = scale * ((l.words[i] as number) + 3);
  });
}
const local = matrix(pages, LOCAL_FEATURES.length, (p) => p.features.local);

if (folds > 0) {
  const steps: Record<string, Map<Page, string>> = {
    'first pass': new Map(),
    'both passes': new Map(),
    'and pruning': new Map(),
  };
  for (let k = 0; k < folds; k++) {
    const isTest = (page: Page) => hash(page.host, 0) % folds === k;
    const { context, contextData, first } = trainBoth(pages, local, labels, weights, (p) => !isTest(p));
    for (const page of pages.filter(isTest)) {
      const keep = (step: string, holds: (row: number, block: Block) => boolean) =>
        steps[step]?.set(
          page,
          page.blocks
            .filter((b, i) => holds(page.offset + i, b))
            .map((b) => b.text)
            .join('\n'),
        );
      const second = (row: number) => probability(context, contextData, row) > 0.5;
      keep('first pass', (row) => (first[row] as number) > 0.5);
      keep('both passes', second);
      keep('and pruning', (row, b) => second(row) && !isFurniture(b, page.title));
    }
    console.error(`fold ${k + 1} of ${folds}`);
  }
  for (const [step, found] of Object.entries(steps)) {
    for (const set of ['', ...new Set(pages.map((p) => p.set))]) {
      const chosen = pages.filter((p) => found.has(p) && (set === '' || p.set === set));
      const results = chosen.map((p) => ({ truth: p.body, found: found.get(p) ?? '' }));
      console.log(step.padEnd(12), (set || 'all').padEnd(24), judge(results));
    }
  }
} else {
  const { local: first, context } = trainBoth(pages, local, labels, weights, () => true);
  const stored: StoredClassifier = {
    localFeatures: [...LOCAL_FEATURES],
    contextFeatures: [...CONTEXT_FEATURES],
    local: flatten(first),
    context: flatten(context),
  };
  writeFileSync(new URL('../../data/block-classifier.json', import.meta.url), `${JSON.stringify(stored)}\n`);
  console.log(`${pages.length} pages, ${rows} blocks`);
}
