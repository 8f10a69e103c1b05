import type { Entity, Span } from '../../../shared/model.ts';
import type { Known } from './knowledge.ts';

/** An entity while it is put together. */
export interface Found {
  id: string;
  entity: Entity;
  known?: Known;
  /** Its folded names. */
  keys: Set<string>;
  /** With the first and last word of each. */
  mentions: (Span & { first: number; last: number })[];
}
