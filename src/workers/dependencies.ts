import type { Config } from '../shared/config.ts';
import type { Door } from '../shared/http/index.ts';
import type { Stores } from '../shared/stores/database.ts';
import type { Stories } from './dedupe/place-story.ts';
import type { RedisIndex } from './dedupe/redis-index.ts';
import type { TaskPool } from './task-pool.ts';

/** What the stages work with; made once per process and passed down. */
export interface Dependencies {
  config: Config;
  stores: Stores;
  door: Door;
  tasks: TaskPool;
  nearDuplicates: RedisIndex;
  stories: Stories;
  now(): Date;
  random(): number;
}
