/**
 * The names that stages, stores, the API and the public functions share, by subject. What the public functions return (`khabar/feed`,
 * `khabar/extract`, `khabar/text`, `khabar/dedupe`) has its dates as ISO 8601 strings; an article, a feed record, a subscription and a story
 * are documents in MongoDB.
 */

export type * from './model/analysis.ts';
export type * from './model/article.ts';
export type * from './model/dedupe.ts';
export type * from './model/extracted-article.ts';
export type * from './model/feed.ts';
export type * from './model/feed-record.ts';
export type * from './model/story.ts';
export type * from './model/subscription.ts';
