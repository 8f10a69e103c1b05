import { connect } from 'node:net';
import { serialize } from 'bson';
import { type Collection, type Document, Long, MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { encodeCommand, MessageReader } from '../../src/local-stack/documentdb/wire.ts';
import { testDatabase, testMongoUri, uniqueName } from '../support/servers.ts';

/** These hold on any MongoDB server; on a machine without one they exercise DocumentDB through the gateway. */
const { db, client } = await testDatabase('gateway');

const isGateway = (await db.admin().command({ serverStatus: 1 })).process === 'documentdb-gateway';

function freshCollection(): Collection<Document> {
  return db.collection(uniqueName('c'));
}

async function numbered(count: number, make: (n: number) => Document = () => ({})): Promise<Collection<Document>> {
  const collection = freshCollection();
  await collection.insertMany(Array.from({ length: count }, (_, n) => ({ _id: n as never, n, ...make(n) })));
  return collection;
}

async function uniqueOn(key: Document): Promise<Collection<Document>> {
  const collection = freshCollection();
  await collection.createIndex(key, { unique: true });
  return collection;
}

/** Made first and looked at last: servers remove what has expired every ten seconds, MongoDB every sixty. */
const expiring = freshCollection();
await expiring.createIndex({ at: 1 }, { expireAfterSeconds: 3600 });
await expiring.insertMany([{ at: new Date(Date.now() - 2 * 3_600_000) }, { at: new Date() }]);

test.each<[string, (users: Collection<Document>) => Promise<unknown>]>([
  ['insertOne', (users) => users.insertOne({ name: 'ليلى' })],
  ['insertMany', (users) => users.insertMany([{ name: 'سعد' }, { name: 'ليلى' }])],
  ['bulkWrite insert', (users) => users.bulkWrite([{ insertOne: { document: { name: 'ليلى' } } }])],
  ['update', (users) => users.updateOne({ name: 'منى' }, { $set: { name: 'ليلى' } })],
  ['update upsert', (users) => users.updateOne({ _id: 7 as never }, { $set: { name: 'ليلى' } }, { upsert: true })],
  ['replace', (users) => users.replaceOne({ name: 'منى' }, { name: 'ليلى' })],
  ['findOneAndUpdate', (users) => users.findOneAndUpdate({ name: 'منى' }, { $set: { name: 'ليلى' } })],
  [
    'findOneAndUpdate upsert',
    (users) => users.findOneAndUpdate({ _id: 8 as never }, { $set: { name: 'ليلى' } }, { upsert: true }),
  ],
])('unique index – %s of a taken value is error 11000', async (_name, write) => {
  const users = await uniqueOn({ name: 1 });
  await users.insertMany([{ name: 'ليلى' }, { name: 'منى' }]);
  await expect(write(users)).rejects.toMatchObject({ code: 11000, message: expect.stringContaining('E11000') });
});

test('unique index – an unordered insert keeps the rest and says which failed', async () => {
  const users = await uniqueOn({ name: 1 });
  await users.insertOne({ name: 'b' });
  const names = ['a', 'b', 'c'].map((name) => ({ name }));
  const error = await users.insertMany(names, { ordered: false }).catch((thrown) => thrown);
  expect(error.insertedCount).toBe(2);
  expect(error.writeErrors.map((one: Document) => [one.index, one.code])).toEqual([[1, 11000]]);
  expect(await users.countDocuments()).toBe(3);
});

test('unique index – an array that shares one element with another document is error 11000', async () => {
  const articles = await uniqueOn({ urlKeys: 1 });
  await articles.insertOne({ urlKeys: ['a', 'b'] });
  await expect(articles.insertOne({ urlKeys: ['c', 'b'] })).rejects.toMatchObject({ code: 11000 });
  await articles.insertOne({ urlKeys: ['c', 'd'] });
  await expect(articles.updateOne({ urlKeys: 'c' }, { $addToSet: { urlKeys: 'a' } })).rejects.toMatchObject({
    code: 11000,
  });
  expect(await articles.distinct('urlKeys')).toEqual(['a', 'b', 'c', 'd']);
});

test('unique index – a partial one binds only what its filter matches', async () => {
  const jobs = freshCollection();
  await jobs.createIndex({ key: 1 }, { unique: true, partialFilterExpression: { open: true } });
  await jobs.insertMany([
    { key: 'k', open: false },
    { key: 'k', open: false },
    { key: 'k', open: true },
  ]);
  await expect(jobs.insertOne({ key: 'k', open: true })).rejects.toMatchObject({ code: 11000 });
});

test('unique index – of 50 upserts of one key at the same time exactly one inserts', async () => {
  const feeds = await uniqueOn({ url: 1 });
  const upsert = (n: number) =>
    feeds.updateOne({ url: 'u' }, { $setOnInsert: { n } }, { upsert: true }).catch((error) => {
      if (error.code !== 11000) throw error;
      return { upsertedCount: 0 };
    });
  const results = await Promise.all(Array.from({ length: 50 }, (_, n) => upsert(n)));
  expect(results.reduce((sum, { upsertedCount }) => sum + upsertedCount, 0)).toBe(1);
  expect(await feeds.countDocuments()).toBe(1);
});

test('indexes – are listed as they were made and can be dropped', async () => {
  const articles = freshCollection();
  const names = await articles.createIndexes([
    { key: { state: 1, updatedAt: -1 }, name: 'by-state' },
    { key: { expiresAt: 1 }, name: 'ttl', expireAfterSeconds: 3600 },
    { key: { title: 'text' }, name: 'words', default_language: 'none' },
  ]);
  expect(names).toEqual(['by-state', 'ttl', 'words']);
  const indexes = await articles.indexes();
  expect(indexes.map(({ name }) => name).sort()).toEqual(['_id_', 'by-state', 'ttl', 'words']);
  expect(indexes.find(({ name }) => name === 'by-state')?.key).toEqual({ state: 1, updatedAt: -1 });
  expect(indexes.find(({ name }) => name === 'ttl')?.expireAfterSeconds).toBe(3600);
  expect(await articles.createIndex({ state: 1, updatedAt: -1 }, { name: 'by-state' })).toBe('by-state');
  await articles.dropIndex('ttl');
  expect((await articles.indexes()).map(({ name }) => name)).not.toContain('ttl');
  await expect(articles.dropIndex('ttl')).rejects.toMatchObject({ code: 27 });
});

test('text index – finds words of any language, ranks, and does not match parts of words', async () => {
  const articles = freshCollection();
  await articles.createIndex({ title: 'text', body: 'text' }, { default_language: 'none' });
  await articles.insertMany([
    { _id: 1 as never, title: 'انفجار مرفأ بيروت', body: 'هز انفجار العاصمة' },
    { _id: 2 as never, title: 'Floods in Karachi', body: 'rain and more rain' },
    { _id: 3 as never, title: 'أسعار النفط', body: 'ارتفعت بعد انفجار' },
  ]);
  const search = async (words: string) =>
    (await articles.find({ $text: { $search: words } }).toArray()).map(({ _id }) => Number(_id)).sort();
  expect(await search('انفجار')).toEqual([1, 3]);
  expect(await search('karachi')).toEqual([2]);
  expect(await search('نفجا')).toEqual([]);
  const ranked = await articles
    .find({ $text: { $search: 'انفجار' } }, { projection: { score: { $meta: 'textScore' } } })
    .sort({ score: { $meta: 'textScore' } })
    .toArray();
  expect(ranked.map(({ _id }) => Number(_id))).toEqual([1, 3]);
});

test.each([
  ['unsorted', {}],
  ['sorted by _id', { _id: 1 }],
  ['sorted by a field without an index', { n: -1 }],
] as [string, Document][])('cursor – hundreds of getMores give every document once, %s', async (_name, sort) => {
  const collection = await numbered(2000);
  const ids: number[] = [];
  for await (const { _id } of collection
    .find()
    .sort(sort as never)
    .batchSize(7))
    ids.push(_id as unknown as number);
  expect(new Set(ids).size).toBe(2000);
  expect(ids.length).toBe(2000);
  if ('n' in sort) expect(ids).toEqual(ids.toSorted((a, b) => b - a));
});

test('cursor – 40 half-read ones at once, sorted, all come to their end', async () => {
  const collection = await numbered(300);
  const cursors = Array.from({ length: 40 }, () => collection.find().sort({ n: -1 }).batchSize(10));
  await Promise.all(cursors.map((cursor) => cursor.next()));
  const counts = await Promise.all(cursors.map(async (cursor) => (await cursor.toArray()).length));
  expect(counts).toEqual(Array.from({ length: 40 }, () => 299));
});

test('cursor – one that was closed is not found again', async () => {
  const collection = await numbered(300);
  const cursor = collection.find().batchSize(10);
  await cursor.next();
  const { id } = cursor as unknown as { id: Long };
  await cursor.close();
  const getMore = db.command({ getMore: id, collection: collection.collectionName });
  await expect(getMore).rejects.toMatchObject({ code: 43 });
});

test('cursor – limit, skip and singleBatch end it', async () => {
  const collection = await numbered(500);
  const read = (options: Document) => collection.find({}, { sort: { n: 1 }, ...options }).toArray();
  expect((await read({ limit: 3, skip: 10 })).map(({ n }) => n)).toEqual([10, 11, 12]);
  expect((await read({ limit: 250, batchSize: 20 })).length).toBe(250);
  expect((await read({ batchSize: 20, singleBatch: true })).length).toBe(20);
});

test('documents – of 5 and nearly 16 MB come back as they went', async () => {
  const pages = freshCollection();
  for (const bytes of [5_000_000, 16_000_000]) {
    const body = Buffer.alloc(bytes, `${bytes}`);
    const { insertedId } = await pages.insertOne({ body });
    const found = await pages.findOne({ _id: insertedId });
    expect(Buffer.compare(found?.body.buffer as Buffer, body)).toBe(0);
  }
});

test('documents – one above 16 MB is refused and the connection stays usable', async () => {
  const pages = freshCollection();
  await expect(pages.insertOne({ body: Buffer.alloc(17_000_000) })).rejects.toThrow();
  expect(await pages.countDocuments()).toBe(0);
});

test('documents – 40 MB in one insertMany', async () => {
  const pages = freshCollection();
  const { insertedCount } = await pages.insertMany(
    Array.from({ length: 40 }, () => ({ body: Buffer.alloc(1_000_000, 'x') })),
  );
  expect(insertedCount).toBe(40);
  expect((await pages.find({}, { projection: { _id: 1 } }).toArray()).length).toBe(40);
});

test('documents – every BSON type the line stores survives', async () => {
  const collection = freshCollection();
  const document = {
    text: 'خبر \u0000 عاجل 🗞',
    int: 42,
    double: 1.5,
    long: Long.fromString('9007199254740993'),
    date: new Date('2026-01-02T03:04:05.678Z'),
    yes: true,
    nothing: null,
    list: [1, [2, { three: 3 }], []],
    nested: { 'dotted key': { a: {} } },
    pattern: /نفط/i,
  };
  const { insertedId } = await collection.insertOne(document);
  expect(await collection.findOne({ _id: insertedId }, { promoteLongs: false })).toMatchObject({
    ...document,
    int: expect.anything(),
    list: expect.anything(),
    long: document.long,
  });
});

test('bulkWrite – inserts, updates, upserts and deletes in order', async () => {
  const articles = await numbered(10);
  const result = await articles.bulkWrite([
    { insertOne: { document: { _id: 10 as never, n: 10 } } },
    { updateMany: { filter: { n: { $lt: 3 } }, update: { $set: { low: true } } } },
    { updateOne: { filter: { _id: 99 as never }, update: { $set: { n: 99 } }, upsert: true } },
    { replaceOne: { filter: { _id: 5 as never }, replacement: { n: 55 } } },
    { deleteMany: { filter: { n: { $gte: 7, $lt: 10 } } } },
  ]);
  expect(result).toMatchObject({
    insertedCount: 1,
    matchedCount: 4,
    modifiedCount: 4,
    upsertedCount: 1,
    deletedCount: 3,
  });
  expect(result.upsertedIds).toEqual({ 2: 99 });
});

test('bulkWrite – a thousand upserts twice over make a thousand documents', async () => {
  const articles = freshCollection();
  const upserts = Array.from({ length: 1000 }, (_, n) => ({
    updateOne: { filter: { key: `k${n}` }, update: { $set: { n }, $inc: { seen: 1 } }, upsert: true },
  }));
  await articles.createIndex({ key: 1 }, { unique: true });
  expect((await articles.bulkWrite(upserts, { ordered: false })).upsertedCount).toBe(1000);
  expect((await articles.bulkWrite(upserts, { ordered: false })).matchedCount).toBe(1000);
  expect(await articles.countDocuments({ seen: 2 })).toBe(1000);
});

test('update – operators the line uses', async () => {
  const articles = freshCollection();
  await articles.insertOne({
    _id: 1 as never,
    trace: [{ stage: 'a', ms: 1 }],
    tags: ['x'],
    count: 1,
    gone: true,
    entities: [
      { id: 'p', seen: 1 },
      { id: 'q', seen: 1 },
    ],
  });
  await articles.updateOne(
    { _id: 1 as never },
    {
      $push: { trace: { $each: [{ stage: 'b', ms: 2 }], $slice: -50 } },
      $addToSet: { tags: { $each: ['x', 'y'] } },
      $inc: { count: 4 },
      $unset: { gone: '' },
      $set: { 'entities.$[one].seen': 9, 'deep.er': 1 },
      $max: { top: 3 },
      $currentDate: { at: true },
    } as Document,
    { arrayFilters: [{ 'one.id': 'q' }] },
  );
  const article = await articles.findOne({ _id: 1 as never });
  expect(article).toMatchObject({
    trace: [{ stage: 'a' }, { stage: 'b', ms: 2 }],
    tags: ['x', 'y'],
    count: 5,
    entities: [{ seen: 1 }, { seen: 9 }],
    deep: { er: 1 },
    top: 3,
    at: expect.any(Date),
  });
  expect(article).not.toHaveProperty('gone');
  await articles.updateOne({ _id: 1 as never }, [{ $set: { count: { $add: ['$count', 1] } } }]);
  expect(await articles.findOne({ count: 6 })).not.toBeNull();
  await expect(articles.updateOne({ _id: 1 as never }, { $set: { _id: 2 } })).rejects.toMatchObject({ code: 66 });
});

test('findOneAndUpdate – 50 claims of 20 due feeds at the same time give each to one', async () => {
  const feeds = await numbered(20, () => ({ due: true }));
  const claim = (by: number) =>
    feeds.findOneAndUpdate({ due: true }, { $set: { due: false, by } }, { sort: { n: 1 }, returnDocument: 'after' });
  const claimed = (await Promise.all(Array.from({ length: 50 }, (_, n) => claim(n)))).filter((feed) => feed !== null);
  const ids = claimed.map(({ _id }) => _id as unknown as number);
  expect(new Set(ids).size).toBe(ids.length);
  for (let left = await claim(50); left !== null; left = await claim(50)) ids.push(left._id as unknown as number);
  expect(ids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
});

test('findOneAndUpdate – before, after, upsert and delete', async () => {
  const collection = await numbered(2);
  const one = { _id: 1 as never };
  expect(await collection.findOneAndUpdate(one, { $set: { n: 5 } })).toMatchObject({ n: 1 });
  expect(await collection.findOneAndUpdate(one, { $inc: { n: 1 } }, { returnDocument: 'after' })).toMatchObject({
    n: 6,
  });
  const made = { upsert: true, returnDocument: 'after' } as const;
  expect(await collection.findOneAndUpdate({ _id: 9 as never }, { $set: { n: 9 } }, made)).toMatchObject({ n: 9 });
  expect(await collection.findOneAndUpdate({ n: 404 }, { $set: { n: 1 } })).toBeNull();
  expect(await collection.findOneAndDelete(one)).toMatchObject({ n: 6 });
  expect(await collection.countDocuments()).toBe(2);
});

test('find – regular expressions, $in, $elemMatch, dates, projection', async () => {
  const collection = await numbered(20, (n) => ({
    title: n % 2 ? `خبر عاجل ${n}` : `News ${n}`,
    at: new Date(2026, 0, n + 1),
    people: [{ name: `p${n}`, score: n }],
  }));
  const ids = async (filter: Document) =>
    (await collection.find(filter).toArray()).map(({ n }) => n).sort((a, b) => a - b);
  expect(await ids({ title: /^news 1\d/i })).toEqual([10, 12, 14, 16, 18]);
  expect(await ids({ title: { $regex: 'عاجل 1$' } })).toEqual([1]);
  expect(await ids({ n: { $in: [3, 4] }, title: { $not: /News/ } })).toEqual([3]);
  expect(await ids({ people: { $elemMatch: { score: { $gte: 18 }, name: /p/ } } })).toEqual([18, 19]);
  expect(await ids({ at: { $gte: new Date(2026, 0, 19) } })).toEqual([18, 19]);
  expect(await ids({ $or: [{ n: 1 }, { missing: { $exists: true } }] })).toEqual([1]);
  const projection = { _id: 0, title: 1, people: { $slice: 1 } };
  expect(await collection.findOne({ n: 2 }, { projection })).toMatchObject({
    title: 'News 2',
    people: [{ name: 'p2' }],
  });
  expect(await collection.findOne({ n: 2 }, { projection: { _id: 0, n: 1 } })).toEqual({ n: 2 });
  expect(await collection.findOne({ n: 2 }, { projection: { title: 0, at: 0, people: 0 } })).toEqual({ _id: 2, n: 2 });
});

test('aggregate – $match, $group, $sort, $unwind, $facet and $bucket', async () => {
  const articles = await numbered(60, (n) => ({
    state: ['new', 'done', 'bad'][n % 3],
    tags: [`t${n % 2}`, 'all'],
    at: new Date(Date.UTC(2026, 0, 1, n % 24)),
  }));
  expect(
    await articles
      .aggregate([{ $group: { _id: '$state', count: { $sum: 1 }, last: { $max: '$n' } } }, { $sort: { _id: 1 } }])
      .toArray(),
  ).toEqual([
    { _id: 'bad', count: 20, last: 59 },
    { _id: 'done', count: 20, last: 58 },
    { _id: 'new', count: 20, last: 57 },
  ]);
  const [facets] = await articles
    .aggregate([
      { $match: { n: { $lt: 30 } } },
      {
        $facet: {
          tags: [{ $unwind: '$tags' }, { $sortByCount: '$tags' }, { $limit: 1 }],
          total: [{ $count: 'n' }],
          hours: [{ $group: { _id: { $dateToString: { date: '$at', format: '%H' } } } }, { $count: 'n' }],
        },
      },
    ])
    .toArray();
  expect(facets).toEqual({ tags: [{ _id: 'all', count: 30 }], total: [{ n: 30 }], hours: [{ n: 24 }] });
  const many = articles.aggregate([{ $unwind: '$tags' }, { $project: { tag: '$tags' } }], { batchSize: 7 });
  expect((await many.toArray()).length).toBe(120);
});

test('count and distinct – with and without a filter', async () => {
  const collection = await numbered(30, (n) => ({ kind: n % 3 }));
  expect(await collection.countDocuments({ kind: 1 })).toBe(10);
  expect(await collection.estimatedDocumentCount()).toBe(30);
  expect((await collection.distinct('kind')).sort()).toEqual([0, 1, 2]);
  expect(await collection.distinct('kind', { n: { $lt: 2 } })).toEqual([0, 1]);
});

test('collections – are made, listed, counted and dropped', async () => {
  const own = client.db(uniqueName('own'));
  await own.createCollection('articles');
  await own.collection('pages').insertOne({});
  expect((await own.listCollections().toArray()).map(({ name }) => name).sort()).toEqual(['articles', 'pages']);
  expect(await own.command({ collStats: 'pages' })).toMatchObject({ count: 1, ok: 1 });
  expect(await own.command({ dbStats: 1 })).toMatchObject({ db: own.databaseName, collections: 2 });
  expect((await own.admin().listDatabases()).databases.map(({ name }) => name)).toContain(own.databaseName);
  await own.collection('pages').drop();
  expect((await own.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name)).toEqual(['articles']);
  await own.dropDatabase();
  expect(await own.listCollections().toArray()).toEqual([]);
});

test('commands – an unknown one is error 59, a bad operator is an error of its own, and the connection goes on', async () => {
  await expect(db.command({ sillyCommand: 1 })).rejects.toMatchObject({ code: 59 });
  await expect(freshCollection().find({ $silly: 1 }).toArray()).rejects.toMatchObject({ code: 2 });
  await expect(
    freshCollection()
      .aggregate([{ $silly: 1 }])
      .toArray(),
  ).rejects.toThrow(/silly/);
  expect(await db.command({ ping: 1 })).toMatchObject({ ok: 1 });
  expect(await db.admin().command({ buildInfo: 1 })).toMatchObject({ version: expect.any(String) });
});

test('maxTimeMS – ends a query that takes longer', async () => {
  const collection = await numbered(3000);
  const pairs = {
    from: collection.collectionName,
    let: { m: '$n' },
    pipeline: [{ $match: { $expr: { $lt: [{ $multiply: ['$n', '$$m'] }, -1] } } }],
    as: 'pairs',
  };
  const slow = collection.aggregate([{ $lookup: pairs }, { $count: 'n' }], { maxTimeMS: 100 });
  await expect(slow.toArray()).rejects.toMatchObject({ code: 50 });
  expect(await collection.countDocuments()).toBe(3000);
});

test('concurrency – 50 clients read and write side by side', async () => {
  const busy = new MongoClient(testMongoUri(), { maxPoolSize: 50 });
  const collection = busy.db(db.databaseName).collection<Document>(uniqueName('busy'));
  await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      await collection.insertOne({ n });
      await collection.updateOne({ n }, { $set: { done: true } });
      expect(await collection.findOne({ n })).toMatchObject({ done: true });
    }),
  );
  expect(await collection.countDocuments({ done: true })).toBe(50);
  await busy.close();
});

