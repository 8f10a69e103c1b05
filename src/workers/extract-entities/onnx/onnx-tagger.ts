import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PermanentError } from '../../../shared/errors.ts';
import type { EntityType, Mention } from '../../../shared/model.ts';
import { splitSentences } from '../../../shared/text/sentences.ts';
import { type Piece, readWordPieces, type WordPieces } from './word-pieces.ts';

/**
 * Names by a token-classification model that the operator brings: a folder with `model.onnx`, `tokenizer.json` and
 * `config.json` (for `id2label`), as exporters of BERT models write it. The runtime is the operator's too: onnxruntime-node or
 * onnxruntime-web, installed beside Khabar. Neither is a dependency, because the one has a build for each platform and both
 * are larger than all of Khabar.
 */

const RUNTIMES = ['onnxruntime-node', 'onnxruntime-web'];

/** Pieces in one sequence, the two around it left out. */
const MAX_PIECES = 510;

const TYPES: Record<string, EntityType> = {
  PER: 'person',
  PERS: 'person',
  PERSON: 'person',
  ORG: 'organization',
  ORGANIZATION: 'organization',
  LOC: 'location',
  LOCATION: 'location',
  GPE: 'location',
};

/** What is used of the runtimes, which have one interface. */
interface Tensor {
  data: ArrayLike<number>;
  dims: readonly number[];
}
interface Session {
  inputNames: readonly string[];
  outputNames: readonly string[];
  run(inputs: Record<string, Tensor>): Promise<Record<string, Tensor>>;
}
interface Runtime {
  InferenceSession: { create(model: Uint8Array, options?: { executionProviders: string[] }): Promise<Session> };
  Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => Tensor;
  env: { wasm?: { numThreads?: number } };
}

export interface OnnxTagger {
  /** In order, without overlaps. */
  find(text: string): Promise<Mention[]>;
}

const opened = new Map<string, Promise<OnnxTagger>>();

/** The tagger of a folder, read once per thread. Rejects with PermanentError ONNX_RUNTIME, ONNX_FOLDER, ONNX_TOKENIZER or ONNX_LABELS. */
export function onnxTagger(folder: string): Promise<OnnxTagger> {
  let tagger = opened.get(folder);
  if (!tagger) {
    tagger = openTagger(folder);
    opened.set(folder, tagger);
  }
  return tagger;
}

/** Rejects when the runtime is missing or the folder is not of the form that is read; the model itself is not looked into. */
export async function checkOnnxFolder(folder: string): Promise<void> {
  await Promise.all([loadRuntime(), readParts(folder)]);
}

async function openTagger(folder: string): Promise<OnnxTagger> {
  const [runtime, { pieces, labels }, model] = await Promise.all([
    loadRuntime(),
    readParts(folder),
    readPart(folder, 'model.onnx'),
  ]);
  const session = await runtime.InferenceSession.create(model);
  return {
    async find(text) {
      const mentions: Mention[] = [];
      for (const sentence of splitSentences(text)) {
        for (const words of sequences(pieces.cut(sentence.text))) {
          const spans = spansOf(await classify(runtime, session, pieces, words), labels);
          for (const { first, last, type, confidence } of spans) {
            const start = sentence.start + (words[first] as Piece).start;
            const end = sentence.start + (words[last] as Piece).end;
            mentions.push({ text: text.slice(start, end), start, end, type, confidence });
          }
        }
      }
      return mentions;
    },
  };
}

async function loadRuntime(): Promise<Runtime> {
  for (const name of RUNTIMES) {
    try {
      const loaded = (await import(name)) as Runtime & { default?: Runtime };
      const runtime = loaded.InferenceSession ? loaded : (loaded.default as Runtime);
      // Threads of its own would come on top of ours.
      if (runtime.env.wasm) runtime.env.wasm.numThreads = 1;
      return runtime;
    } catch (error) {
      if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    }
  }
  throw new PermanentError('ONNX_RUNTIME', `install one of ${RUNTIMES.join(', ')} to use a model of your own`);
}

