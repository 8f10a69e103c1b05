import { type Document, deserialize, Long, onDemand, serialize } from 'bson';
import { DatabaseError, type Pool, type PoolClient } from 'pg';
import { CursorTable, IDLE_CURSOR_MS } from './cursors.ts';
import { CommandError, duplicateKeyMessage, mongoCodeOf, unpackSqlState } from './errors.ts';
import { MAX_MESSAGE_BYTES, type Request } from './wire.ts';

/** Largest document, in bytes: MongoDB's own limit, which the extension keeps too. */
const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
export const MAX_WRITE_BATCH = 100_000;
/** 21 is MongoDB 7.0, whose commands the extension covers. */
const WIRE_VERSION = 21;
const VERSION = '7.0.0';

/** Connections to PostgreSQL, and so commands that run at the same time. */
export const POOL_SIZE = 48;

const BSON = 'documentdb_core.bson_from_bytea';
const SEQUENCE = 'documentdb_core.bsonsequence_from_bytea';
const BYTES = 'documentdb_core.bson_to_bytea';

/** BSON type bytes whose values are left undecoded, because they may be large: document and array. */
const NESTED_TYPES = new Set([3, 4]);

interface Context {
  request: Request;
  db: string;
  /** The command's top-level fields, without the nested ones. */
  fields: Document;
  connectionId: number;
  /** Aborts when the client has gone. */
  signal: AbortSignal;
}

/** A reply as BSON bytes straight from the extension, or as a document still to be encoded. */
type Reply = Uint8Array | Document;

/** Runs MongoDB commands on a PostgreSQL that has the documentdb extension. Command bodies are passed on as bytes. */
export class CommandRunner {
  private readonly cursors: CursorTable;
  private readonly pool: Pool;
  private readonly now: () => number;
  private readonly startedAt: number;
  /** Ends when the index under way is made. */
  private indexing: Promise<unknown> = Promise.resolve();

  constructor(pool: Pool, now: () => number = Date.now) {
    this.pool = pool;
    this.now = now;
    this.startedAt = now();
    this.cursors = new CursorTable(now);
  }

  /**
   * The reply's BSON. Throws CommandError or PostgreSQL's error, which `errorReply` turns into a reply. When `signal`
   * aborts, because the client has gone, reads are cancelled and writes finish.
   */
  async run(request: Request, connectionId: number, signal: AbortSignal): Promise<Uint8Array> {
    const fields = scalarFields(request.body);
    if (fields.startTransaction === true || fields.autocommit === false) {
      throw new CommandError(20, 'IllegalOperation', 'Transactions need a replica set; this server is a standalone');
    }
    const db = typeof fields.$db === 'string' ? fields.$db : 'admin';
    const reply = await this.dispatch({ request, db, fields, connectionId, signal });
    return reply instanceof Uint8Array ? reply : serialize(reply);
  }

