import cliProgress from 'cli-progress';
import type { ArticleState } from '../shared/model.ts';
import type { Terminal } from './terminal.ts';

export interface LineState {
  feeds: number;
  polled: number;
  rows: readonly { state: ArticleState; outcome: string; count: number }[];
}

export interface Progress {
  show(line: LineState): void;
  stop(): void;
}

/** What an article in a state still waits for, in the order of the line. */
const STAGES: readonly [label: string, waiting: ArticleState][] = [
  ['fetch-article', 'discovered'],
  ['extract-article', 'fetched'],
  ['dedupe', 'extracted'],
  ['extract-entities', 'unique'],
  ['publish-article', 'enriched'],
];

/** Per stage: how many articles are past it, of all. An article that ended earlier is past every stage. */
function stageProgress({ rows }: Pick<LineState, 'rows'>): { label: string; past: number; total: number }[] {
  const count = (state: ArticleState) => rows.filter((row) => row.state === state).reduce((n, row) => n + row.count, 0);
  const total = rows.reduce((n, row) => n + row.count, 0);
  let before = 0;
  return STAGES.map(([label, waiting]) => {
    before += count(waiting);
    return { label, past: total - before, total };
  });
}

/** Bars on a terminal, a plain line now and then elsewhere. */
export function createProgress(stream: Terminal['stdout']): Progress {
  return stream.isTTY ? bars(stream) : plainLines(stream);
}

/** For `--json`: nothing but the result is printed. */
export const silentProgress: Progress = { show() {}, stop() {} };

function bars(stream: Terminal['stdout']): Progress {
  const multi = new cliProgress.MultiBar(
    {
      stream,
      format: '  {label} {bar} {value}/{total}',
      hideCursor: true,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 36,
      autopadding: true,
    },
    cliProgress.Presets.rect,
  );
  const made = new Map<string, cliProgress.SingleBar>();
  const set = (label: string, value: number, total: number) => {
    let bar = made.get(label);
    if (!bar) {
      bar = multi.create(total, value, { label: label.padEnd(16) });
      made.set(label, bar);
    }
    bar.setTotal(total);
    bar.update(value);
  };
  return {
    show(line) {
      set('poll-feed', Math.min(line.polled, line.feeds), line.feeds);
      for (const { label, past, total } of stageProgress(line)) set(label, past, total);
    },
    stop: () => multi.stop(),
  };
}

/** Least time between two lines, so that a log of a long run stays readable. */
const LINE_MS = 2_000;

function plainLines(stream: Terminal['stdout']): Progress {
  let lastAt = 0;
  let last = '';
  let written = '';
  const write = () => {
    if (last !== written) stream.write(`  ${last}\n`);
    written = last;
  };
  const line = (state: LineState) =>
    [
      `feeds ${Math.min(state.polled, state.feeds)}/${state.feeds}`,
      ...stageProgress(state).map(({ label, past, total }) => `${label} ${past}/${total}`),
    ].join('  ');
  return {
    show(state) {
      last = line(state);
      if (Date.now() - lastAt < LINE_MS) return;
      write();
      lastAt = Date.now();
    },
    stop: write,
  };
}
