import { ExtractError, FeedError, PermanentError, StageError } from '../shared/errors.ts';
import { readPage } from './extract-article/read-page.ts';
import { type AnalyzeInput, analyzeArticle } from './extract-entities/analyze/index.ts';
import { onnxTagger } from './extract-entities/onnx/onnx-tagger.ts';
import { parseFeed } from './poll-feed/index.ts';

/** What runs in the threads of the task pool: pure functions that cost CPU. */
const tasks = { parseFeed, readPage, analyzeArticle: analyze };

export type Tasks = typeof tasks;

/** With the folder of a model, its names stand for those of our own tagger. */
async function analyze(article: AnalyzeInput, onnxFolder?: string) {
  return analyzeArticle(article, onnxFolder ? await (await onnxTagger(onnxFolder)).find(article.text) : undefined);
}

/** Errors lose their class and code between threads, so they travel as plain data. */
export type TaskAnswer =
  | { ok: true; value: unknown }
  | {
      ok: false;
      kind?: 'FeedError' | 'ExtractError' | 'PermanentError' | 'StageError';
      code: string;
      message: string;
      stack?: string;
    };

export default async function runTask({ name, args }: { name: keyof Tasks; args: never[] }): Promise<TaskAnswer> {
  try {
    return { ok: true, value: await (tasks[name] as (...args: never[]) => unknown)(...args) };
  } catch (error) {
    if (!(error instanceof StageError)) {
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      return { ok: false, code: 'BUG', message, stack };
    }
    const kind =
      error instanceof FeedError
        ? 'FeedError'
        : error instanceof ExtractError
          ? 'ExtractError'
          : error instanceof PermanentError
            ? 'PermanentError'
            : 'StageError';
    return { ok: false, kind, code: error.code, message: error.message };
  }
}
