/** How well a hub does for one feed: entries it pushed, and entries a poll found first. Older ones fade. */
export interface HubScore {
  pushed: number;
  missed: number;
}

/** The `subscriptions` document: a feed's subscription at a WebSub hub. It outlives its feed until the hub has let it go. */
export interface Subscription {
  /** Random, and the end of the address the hub calls: nobody else knows it. */
  _id: string;
  feedId: string;
  hub: string;
  /** The feed's own address, as its self link gives it: what the hub must confirm. */
  topic: string;
  /** Shared with the hub; random, at most 200 bytes (W3C WebSub §5.1). */
  secret: string;
  /** `leaving`: to be ended at the hub. `denied`: not asked for again for a while. */
  state: 'requested' | 'active' | 'leaving' | 'denied';
  /** Why it is left or denied. */
  reason?: string;
  /** Once left, it is not to be asked for again for a while. */
  avoid?: boolean;
  /** The public address the hub was last given for its calls. */
  base?: string;
  /** When the hub is asked next, or a denial is forgotten. */
  nextAt: Date;
  /** Requests in a row that the hub has not confirmed. */
  attempts: number;
  /** Since when the hub has been pushing, and until when. */
  activeSince?: Date;
  leaseEndsAt?: Date;
  lastPushAt?: Date;
  lastError?: { code: string; message: string; at: Date };
  score: HubScore;
}
