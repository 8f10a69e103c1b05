/** Articles of one language about one event. */
export interface Story {
  /** The id of the article that started it. */
  id: string;
  language: string;
  title: string;
  /** The article whose title it bears: the one most like the story. */
  leadId: string;
  /** How like the lead article was when it became it. */
  leadSimilarity: number;
  /** Sum of the articles' unit vectors, cut to the heaviest terms: hash of a term → weight. */
  centroid: Map<number, number>;
  /** Length of the centroid. */
  norm: number;
  /** Times of its articles in ms since 1970. */
  firstAt: number;
  lastAt: number;
  sources: string[];
  /** Originals only, newest last; of a very long story the last few hundred. */
  articleIds: string[];
  articles: number;
  /** Raised with every save. */
  version: number;
  /** Stories of other languages about the same event, the surest first. */
  links?: StoryLink[];
}

/** A story in another language that is likely about the same event; both name each other. */
export interface StoryLink {
  id: string;
  language: string;
  /** Sum of log-likelihood ratios, see `link-stories.ts`. */
  score: number;
  /** Ids of the names that both stories have, the most telling first. */
  names: string[];
  /** Numbers that both state. */
  numbers: string[];
  /** Days between the end of one and the beginning of the other, 0 when they overlap. */
  daysApart: number;
}
