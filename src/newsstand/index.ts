/** A local web of news outlets for demo, tests and benchmarks. All of its text is ours. */
export {
  type Newsstand,
  type NewsstandOptions,
  type NewsstandOutlet,
  type NewsstandStats,
  startNewsstand,
} from './server.ts';
export type { NewsstandArticle } from './truth.ts';
