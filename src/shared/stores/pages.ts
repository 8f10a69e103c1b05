import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { Binary, type Collection, type Db } from 'mongodb';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** MongoDB refuses documents over 16 MB; a page that is still larger when compressed is not kept. */
const MAX_STORED_BYTES = 15_000_000;

interface PageRecord {
  /** The article's id; of its further pages followed by a space and the address as it was named. */
  _id: string;
  url: string;
  contentType?: string;
  body: Binary;
  fetchedAt: Date;
  expiresAt: Date;
}

export interface Page {
  url: string;
  contentType?: string;
  body: Uint8Array;
  fetchedAt: Date;
}

/** Raw pages as they were fetched, compressed, kept for a while so that they can be read again by a better extractor. */
export class PageStore {
  readonly #pages: Collection<PageRecord>;

  constructor(db: Db) {
    this.#pages = db.collection('pages');
  }

  async createIndexes(): Promise<void> {
    await this.#pages.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 });
  }

  /**
   * Keeps the page of an article in place of an earlier one; `further` is the address of one beside its first.
   * False when it is too large to keep.
   */
  async put(articleId: string, page: Page, ttlDays: number, further?: string): Promise<boolean> {
    const body = await compress(page.body, { level: 5 });
    if (body.length > MAX_STORED_BYTES) return false;
    const expiresAt = new Date(page.fetchedAt.getTime() + ttlDays * 86_400_000);
    const record = {
      url: page.url,
      contentType: page.contentType,
      body: new Binary(body),
      fetchedAt: page.fetchedAt,
      expiresAt,
    };
    await this.#pages.replaceOne({ _id: keyOf(articleId, further) }, record, { upsert: true });
    return true;
  }

  async get(articleId: string, further?: string): Promise<Page | undefined> {
    const record = await this.#pages.findOne({ _id: keyOf(articleId, further) });
    if (!record) return undefined;
    const { url, contentType, body, fetchedAt } = record;
    return { url, contentType, fetchedAt, body: await decompress(body.buffer.subarray(0, body.position)) };
  }

  /** Whether a further page of an article has been kept since then. */
  async hasFurther(articleId: string, further: string, since: Date): Promise<boolean> {
    const kept = await this.#pages.findOne(
      { _id: keyOf(articleId, further), fetchedAt: { $gte: since } },
      { projection: { _id: 1 } },
    );
    return kept !== null;
  }

  /** Which of these articles still have their page. */
  async having(articleIds: readonly string[]): Promise<Set<string>> {
    const kept = await this.#pages
      .find({ _id: { $in: [...articleIds] } })
      .project<{ _id: string }>({ _id: 1 })
      .toArray();
    return new Set(kept.map(({ _id }) => _id));
  }
}

function keyOf(articleId: string, further: string | undefined): string {
  return further === undefined ? articleId : `${articleId} ${further}`;
}