async function readParts(folder: string): Promise<{ pieces: WordPieces; labels: string[] }> {
  const [tokenizer, config] = await Promise.all([readPart(folder, 'tokenizer.json'), readPart(folder, 'config.json')]);
  const { id2label = {} } = JSON.parse(config.toString()) as { id2label?: Record<string, string> };
  const labels = Object.keys(id2label)
    .sort((a, b) => Number(a) - Number(b))
    .map((number) => id2label[number] as string);
  if (!labels.some((label) => TYPES[typeName(label)]))
    throw new PermanentError('ONNX_LABELS', `config.json of ${folder} has no id2label such as B-PER, I-LOC, B-ORG`);
  return { pieces: readWordPieces(tokenizer.toString()), labels };
}

async function readPart(folder: string, name: string): Promise<Buffer> {
  try {
    return await readFile(join(folder, name));
  } catch (error) {
    throw new PermanentError('ONNX_FOLDER', `${name} of ${folder} cannot be read`, { cause: error });
  }
}

const typeName = (label: string) => label.replace(/^[BIESLU]-/, '').toUpperCase();

/** Words in runs that one sequence holds. */
function* sequences(words: readonly Piece[]): Generator<Piece[]> {
  let run: Piece[] = [];
  let size = 0;
  for (const word of words) {
    const held = { ...word, ids: word.ids.slice(0, MAX_PIECES) };
    if (size + held.ids.length > MAX_PIECES) {
      yield run;
      run = [];
      size = 0;
    }
    run.push(held);
    size += held.ids.length;
  }
  if (run.length > 0) yield run;
}

/** For each word the label of its first piece, and how likely it is. */
async function classify(
  { Tensor }: Runtime,
  session: Session,
  { first, last }: WordPieces,
  words: readonly Piece[],
): Promise<{ label: number; probability: number }[]> {
  const ids = [first, ...words.flatMap((word) => word.ids), last];
  const tensor = (values: readonly number[]) =>
    new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
  const inputs: Record<string, () => Tensor> = {
    input_ids: () => tensor(ids),
    attention_mask: () => tensor(ids.map(() => 1)),
    token_type_ids: () => tensor(ids.map(() => 0)),
  };
  const asked = session.inputNames.map((name) => {
    const input = inputs[name];
    if (!input) throw new PermanentError('ONNX_MODEL', `the model asks for ${name}, which no BERT tagger does`);
    return [name, input()] as const;
  });
  const answer = (await session.run(Object.fromEntries(asked)))[session.outputNames[0] as string] as Tensor;
  const labels = answer.dims.at(-1) ?? 0;
  let at = 1;
  return words.map((word) => {
    const scores = Array.from({ length: labels }, (_, label) => answer.data[at * labels + label] as number);
    at += word.ids.length;
    const top = Math.max(...scores);
    const sum = scores.reduce((total, score) => total + Math.exp(score - top), 0);
    return { label: scores.indexOf(top), probability: Math.round(1000 / sum) / 1000 };
  });
}

/** Names from labels in any of the schemes IO, IOB, BIOES and BILOU: a label of another type, or one that begins, ends what was open. */
function spansOf(answers: readonly { label: number; probability: number }[], labels: readonly string[]) {
  const spans: { first: number; last: number; type: EntityType; confidence: number }[] = [];
  let open: (typeof spans)[number] | undefined;
  answers.forEach(({ label, probability }, at) => {
    const name = labels[label] ?? 'O';
    const type = TYPES[typeName(name)];
    if (type === undefined) open = undefined;
    else if (open?.type === type && !/^[BSU]-/.test(name)) {
      open.last = at;
      open.confidence = Math.min(open.confidence, probability);
    } else {
      open = { first: at, last: at, type, confidence: probability };
      spans.push(open);
    }
    if (/^[ESLU]-/.test(name)) open = undefined;
  });
  return spans;
}
