import { type Db, MongoClient } from 'mongodb';
import { ArticleStore } from './articles.ts';
import { Catalog } from './catalog.ts';
import { ClusterStore } from './clusters.ts';
import { DecisionStore } from './decisions.ts';
import { EntityStore } from './entities.ts';
import { FeedStore } from './feeds.ts';
import { PageStore } from './pages.ts';
import { PushStore } from './pushes.ts';
import { SiteStore } from './sites.ts';
import { StoryStore } from './stories.ts';
import { SubscriptionStore } from './subscriptions.ts';

export interface Stores {
  feeds: FeedStore;
  subscriptions: SubscriptionStore;
  pushes: PushStore;
  articles: ArticleStore;
  catalog: Catalog;
  clusters: ClusterStore;
  pages: PageStore;
  entities: EntityStore;
  decisions: DecisionStore;
  stories: StoryStore;
  sites: SiteStore;
  /** Rejects when the database does not take a write. */
  checkWrite(): Promise<void>;
  close(): Promise<void>;
}

/** Connects and creates the indexes that each store declares. Rejects when the server does not answer within 10 s. */
export async function openStores(uri: string, databaseName: string): Promise<Stores> {
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: 10_000,
    connectTimeoutMS: 5_000,
    socketTimeoutMS: 60_000,
    maxPoolSize: 32,
    ignoreUndefined: true,
    retryWrites: false,
    appName: 'khabar',
  });
  await client.connect();
  const db = client.db(databaseName);
  const stores = {
    feeds: new FeedStore(db),
    subscriptions: new SubscriptionStore(db),
    pushes: new PushStore(db),
    articles: new ArticleStore(db),
    catalog: new Catalog(db),
    clusters: new ClusterStore(db),
    pages: new PageStore(db),
    entities: new EntityStore(db),
    decisions: new DecisionStore(db),
    stories: new StoryStore(db),
    sites: new SiteStore(db),
  };
  await Promise.all(Object.values(stores).map((store) => store.createIndexes()));
  return {
    ...stores,
    checkWrite: () => checkWrite(db),
    close: () => client.close(),
  };
}

async function checkWrite(db: Db): Promise<void> {
  await db
    .collection<{ _id: string; at: Date }>('health')
    .updateOne({ _id: 'ready' }, { $set: { at: new Date() } }, { upsert: true, maxTimeMS: 2_000 });
}
