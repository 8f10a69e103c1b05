import type { Direction } from './extracted-article.ts';

export type EntityType = 'person' | 'organization' | 'location';

export interface DetectedLanguage {
  /** ISO 639 code, or `und` when unsure. */
  language: string;
  /** ISO 15924 code, for example Arab. */
  script: string;
  direction: Direction;
  /** 0 to 1. */
  confidence: number;
}

/** A span of the text, in UTF-16 code units, end exclusive. */
export interface Span {
  text: string;
  start: number;
  end: number;
}

export interface Mention extends Span {
  type: EntityType;
  confidence: number;
}

export interface Entity {
  id: string;
  type: EntityType;
  name: string;
  /** Names by language code. */
  names: Record<string, string>;
  /** ISO 3166-1 alpha-2. */
  country?: string;
  lat?: number;
  lon?: number;
  /** Titles and functions the text gives a person. */
  roles: string[];
  mentions: Span[];
}

export interface Dateline extends Span {
  places: string[];
  agency?: string;
}

export interface Quote extends Span {
  speaker?: string;
  speakerEntityId?: string;
  verb?: string;
  direct: boolean;
  /** The text does not name its source (a security source, witnesses); `speaker` is then the phrase it uses. */
  anonymous?: boolean;
}

export interface Casualty extends Span {
  kind: 'killed' | 'wounded' | 'missing';
  count: number;
  who?: string;
}

export interface DateMention extends Span {
  from?: string;
  to?: string;
}

export interface Analysis {
  language: string;
  direction: Direction;
  dateline?: Dateline;
  entities: Entity[];
  quotes: Quote[];
  casualties: Casualty[];
  dates: DateMention[];
}
