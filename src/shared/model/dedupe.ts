export type DuplicateKind = 'exact' | 'near' | 'contained';

export interface DedupeInput {
  id: string;
  title: string;
  text: string;
  language?: string;
  url?: string;
  /** Name or host of the outlet. */
  source?: string;
  publishedAt?: string;
}

export interface DedupeDecision {
  duplicateOf?: string;
  kind?: DuplicateKind;
  storyId: string;
  /** 0 to 1, containment of the smaller sketch. */
  similarity?: number;
}