test('clients – one that vanishes in mid-command harms nobody', async () => {
  const { hostname, port } = new URL(testMongoUri());
  const collection = await numbered(3000);
  const sockets = await Promise.all(
    Array.from(
      { length: 30 },
      () =>
        new Promise<void>((resolve) => {
          const find = { find: collection.collectionName, sort: { n: -1 }, batchSize: 2, $db: db.databaseName };
          const message = encodeCommand(1, serialize(find));
          const socket = connect(Number(port || 27017), hostname, () => {
            socket.write(message);
            socket.write(message.subarray(0, 20));
            socket.destroy();
            resolve();
          });
        }),
    ),
  );
  expect(sockets.length).toBe(30);
  expect(await collection.countDocuments()).toBe(3000);
});

test('wire – pipelined commands are answered in order, and a checksum is accepted', async () => {
  const { hostname, port } = new URL(testMongoUri());
  const plain = encodeCommand(1, serialize({ ping: 1, $db: 'admin' }));
  const answers = await new Promise<number[]>((resolve, reject) => {
    const reader = new MessageReader();
    const inReplyTo: number[] = [];
    const socket = connect(Number(port || 27017), hostname, () => {
      for (let id = 1; id <= 20; id += 1) {
        const message = Buffer.from(plain);
        message.writeInt32LE(id, 4);
        socket.write(message);
      }
    });
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      inReplyTo.push(...reader.push(chunk).map((message) => message.readInt32LE(8)));
      if (inReplyTo.length === 20) {
        socket.destroy();
        resolve(inReplyTo);
      }
    });
  });
  expect(answers).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
});

test('wire – an unacknowledged write is done and not answered', async () => {
  const careless = new MongoClient(testMongoUri(), { writeConcern: { w: 0 }, maxPoolSize: 1 });
  const collection = careless.db(db.databaseName).collection<Document>(uniqueName('w0'));
  await collection.insertOne({ n: 1 });
  expect(await collection.countDocuments()).toBe(1);
  await careless.close();
});

test.runIf(isGateway)('transactions – are refused with the code a standalone server gives', async () => {
  const insert = {
    insert: 'x',
    documents: [{}],
    txnNumber: Long.fromNumber(1),
    startTransaction: true,
    autocommit: false,
  };
  await expect(db.command(insert)).rejects.toMatchObject({ code: 20 });
});

test('TTL index – what has expired is removed, the rest stays', { timeout: 150_000 }, async () => {
  await expect.poll(() => expiring.countDocuments(), { timeout: 140_000, interval: 250 }).toBe(1);
});