  private dispatch(context: Context): Promise<Reply> | Reply {
    const { request, db, connectionId } = context;
    const { body } = request;
    const name = commandName(body);
    switch (name.toLowerCase()) {
      case 'hello':
      case 'ismaster':
        return this.hello(connectionId);
      case 'ping':
      case 'endsessions':
      case 'refreshsessions':
      case 'logout':
        return { ok: 1 };
      case 'buildinfo':
        return {
          version: VERSION,
          versionArray: [7, 0, 0, 0],
          modules: [],
          maxBsonObjectSize: MAX_DOCUMENT_BYTES,
          ok: 1,
        };
      case 'serverstatus':
        return this.serverStatus();
      case 'getparameter':
        return { featureCompatibilityVersion: { version: '7.0' }, ok: 1 };
      case 'connectionstatus':
        return { authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] }, ok: 1 };
      case 'insert':
        return this.write(context, 'insert', 'documents');
      case 'update':
        return this.write(context, 'update', 'updates');
      case 'delete':
        return this.write(context, 'delete', 'deletes');
      case 'findandmodify':
        return this.bytes(`select ${BYTES}(p_result) from documentdb_api.find_and_modify($1, ${BSON}($2))`, [db, body]);
      case 'find':
        return this.firstPage(context, 'find_cursor_first_page');
      case 'aggregate':
        return this.firstPage(context, 'aggregate_cursor_first_page');
      case 'listcollections':
        return this.firstPage(context, 'list_collections_cursor_first_page');
      case 'listindexes':
        return this.firstPage(context, 'list_indexes_cursor_first_page');
      case 'getmore':
        return this.getMore(context);
      case 'killcursors':
        return this.killCursors(body);
      case 'count':
        return this.read(context, `select ${BYTES}(document) from documentdb_api.count_query($1, ${BSON}($2))`);
      case 'distinct':
        return this.read(context, `select ${BYTES}(document) from documentdb_api.distinct_query($1, ${BSON}($2))`);
      case 'createindexes':
        return this.createIndexes(db, body);
      case 'dropindexes':
      case 'deleteindexes':
        return this.dropIndexes(db, body);
      case 'create':
        return this.bytes(`select ${BYTES}(documentdb_api.create_collection_view($1, ${BSON}($2)))`, [db, body]);
      case 'drop':
        return this.acknowledge('select documentdb_api.drop_collection($1, $2)', [db, collection(context)]);
      case 'dropdatabase':
        return this.acknowledge('select documentdb_api.drop_database($1)', [db], { dropped: db });
      case 'renamecollection':
        return this.bytes(`select ${BYTES}(documentdb_api.rename_collection(${BSON}($1)))`, [body]);
      case 'collmod':
        return this.bytes(`select ${BYTES}(documentdb_api.coll_mod($1, $2, ${BSON}($3)))`, [
          db,
          collection(context),
          body,
        ]);
      case 'collstats':
        return this.bytes(`select ${BYTES}(documentdb_api.coll_stats($1, $2))`, [db, collection(context)]);
      case 'dbstats':
        return this.bytes(`select ${BYTES}(documentdb_api.db_stats($1))`, [db]);
      case 'listdatabases':
        return this.bytes(`select ${BYTES}(documentdb_api.list_databases(${BSON}($1)))`, [body]);
      case 'validate':
        return this.bytes(`select ${BYTES}(document) from documentdb_api.validate($1, ${BSON}($2))`, [db, body]);
      default:
        throw new CommandError(59, 'CommandNotFound', `no such command: '${name}'`);
    }
  }

  private hello(connectionId: number): Document {
    return {
      ismaster: true,
      isWritablePrimary: true,
      helloOk: true,
      maxBsonObjectSize: MAX_DOCUMENT_BYTES,
      maxMessageSizeBytes: MAX_MESSAGE_BYTES,
      maxWriteBatchSize: MAX_WRITE_BATCH,
      localTime: new Date(this.now()),
      logicalSessionTimeoutMinutes: 30,
      connectionId,
      minWireVersion: 0,
      maxWireVersion: WIRE_VERSION,
      readOnly: false,
      ok: 1,
    };
  }

  private serverStatus(): Document {
    return {
      host: '127.0.0.1',
      version: VERSION,
      process: 'documentdb-gateway',
      pid: process.pid,
      uptime: (this.now() - this.startedAt) / 1000,
      localTime: new Date(this.now()),
      connections: { current: this.pool.totalCount, available: POOL_SIZE - this.pool.totalCount },
      metrics: { cursor: { open: { total: this.cursors.size } } },
      ok: 1,
    };
  }

  /** insert, update and delete: what fails for one document comes back inside `writeErrors`, not as an error. */
  private async write(
    { db, request }: Context,
    name: 'insert' | 'update' | 'delete',
    sequence: string,
  ): Promise<Reply> {
    const reply = await this.bytes(
      `select ${BYTES}(p_result) from documentdb_api.${name}($1, ${BSON}($2), ${SEQUENCE}($3))`,
      [db, request.body, request.sequences.get(sequence) ?? null],
    );
    return hasField(reply, 'writeErrors') ? withMongoCodes(reply) : reply;
  }

  /** One at a time: two on the same collection deadlock in PostgreSQL. */
  private async createIndexes(db: string, body: Buffer): Promise<Reply> {
    const text = `select ${BYTES}(documentdb_api_internal.create_indexes_non_concurrently($1, ${BSON}($2), true))`;
    const created = this.indexing.then(() => this.bytes(text, [db, body]));
    this.indexing = created.catch(() => undefined);
    const reply = deserialize(await created);
    // The extension answers per shard, under `raw`, as a sharded cluster does; a standalone answers flat.
    return { ...(reply.raw?.defaultShard ?? {}), ok: reply.ok };
  }

  /** A procedure, whose result cannot pass through a function: it comes in the type's text form, `BSONHEX` and hex digits. */
  private async dropIndexes(db: string, body: Buffer): Promise<Document> {
    return this.withClient(async (client) => {
      const [retval] = await row(client, `call documentdb_api.drop_indexes($1, ${BSON}($2), null)`, [db, body]);
      const reply = deserialize(Buffer.from(String(retval).slice('BSONHEX'.length), 'hex'));
      return { ...reply, ok: Number(reply.ok) };
    });
  }

  private async firstPage(context: Context, sqlFunction: string): Promise<Reply> {
    const { db, request } = context;
    const columns = `${BYTES}(cursorpage), ${BYTES}(continuation), cursorid::text`;
    const text = `select ${columns} from documentdb_api.${sqlFunction}($1, ${BSON}($2), 0)`;
    const [page, continuation, id] = await this.readRow(context, text, [db, request.body]);
    if (continuation !== null && id !== '0') this.cursors.open(id as string, db, continuation as Buffer);
    return page as Buffer;
  }

  private async getMore(context: Context): Promise<Reply> {
    const { db, request, fields } = context;
    const id = String(fields.getMore);
    const cursor = this.cursors.get(id);
    if (cursor === undefined || cursor.db !== db)
      throw new CommandError(43, 'CursorNotFound', `cursor id ${id} not found`);
    if (cursor.busy) throw new CommandError(12051, 'CursorInUse', `cursor id ${id} is already in use`);
    cursor.busy = true;
    try {
      const columns = `${BYTES}(cursorpage), ${BYTES}(continuation)`;
      const text = `select ${columns} from documentdb_api.cursor_get_more($1, ${BSON}($2), ${BSON}($3))`;
      const [page, continuation] = await this.readRow(context, text, [db, request.body, cursor.continuation]);
      if (continuation === null) this.cursors.close(id);
      else this.cursors.advance(cursor, continuation as Buffer);
      return page as Buffer;
    } catch (error) {
      await this.closeCursors([id]);
      throw error;
    } finally {
      cursor.busy = false;
    }
  }

  private async killCursors(body: Buffer): Promise<Document> {
    const ids = ((deserialize(body, { promoteLongs: false }).cursors ?? []) as unknown[]).map(String);
    const killed = ids.filter((id) => this.cursors.get(id) !== undefined);
    const notFound = ids.filter((id) => !killed.includes(id));
    await this.closeCursors(killed);
    return {
      cursorsKilled: killed.map((id) => Long.fromString(id)),
      cursorsNotFound: notFound.map((id) => Long.fromString(id)),
      cursorsAlive: [],
      cursorsUnknown: [],
      ok: 1,
    };
  }

  /** Forgets cursors and frees what the extension keeps for them: sorted and grouped results lie in files. */
  private async closeCursors(ids: string[]): Promise<void> {
    for (const id of ids) this.cursors.close(id);
    if (ids.length === 0) return;
    await this.withClient((client) =>
      row(client, 'select documentdb_api_internal.delete_cursors($1::bigint[])', [ids]),
    );
  }

  /** Ends cursors that have been idle too long. */
  async closeIdleCursors(): Promise<void> {
    await this.closeCursors(this.cursors.closeIdle(IDLE_CURSOR_MS));
  }

  /** A read without a cursor. */
  private async read(context: Context, text: string): Promise<Buffer> {
    return (await this.readRow(context, text, [context.db, context.request.body]))[0] as Buffer;
  }

  /** The columns of a read's one row. Bounded by the command's maxTimeMS, and cancelled when the client goes. */
  private readRow({ fields, signal }: Context, text: string, values: unknown[]): Promise<unknown[]> {
    return this.withClient(async (client) => {
      if (signal.aborted) throw new CommandError(11601, 'Interrupted', 'the client has gone');
      const maxTimeMs = Math.ceil(Number(fields.maxTimeMS ?? 0));
      if (maxTimeMs > 0) await client.query(`set statement_timeout = ${maxTimeMs}`);
      let cancelled: Promise<unknown> | undefined;
      const cancel = () => {
        const { processID } = client as unknown as { processID: number };
        cancelled = this.pool.query('select pg_cancel_backend($1)', [processID]).catch(() => undefined);
      };
      signal.addEventListener('abort', cancel, { once: true });
      try {
        return await row(client, text, values);
      } finally {
        signal.removeEventListener('abort', cancel);
        // The cancellation must have come before the connection serves another command.
        await cancelled;
        if (maxTimeMs > 0) await client.query('set statement_timeout = 0');
      }
    });
  }

  /** The one BSON value a statement returns. */
  private async bytes(text: string, values: unknown[]): Promise<Buffer> {
    return this.withClient(async (client) => (await row(client, text, values))[0] as Buffer);
  }

  private async acknowledge(text: string, values: unknown[], reply: Document = {}): Promise<Document> {
    await this.withClient((client) => row(client, text, values));
    return { ...reply, ok: 1 };
  }

  /** Lends a connection. A failure of the connection itself, not of a statement, is code 6, which callers may retry. */
  private async withClient<T>(use: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect().catch(unreachable);
    let failure: Error | undefined;
    try {
      return await use(client);
    } catch (error) {
      if (error instanceof CommandError || isStatementError(error)) throw error;
      failure = error as Error;
      return unreachable(error);
    } finally {
      client.release(failure);
    }
  }
}

