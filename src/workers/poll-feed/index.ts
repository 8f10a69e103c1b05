/** khabar/feed: reading feeds and subscription lists, free of network, database and clock. */
export { FeedError } from '../../shared/errors.ts';
export type { Enclosure, Entry, Feed, OpmlFeed } from '../../shared/model.ts';
export { OpmlError, type OpmlProblem, parseOpml, readOpml, writeOpml } from './opml.ts';
export { parseFeed } from './parse-feed.ts';
