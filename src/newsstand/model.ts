/** The newsstand's own words: outlets (sites with one feed each), what they carry, and the truth told to tests. */

export type FeedFormat = 'rss' | 'atom' | 'rdf' | 'json';

/** The mark-up family of a site's article pages; see pages.ts. */
export type Layout = 'article' | 'div-soup' | 'legacy' | 'microdata' | 'bare-div' | 'portal';

/** How a site forms the addresses of its articles; see addresses.ts. */
export type AddressStyle = 'dated' | 'numbered' | 'query' | 'slug';

/** A site as data/newsstand/outlets.json describes it. */
export interface OutletSpec {
  id: string;
  name: string;
  /** ISO 639-1. */
  language: string;
  tagline: string;
  format: FeedFormat;
  /** WHATWG name of the charset its feed and pages are written in. */
  encoding: string;
  layout: Layout;
  addresses: AddressStyle;
  /** The feed carries whole texts, not summaries. */
  fullContent?: boolean;
  /** Links in the feed carry utm parameters. */
  trackedLinks?: boolean;
  /** Offset of its wall clock from UTC, as in +03:00. */
  utcOffset: string;
  /** Menu of sections; the first is where articles without a section go. */
  menu: string[];
  /** Colour of its masthead. */
  colour: string;
}

export type BlockType = 'p' | 'h2';

export interface Block {
  type: BlockType;
  text: string;
}

/** What an article says, dates filled in. */
export interface Content {
  title: string;
  subtitle?: string;
  author?: string;
  section?: string;
  caption?: string;
  /** Credit of the picture. */
  credit?: string;
  tags: string[];
  body: Block[];
  /** It is told on so many pages. */
  pages?: number;
  /** Its page shows the beginning; all of it is on the AMP rendering. */
  ampOnly?: boolean;
}

/** How a copy differs from its original. */
export type Edit = 'light' | 'heavy' | 'truncated' | 'extended' | 'headline';

/** An article placed on an outlet; its content is made when asked for. */
export interface Item {
  id: string;
  /** Appears in the address; unique on the newsstand. */
  number: number;
  outletId: string;
  language: string;
  /** The event told of: shared by copies, by other texts on it and by other languages. */
  storyId: string;
  /** Id of the article this is a copy of. */
  wireOf?: string;
  edit?: Edit;
  generated: boolean;
  publishedAt: Date;
  content(): Content;
}