/** Whether PostgreSQL answered with an error of the statement: it carries a SQLSTATE, and 57P… ends the connection. */
function isStatementError(error: unknown): boolean {
  return error instanceof DatabaseError && !error.code?.startsWith('57P');
}

function unreachable(error: unknown): never {
  throw new CommandError(6, 'HostUnreachable', `PostgreSQL does not answer: ${(error as Error).message}`);
}

/** Names under which statements stay prepared on each connection; there are as many as kinds of command. */
const preparedNames = new Map<string, string>();

/** The columns of the one row a statement returns. */
async function row(client: PoolClient, text: string, values: unknown[]): Promise<unknown[]> {
  const name = preparedNames.get(text) ?? `s${preparedNames.size}`;
  preparedNames.set(text, name);
  const { rows } = await client.query({ name, text, values, rowMode: 'array' });
  return rows[0] ?? [];
}

function collection({ request, fields }: Context): string {
  return String(fields[commandName(request.body)]);
}

/** The name of the first field, which is the command. */
function commandName(body: Buffer): string {
  return body.length > 5 ? body.toString('utf8', 5, body.indexOf(0, 5)) : '';
}

/** The top-level fields of a document that are neither documents nor arrays. Nested values are skipped, not decoded. */
function scalarFields(body: Buffer): Document {
  const parts: Uint8Array[] = [Buffer.alloc(4)];
  let length = 5;
  for (const [type, nameOffset, , valueOffset, valueLength] of onDemand.parseToElements(body)) {
    if (NESTED_TYPES.has(type)) continue;
    const element = body.subarray(nameOffset - 1, valueOffset + valueLength);
    parts.push(element);
    length += element.length;
  }
  const document = Buffer.concat([...parts, Buffer.alloc(1)]);
  document.writeInt32LE(length, 0);
  return deserialize(document, { promoteLongs: false });
}

function hasField(document: Uint8Array, name: string): boolean {
  return Buffer.from(document.buffer, document.byteOffset, document.byteLength).includes(`\x04${name}\0`, 0, 'latin1');
}

/** Turns the packed SQLSTATEs inside `writeErrors` into MongoDB's codes. */
function withMongoCodes(reply: Uint8Array): Document {
  const document = deserialize(reply);
  for (const error of document.writeErrors ?? []) {
    const [code] = mongoCodeOf(unpackSqlState(error.code));
    error.code = code;
    if (code === 11000) error.errmsg = duplicateKeyMessage(error.errmsg);
  }
  return document;
}
