import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyzeArticle } from '../../../../src/workers/extract-entities/analyze/index.ts';
import { checkOnnxFolder, onnxTagger } from '../../../../src/workers/extract-entities/onnx/onnx-tagger.ts';
import { readWordPieces } from '../../../../src/workers/extract-entities/onnx/word-pieces.ts';
import { tinyOnnxModel } from '../../../support/tiny-onnx.ts';

const LABELS = ['O', 'B-PERS', 'I-PERS', 'B-LOC', 'B-ORG', 'I-ORG', 'B-MISC'];
/** Pieces and the label that the model gives each. */
const VOCABULARY: [string, string][] = [
  ['[UNK]', 'O'],
  ['[CLS]', 'O'],
  ['[SEP]', 'O'],
  ['.', 'O'],
  ['زل', 'B-PERS'],
  ['##فان', 'O'],
  ['كردوس', 'I-PERS'],
  ['حضرموت', 'B-LOC'],
  ['نادي', 'B-ORG'],
  ['السهم', 'I-ORG'],
  ['الكاس', 'B-MISC'],
];
const tokenizer = (over: object = {}) =>
  JSON.stringify({
    normalizer: { type: 'BertNormalizer', lowercase: true, strip_accents: null },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    model: { type: 'WordPiece', vocab: Object.fromEntries(VOCABULARY.map(([piece], i) => [piece, i])) },
    ...over,
  });

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'khabar-onnx-'));
});
afterAll(() => rm(root, { recursive: true }));

async function folder(files: Record<string, string | Uint8Array>): Promise<string> {
  const made = await mkdtemp(join(root, 'model-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(made, name), content);
  return made;
}
const config = (labels = LABELS) =>
  JSON.stringify({ id2label: Object.fromEntries(labels.map((name, i) => [i, name])) });
const scores = VOCABULARY.map(([, label]) => LABELS.map((name) => (name === label ? 6 : 0)));
const whole = () =>
  folder({ 'model.onnx': tinyOnnxModel(scores), 'tokenizer.json': tokenizer(), 'config.json': config() });

describe('onnxTagger', () => {
  test('a model of one’s own – its names with their places in the text', async () => {
    const text = 'وصل زَلفان كردوس إلى حضرموت.\nفاز نادي السهم بالكأس، وغاب زلفان.';
    const tagger = await onnxTagger(await whole());
    const found = await tagger.find(text);
    expect(found.map(({ type, text }) => [type, text])).toEqual([
      ['person', 'زَلفان كردوس'],
      ['location', 'حضرموت'],
      ['organization', 'نادي السهم'],
      ['person', 'زلفان'],
    ]);
    for (const { text: name, start, end, confidence } of found) {
      expect(text.slice(start, end)).toBe(name);
      expect(confidence).toBeCloseTo(Math.exp(6) / (Math.exp(6) + 6), 2);
    }
  });

  test('its names stand for those of our own tagger', async () => {
    const text = 'وصل زلفان كردوس اليوم.';
    const people = (entities: { type: string; name: string }[]) =>
      entities.filter(({ type }) => type === 'person').map(({ name }) => name);
    const mentions = await (await onnxTagger(await whole())).find(text);
    expect(people(analyzeArticle({ text, language: 'ar' }, mentions).entities)).toEqual(['زلفان كردوس']);
    expect(people(analyzeArticle({ text, language: 'ar' }, []).entities)).toEqual([]);
  });

  test('more words than one sequence holds – all are read', async () => {
    const tagger = await onnxTagger(await whole());
    expect(await tagger.find('حضرموت '.repeat(1200))).toHaveLength(1200);
  });

  test.each([
    ['no tokenizer', { 'config.json': config() }, 'ONNX_FOLDER'],
    [
      'byte pairs',
      { 'config.json': config(), 'tokenizer.json': tokenizer({ model: { type: 'BPE', vocab: {} } }) },
      'ONNX_TOKENIZER',
    ],
    [
      'another normalizer',
      { 'config.json': config(), 'tokenizer.json': tokenizer({ normalizer: { type: 'NFKC' } }) },
      'ONNX_TOKENIZER',
    ],
    [
      'labels without a meaning',
      { 'config.json': config(['LABEL_0', 'LABEL_1']), 'tokenizer.json': tokenizer() },
      'ONNX_LABELS',
    ],
  ] as const)('%s – refused at the start', async (_case, files, code) => {
    await expect(checkOnnxFolder(await folder(files))).rejects.toMatchObject({ code });
  });

  test('a folder without its model – refused when it is opened', async () => {
    const made = await folder({ 'config.json': config(), 'tokenizer.json': tokenizer() });
    await expect(onnxTagger(made)).rejects.toMatchObject({ code: 'ONNX_FOLDER' });
  });
});

test.each([
  ['زلفان', [[4, 5]]],
  ['زلفان. غريب', [[4, 5], [3], [0]]],
  ['زلفا', [[0]]],
])('readWordPieces – %s', (text, ids) => {
  expect(
    readWordPieces(tokenizer())
      .cut(text)
      .map((piece) => piece.ids),
  ).toEqual(ids);
});
